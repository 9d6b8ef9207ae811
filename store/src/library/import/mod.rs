//! Writing an edition.

mod digest;
mod directory;
mod error;
mod owner;
mod progress;
mod save;
mod shipped;

pub(super) use digest::ContentDigest;
pub use directory::import_edition;
pub(super) use error::FileFault;
pub use error::ImportError;
pub(super) use owner::owner_connection;
pub use progress::{NoProgress, Progress};
pub use save::{ImportOutcome, ImportSummary};
pub(super) use save::{NewEdition, already_imported, save};
pub(crate) use shipped::import_shipped_edition;
