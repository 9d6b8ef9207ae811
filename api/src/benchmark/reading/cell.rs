//! A cell that was asked for, and what all figures of cells say of themselves.

use std::sync::Arc;

use async_graphql::{Context, Object};
use domain::disclosure::{PeerGroup, ReleasedCell};
use store::benchmark::reading::{CellKey, PublishedRelease, ShownVersion};

use super::{
    figures::{BenchmarkContributors, BenchmarkSource, WithheldReason},
    release::{BenchmarkRelease, checked},
    segment::BenchmarkSegment,
};
use crate::graphql::{context::ContextExt, error::ApiError};

/// A cell that was asked for, and what is shown of it.
#[derive(Clone)]
pub(super) struct Read {
    pub(super) release: Arc<PublishedRelease>,
    pub(super) wanted: CellKey,
    pub(super) shown: Option<ShownVersion>,
}

impl Read {
    /// Reads the cell of a role or of a combination, or the nearest coarser one; `None` without such a release.
    pub(super) async fn load(
        ctx: &Context<'_>,
        key: &str,
        peer_group: PeerGroup,
        release: Option<&str>,
    ) -> Result<Option<Self>, ApiError> {
        let request = ctx.request();
        request.library_reader()?;
        let benchmark = request.benchmark();
        let Some(release) = benchmark.release(release.map(checked).transpose()?).await? else { return Ok(None) };
        let wanted = CellKey { release: Arc::clone(&release.key), role: key.into(), peer_group };
        let shown = benchmark.shown(wanted.clone(), true).await?;
        Ok(Some(Self { release, wanted, shown }))
    }

    pub(super) fn cell(&self) -> Option<&ReleasedCell> {
        self.shown.as_ref().map(|shown| &shown.version.cell)
    }

    pub(super) fn is_fallback(&self) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.peer_group != self.wanted.peer_group)
    }

    pub(super) fn withheld(&self) -> Option<WithheldReason> {
        (self.shown.is_none() || self.is_fallback()).then_some(WithheldReason::Withheld)
    }

    pub(super) fn source(&self) -> BenchmarkSource {
        if self.release.is_synthetic { BenchmarkSource::SyntheticWorld } else { BenchmarkSource::Contributions }
    }
}

/// What the benchmarks of roles and of combinations have in common.
#[derive(Clone)]
pub(super) struct CellFacts(pub(super) Read);

/// What the benchmarks of roles and of combinations have in common
#[Object]
impl CellFacts {
    /// The release
    async fn release(&self) -> BenchmarkRelease {
        BenchmarkRelease(Arc::clone(&self.0.release))
    }

    /// The segment that was asked for
    async fn requested_segment(&self) -> BenchmarkSegment {
        self.0.wanted.peer_group.into()
    }

    /// The segment that the figures are of; null when nothing is shown
    async fn served_segment(&self) -> Option<BenchmarkSegment> {
        self.0.shown.as_ref().map(|shown| shown.peer_group.into())
    }

    /// Whether the figures are of a coarser segment than was asked for
    async fn is_fallback(&self) -> bool {
        self.0.is_fallback()
    }

    /// Why the segment that was asked for is not shown; null when it is
    async fn withheld(&self) -> Option<WithheldReason> {
        self.0.withheld()
    }

    /// Release that the figures were computed for, such as 2026-Q3; an earlier one when they were carried forward
    async fn as_of(&self) -> Option<&str> {
        self.0.shown.as_ref().map(|shown| shown.version.as_of.as_str())
    }

    /// How many organizations contributed
    async fn contributors(&self) -> Option<BenchmarkContributors> {
        self.0.cell().map(|cell| cell.contributors().into())
    }

    /// Whether an organization of your own is among the contributors
    async fn includes_you(&self) -> Option<bool> {
        self.0.shown.as_ref().map(|shown| shown.includes_viewer)
    }

    /// Where the figures come from
    async fn source(&self) -> BenchmarkSource {
        self.0.source()
    }

    /// Whether the release was made from a synthetic world, so that its figures say nothing about real organizations
    async fn is_synthetic(&self) -> bool {
        self.0.release.is_synthetic
    }
}
