//! How many organizations run a combined role already.

use std::{collections::BTreeSet, sync::Arc};

use async_graphql::{Context, Object};
use domain::{
    disclosure::{COMBINED, PeerGroup},
    library::LibraryCombination,
};

use super::{
    figures::{BenchmarkContributors, BenchmarkSource, WithheldReason},
    release::BenchmarkRelease,
    role::Read,
    segment::BenchmarkSegment,
};
use crate::{
    graphql::{context::ContextExt, error::ApiError},
    roles::tidy,
};

pub(crate) struct RoleCombinationBenchmark(Read);

impl RoleCombinationBenchmark {
    /// The benchmark of a combination of the library; `None` without such a release.
    pub(crate) async fn load(
        ctx: &Context<'_>,
        combination: &str,
        peer_group: PeerGroup,
        release: Option<&str>,
    ) -> Result<Option<Self>, ApiError> {
        Ok(Read::load(ctx, combination, peer_group, release).await?.map(Self))
    }
}

/// The library's combination of exactly these canonical roles, if there is one.
pub(crate) async fn combination_of(
    ctx: &Context<'_>,
    roles: &BTreeSet<String>,
) -> Result<Option<LibraryCombination>, ApiError> {
    let is_of_roles = |combination: &&LibraryCombination| {
        combination.roles.len() == roles.len() && combination.roles.iter().all(|role| roles.contains(role))
    };
    Ok(ctx.request().benchmark().combinations().await?.iter().find(is_of_roles).cloned())
}

/// What share of a peer group runs a combined role already. Contributors are organizations that contribute one of its roles
#[Object]
impl RoleCombinationBenchmark {
    /// The release
    async fn release(&self) -> BenchmarkRelease {
        BenchmarkRelease(Arc::clone(&self.0.release))
    }

    /// Key of the library's combination
    async fn combination_key(&self) -> &str {
        &self.0.wanted.role
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

    /// Share of the contributors that have a role which does the work of each of the combined roles, above 0 and below 1
    async fn share(&self) -> Option<f64> {
        self.figure().map(|(share, _)| tidy(share))
    }

    /// Half of the width of the 95 % interval of the share
    async fn margin_of_error(&self) -> Option<f64> {
        self.figure().map(|(_, margin)| tidy(margin))
    }
}

impl RoleCombinationBenchmark {
    fn figure(&self) -> Option<(f64, f64)> {
        let skill = self.0.cell()?.skills().iter().find(|skill| skill.key == COMBINED)?;
        Some((skill.share, skill.margin_of_error))
    }
}
