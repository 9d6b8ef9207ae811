//! One entry for each write.

use rolemark_tests::{Answer, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use super::entries;
use crate::scenarios::canonical;
use crate::steps::{Role, assert_done, counts, create, merged, mutate, organization, role, try_change};

/// Sends a mutation, and checks the one entry that it leaves.
async fn audited(admin: &SignedIn, mutation: &str, input: Value, selection: &str, expected: (&str, &str)) -> Answer {
    let before = counts(admin).await[2];
    let answer = mutate(&admin.client, mutation, input, selection).await;
    assert_done(&answer, mutation);
    assert_eq!(counts(admin).await[2], before + 1, "{mutation} leaves one entry");
    let newest = entries(admin, "(first: 1)").await.remove(0);
    let (action, object_type) = expected;
    assert_eq!((&newest["action"], &newest["objectType"]), (&json!(action), &json!(object_type)));
    assert_eq!(newest["requestId"], answer.header("x-request-id"), "{mutation}: the request of the answer");
    assert_eq!(newest["sequenceNumber"], json!((before + 1) as f64));
    assert_eq!(newest["actorKind"], "USER");
    assert!(newest["actorId"].is_string() && newest["details"].is_string(), "{newest}");
    answer
}

const ROLE: &str = "roleConfiguration { id revision }";
const SCENARIO: &str = "scenario { id revision }";

pub async fn every_write_leaves_one_entry(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let first = entries(&admin, "").await;
    assert_eq!(first.len(), 1, "signing up is a write");
    assert_eq!((&first[0]["action"], &first[0]["objectType"]), (&json!("organization.create"), &json!("Organization")));

    let of = |more: Value| merged(json!({ "organizationId": admin.organization_id }), more);
    let role_done = ("roleConfiguration.create", "RoleConfiguration");
    let input = of(json!({ "role": { "title": "One", "tasks": [{ "title": "A", "stage": "HUMAN" }] } }));
    let made = audited(&admin, "createRoleConfiguration", input, ROLE, role_done).await;
    let mut at = Role::of(&made, "createRoleConfiguration");
    assert_object(&admin, &at.id).await;
    let input = of(json!({ "canonicalRoleKey": "rolemark:backend-engineer" }));
    let from = "createRoleConfigurationFromCanonicalRole";
    assert_object(&admin, &Role::of(&audited(&admin, from, input, ROLE, role_done).await, from).id).await;
    let input = of(json!({ "roles": [{ "title": "Two" }, { "title": "Three" }] }));
    audited(&admin, "createRoleConfigurations", input, "roleConfigurations { id }", role_done).await;

    for (mutation, more, action) in [
        ("updateRoleConfiguration", json!({ "title": "Other" }), "roleConfiguration.update"),
        ("updateRoleTask", json!({ "key": "a", "stage": "AT_RISK" }), "roleConfiguration.update"),
        ("publishRoleConfiguration", json!({ "note": "First" }), "roleConfiguration.publish"),
        ("updateRoleConfiguration", json!({ "title": "Draft" }), "roleConfiguration.update"),
        ("deleteRoleConfigurationDraft", json!({}), "roleConfiguration.deleteDraft"),
        ("archiveRoleConfiguration", json!({}), "roleConfiguration.archive"),
        ("restoreRoleConfiguration", json!({}), "roleConfiguration.restore"),
    ] {
        let answer = audited(&admin, mutation, at.input(more), ROLE, (action, "RoleConfiguration")).await;
        at = Role::of(&answer, mutation);
        assert_object(&admin, &at.id).await;
    }
    scenarios_are_audited(&admin).await;

    let gone = create(&admin, json!({ "title": "Gone" })).await;
    let delete = ("roleConfiguration.delete", "RoleConfiguration");
    audited(&admin, "deleteRoleConfigurationDraft", gone.input(json!({})), ROLE, delete).await;
    assert_object(&admin, &gone.id).await;
}

async fn scenarios_are_audited(admin: &SignedIn) {
    let roles = canonical(&["rolemark:backend-engineer", "rolemark:devops-engineer"]);
    let input = json!({ "organizationId": admin.organization_id, "name": "One", "roles": roles });
    let made = audited(admin, "createScenario", input, SCENARIO, ("scenario.create", "Scenario")).await;
    let id = made.text_at("createScenario.scenario.id").to_owned();
    assert_object(admin, &id).await;
    let input = json!({ "id": id, "expectedRevision": 1, "name": "Other" });
    audited(admin, "updateScenario", input, SCENARIO, ("scenario.update", "Scenario")).await;
    assert_object(admin, &id).await;
    let input = json!({ "id": id, "name": "Copy" });
    let copy = audited(admin, "duplicateScenario", input, SCENARIO, ("scenario.duplicate", "Scenario")).await;
    assert_object(admin, copy.text_at("duplicateScenario.scenario.id")).await;
    let input = json!({ "id": id });
    audited(admin, "deleteScenario", input, "deletedScenarioId", ("scenario.delete", "Scenario")).await;
    assert_object(admin, &id).await;
}

async fn assert_object(admin: &SignedIn, id: &str) {
    assert_eq!(entries(admin, "(first: 1)").await[0]["objectId"], id);
}

/// Reads, simulations and everything that was refused.
pub async fn refused_writes_leave_none(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, json!({ "title": "One" })).await;
    let before = counts(&admin).await;
    role(
        &admin.client,
        &at.id,
        "title versions { totalCount } comparison(canonicalRoleKey: \"rolemark:recruiter\") { methodVersion }",
    )
    .await;
    organization(&admin, "roleConfigurations { totalCount } auditEvents { nodes { details } } members { totalCount }")
        .await;
    for (mutation, more) in [
        ("updateRoleConfiguration", json!({ "title": "" })),
        ("updateRoleTask", json!({ "key": "none" })),
        ("restoreRoleConfiguration", json!({})),
    ] {
        let answer = try_change(&admin.client, mutation, &at, more).await;
        assert!(!answer.user_error_codes(mutation).is_empty(), "{answer}");
    }
    let stale = Role { revision: 9, ..at };
    for mutation in ["publishRoleConfiguration", "archiveRoleConfiguration", "deleteRoleConfigurationDraft"] {
        assert_eq!(
            try_change(&admin.client, mutation, &stale, json!({})).await.user_error_codes(mutation),
            ["STALE_REVISION"]
        );
    }
    assert_eq!(counts(&admin).await, before);
}

/// A caller may name the request, so that its own log and this one fit together.
pub async fn named_requests_keep_their_name(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let document = "mutation($input: CreateRoleConfigurationInput!) { createRoleConfiguration(input: $input) { userErrors { code } } }";
    let input = json!({ "organizationId": admin.organization_id, "role": { "title": "One" } });
    for (name, is_taken) in [("my-request-0001", true), ("no", false), ("with space 0001", false)] {
        let request = admin.client.request(reqwest::Method::POST, "/graphql").header("x-request-id", name);
        let answer =
            admin.client.send(request.json(&json!({ "query": document, "variables": { "input": input } }))).await;
        assert_done(&answer, "createRoleConfiguration");
        let id = entries(&admin, "(first: 1)").await[0]["requestId"].clone();
        assert_eq!(id, answer.header("x-request-id"));
        assert_eq!(id == name, is_taken, "{name}: {id}");
    }
}

/// The schema says that `objectId` is the global identifier of the object, also of an organization.
pub async fn signing_up_names_the_organization(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    assert_object(&admin, &admin.organization_id).await;
    let filter = format!("(filter: {{ objectId: \"{}\" }})", admin.organization_id);
    assert_eq!(entries(&admin, &filter).await.len(), 1);
}
