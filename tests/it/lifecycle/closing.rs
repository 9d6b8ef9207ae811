//! Closed, and brought back.

use chrono::{DateTime, Duration};
use rolemark_tests::{Result, TestServer};
use serde_json::{Value, json};

use super::people::People;
use crate::direct::NOTICED;
use crate::steps::{assert_done, assert_faults, organization};

fn instant(value: &Value) -> Result<DateTime<chrono::FixedOffset>> {
    Ok(DateTime::parse_from_rfc3339(value.as_str().unwrap_or_default())?)
}

pub async fn closing_asks_for_the_name(t: &TestServer) -> Result<()> {
    let people = People::gather(t, "Northwind").await?;
    for name in ["", "northwind", "Northwind Ltd", "North wind"] {
        assert_faults(&people.close(name).await, "closeOrganization", &[("NOT_CONFIRMED", "input.name")]);
    }
    let with_reason = |reason: &str| json!({ "name": "Northwind", "reason": reason });
    for (reason, code) in [("x".repeat(1_001), "TOO_LONG"), ("a\u{7}b".to_owned(), "CONTROL_CHARACTER")] {
        let answer = people.change(&people.admin.client, "closeOrganization", with_reason(&reason)).await;
        assert_faults(&answer, "closeOrganization", &[(code, "input.reason")]);
    }
    assert_eq!(people.seen_by(&people.admin.client).await["closedAt"], Value::Null, "nothing was closed");
    assert_done(&people.close(" Northwind ").await, "closeOrganization");
    let answer = people.close("Northwind").await;
    assert_faults(&answer, "closeOrganization", &[("WRONG_STATE", "input.organizationId")]);
    Ok(())
}

/// Everybody else is out within a second, and the admins have two rights left: to restore and to export.
pub async fn closed_organizations_are_their_admins_only(t: &TestServer) -> Result<()> {
    let people = People::gather(t, "Northwind").await?;
    let answer = people.close("Northwind").await;
    let closed = &answer.payload("closeOrganization")["organization"];
    let grace = instant(&closed["erasedAfter"])? - instant(&closed["closedAt"])?;
    assert_eq!(grace, Duration::days(30), "{answer}");
    let permissions = json!({ "accessLevel": "ADMIN", "canEdit": false, "canReadAuditLog": false,
        "canAdminister": true, "canExport": true });
    assert_eq!(closed["viewerPermissions"], permissions, "{answer}");
    tokio::time::sleep(NOTICED).await;
    for (who, client) in people.others() {
        if who == "key" {
            let answer = client.query("{ viewer { name } }").await;
            assert_eq!((answer.status, answer.error_code()), (401, "UNAUTHENTICATED"), "{answer}");
            continue;
        }
        assert_eq!(people.seen_by(client).await, Value::Null, "{who}");
        let answer = client.graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": people.role })).await;
        assert_eq!(answer.data()["node"], Value::Null, "{who}: {answer}");
        let answer = client.query("{ viewer { organizations { nodes { name } } } }").await;
        assert!(!answer.text().contains("Northwind"), "{who}: {answer}");
    }
    assert!(people.seen_by(&people.admin.client).await["closedAt"].is_string());
    let answer = people.admin.client.query("{ viewer { organizations { nodes { name closedAt } } } }").await;
    assert_eq!(answer.text_at("viewer.organizations.nodes.0.name"), "Northwind");
    for list in ["members", "roleConfigurations", "scenarios", "auditEvents"] {
        let answer = organization(&people.admin, &format!("{list} {{ nodes {{ id }} }}")).await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{list}: {answer}");
    }
    let role = json!({ "role": { "title": "Too late" } });
    let answer = people.change_with(&people.admin.client, "createRoleConfiguration", role).await;
    assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
    let answer = people.change(&people.admin.client, "renameOrganization", json!({ "name": "Another" })).await;
    assert_faults(&answer, "renameOrganization", &[("WRONG_STATE", "input.organizationId")]);
    Ok(())
}

pub async fn closed_organizations_come_back(t: &TestServer) -> Result<()> {
    let people = People::gather(t, "Northwind").await?;
    assert_faults(&people.restore().await, "restoreOrganization", &[("WRONG_STATE", "input.organizationId")]);
    let reason = json!({ "name": "Northwind", "reason": "We move." });
    let answer = people.change(&people.admin.client, "closeOrganization", reason).await;
    assert_done(&answer, "closeOrganization");
    let answer = people.restore().await;
    let restored = &answer.payload("restoreOrganization")["organization"];
    assert_eq!((&restored["closedAt"], &restored["erasedAfter"]), (&Value::Null, &Value::Null), "{answer}");
    assert_eq!(restored["viewerPermissions"]["canEdit"], true, "{answer}");
    tokio::time::sleep(NOTICED).await;
    for (who, client) in people.others() {
        assert_eq!(people.seen_by(client).await["name"], "Northwind", "{who}");
    }
    let log = organization(&people.admin, "auditEvents(first: 2) { nodes { action details actor { email } } }").await;
    let entry = |index: usize| log.at(&format!("organization.auditEvents.nodes.{index}")).clone();
    assert_eq!(entry(0)["action"], "organization.restore");
    assert_eq!(entry(1)["action"], "organization.close");
    assert_eq!(entry(1)["actor"]["email"], people.admin.email.as_str());
    let details = |index: usize| serde_json::from_str::<Value>(entry(index)["details"].as_str().unwrap_or_default());
    let (restored, closed) = (details(0)?, details(1)?);
    assert_eq!(closed["reason"], "We move.");
    assert_eq!(closed["changes"]["closedAt"]["before"], Value::Null);
    assert_eq!(closed["changes"]["closedAt"]["after"], restored["changes"]["closedAt"]["before"]);
    assert_eq!(restored["changes"]["closedAt"]["after"], Value::Null);
    Ok(())
}
