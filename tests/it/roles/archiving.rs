//! Roles out of use.

use rolemark_tests::{TestServer, sign_up};
use serde_json::{Value, json};

use super::{EVERYTHING, full_role};
use crate::steps::{assert_faults, assert_same, change, counts, create, publish, role, titles, try_change};

const ARCHIVE: &str = "archiveRoleConfiguration";
const RESTORE: &str = "restoreRoleConfiguration";

pub async fn archived_roles_come_back(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let draft = create(&admin, full_role()).await;
    let published = create(&admin, json!({ "title": "Published" })).await;
    publish(&admin.client, &published).await;
    for (at, status) in [(draft, "DRAFT"), (published, "PUBLISHED")] {
        let before = role(&admin.client, &at.id, EVERYTHING).await;
        let answer = try_change(&admin.client, RESTORE, &at, json!({})).await;
        assert_faults(&answer, RESTORE, &[("WRONG_STATE", "input.id")]);
        let at = change(&admin.client, ARCHIVE, &at, json!({})).await;
        let found = role(&admin.client, &at.id, "status archivedAt").await;
        assert_eq!(found["status"], "ARCHIVED");
        assert!(found["archivedAt"].is_string(), "{found}");
        assert_eq!(titles(&admin, "filter: { status: [ARCHIVED] }").await.len(), 1);
        assert_eq!(titles(&admin, "filter: {}").await.len(), 1, "it is out of the default list");
        assert_eq!(titles(&admin, "orderBy: { field: TITLE, direction: ASC }").await.len(), 1);

        let at = change(&admin.client, RESTORE, &at, json!({})).await;
        let found = role(&admin.client, &at.id, "status archivedAt").await;
        assert_eq!(found, json!({ "status": status, "archivedAt": null }));
        assert_same(&role(&admin.client, &at.id, EVERYTHING).await, &before);
        assert_eq!(titles(&admin, "filter: {}").await.len(), 2);
    }
}

pub async fn archived_roles_are_left_alone(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, full_role()).await;
    let at = change(&admin.client, ARCHIVE, &at, json!({})).await;
    let before = counts(&admin).await;
    for (mutation, more) in [
        ("updateRoleConfiguration", json!({ "title": "Changed" })),
        ("updateRoleTask", json!({ "key": "queries", "title": "Changed" })),
        ("publishRoleConfiguration", json!({})),
        ("deleteRoleConfigurationDraft", json!({})),
        (ARCHIVE, json!({})),
    ] {
        let answer = try_change(&admin.client, mutation, &at, more).await;
        assert_faults(&answer, mutation, &[("WRONG_STATE", "input.id")]);
    }
    assert_same(&role(&admin.client, &at.id, EVERYTHING).await, &full_role());
    assert_eq!(role(&admin.client, &at.id, "publishedVersion { id }").await["publishedVersion"], Value::Null);
    assert_eq!(counts(&admin).await, before);
}
