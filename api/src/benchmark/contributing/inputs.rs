//! Inputs and answers of the mutations of contributing.

use async_graphql::{ID, InputObject, SimpleObject};

use super::types::BenchmarkParticipation;
use crate::{
    benchmark::segments::{Industry, Region, SizeBand},
    graphql::user_error::UserError,
};

/// Input of joinBenchmark
#[derive(InputObject)]
pub(crate) struct JoinBenchmarkInput {
    /// Global identifier of the organization
    pub(super) organization_id: ID,
}

/// Input of leaveBenchmark
#[derive(InputObject)]
pub(crate) struct LeaveBenchmarkInput {
    /// Global identifier of the organization
    pub(super) organization_id: ID,
}

/// Input of declareOrganizationSegment
#[derive(InputObject)]
pub(crate) struct DeclareOrganizationSegmentInput {
    /// Global identifier of the organization
    pub(super) organization_id: ID,
    /// What the organization does
    pub(super) industry: Industry,
    /// How many people work for it
    pub(super) size_band: SizeBand,
    /// Where most of them work
    pub(super) region: Region,
}

macro_rules! participation_payload {
    ($name:ident, $mutation:literal) => {
        #[doc = concat!("Answer of ", $mutation)]
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            /// The organization's part in the benchmark as it is now; null when there are errors
            benchmark_participation: Option<BenchmarkParticipation>,
            /// What is wrong with the input; nothing was changed then
            user_errors: Vec<UserError>,
        }

        impl From<Result<BenchmarkParticipation, Vec<UserError>>> for $name {
            fn from(result: Result<BenchmarkParticipation, Vec<UserError>>) -> Self {
                match result {
                    Ok(participation) => Self { benchmark_participation: Some(participation), user_errors: Vec::new() },
                    Err(user_errors) => Self { benchmark_participation: None, user_errors },
                }
            }
        }
    };
}

participation_payload!(JoinBenchmarkPayload, "joinBenchmark");
participation_payload!(LeaveBenchmarkPayload, "leaveBenchmark");
participation_payload!(DeclareOrganizationSegmentPayload, "declareOrganizationSegment");
