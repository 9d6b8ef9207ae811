//! Where a role of an organization stands in the benchmark, from the published figures alone.

use async_graphql::{Context, Enum, Object};
use domain::{disclosure::position, score::Score};

use super::{RoleBenchmark, segment::BenchmarkSegmentInput};
use crate::{
    graphql::{error::ApiError, tenant::Tenant},
    roles::{AiImpactScore, tidy},
};

/// Where a score lies among those of a peer group
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "domain::disclosure::Position")]
pub(crate) enum BenchmarkPosition {
    /// Below the first quartile
    #[graphql(name = "BELOW_P25")]
    BelowP25,
    /// From the first quartile to the median
    #[graphql(name = "P25_TO_P50")]
    P25ToP50,
    /// Above the median, up to the third quartile
    #[graphql(name = "P50_TO_P75")]
    P50ToP75,
    /// Above the third quartile
    #[graphql(name = "ABOVE_P75")]
    AboveP75,
    /// Below the mean by more than its margin of error, where no quartiles are shown
    BelowMean,
    /// Within the margin of error of the mean, where no quartiles are shown
    AboutMean,
    /// Above the mean by more than its margin of error, where no quartiles are shown
    AboveMean,
}

pub(crate) struct RoleBenchmarkPosition {
    benchmark: RoleBenchmark,
    own: Option<Score>,
}

/// Compares a role with the benchmark of a canonical role: in the segment that is asked for, or in the finest one of the
/// organization.
pub(crate) async fn place(
    ctx: &Context<'_>,
    tenant: &Tenant,
    (role, own): (&str, Option<Score>),
    (segment, release): (Option<BenchmarkSegmentInput>, Option<&str>),
) -> Result<Option<RoleBenchmarkPosition>, ApiError> {
    let peer_group = match segment {
        Some(segment) => segment.peer_group()?,
        None => tenant.own_peer_group().await?,
    };
    let benchmark = RoleBenchmark::load(ctx, role, peer_group, release).await?;
    Ok(benchmark.map(|benchmark| RoleBenchmarkPosition { benchmark, own }))
}

impl RoleBenchmarkPosition {
    /// Own score minus mean, and the margin of error of the mean.
    fn difference(&self) -> Option<(f64, f64)> {
        let score = self.benchmark.read().cell()?.score()?;
        Some((self.own.as_ref()?.value - score.mean, score.margin_of_error))
    }
}

/// Where a role of an organization stands in the benchmark: computed from the published figures, which include the
/// organization itself if it contributes
#[Object]
impl RoleBenchmarkPosition {
    /// The benchmark that it is compared with
    async fn benchmark(&self) -> &RoleBenchmark {
        &self.benchmark
    }

    /// Score of the organization's role; null when no task has a stage
    async fn own_score(&self) -> Option<AiImpactScore> {
        self.own.clone().map(AiImpactScore)
    }

    /// Where the own score lies; null when it or the benchmark is missing
    async fn position(&self) -> Option<BenchmarkPosition> {
        position(self.benchmark.read().cell()?, self.own.as_ref()?.value).map(Into::into)
    }

    /// Own score minus the mean, in points
    async fn difference_from_mean(&self) -> Option<f64> {
        self.difference().map(|(difference, _)| tidy(difference))
    }

    /// Whether the difference is no greater than the margin of error of the mean, so that it may be none
    async fn is_within_margin(&self) -> Option<bool> {
        self.difference().map(|(difference, margin)| difference.abs() <= margin)
    }
}
