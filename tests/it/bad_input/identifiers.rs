//! Identifiers: malformed, of another kind, unknown, foreign.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolemark_tests::{SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use crate::steps::{Role, counts, create_from, merged, mutate, publish};

/// One identifier of each kind of an organization.
struct Identifiers {
    organization: String,
    role: String,
    version: String,
    scenario: String,
    key: String,
}

async fn identifiers_of(admin: &SignedIn) -> Identifiers {
    let role = create_from(admin, "rolemark:backend-engineer").await;
    let version = publish(&admin.client, &role).await;
    let pair = crate::scenarios::canonical(&["rolemark:backend-engineer", "rolemark:devops-engineer"]);
    let scenario = crate::scenarios::save(admin, "Scenario", pair).await;
    let input = json!({ "organizationId": admin.organization_id, "name": "Key", "scopes": ["READ_ROLES"] });
    let made = mutate(&admin.client, "createApiKey", input, "apiKey { id }").await;
    let key = made.text_at("createApiKey.apiKey.id").to_owned();
    Identifiers { organization: admin.organization_id.clone(), role: role.id, version, scenario, key }
}

/// The same identifier with another last part: of an object that nobody has.
fn unknown(id: &str) -> String {
    let text = URL_SAFE_NO_PAD.decode(id).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let kept = text.rsplit_once(':').map_or("", |(kept, _)| kept);
    URL_SAFE_NO_PAD.encode(format!("{kept}:{}", "0".repeat(31) + "7"))
}

/// Every mutation that takes an identifier: its name, the field, and the rest of the input.
fn mutations(ids: &Identifiers) -> Vec<(&'static str, &'static str, String, Value)> {
    let revision = json!({ "expectedRevision": 1 });
    let pair = crate::scenarios::canonical(&["rolemark:backend-engineer", "rolemark:devops-engineer"]);
    let (organization, role, scenario) = (ids.organization.clone(), ids.role.clone(), ids.scenario.clone());
    vec![
        ("createRoleConfiguration", "organizationId", organization.clone(), json!({ "role": { "title": "A" } })),
        ("createRoleConfigurations", "organizationId", organization.clone(), json!({ "roles": [{ "title": "A" }] })),
        (
            "createRoleConfigurationFromCanonicalRole",
            "organizationId",
            organization.clone(),
            json!({ "canonicalRoleKey": "rolemark:recruiter" }),
        ),
        (
            "createApiKey",
            "organizationId",
            organization.clone(),
            json!({ "name": "Another key", "scopes": ["READ_ROLES"] }),
        ),
        ("rotateApiKey", "id", ids.key.clone(), json!({})),
        ("revokeApiKey", "id", ids.key.clone(), json!({})),
        ("createScenario", "organizationId", organization, json!({ "name": "A", "roles": pair })),
        ("updateRoleConfiguration", "id", role.clone(), merged(revision.clone(), json!({ "title": "A" }))),
        (
            "updateRoleTask",
            "id",
            role.clone(),
            merged(revision.clone(), json!({ "key": "incident-response", "title": "A" })),
        ),
        ("publishRoleConfiguration", "id", role.clone(), revision.clone()),
        ("archiveRoleConfiguration", "id", role.clone(), revision.clone()),
        ("restoreRoleConfiguration", "id", role.clone(), revision.clone()),
        ("deleteRoleConfigurationDraft", "id", role, revision.clone()),
        ("updateScenario", "id", scenario.clone(), merged(revision, json!({ "name": "A" }))),
        ("duplicateScenario", "id", scenario.clone(), json!({ "name": "A" })),
        ("deleteScenario", "id", scenario, json!({})),
    ]
}

pub async fn identifiers_of_another_kind_are_refused(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let ids = identifiers_of(&admin).await;
    let before = counts(&admin).await;
    let upper = URL_SAFE_NO_PAD.encode("organization:0192F3C1AAAA7000800000000000000A");
    let long = "A".repeat(5_000);
    let malformed = ["", "nope", "nul\0", "1", &upper, &long, "' OR 1=1 --", "b3JnYW5pemF0aW9uOg=="];
    for (mutation, field, right, more) in mutations(&ids) {
        let others = [&ids.organization, &ids.role, &ids.version, &ids.scenario, &ids.key];
        let others = others.into_iter().filter(|id| **id != right);
        for id in malformed.iter().copied().chain(others.map(String::as_str)) {
            let answer = mutate(&admin.client, mutation, merged(more.clone(), json!({ field: id })), "").await;
            assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{mutation} {id:?}: {answer}");
            assert!(answer.body["data"][mutation].is_null(), "{mutation} {id:?}: {answer}");
        }
    }
    for id in malformed {
        for query in ["node(id: $id) { id }", "organization(id: $id) { id }"] {
            let answer = admin.client.graphql(&format!("query($id: ID!) {{ {query} }}"), json!({ "id": id })).await;
            assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{query} {id:?}: {answer}");
        }
    }
    let answer =
        admin.client.graphql("query($id: ID!) { organization(id: $id) { id } }", json!({ "id": ids.role })).await;
    assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{answer}");
    let too_many = vec![&ids.role; 101];
    let answer =
        admin.client.graphql("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": too_many })).await;
    assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{answer}");
    assert_eq!(counts(&admin).await, before);
}

