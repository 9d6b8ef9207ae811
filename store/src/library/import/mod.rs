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
pub use error::ImportError;
pub(super) use error::FileFault;
pub(super) use owner::owner_connection;
pub use progress::{NoProgress, Progress};
pub(super) use save::{NewEdition, already_imported, save};
pub use save::{ImportOutcome, ImportSummary};
pub(crate) use shipped::import_shipped_edition;
