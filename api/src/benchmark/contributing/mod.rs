//! An organization's part in the benchmark: joining, leaving, its segment, what it sends and what it sent.

mod changes;
mod contribution;
mod inputs;
mod mutations;
mod preview;
mod receipts;
mod types;

pub(crate) use mutations::ContributingMutations;
pub(crate) use receipts::BenchmarkReceipt;
pub(crate) use types::{BenchmarkParticipation, benchmark_participation};
