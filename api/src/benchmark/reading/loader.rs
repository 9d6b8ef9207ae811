//! Cells, batched within a request; releases, looked up once in it.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::{DataLoader, Loader};
use domain::library::LibraryCombination;
use store::{
    Store,
    access::Actor,
    benchmark::reading::{CellKey, PublishedRelease, Reading, ShownVersion, Wanted},
};
use tokio::sync::OnceCell;

use super::release::retracted;
use crate::graphql::{error::ApiError, tenant::batching};

/// What a request reads of the benchmark.
pub(crate) struct BenchmarkOfRequest {
    store: Store,
    cells: DataLoader<CellLoader>,
    releases: OnceCell<Arc<[Arc<PublishedRelease>]>>,
    combinations: OnceCell<Vec<LibraryCombination>>,
}

impl BenchmarkOfRequest {
    pub(crate) fn new(store: &Store, actor: Option<&Actor>) -> Self {
        Self {
            store: store.clone(),
            cells: batching(CellLoader { store: store.clone(), actor: actor.cloned() }),
            releases: OnceCell::new(),
            combinations: OnceCell::new(),
        }
    }

    /// All published releases, the newest first.
    pub(super) async fn releases(&self) -> Result<&[Arc<PublishedRelease>], ApiError> {
        let releases = self.releases.get_or_try_init(async || self.store.benchmark().releases().await).await?;
        Ok(releases)
    }

    /// All combinations of the current editions.
    pub(super) async fn combinations(&self) -> Result<&[LibraryCombination], ApiError> {
        let library = self.store.library();
        Ok(self.combinations.get_or_try_init(async || library.combinations(None).await).await?)
    }

    /// The release of a checked key, whatever became of it.
    pub(super) async fn known_release(&self, key: &str) -> Result<Option<Arc<PublishedRelease>>, ApiError> {
        Ok(self.releases().await?.iter().find(|release| *release.key == *key).cloned())
    }

    /// The release to read: of a checked key, or the newest one that stands. `None` if there is none; a retracted one is
    /// refused, and never replaced by another.
    pub(super) async fn release(&self, key: Option<&str>) -> Result<Option<Arc<PublishedRelease>>, ApiError> {
        let newest = self.releases().await?.iter().find(|release| release.retraction.is_none()).cloned();
        let Some(key) = key else { return Ok(newest) };
        let Some(release) = self.known_release(key).await? else { return Ok(None) };
        match &release.retraction {
            Some(retraction) => Err(retracted(&release.key, retraction, newest.as_deref())),
            None => Ok(Some(release)),
        }
    }

    /// What is shown in a cell, or in the nearest coarser one; `None` if it is withheld.
    pub(super) async fn shown(&self, cell: CellKey, falls_back: bool) -> Result<Option<ShownVersion>, ApiError> {
        match self.cells.load_one(Wanted { cell, falls_back }).await? {
            Some(Reading::Shown(shown)) => Ok(Some(shown)),
            Some(Reading::Withheld) | None => Ok(None),
            Some(Reading::NotVerified) => Err(ApiError::Forbidden(
                "Only people of verified organizations see the benchmark of an industry, a size or a region: ask for \
                 { all: true }, or let the operator of this server verify your organization."
                    .to_owned(),
            )),
        }
    }
}

pub(super) struct CellLoader {
    store: Store,
    actor: Option<Actor>,
}

impl Loader<Wanted> for CellLoader {
    type Value = Reading;
    type Error = ApiError;

    async fn load(&self, wanted: &[Wanted]) -> Result<HashMap<Wanted, Reading>, ApiError> {
        let actor = self.actor.as_ref().ok_or(ApiError::Unauthenticated)?;
        Ok(self.store.benchmark().read(actor, wanted).await?)
    }
}