pub async fn unknown_and_foreign_identifiers_are_the_same_in_mutations(t: &TestServer) {
    let (admin, neighbour) = (sign_up(t, "Northwind").await, sign_up(t, "Southwind").await);
    let (own, foreign) = (identifiers_of(&admin).await, identifiers_of(&neighbour).await);
    let before = (counts(&admin).await, counts(&neighbour).await);
    for ((mutation, field, own_id, more), (_, _, foreign_id, _)) in mutations(&own).into_iter().zip(mutations(&foreign))
    {
        let mut answers = Vec::new();
        // Foreign and there; foreign and not there; in an organization that nobody has; and, of an object, gone from one's own.
        let nobody = unknown_organization(&own_id);
        let mut ids = vec![foreign_id.clone(), nobody];
        if field == "id" {
            ids.extend([unknown(&foreign_id), unknown(&own_id)]);
        }
        for id in ids {
            answers.push(mutate(&admin.client, mutation, merged(more.clone(), json!({ field: id })), "").await);
        }
        crate::steps::assert_faults(&answers[0], mutation, &[("NOT_FOUND", &format!("input.{field}"))]);
        for answer in &answers {
            assert_eq!((answer.status, &answer.bytes), (answers[0].status, &answers[0].bytes), "{mutation}: {answer}");
        }
    }
    assert_eq!((counts(&admin).await, counts(&neighbour).await), before);
    let at = Role { id: foreign.role, revision: 1 };
    assert_eq!(crate::steps::role(&neighbour.client, &at.id, "revision").await["revision"], 1);
}

/// The identifier with an organization that does not exist.
fn unknown_organization(id: &str) -> String {
    let text = URL_SAFE_NO_PAD.decode(id).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let mut parts: Vec<_> = text.split(':').map(str::to_owned).collect();
    parts[1] = "0".repeat(31) + "9";
    URL_SAFE_NO_PAD.encode(parts.join(":"))
}

pub async fn unknown_and_foreign_identifiers_are_the_same_in_queries(t: &TestServer) {
    let (admin, neighbour) = (sign_up(t, "Northwind").await, sign_up(t, "Southwind").await);
    let (own, foreign) = (identifiers_of(&admin).await, identifiers_of(&neighbour).await);
    let pairs = [
        (&own.role, &foreign.role),
        (&own.version, &foreign.version),
        (&own.scenario, &foreign.scenario),
        (&own.key, &foreign.key),
    ];
    let get = async |query: &str, id: &str| {
        admin.client.graphql(&format!("query($id: ID!) {{ {query} }}"), json!({ "id": id })).await
    };
    let null = get("node(id: $id) { id }", &unknown(&own.role)).await;
    assert_eq!(null.body, json!({ "data": { "node": null } }));
    for (own_id, foreign_id) in pairs {
        assert_eq!(get("node(id: $id) { id }", own_id).await.text_at("node.id"), *own_id);
        for id in [foreign_id.clone(), unknown(foreign_id), unknown(own_id), unknown_organization(own_id)] {
            assert_eq!(get("node(id: $id) { id }", &id).await.bytes, null.bytes);
        }
    }
    let null = get("organization(id: $id) { id name }", &unknown_organization(&own.organization)).await;
    assert_eq!(null.body, json!({ "data": { "organization": null } }));
    assert_eq!(get("organization(id: $id) { id name }", &foreign.organization).await.bytes, null.bytes);
    let ids = [&foreign.role, &own.role, &unknown(&own.role), &own.scenario];
    let answer = admin.client.graphql("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids })).await;
    assert_eq!(answer.at("nodes"), &json!([null, { "id": own.role }, null, { "id": own.scenario }]), "in their order");
}

/// PostgreSQL cannot hold a NUL in a text, so it must never be asked for one.
pub async fn nul_in_a_key_is_no_defect(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let ids = identifiers_of(&admin).await;
    let key = "rolemark:nul\0";
    let create = mutate(
        &admin.client,
        "createRoleConfiguration",
        json!({ "organizationId": ids.organization, "role": { "title": "A", "canonicalRoleKey": key } }),
        "roleConfiguration { id }",
    );
    let from = mutate(
        &admin.client,
        "createRoleConfigurationFromCanonicalRole",
        json!({ "organizationId": ids.organization, "canonicalRoleKey": key }),
        "roleConfiguration { id }",
    );
    let update = mutate(
        &admin.client,
        "updateRoleConfiguration",
        json!({ "id": ids.role, "expectedRevision": 1, "canonicalRoleKey": key }),
        "roleConfiguration { id }",
    );
    let save = mutate(
        &admin.client,
        "createScenario",
        json!({ "organizationId": ids.organization, "name": "A", "roles": crate::scenarios::canonical(&[key, key]) }),
        "scenario { id }",
    );
    for answer in [create.await, from.await, update.await, save.await] {
        assert!(answer.body["errors"].is_null(), "{answer}");
        assert!(!answer.text().contains("\"userErrors\":[]"), "{answer}");
    }
    let comparison = "query($id: ID!, $key: String) { node(id: $id) { ... on RoleConfiguration {
        comparison(canonicalRoleKey: $key) { methodVersion } } } }";
    let simulation = "query($input: SimulateRoleCombinationInput!) { simulateRoleCombination(input: $input) { userErrors { code } } }";
    let roles = crate::scenarios::canonical(&[key, "rolemark:backend-engineer"]);
    for answer in [
        admin.client.graphql(comparison, json!({ "id": ids.role, "key": key })).await,
        admin.client.graphql(simulation, json!({ "input": { "roles": roles } })).await,
    ] {
        assert!(!answer.error_codes().contains(&"INTERNAL_SERVER_ERROR"), "{answer}");
    }
}
