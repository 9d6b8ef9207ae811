//! Scenarios: saved combinations.

mod changing;
mod listing;
mod saving;
mod sources;

use rolemark_tests::{Answer, SignedIn};
use serde_json::{Value, json};

use crate::steps::{merged, mutate};

pub use changing::{
    copies_stand_on_their_own, deleted_scenarios_are_gone, scenarios_are_renamed, stale_rename_loses_nothing,
};
pub use listing::{
    comparison_of_unknown_scenarios_is_null, scenarios_are_compared_side_by_side, scenarios_are_filtered,
    scenarios_are_ordered,
};
pub use saving::{refused_scenarios_leave_nothing, saved_scenario_is_read_back, simulating_stores_nothing};
pub use sources::{
    changed_sources_are_told, figure_given_later_is_a_change, newer_versions_are_told, other_changes_are_no_changes,
    roles_in_use_are_not_deleted,
};

const BACKEND: &str = "rolemark:backend-engineer";
const DEVOPS: &str = "rolemark:devops-engineer";
const DATA: &str = "rolemark:data-engineer";

async fn try_save(admin: &SignedIn, name: &str, roles: Value, more: Value) -> Answer {
    let input = merged(json!({ "organizationId": admin.organization_id, "name": name, "roles": roles }), more);
    mutate(&admin.client, "createScenario", input, "scenario { id revision }").await
}

/// Saves a combination; the identifier of the scenario.
pub async fn save(admin: &SignedIn, name: &str, roles: Value) -> String {
    let answer = try_save(admin, name, roles, json!({})).await;
    assert_eq!(answer.payload("createScenario")["scenario"]["revision"], 1, "{answer}");
    answer.text_at("createScenario.scenario.id").to_owned()
}

/// Reads fields of a scenario.
async fn scenario(admin: &SignedIn, id: &str, selection: &str) -> Value {
    crate::steps::node(&admin.client, id, "Scenario", selection).await
}

/// Canonical roles as a scenario takes them.
pub fn canonical(keys: &[&str]) -> Value {
    keys.iter().map(|key| json!({ "canonicalRoleKey": key })).collect()
}
