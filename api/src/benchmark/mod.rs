//! The benchmark: an organization's part in it, and its published figures.

mod contributing;
mod reading;
mod segments;

pub(crate) use contributing::{
    BenchmarkParticipation, BenchmarkReceipt, ContributingMutations, benchmark_participation,
};
pub(crate) use reading::{
    BenchmarkOfRequest, BenchmarkQueries, BenchmarkRelease, BenchmarkSegmentInput, RoleBenchmark,
    RoleBenchmarkPosition, RoleCombinationBenchmark, combination_of, peer_group, place,
};
