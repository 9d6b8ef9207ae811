//! Published figures: releases, the benchmark of a role, where an organization stands in it, trends, and combinations.

mod cell;
mod combination;
mod figures;
mod loader;
mod position;
mod queries;
mod release;
mod role;
mod segment;

pub(crate) use combination::{RoleCombinationBenchmark, combination_of};
pub(crate) use loader::BenchmarkOfRequest;
pub(crate) use position::{RoleBenchmarkPosition, place};
pub(crate) use queries::BenchmarkQueries;
pub(crate) use release::BenchmarkRelease;
pub(crate) use role::RoleBenchmark;
pub(crate) use segment::{BenchmarkSegmentInput, peer_group};
