//! Changing one task of a draft.

use rolemark_tests::{TestServer, sign_up};
use serde_json::json;

use super::{EVERYTHING, full_role};
use crate::steps::{assert_faults, assert_same, change, counts, create, merged, role, try_change};

const UPDATE: &str = "updateRoleTask";

pub async fn one_task_is_updated(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let mut at = create(&admin, full_role()).await;
    let mut expected = full_role();
    let changes = [
        json!({}),
        json!({ "title": "Answer the phone" }),
        json!({ "stage": "AI_ASSISTED" }),
        json!({ "consequence": 0.125, "description": "By day." }),
        json!({ "rationale": null, "description": null }),
        json!({ "canonicalTaskKey": "rolemark:scalability-planning" }),
        json!({ "canonicalTaskKey": null }),
        json!({ "rationale": "Because." }),
    ];
    for change_of in changes {
        let more = merged(json!({ "key": "incident-response" }), change_of.clone());
        let next = change(&admin.client, UPDATE, &at, more).await;
        assert_eq!(next.revision, at.revision + 1);
        at = next;
        expected["tasks"][0] = merged(expected["tasks"][0].clone(), change_of);
        assert_same(&role(&admin.client, &at.id, EVERYTHING).await, &expected);
    }
    let at = change(&admin.client, UPDATE, &at, json!({ "key": "incident-response", "consequence": null })).await;
    let found = role(&admin.client, &at.id, "tasks { consequence stage }").await;
    assert_eq!(found["tasks"][0]["consequence"], json!(0.4), "null means 0.4");
    let at = change(&admin.client, UPDATE, &at, json!({ "key": " Incident  Response!", "stage": "HUMAN" })).await;
    let found = role(&admin.client, &at.id, "tasks { stage }").await;
    assert_eq!(found["tasks"][0]["stage"], "HUMAN", "a key is found in every spelling of it");
}

pub async fn unknown_task_is_not_found(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, full_role()).await;
    let before = counts(&admin).await;
    for key in ["no-such-task", "", "nul\0", "rolemark:incident-response"] {
        let answer = try_change(&admin.client, UPDATE, &at, json!({ "key": key, "title": "x" })).await;
        assert_faults(&answer, UPDATE, &[("NOT_FOUND", "input.key")]);
    }
    let found = role(&admin.client, &at.id, &format!("{EVERYTHING} revision")).await;
    assert_same(&found, &merged(full_role(), json!({ "revision": 1 })));
    assert_eq!(counts(&admin).await, before);
}

pub async fn faults_of_a_task_name_their_fields(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, full_role()).await;
    let wrong = json!({ "key": "queries", "title": "", "consequence": 1.5 });
    let answer = try_change(&admin.client, UPDATE, &at, wrong).await;
    assert_faults(&answer, UPDATE, &[("REQUIRED", "input.title"), ("OUT_OF_RANGE", "input.consequence")]);
    assert_same(&role(&admin.client, &at.id, EVERYTHING).await, &full_role());
}
