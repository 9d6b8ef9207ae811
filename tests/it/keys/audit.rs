//! Keys in the audit log.

use rolemark_tests::{Client, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use super::{Key, SCOPES, make, revoke, rotate};
use crate::steps::{assert_same, create, mutate, publish};

/// The newest entries of the audit log, as a person or a program reads them.
async fn entries(client: &Client, organization: &str, number: usize) -> Vec<Value> {
    let document = format!(
        "query($id: ID!) {{ organization(id: $id) {{ auditEvents(first: {number}) {{
            nodes {{ action actorKind actorId objectType objectId requestId details }} }} }} }}"
    );
    let answer = client.graphql(&document, json!({ "id": organization })).await;
    answer.at("organization.auditEvents.nodes").as_array().cloned().unwrap_or_default()
}

fn details(entry: &Value) -> Value {
    serde_json::from_str(entry["details"].as_str().unwrap_or_default()).unwrap_or_default()
}

pub async fn changes_of_keys_are_audited(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let first = make(t, &admin, "BI tool", &["READ_ROLES"]).await;
    let answer = rotate(&admin, &first.id, json!({})).await;
    let second = Key::of(t, &answer, "rotateApiKey");
    let revoked = revoke(&admin, &first.id).await;
    // What is refused leaves nothing.
    rotate(&admin, &first.id, json!({})).await;
    revoke(&admin, &first.id).await;
    super::try_make(&admin, json!({ "name": "bi tool" })).await;
    let found = entries(&admin.client, &admin.organization_id, 10).await;
    assert_eq!(found.len(), 4, "{found:#?}");
    for (entry, action, key) in [
        (&found[0], "apiKey.revoke", &first),
        (&found[1], "apiKey.rotate", &second),
        (&found[2], "apiKey.create", &first),
    ] {
        assert_eq!((&entry["action"], &entry["objectType"]), (&json!(action), &json!("ApiKey")));
        assert_eq!(entry["objectId"], json!(key.id));
        assert_eq!(entry["actorKind"], "USER");
    }
    assert_eq!(found[0]["requestId"], revoked.header("x-request-id"));
    let made = answer.at("rotateApiKey.apiKey");
    let expected = json!({ "rotatedFrom": first.id, "after": {
        "name": "BI tool", "prefix": made["prefix"], "scopes": ["READ_ROLES"], "clientOrganizationIds": [],
        "expiresAt": details(&found[1])["after"]["expiresAt"],
    }});
    assert_same(&details(&found[1]), &expected);
    assert_eq!(details(&found[0])["before"]["name"], "BI tool");
    let all = json!(found).to_string();
    for key in [&first, &second] {
        assert!(!all.contains(&key.secret[29..93]), "the audit log holds a secret: {all}");
    }
}

/// By the key, and not by the person who made it.
pub async fn what_a_key_does_is_audited(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let key = make(t, &admin, "Importer", &SCOPES).await;
    let program = SignedIn { client: key.client.clone(), ..admin.clone() };
    let role = create(&program, json!({ "title": "Made by a program" })).await;
    publish(&key.client, &role).await;
    let answer =
        mutate(&key.client, "archiveRoleConfiguration", json!({ "id": role.id, "expectedRevision": 1 }), "").await;
    assert!(answer.user_error_codes("archiveRoleConfiguration").is_empty(), "{answer}");
    // The program may read the log, and finds itself in it.
    let found = entries(&key.client, &admin.organization_id, 4).await;
    let actions: Vec<&str> = found.iter().filter_map(|entry| entry["action"].as_str()).collect();
    let expected =
        ["roleConfiguration.archive", "roleConfiguration.publish", "roleConfiguration.create", "apiKey.create"];
    assert_eq!(actions, expected);
    for entry in &found[..3] {
        assert_eq!(entry["actorKind"], "API_KEY");
        assert_eq!(entry["actorId"], json!(key.uuid().to_string()), "{entry}");
    }
    assert_eq!(found[3]["actorKind"], "USER");
    assert_ne!(found[3]["actorId"], found[0]["actorId"]);
}
