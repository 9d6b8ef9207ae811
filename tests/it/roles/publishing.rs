//! Versions: published, immutable, and what becomes of the draft.

use rolemark_tests::{Answer, TestServer, sign_up};
use serde_json::{Value, json};

use super::{EVERYTHING, full_role};
use crate::steps::{
    assert_faults, assert_same, change, counts, create, merged, mutate, node, publish, role, texts, try_change,
};

const PUBLISH: &str = "publishRoleConfiguration";
const DELETE: &str = "deleteRoleConfigurationDraft";
const UPDATE: &str = "updateRoleConfiguration";
const STATE: &str = "status revision hasUnpublishedChanges title publishedVersion { number title }";

async fn try_publish(admin: &rolemark_tests::SignedIn, at: &crate::steps::Role, more: Value) -> Answer {
    let selection =
        "version { id number note publishedAt roleConfiguration { id } } roleConfiguration { id revision status }";
    mutate(&admin.client, PUBLISH, at.input(more), selection).await
}

pub async fn published_version_is_immutable(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, full_role()).await;
    let answer = try_publish(&admin, &at, json!({ "note": "First.\nAt last." })).await;
    let version = answer.payload(PUBLISH)["version"].clone();
    assert_eq!((&version["number"], &version["note"]), (&json!(1), &json!("First.\nAt last.")));
    assert_eq!(version["roleConfiguration"]["id"], at.id);
    assert_eq!(answer.text_at("publishRoleConfiguration.roleConfiguration.status"), "PUBLISHED");

    let id = version["id"].as_str().unwrap_or_default();
    let definition = EVERYTHING.replace("externalId", "");
    let mut expected = full_role();
    expected.as_object_mut().map(|fields| fields.remove("externalId"));
    let read = async || node(&admin.client, id, "RoleVersion", &definition).await;
    assert_same(&read().await, &expected);

    let changed = json!({ "title": "Other", "tasks": [], "skills": [], "headcount": 9, "family": null });
    let at = change(&admin.client, UPDATE, &at, changed).await;
    publish(&admin.client, &at).await;
    assert_same(&read().await, &expected);
    let at = change(&admin.client, "archiveRoleConfiguration", &at, json!({})).await;
    assert_same(&read().await, &expected);
    let score = node(&admin.client, id, "RoleVersion", "score { value } publishedAt note number").await;
    let expected = json!({ "score": { "value": 41.666666667 }, "publishedAt": version["publishedAt"],
        "note": "First.\nAt last.", "number": 1 });
    assert_same(&score, &expected);
    assert_eq!(role(&admin.client, &at.id, "title").await["title"], "Other");
}

pub async fn versions_are_listed(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let mut at = create(&admin, json!({ "title": "Title 1" })).await;
    publish(&admin.client, &at).await;
    for number in 2..=5 {
        at = change(&admin.client, UPDATE, &at, json!({ "title": format!("Title {number}") })).await;
        publish(&admin.client, &at).await;
    }
    let list = "totalCount nodes { number title } pageInfo { hasNextPage hasPreviousPage endCursor }";
    let all = role(&admin.client, &at.id, &format!("versions {{ {list} }}")).await;
    assert_eq!(texts(&all["versions"]["nodes"], "title"), ["Title 5", "Title 4", "Title 3", "Title 2", "Title 1"]);
    assert_eq!(all["versions"]["totalCount"], 5);
    let page = role(&admin.client, &at.id, &format!("versions(first: 2) {{ {list} }}")).await;
    assert_eq!(texts(&page["versions"]["nodes"], "title"), ["Title 5", "Title 4"]);
    let after = page["versions"]["pageInfo"]["endCursor"].as_str().unwrap_or_default();
    let page = role(&admin.client, &at.id, &format!("versions(first: 3, after: \"{after}\") {{ {list} }}")).await;
    assert_eq!(texts(&page["versions"]["nodes"], "title"), ["Title 3", "Title 2", "Title 1"]);
    assert_eq!(page["versions"]["pageInfo"]["hasNextPage"], false);
    let last = role(&admin.client, &at.id, &format!("versions(last: 1) {{ {list} }}")).await;
    assert_eq!(texts(&last["versions"]["nodes"], "title"), ["Title 1"]);
}

