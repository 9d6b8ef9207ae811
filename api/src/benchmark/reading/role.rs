//! The benchmark of a role.

use std::sync::Arc;

use async_graphql::{Context, MergedObject, Object, SimpleObject};
use domain::disclosure::{PeerGroup, Policy, ShownCell, trend};
use store::benchmark::reading::{CellKey, PublishedRelease, ShownVersion};

use super::{
    cell::{CellFacts, Read},
    figures::{
        BenchmarkHeadcountRatio, BenchmarkRounding, BenchmarkScore, BenchmarkSkill, BenchmarkStageShare, BenchmarkTask,
    },
    release::{BenchmarkRelease, checked},
};
use crate::{
    graphql::{context::ContextExt, error::ApiError},
    library::CanonicalRole,
    roles::tidy,
};

/// The benchmark of a role in a release and a segment. Figures carry noise and are rounded; they are the same for everybody
/// who may see them
#[derive(Clone, MergedObject)]
pub(crate) struct RoleBenchmark(CellFacts, RoleFigures);

#[derive(Clone)]
struct RoleFigures(Read);

impl RoleBenchmark {
    /// The benchmark of a canonical role; `None` without such a release.
    pub(crate) async fn load(
        ctx: &Context<'_>,
        role: &str,
        peer_group: PeerGroup,
        release: Option<&str>,
    ) -> Result<Option<Self>, ApiError> {
        let read = Read::load(ctx, role, peer_group, release).await?;
        Ok(read.map(|read| Self(CellFacts(read.clone()), RoleFigures(read))))
    }

    pub(super) fn read(&self) -> &Read {
        &self.1.0
    }
}

/// The change of a published figure between two releases
#[derive(SimpleObject)]
pub(crate) struct BenchmarkTrend {
    /// The earlier release
    since: BenchmarkRelease,
    /// Mean score of this release minus that of the earlier one, both as they are shown, in points
    difference_points: f64,
}

/// What the benchmark of a role alone says
#[Object]
impl RoleFigures {
    /// Key of the canonical role
    async fn role_key(&self) -> &str {
        &self.0.wanted.role
    }

    /// The canonical role as the current edition has it; null if it has left the library
    async fn canonical_role(&self, ctx: &Context<'_>) -> Option<Result<CanonicalRole, ApiError>> {
        CanonicalRole::load(ctx, &self.0.wanted.role).await.transpose()
    }

    /// AI impact scores, from 10 contributors on
    async fn ai_impact_score(&self) -> Option<BenchmarkScore> {
        self.0.cell()?.score().map(Into::into)
    }

    /// Share of each stage in the time of the role; null below 20 contributors
    async fn stage_mix(&self) -> Option<Vec<BenchmarkStageShare>> {
        listed(self.0.cell()?.stage_mix())
    }

    /// In which stages the tasks are run; null below 30 contributors
    async fn tasks(&self) -> Option<Vec<BenchmarkTask>> {
        listed(self.0.cell()?.tasks())
    }

    /// How many contributors have each skill; null below 30 contributors
    async fn skills(&self) -> Option<Vec<BenchmarkSkill>> {
        listed(self.0.cell()?.skills())
    }

    /// People in the role over all people of the organization; null below 30 contributors
    async fn headcount_ratio(&self) -> Option<BenchmarkHeadcountRatio> {
        self.0.cell()?.headcount_ratio().map(Into::into)
    }

    /// How coarsely the figures are rounded
    async fn rounding(&self) -> Option<BenchmarkRounding> {
        self.0.cell().map(|cell| cell.rounding().into())
    }

    /// The change of the mean score since an earlier release, in the segment that the figures are of: the difference of the
    /// two figures shown. Null unless both were computed for their own release from at least 100 contributors, and both are
    /// shown to you
    async fn trend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Key of the earlier release, such as 2026-Q2")] since: String,
    ) -> Option<Result<BenchmarkTrend, ApiError>> {
        change(ctx, &self.0, &since).await.transpose()
    }
}

fn listed<'a, T, U: From<&'a T>>(items: &'a [T]) -> Option<Vec<U>> {
    (!items.is_empty()).then(|| items.iter().map(Into::into).collect())
}

async fn change(ctx: &Context<'_>, read: &Read, since: &str) -> Result<Option<BenchmarkTrend>, ApiError> {
    let benchmark = ctx.request().benchmark();
    let Some(since) = benchmark.release(Some(checked(since)?)).await? else { return Ok(None) };
    // Also asked when nothing is shown: what is withheld takes as long as what is shown.
    let peer_group = read.shown.as_ref().map_or(read.wanted.peer_group, |shown| shown.peer_group);
    let key = CellKey { release: Arc::clone(&since.key), peer_group, ..read.wanted.clone() };
    let earlier = benchmark.shown(key, false).await?;
    if since.number >= read.release.number {
        return Err(ApiError::BadUserInput(format!("{} is not before {}.", since.key, read.release.key)));
    }
    let normative = Policy::default();
    let policy = read.release.policy.as_ref().unwrap_or(&normative);
    let (Some(earlier), Some(later)) = (&earlier, &read.shown) else { return Ok(None) };
    let difference = trend(policy, as_shown(earlier, &since), as_shown(later, &read.release));
    Ok(difference.map(|points| BenchmarkTrend { since: BenchmarkRelease(since), difference_points: tidy(points) }))
}

fn as_shown<'a>(shown: &'a ShownVersion, release: &PublishedRelease) -> ShownCell<'a> {
    ShownCell { cell: &shown.version.cell, is_fresh: *shown.version.as_of == *release.key }
}
