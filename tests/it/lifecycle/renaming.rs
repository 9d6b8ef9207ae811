//! Other names.

use rolemark_tests::{Result, TestServer, sign_in, sign_up};
use serde_json::{Value, json};

use super::people::People;
use crate::direct::NOTICED;
use crate::steps::{assert_faults, mutate, organization};

pub async fn renamed_organizations_have_their_name_at_once(t: &TestServer) -> Result<()> {
    let people = People::gather(t, "Northwind").await?;
    let elsewhere = sign_in(t, &people.admin.email, &people.admin.password).await;
    people.seen_by(&elsewhere.client).await;
    let change = json!({ "name": "  Südwind & Söhne 株式会社 " });
    let answer = people.change(&people.admin.client, "renameOrganization", change).await;
    let renamed = &answer.payload("renameOrganization")["organization"];
    assert_eq!(renamed["name"], "Südwind & Söhne 株式会社", "{answer}");
    assert_eq!((&renamed["closedAt"], &renamed["erasedAfter"]), (&Value::Null, &Value::Null), "{answer}");
    assert_eq!(people.seen_by(&people.admin.client).await["name"], "Südwind & Söhne 株式会社");
    assert_eq!(people.seen_by(&elsewhere.client).await["name"], "Südwind & Söhne 株式会社", "all sessions see it");
    tokio::time::sleep(NOTICED).await;
    for (who, client) in people.others() {
        assert_eq!(people.seen_by(client).await["name"], "Südwind & Söhne 株式会社", "{who}");
    }
    let answer = people.admin.client.query("{ viewer { organizations { nodes { name } } } }").await;
    assert_eq!(answer.text_at("viewer.organizations.nodes.0.name"), "Südwind & Söhne 株式会社");
    let log =
        organization(&people.admin, "auditEvents(first: 1) { nodes { action objectType objectId details } }").await;
    let entry = log.at("organization.auditEvents.nodes.0");
    assert_eq!(
        (&entry["action"], &entry["objectType"], &entry["objectId"]),
        (&json!("organization.rename"), &json!("Organization"), &json!(people.organization()))
    );
    let details: Value = serde_json::from_str(entry["details"].as_str().unwrap_or_default())?;
    let name = json!({ "before": "Northwind", "after": "Südwind & Söhne 株式会社" });
    assert_eq!(details, json!({ "changes": { "name": name } }));
    Ok(())
}

pub async fn names_are_checked(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    for (name, code) in [
        (String::new(), "OUT_OF_RANGE"),
        ("  ".to_owned(), "OUT_OF_RANGE"),
        ("x".repeat(201), "OUT_OF_RANGE"),
        ("North\u{0}wind".to_owned(), "CONTROL_CHARACTER"),
        ("North\nwind".to_owned(), "CONTROL_CHARACTER"),
    ] {
        let input = json!({ "organizationId": admin.organization_id, "name": name });
        let answer = mutate(&admin.client, "renameOrganization", input, "organization { name }").await;
        assert_faults(&answer, "renameOrganization", &[(code, "input.name")]);
    }
    let longest = "ü".repeat(200);
    let input = json!({ "organizationId": admin.organization_id, "name": longest });
    let answer = mutate(&admin.client, "renameOrganization", input, "organization { name }").await;
    assert_eq!(answer.payload("renameOrganization")["organization"]["name"], longest);
    Ok(())
}
