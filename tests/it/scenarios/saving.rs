//! Saving a combination, and only looking at one.

use rolemark_tests::{TestServer, sign_up};
use serde_json::json;

use super::{BACKEND, DEVOPS, canonical, save, scenario, try_save};
use crate::{
    combinations::FIGURES,
    steps::{assert_close, assert_faults, assert_same, change, counts, create, create_from, publish},
};

const EVERYTHING: &str = "name description state revision gain methodVersion hasChangedSources organization { id }
    sources { title headcount versionNumber hasChanged roleConfiguration { id } canonicalRole { key } }";

pub async fn saved_scenario_is_read_back(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let draft = create_from(&admin, BACKEND).await;
    let published = create_from(&admin, "rolemark:qa-engineer").await;
    let version = publish(&admin.client, &published).await;
    let roles = json!([
        { "roleConfigurationId": draft.id, "headcount": 2.5 }, { "roleVersionId": version },
        { "canonicalRoleKey": DEVOPS, "coordinationShare": 0.3, "currentAiAdoption": 0.1 },
    ]);
    let assumptions = json!({ "adoption": 0.8, "rampMonths": 6 });
    let more = json!({ "description": "Three into one.\nPerhaps.", "assumptions": assumptions });
    let answer = try_save(&admin, "  Platform team ", roles.clone(), more).await;
    let id = answer.text_at("createScenario.scenario.id").to_owned();
    let found = scenario(&admin, &id, EVERYTHING).await;
    let expected = json!({
        "name": "Platform team", "description": "Three into one.\nPerhaps.", "state": "DRAFT", "revision": 1,
        "gain": found["gain"], "methodVersion": 1, "hasChangedSources": false,
        "organization": { "id": admin.organization_id },
        "sources": [
            { "title": "Backend Engineer", "headcount": 2.5, "versionNumber": null, "hasChanged": false,
              "roleConfiguration": { "id": draft.id }, "canonicalRole": null },
            { "title": "QA Engineer", "headcount": 1, "versionNumber": 1, "hasChanged": false,
              "roleConfiguration": { "id": published.id }, "canonicalRole": null },
            { "title": "DevOps Engineer", "headcount": 1, "versionNumber": null, "hasChanged": false,
              "roleConfiguration": null, "canonicalRole": { "key": DEVOPS } },
        ],
    });
    assert_same(&found, &expected);

    let document = format!(
        "query($input: SimulateRoleCombinationInput!) {{ simulateRoleCombination(input: $input) {{ outcome {{ {FIGURES} }} }} }}"
    );
    let input = json!({ "organizationId": admin.organization_id, "roles": roles, "assumptions": assumptions });
    let simulated = admin.client.graphql(&document, json!({ "input": input })).await;
    let saved = scenario(&admin, &id, &format!("outcome {{ {FIGURES} }}")).await;
    assert_same(&saved["outcome"], simulated.at("simulateRoleCombination.outcome"));
    assert_close(&found["gain"], saved["outcome"]["gain"].as_f64().unwrap_or_default(), 1e-9);

    // What was saved stays, whatever becomes of the roles.
    change(&admin.client, "updateRoleConfiguration", &draft, json!({ "tasks": [], "title": "Other" })).await;
    change(&admin.client, "archiveRoleConfiguration", &published, json!({})).await;
    assert_same(&scenario(&admin, &id, &format!("outcome {{ {FIGURES} }}")).await, &saved);
}

pub async fn simulating_stores_nothing(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let own = create_from(&admin, BACKEND).await;
    let before = counts(&admin).await;
    let document = "query($input: SimulateRoleCombinationInput!) { simulateRoleCombination(input: $input) {
        outcome { gain } monteCarlo { p50 } userErrors { code } } }";
    let roles = json!([{ "roleConfigurationId": own.id }, { "canonicalRoleKey": DEVOPS }]);
    let input =
        json!({ "organizationId": admin.organization_id, "roles": roles, "monteCarlo": { "seed": 1, "draws": 200 } });
    for _ in 0..3 {
        let answer = admin.client.graphql(document, json!({ "input": input })).await;
        assert_close(answer.at("simulateRoleCombination.outcome.gain"), 0.35155, 1e-6);
    }
    assert_eq!(counts(&admin).await, before);
    save(&admin, "Saved", roles).await;
    assert_eq!(counts(&admin).await, [before[0], before[1] + 1, before[2] + 1], "and saving stores one");
}

pub async fn refused_scenarios_leave_nothing(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let stranger = sign_up(t, "Southwind").await;
    let foreign = create(&stranger, json!({ "title": "Foreign", "tasks": [{ "title": "A", "stage": "HUMAN" }] })).await;
    let before = counts(&admin).await;
    let pair = canonical(&[BACKEND, DEVOPS]);
    let long = "x".repeat(201);
    let cases = [
        ("", pair.clone(), json!({}), vec![("REQUIRED", "input.name")]),
        (" \t", pair.clone(), json!({}), vec![("REQUIRED", "input.name"), ("CONTROL_CHARACTER", "input.name")]),
        (&long, pair.clone(), json!({}), vec![("TOO_LONG", "input.name")]),
        ("nul\0", pair.clone(), json!({}), vec![("CONTROL_CHARACTER", "input.name")]),
        ("A", pair.clone(), json!({ "description": "nul\0" }), vec![("CONTROL_CHARACTER", "input.description")]),
        ("A", pair.clone(), json!({ "description": "x".repeat(4_001) }), vec![("TOO_LONG", "input.description")]),
        ("A", canonical(&[BACKEND]), json!({}), vec![("TOO_FEW", "input.roles")]),
        (
            "A",
            canonical(&[BACKEND, DEVOPS]),
            json!({ "assumptions": { "rampMonths": 15 }, "description": "\u{1b}" }),
            vec![("CONTROL_CHARACTER", "input.description")],
        ),
        (
            "A",
            json!([{ "canonicalRoleKey": BACKEND }, { "canonicalRoleKey": DEVOPS, "headcount": 0 }]),
            json!({}),
            vec![("OUT_OF_RANGE", "input.roles.1.headcount")],
        ),
        (
            "A",
            json!([{ "canonicalRoleKey": BACKEND }, { "roleConfigurationId": foreign.id }]),
            json!({}),
            vec![("NOT_FOUND", "input.roles.1.roleConfigurationId")],
        ),
    ];
    for (name, roles, more, faults) in cases {
        let answer = try_save(&admin, name, roles, more).await;
        assert_faults(&answer, "createScenario", &faults);
    }
    assert_eq!(counts(&admin).await, before);
}
