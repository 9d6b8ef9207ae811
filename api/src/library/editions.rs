//! Editions, suggested combinations and search hits as the schema has them.

use async_graphql::{Context, Enum, Object};
use chrono::{DateTime, Utc};
use domain::library::{
    LibraryCombination,
    search::{MatchedField as Matched, SearchHit},
};
use store::library::EditionRecord;

use super::types::CanonicalRole;
use crate::{
    benchmark::{BenchmarkSegmentInput, RoleCombinationBenchmark, peer_group},
    graphql::{context::ContextExt, error::ApiError},
};

pub(crate) struct LibraryEdition(pub(super) EditionRecord);

/// An edition of the Platform Roles Library
#[Object]
impl LibraryEdition {
    /// Names the edition, such as rolemark-2026.1
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// The part of its keys before the colon, such as onet
    async fn source(&self) -> &str {
        &self.0.source
    }

    /// What the edition is called
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The day it was published, as YYYY-MM-DD
    async fn published_on(&self) -> &str {
        &self.0.published_on
    }

    /// Licence of its content
    async fn license(&self) -> &str {
        &self.0.license
    }

    /// Words of credit that must travel with its content
    async fn attribution(&self) -> &str {
        &self.0.attribution
    }

    /// SHA-256 of what it was made from, in hexadecimal digits
    async fn digest(&self) -> &str {
        &self.0.digest
    }

    /// Number of canonical roles
    async fn role_count(&self) -> i32 {
        self.0.role_count
    }

    /// Number of tasks of its roles
    async fn task_count(&self) -> i32 {
        self.0.task_count
    }

    /// Whether it is the edition of its source that is read
    async fn is_current(&self) -> bool {
        self.0.is_current
    }

    /// When it was imported here
    async fn imported_at(&self) -> DateTime<Utc> {
        self.0.imported_at
    }
}

pub(crate) struct CombinationOfLibrary(pub(super) LibraryCombination);

/// A combination of canonical roles that an edition suggests
#[Object(name = "LibraryCombination")]
impl CombinationOfLibrary {
    /// Key, source and code, stable across editions, such as rolemark:platform-engineer
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// What the combined role is called
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What the combined role does, and why merging works
    async fn summary(&self) -> &str {
        &self.0.summary
    }

    /// Keys of the canonical roles that are combined
    async fn role_keys(&self) -> &[String] {
        &self.0.roles
    }

    /// The canonical roles that are combined
    async fn roles(&self, ctx: &Context<'_>) -> Option<Result<Vec<CanonicalRole>, ApiError>> {
        let keys = self.0.roles.iter().cloned();
        let found = ctx.request().library().load_many(keys).await;
        Some(match found {
            Ok(found) => Ok(self.0.roles.iter().filter_map(|key| found.get(key).cloned()).map(CanonicalRole).collect()),
            Err(error) => Err(error.into()),
        })
    }

    /// Share of time that each of the roles spends aligning with the others, 0 to 0.8
    async fn coordination_share(&self) -> f64 {
        self.0.coordination_share
    }

    /// What share of a peer group runs the combined role already; null when there is no such release
    async fn benchmark(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Organizations to look at; all contributors when left out")] segment: Option<
            BenchmarkSegmentInput,
        >,
        #[graphql(desc = "Key of the release, such as 2026-Q3; the newest when left out")] release: Option<String>,
    ) -> Option<Result<RoleCombinationBenchmark, ApiError>> {
        let peer_group = match peer_group(segment) {
            Ok(peer_group) => peer_group,
            Err(error) => return Some(Err(error)),
        };
        RoleCombinationBenchmark::load(ctx, &self.0.key, peer_group, release.as_deref()).await.transpose()
    }

    /// Productivity figure published elsewhere for this combination, in percent; what the model gives is simulated
    async fn published_productivity_percent(&self) -> Option<f64> {
        self.0.published_productivity_percent
    }
}

/// Where a search found its text
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "Matched")]
pub(crate) enum MatchedField {
    /// In the title
    Title,
    /// In another title of the role
    AlternateTitle,
    /// In the text of a task
    Task,
}

pub(crate) struct CanonicalRoleSearchHit(pub(super) SearchHit);

/// A canonical role that a search found
#[Object]
impl CanonicalRoleSearchHit {
    /// Key of the canonical role
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// Title of the canonical role
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// How well it fits; for the order of hits of one search only
    async fn relevance(&self) -> f64 {
        crate::roles::tidy(self.0.score)
    }

    /// Where the text was found
    async fn matched_field(&self) -> MatchedField {
        self.0.matched.into()
    }

    /// The text that was found
    async fn matched_text(&self) -> &str {
        &self.0.matched_text
    }

    /// The canonical role
    async fn canonical_role(&self, ctx: &Context<'_>) -> Option<Result<CanonicalRole, ApiError>> {
        CanonicalRole::load(ctx, &self.0.key).await.transpose()
    }
}
