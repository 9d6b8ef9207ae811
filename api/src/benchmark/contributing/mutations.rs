//! Taking part in the benchmark.

use async_graphql::{Context, Object};

use super::{
    changes::{declare, join, leave},
    inputs::{
        DeclareOrganizationSegmentInput, DeclareOrganizationSegmentPayload, JoinBenchmarkInput, JoinBenchmarkPayload,
        LeaveBenchmarkInput, LeaveBenchmarkPayload,
    },
};
use crate::graphql::{context::ContextExt, error::ApiError};

/// Mutations of contributing.
#[derive(Default)]
pub(crate) struct ContributingMutations;

#[Object]
impl ContributingMutations {
    /// Lets the organization contribute to the benchmark from the next release on; for its own admins, never for a consultant
    /// or an API key. For each canonical role with at least 3 heads and 5 linked tasks this is sent each quarter: its AI
    /// impact score, the share of time in each stage, the stage of each canonical task, which canonical skills it has, and
    /// how its heads compare with those of all roles; for each combination of the library, whether it is run; and the
    /// organization's industry, size and region. No text of the organization's own is sent, and nothing about a person.
    /// `preview` shows it all before, `receipts` afterwards. Others only ever see figures of at least 10 contributors, rounded
    /// and with noise. Whoever leaves is in no release that is built afterwards, but figures that were published stand
    async fn join_benchmark(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organization")] input: JoinBenchmarkInput,
    ) -> Option<Result<JoinBenchmarkPayload, ApiError>> {
        Some(join(ctx.request(), &input.organization_id).await.map(Into::into))
    }

    /// Ends that the organization contributes to the benchmark; for its own admins. No release that is built afterwards gets
    /// anything of it; figures that were published stand
    async fn leave_benchmark(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organization")] input: LeaveBenchmarkInput,
    ) -> Option<Result<LeaveBenchmarkPayload, ApiError>> {
        Some(leave(ctx.request(), &input.organization_id).await.map(Into::into))
    }

    /// Says what kind of organization it is; for its own admins. The operator verifies it, and until then it can be corrected;
    /// after that it can be changed once in 365 days, which are four releases
    async fn declare_organization_segment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Industry, size and region")] input: DeclareOrganizationSegmentInput,
    ) -> Option<Result<DeclareOrganizationSegmentPayload, ApiError>> {
        Some(declare(ctx.request(), input).await.map(Into::into))
    }
}
