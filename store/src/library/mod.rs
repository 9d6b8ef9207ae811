//! The Platform Roles Library: editions come in as the owner of the tables, and are read as the serving role.
//!
//! Library tables belong to no organization. An edition is written in one transaction and never changed in place; a
//! former one of the same key is replaced. Of each source one edition is *current*: the one published last. Readers see
//! current editions only, at most two seconds old.
//!
//! | module | what it holds |
//! |---|---|
//! | `import` | writing an edition: the shipped one, or one in the same layout |
//! | `onet` | reading the occupations of O*NET, with the measures of exposure that others published |
//! | `read` | roles, combinations and search, with what is kept in memory of them |

mod edition;
mod import;
mod onet;
mod read;

pub use edition::{EditionRecord, list_editions};
pub(crate) use import::import_shipped_edition;
pub use import::{ImportError, ImportOutcome, ImportSummary, NoProgress, Progress, import_edition};
pub use onet::{OccupationExposure, import_onet, import_onet_as, occupation_exposures};
pub(crate) use read::LibraryCache;
pub use read::{
    LibraryFilter, LibraryOrder, LibraryOrderField, LibraryReader, LibraryRole, SEARCH_HITS_MAXIMUM,
    SEARCH_LENGTH_MAXIMUM, SearchError,
};
