//! What becomes of a scenario when the roles that it was made from go on.

use rolemark_tests::{SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use super::{BACKEND, DEVOPS, canonical, save, scenario};
use crate::steps::{assert_faults, change, counts, create_from, mutate, publish, role, try_change};

const UPDATE: &str = "updateRoleConfiguration";
const DELETE: &str = "deleteRoleConfigurationDraft";

/// Whether any source has changed, and which.
async fn changed(admin: &SignedIn, id: &str) -> (bool, Vec<bool>) {
    let found = scenario(admin, id, "hasChangedSources sources { hasChanged }").await;
    let sources = found["sources"].as_array().cloned().unwrap_or_default();
    (found["hasChangedSources"] == true, sources.iter().map(|source| source["hasChanged"] == true).collect())
}

pub async fn changed_sources_are_told(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create_from(&admin, BACKEND).await;
    let roles = json!([{ "canonicalRoleKey": DEVOPS }, { "roleConfigurationId": at.id }]);
    let id = save(&admin, "Draft", roles).await;
    let library = save(&admin, "Library", canonical(&[BACKEND, DEVOPS])).await;
    assert_eq!(changed(&admin, &id).await, (false, vec![false, false]));
    let skills = json!({ "skills": [{ "name": "One", "trend": "STABLE" }] });
    let stage = json!({ "key": "incident-response", "stage": "AUTOMATED" });
    let changes = [
        (UPDATE, json!({ "headcount": 2 }), true),
        (UPDATE, json!({ "headcount": 1 }), false),
        ("updateRoleTask", stage, true),
        ("updateRoleTask", json!({ "key": "incident-response", "stage": "HUMAN" }), false),
        (UPDATE, json!({ "currentAiAdoption": 0.5 }), true),
        (UPDATE, json!({ "currentAiAdoption": null }), false),
        (UPDATE, skills, true),
    ];
    let mut at = at;
    for (mutation, more, is_changed) in changes {
        at = change(&admin.client, mutation, &at, more.clone()).await;
        assert_eq!(changed(&admin, &id).await, (is_changed, vec![false, is_changed]), "{more}");
    }
    assert_eq!(changed(&admin, &library).await, (false, vec![false, false]), "the other scenario is not touched");
}

/// What does not go into the model changes nothing, and neither does what the scenario has in its place.
pub async fn other_changes_are_no_changes(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create_from(&admin, BACKEND).await;
    let roles = json!([{ "canonicalRoleKey": DEVOPS }, { "roleConfigurationId": at.id, "headcount": 5 }]);
    let id = save(&admin, "Draft", roles).await;
    let more = json!({ "summary": "Other words.", "family": "Other", "level": "Lead", "headcount": 9,
        "technologyStack": ["Rust"], "careerPathways": [] });
    let at = change(&admin.client, UPDATE, &at, more).await;
    publish(&admin.client, &at).await;
    change(&admin.client, "archiveRoleConfiguration", &at, json!({})).await;
    assert_eq!(changed(&admin, &id).await, (false, vec![false, false]));
}

/// The scenario took the library's coordination share because the role had none: one of its own would count first.
pub async fn figure_given_later_is_a_change(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create_from(&admin, BACKEND).await;
    let at = change(&admin.client, UPDATE, &at, json!({ "coordinationShare": null })).await;
    let roles = json!([{ "canonicalRoleKey": DEVOPS }, { "roleConfigurationId": at.id }]);
    let id = save(&admin, "Draft", roles).await;
    assert!(!changed(&admin, &id).await.0);
    change(&admin.client, UPDATE, &at, json!({ "coordinationShare": 0.6 })).await;
    assert_eq!(changed(&admin, &id).await, (true, vec![false, true]), "the outcome would be another one");
}

pub async fn newer_versions_are_told(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create_from(&admin, BACKEND).await;
    let version = publish(&admin.client, &at).await;
    let roles = json!([{ "roleVersionId": version }, { "canonicalRoleKey": DEVOPS }]);
    let id = save(&admin, "Version", roles).await;
    assert_eq!(changed(&admin, &id).await, (false, vec![false, false]));
    let at = change(&admin.client, UPDATE, &at, json!({ "headcount": 4 })).await;
    assert!(!changed(&admin, &id).await.0, "the version in force is still the same");
    publish(&admin.client, &at).await;
    assert_eq!(changed(&admin, &id).await, (true, vec![true, false]));
}

pub async fn roles_in_use_are_not_deleted(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create_from(&admin, BACKEND).await;
    let id = save(&admin, "Uses it", json!([{ "roleConfigurationId": at.id }, { "canonicalRoleKey": DEVOPS }])).await;
    let before = counts(&admin).await;
    let answer = try_change(&admin.client, DELETE, &at, json!({})).await;
    assert_faults(&answer, DELETE, &[("IN_USE", "input.id")]);
    assert_eq!(counts(&admin).await, before);
    assert_eq!(role(&admin.client, &at.id, "title").await["title"], "Backend Engineer");
    mutate(&admin.client, "deleteScenario", json!({ "id": id }), "deletedScenarioId").await;
    let answer = try_change(&admin.client, DELETE, &at, json!({})).await;
    assert!(answer.user_error_codes(DELETE).is_empty(), "{answer}");
    assert_eq!(role(&admin.client, &at.id, "title").await, Value::Null);
}
