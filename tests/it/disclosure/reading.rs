//! What readers ask, and what they are told.

use rolemark_tests::{Answer, Client};
use serde_json::Value;

/// Everything that an answer says about a cell, but which role it is.
pub(super) const CELL: &str =
    "release { key isSynthetic isLoosened } requestedSegment { level industry sizeBand region }
    servedSegment { level industry sizeBand region } isFallback withheld asOf contributors { from to } includesYou
    source isSynthetic aiImpactScore { mean marginOfError p10 p25 p50 p75 p90 isModelled }
    stageMix { stage share marginOfError } tasks { key stageMix { stage share marginOfError } }
    skills { key share marginOfError } headcountRatio { geometricMean marginOfError p25 p50 p75 }
    rounding { scorePoints sharePercent }";

/// A peer group as an argument.
pub(super) const ALL: &str = "{ all: true }";
/// The peer groups that the organizations of the worlds belong to.
pub(super) const LEVELS: [&str; 4] = [
    ALL,
    "{ industry: INFORMATION }",
    "{ industryBySize: { industry: INFORMATION, sizeBand: FROM_100_TO_499 } }",
    "{ region: WESTERN_EUROPE }",
];

/// The question for a cell of the newest release.
pub(super) fn question(role: &str, segment: &str) -> String {
    format!("{{ roleBenchmark(role: \"{role}\", segment: {segment}) {{ {CELL} }} }}")
}

pub(super) async fn ask(client: &Client, role: &str, segment: &str) -> Answer {
    client.query(&question(role, segment)).await
}

/// What a client is told of a cell.
pub(super) async fn cell(client: &Client, role: &str, segment: &str) -> Value {
    ask(client, role, segment).await.at("roleBenchmark").clone()
}

/// What a client is told of a cell in a release.
pub(super) async fn cell_of(client: &Client, role: &str, segment: &str, release: &str) -> Value {
    let query =
        format!("{{ roleBenchmark(role: \"{role}\", segment: {segment}, release: \"{release}\") {{ {CELL} }} }}");
    client.query(&query).await.at("roleBenchmark").clone()
}

/// Whether a client is shown the cell that it asks for, and no coarser one.
pub(super) async fn is_shown(client: &Client, role: &str, segment: &str) -> bool {
    let cell = cell(client, role, segment).await;
    cell["withheld"].is_null() && cell["isFallback"] == false
}
