//! How an import tells how far it is. What shows it is not this crate's.

/// Is told how far a long piece of work is. Each [`Progress::start`] is followed by its [`Progress::finish`], unless the
/// work fails.
pub trait Progress: Send + Sync {
    /// A part of the work begins; `total` is the number of steps, where it is known.
    fn start(&self, what: &str, total: Option<u64>);
    /// So many steps are done.
    fn advance(&self, by: u64);
    /// The part is done.
    fn finish(&self);
}

/// Nobody watches.
pub struct NoProgress;

impl Progress for NoProgress {
    fn start(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
    fn finish(&self) {}
}