pub async fn nothing_new_is_not_published(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, full_role()).await;
    let answer = try_publish(&admin, &at, json!({ "note": "bell\u{7}" })).await;
    assert_faults(&answer, PUBLISH, &[("CONTROL_CHARACTER", "input.note")]);
    let answer = try_publish(&admin, &at, json!({ "note": "n".repeat(4_001) })).await;
    assert_faults(&answer, PUBLISH, &[("TOO_LONG", "input.note")]);
    publish(&admin.client, &at).await;
    let before = counts(&admin).await;
    assert_faults(&try_publish(&admin, &at, json!({})).await, PUBLISH, &[("WRONG_STATE", "input.id")]);
    let found = role(&admin.client, &at.id, "versions { totalCount }").await;
    assert_eq!(found["versions"]["totalCount"], 1);
    assert_eq!(counts(&admin).await, before);
}

pub async fn draft_changes_after_publishing(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, json!({ "title": "One" })).await;
    let state = async |id: &str| role(&admin.client, id, STATE).await;
    let draft = json!({ "status": "DRAFT", "revision": 1, "hasUnpublishedChanges": true, "title": "One",
        "publishedVersion": null });
    assert_eq!(state(&at.id).await, draft);
    publish(&admin.client, &at).await;
    let published = json!({ "status": "PUBLISHED", "revision": 1, "hasUnpublishedChanges": false, "title": "One",
        "publishedVersion": { "number": 1, "title": "One" } });
    assert_eq!(state(&at.id).await, published);
    let at = change(&admin.client, UPDATE, &at, json!({ "title": "Two" })).await;
    let changed = json!({ "revision": 2, "hasUnpublishedChanges": true, "title": "Two" });
    assert_eq!(state(&at.id).await, merged(published.clone(), changed));
    publish(&admin.client, &at).await;
    let again = json!({ "revision": 2, "title": "Two", "publishedVersion": { "number": 2, "title": "Two" } });
    assert_eq!(state(&at.id).await, merged(published, again));
}

pub async fn deleting_a_draft_brings_the_version_back(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, full_role()).await;
    publish(&admin.client, &at).await;
    let changed = json!({ "title": "Draft", "tasks": [], "summary": null, "technologyStack": [] });
    let at = change(&admin.client, UPDATE, &at, changed).await;
    let answer = mutate(
        &admin.client,
        DELETE,
        at.input(json!({})),
        "deletedRoleConfigurationId roleConfiguration { id revision }",
    )
    .await;
    assert!(answer.payload(DELETE)["deletedRoleConfigurationId"].is_null(), "{answer}");
    let back = crate::steps::Role::of(&answer, DELETE);
    assert_eq!((back.id.as_str(), back.revision), (at.id.as_str(), 3), "a revision that nobody has seen");
    let found = role(&admin.client, &at.id, &format!("{EVERYTHING} status hasUnpublishedChanges")).await;
    let expected = merged(full_role(), json!({ "status": "PUBLISHED", "hasUnpublishedChanges": false }));
    assert_same(&found, &expected);
    let answer = try_change(&admin.client, UPDATE, &at, json!({ "title": "Late" })).await;
    assert_faults(&answer, UPDATE, &[("STALE_REVISION", "input.expectedRevision")]);
    let answer = try_publish(&admin, &back, json!({})).await;
    assert_faults(&answer, PUBLISH, &[("WRONG_STATE", "input.id")]);
}

pub async fn never_published_role_is_deleted(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, full_role()).await;
    let answer =
        mutate(&admin.client, DELETE, at.input(json!({})), "deletedRoleConfigurationId roleConfiguration { id }").await;
    assert_eq!(answer.payload(DELETE)["deletedRoleConfigurationId"], at.id);
    assert!(answer.at("deleteRoleConfigurationDraft.roleConfiguration").is_null(), "{answer}");
    assert_eq!(role(&admin.client, &at.id, "title").await, Value::Null);
    assert_eq!(counts(&admin).await[0], 0);
    let answer = try_change(&admin.client, UPDATE, &at, json!({ "title": "Ghost" })).await;
    assert_faults(&answer, UPDATE, &[("NOT_FOUND", "input.id")]);
    let answer = try_change(&admin.client, DELETE, &at, json!({})).await;
    assert_faults(&answer, DELETE, &[("NOT_FOUND", "input.id")]);
    create(&admin, full_role()).await;
}
