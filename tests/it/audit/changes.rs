//! Every entry about a write says what was before and what is after.

use rolemark_tests::{Result, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use super::entries;
use crate::scenarios::canonical;
use crate::steps::{Role, assert_done, change, create, mutate, publish};

/// Details of the newest entry, which is about this action.
async fn details(admin: &SignedIn, action: &str) -> Result<Value> {
    let newest = entries(admin, "(first: 1)").await.remove(0);
    assert_eq!(newest["action"], action);
    Ok(serde_json::from_str(newest["details"].as_str().unwrap_or_default())?)
}

pub async fn roles_tell_before_and_after(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let made = details(&admin, "organization.create").await?;
    assert_eq!(made["after"], json!({ "name": "Northwind", "admin": admin.email }));
    let role = create(&admin, json!({ "title": "One" })).await;
    assert_eq!(details(&admin, "roleConfiguration.create").await?["created"][0]["after"]["title"], "One");
    let status = |before: &str, after: &str| json!({ "before": before, "after": after });
    publish(&admin.client, &role).await;
    let published = details(&admin, "roleConfiguration.publish").await?["changes"].clone();
    let version = json!({ "before": null, "after": 1 });
    assert_eq!(published, json!({ "status": status("DRAFT", "PUBLISHED"), "publishedVersion": version }));
    let role = change(&admin.client, "updateRoleConfiguration", &role, json!({ "title": "Two" })).await;
    let title = details(&admin, "roleConfiguration.update").await?["changes"]["title"].clone();
    assert_eq!(title, json!({ "before": "One", "after": "Two" }));
    publish(&admin.client, &role).await;
    let published = details(&admin, "roleConfiguration.publish").await?["changes"]["publishedVersion"].clone();
    assert_eq!(published, json!({ "before": 1, "after": 2 }));
    let role = change(&admin.client, "updateRoleConfiguration", &role, json!({ "title": "Three" })).await;
    let role = change(&admin.client, "deleteRoleConfigurationDraft", &role, json!({})).await;
    let title = details(&admin, "roleConfiguration.deleteDraft").await?["changes"]["title"].clone();
    assert_eq!(title, json!({ "before": "Three", "after": "Two" }));
    let role = change(&admin.client, "archiveRoleConfiguration", &role, json!({})).await;
    let archived = details(&admin, "roleConfiguration.archive").await?["changes"].clone();
    assert_eq!(archived, json!({ "status": status("PUBLISHED", "ARCHIVED") }));
    change(&admin.client, "restoreRoleConfiguration", &role, json!({})).await;
    let restored = details(&admin, "roleConfiguration.restore").await?["changes"].clone();
    assert_eq!(restored, json!({ "status": status("ARCHIVED", "PUBLISHED") }));
    let gone: Role = create(&admin, json!({ "title": "Gone" })).await;
    let answer = mutate(&admin.client, "deleteRoleConfigurationDraft", gone.input(json!({})), "").await;
    assert_done(&answer, "deleteRoleConfigurationDraft");
    assert_eq!(details(&admin, "roleConfiguration.delete").await?["before"]["title"], "Gone");
    Ok(())
}

pub async fn scenarios_tell_before_and_after(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let roles = canonical(&["rolemark:backend-engineer", "rolemark:devops-engineer"]);
    let input =
        json!({ "organizationId": admin.organization_id, "name": "One", "description": "First", "roles": roles });
    let answer = mutate(&admin.client, "createScenario", input, "scenario { id }").await;
    let id = answer.text_at("createScenario.scenario.id").to_owned();
    let made = details(&admin, "scenario.create").await?["after"].clone();
    assert_eq!((&made["name"], &made["description"]), (&json!("One"), &json!("First")));
    assert_eq!(made["roles"].as_array().map(Vec::len), Some(2));
    let input = json!({ "id": id, "expectedRevision": 1, "name": "Two", "description": null });
    assert_done(&mutate(&admin.client, "updateScenario", input, "").await, "updateScenario");
    let changes = details(&admin, "scenario.update").await?["changes"].clone();
    assert_eq!(changes["name"], json!({ "before": "One", "after": "Two" }));
    assert_eq!(changes["description"], json!({ "before": "First", "after": null }));
    assert_done(&mutate(&admin.client, "deleteScenario", json!({ "id": id }), "").await, "deleteScenario");
    let gone = details(&admin, "scenario.delete").await?["before"].clone();
    assert_eq!((&gone["name"], &gone["roles"]), (&json!("Two"), &made["roles"]));
    Ok(())
}
