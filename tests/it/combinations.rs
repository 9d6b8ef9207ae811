//! Combinations of roles: the figures of the method, what may be assumed, and what is refused.

mod assumptions;
mod figures;
mod monte_carlo;
mod refusals;
mod sources;

use rolemark_tests::{Answer, Client};
use serde_json::{Value, json};

pub use assumptions::{
    assumptions_out_of_range_name_their_field, assumptions_within_their_ranges_count, ramp_shapes_the_transition,
    roles_take_figures_of_the_case,
};
pub use figures::{
    backend_and_data_is_reproduced, backend_and_devops_is_reproduced, gain_is_made_of_its_parts,
    order_of_roles_does_not_matter, tornado_is_reproduced, waterfall_adds_up,
};
pub use monte_carlo::{draws_out_of_range_are_refused, same_seed_gives_the_same_answer};
pub use refusals::{one_or_eleven_roles_are_refused, sources_are_named_exactly, unknown_roles_are_not_found};
pub use sources::{
    a_role_may_come_twice, drafts_and_versions_differ, own_and_canonical_roles_are_mixed, own_figures_come_first,
};

const BACKEND: &str = "rolemark:backend-engineer";
const DEVOPS: &str = "rolemark:devops-engineer";
const DATA: &str = "rolemark:data-engineer";

/// What most cases look at.
pub const FIGURES: &str = "gain gainPercent gainFromAi gainFromMerging hoursSavedShare fteFreed fteWithAiAlone
    breadthFactor coordinationFte skillSimilarity isSkillSimilarityUndefined methodVersion interval { lower upper }
    waterfall { startingFte duplicatesRemoved coordinationRemoved aiSaved breadthCost endingFte }
    stress { tauAiAssisted gain }
    roles { title headcount coordinationShare currentAiAdoption isCoordinationShareAssumed isEquallyShared }";

/// Simulates a combination and asks its outcome for `selection`.
async fn simulate(client: &Client, input: Value, selection: &str) -> Answer {
    let document = format!(
        "query($input: SimulateRoleCombinationInput!) {{ simulateRoleCombination(input: $input) {{
            outcome {{ {selection} }} libraryCombinationKey monteCarlo {{ p10 p50 p90 seed draws }}
            userErrors {{ code field message }} }} }}"
    );
    client.graphql(&document, json!({ "input": input })).await
}

/// The figures of a combination that must be possible.
async fn figures(client: &Client, input: Value) -> Value {
    let answer = simulate(client, input, FIGURES).await;
    assert_eq!(answer.at("simulateRoleCombination.userErrors"), &json!([]), "{answer}");
    answer.at("simulateRoleCombination.outcome").clone()
}

/// Canonical roles as a combination takes them.
fn canonical(keys: &[&str]) -> Value {
    keys.iter().map(|key| json!({ "canonicalRoleKey": key })).collect()
}
