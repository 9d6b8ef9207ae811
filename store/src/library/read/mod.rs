//! Reading the library as the serving role. Editions and roles are kept in memory: roles up to a bound, the list of
//! editions for two seconds, so that a newly imported edition is seen within that time.

mod cache;
mod combinations;
mod index;
mod listing;
mod roles;
mod rows;
mod search;

use std::{sync::Arc, time::Instant};

use domain::library::CanonicalRole;
use entity::library_edition;
use sea_orm::{FromQueryResult, QueryTrait};

use super::edition::{EditionRecord, all_editions};
use crate::{Store, error::StoreError};

pub(crate) use cache::LibraryCache;
pub use listing::{LibraryFilter, LibraryOrder, LibraryOrderField};
pub use search::{SEARCH_HITS_MAXIMUM, SEARCH_LENGTH_MAXIMUM, SearchError};

/// A canonical role as the current edition of its source has it.
#[derive(Clone, Debug, PartialEq)]
pub struct LibraryRole {
    /// The role.
    pub role: CanonicalRole,
    /// The key of the edition.
    pub edition_key: String,
    /// The digest of the edition, which changes with its content.
    pub edition_digest: String,
    /// AI impact score, 0 to 100; `None` if no task has a stage.
    pub score: Option<f64>,
}

/// The library, read as the serving role. Cheap to make.
#[derive(Clone, Copy)]
pub struct LibraryReader<'a> {
    store: &'a Store,
}

impl Store {
    /// The Platform Roles Library.
    pub fn library(&self) -> LibraryReader<'_> {
        LibraryReader { store: self }
    }
}

impl LibraryReader<'_> {
    /// All editions, at most two seconds old: current ones first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn editions(&self) -> Result<Vec<EditionRecord>, StoreError> {
        Ok(self.known_editions().await?.to_vec())
    }

    /// All editions; read from the database at most every two seconds.
    async fn known_editions(&self) -> Result<Arc<[EditionRecord]>, StoreError> {
        let cache = self.store.library_cache();
        if let Some(editions) = cache.editions() {
            return Ok(editions);
        }
        let read_at = Instant::now();
        let rows = self.rows(all_editions().build(self.backend())).await?;
        let editions = rows.iter().map(|row| library_edition::Model::from_query_result(row, ""));
        let editions: Result<Vec<EditionRecord>, _> = editions.map(|row| row.map(EditionRecord::from)).collect();
        Ok(cache.put_editions(read_at, editions?.into()))
    }

    /// The current editions, of one source or of all.
    async fn current_editions(&self, source: Option<&str>) -> Result<Vec<EditionRecord>, StoreError> {
        let editions = self.known_editions().await?;
        let is_wanted =
            |edition: &&EditionRecord| edition.is_current && source.is_none_or(|source| edition.source == source);
        Ok(editions.iter().filter(is_wanted).cloned().collect())
    }
}
