//! Changing a draft.

use rolemark_tests::{TestServer, sign_up};
use serde_json::json;

use super::{EVERYTHING, full_role, tasks_of};
use crate::steps::{Role, assert_faults, assert_same, change, counts, create, merged, role, try_change};

const UPDATE: &str = "updateRoleConfiguration";

pub async fn omitted_fields_stay_and_null_clears(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let mut at = create(&admin, full_role()).await;
    let mut expected = full_role();
    let changes = [
        json!({}),
        json!({ "title": " New title " }),
        json!({ "family": "Data", "level": "Lead", "summary": "Other words." }),
        json!({ "headcount": 0.5, "coordinationShare": 0.8, "currentAiAdoption": 1 }),
        json!({ "externalId": "HR-0043", "canonicalRoleKey": "rolemark:data-engineer" }),
        json!({ "family": null }),
        json!({ "level": null, "summary": null, "externalId": null }),
        json!({ "coordinationShare": null, "currentAiAdoption": null, "canonicalRoleKey": null }),
    ];
    for change_of in changes {
        let next = change(&admin.client, UPDATE, &at, change_of.clone()).await;
        assert_eq!(next.revision, at.revision + 1, "{change_of}");
        at = next;
        expected = merged(expected, change_of);
        if let Some(title) = expected["title"].as_str().map(str::trim) {
            expected["title"] = json!(title);
        }
        let found = role(&admin.client, &at.id, EVERYTHING).await;
        assert_same(&found, &expected);
    }
}

pub async fn lists_are_replaced_whole(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, full_role()).await;
    let lists = json!({
        "technologyStack": ["Go"],
        "tasks": [{ "key": "only", "title": "Only", "description": null, "rationale": null, "stage": "AT_RISK",
            "timeShare": null, "consequence": 0.4, "canonicalTaskKey": null }],
        "skills": [{ "name": "Go", "trend": "STABLE", "priority": "LOW", "automationRisk": 0.5, "proficiency": 1,
            "canonicalSkillKey": null }],
        "careerPathways": [],
    });
    let at = change(&admin.client, UPDATE, &at, lists.clone()).await;
    let expected = merged(full_role(), lists);
    assert_same(&role(&admin.client, &at.id, EVERYTHING).await, &expected);
    let empty = json!({ "technologyStack": [], "tasks": [], "skills": [] });
    let at = change(&admin.client, UPDATE, &at, empty.clone()).await;
    assert_same(&role(&admin.client, &at.id, EVERYTHING).await, &merged(expected, empty));
}

/// The schema says of the whole input that null clears.
pub async fn null_clears_lists(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, full_role()).await;
    let nulls = json!({ "technologyStack": null, "tasks": null, "skills": null, "careerPathways": null });
    let at = change(&admin.client, UPDATE, &at, nulls).await;
    let empty = json!({ "technologyStack": [], "tasks": [], "skills": [], "careerPathways": [] });
    assert_same(&role(&admin.client, &at.id, EVERYTHING).await, &merged(full_role(), empty));
}

pub async fn stale_revision_loses_nothing(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let first = create(&admin, json!({ "title": "First" })).await;
    let second = change(&admin.client, UPDATE, &first, json!({ "title": "Second" })).await;
    let before = counts(&admin).await;
    let wrong = |revision: i64| Role { revision, ..first.clone() };
    for stale in [first.clone(), wrong(0), wrong(-1), wrong(3), wrong(i64::from(i32::MAX))] {
        for (mutation, more) in [
            (UPDATE, json!({ "title": "Third" })),
            ("updateRoleTask", json!({ "key": "none", "title": "x" })),
            ("publishRoleConfiguration", json!({})),
            ("archiveRoleConfiguration", json!({})),
            ("restoreRoleConfiguration", json!({})),
            ("deleteRoleConfigurationDraft", json!({})),
        ] {
            let answer = try_change(&admin.client, mutation, &stale, more).await;
            assert_faults(&answer, mutation, &[("STALE_REVISION", "input.expectedRevision")]);
        }
    }
    let found = role(&admin.client, &second.id, "title revision status").await;
    assert_eq!(found, json!({ "title": "Second", "revision": 2, "status": "DRAFT" }));
    assert_eq!(counts(&admin).await, before);
}

pub async fn parallel_updates_have_one_winner(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, json!({ "title": "First" })).await;
    let update = async |title: &str| try_change(&admin.client, UPDATE, &at, json!({ "title": title })).await;
    let (a, b, c) = tokio::join!(update("A"), update("B"), update("C"));
    let answers = [("A", a), ("B", b), ("C", c)];
    let (won, lost): (Vec<_>, Vec<_>) =
        answers.iter().partition(|(_, answer)| answer.user_error_codes(UPDATE).is_empty());
    assert_eq!((won.len(), lost.len()), (1, 2), "{answers:?}");
    for (_, answer) in lost {
        assert_faults(answer, UPDATE, &[("STALE_REVISION", "input.expectedRevision")]);
    }
    let found = role(&admin.client, &at.id, "title revision").await;
    assert_eq!(found, json!({ "title": won[0].0, "revision": 2 }));
    assert_eq!(counts(&admin).await[2], 3, "signing up, making, and one update");
}

pub async fn refused_update_changes_nothing(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, full_role()).await;
    let before = counts(&admin).await;
    let cases = [
        (json!({ "title": "", "family": "Changed" }), ("REQUIRED", "input.title")),
        (json!({ "headcount": -1, "family": "Changed" }), ("OUT_OF_RANGE", "input.headcount")),
        (json!({ "level": "x".repeat(201), "family": "Changed" }), ("TOO_LONG", "input.level")),
        (json!({ "family": "Changed", "canonicalRoleKey": "rolemark:none" }), ("NOT_FOUND", "input.canonicalRoleKey")),
        (json!({ "family": "Changed", "externalId": "" }), ("OUT_OF_RANGE", "input.externalId")),
        (
            json!({ "family": "Changed", "tasks": [{ "title": "A", "timeShare": 0.4 }] }),
            ("SHARES_DO_NOT_ADD_UP", "input.tasks"),
        ),
        (json!({ "tasks": tasks_of(&["HUMAN"; 201]) }), ("TOO_MANY", "input.tasks")),
    ];
    for (more, fault) in cases {
        assert_faults(&try_change(&admin.client, UPDATE, &at, more).await, UPDATE, &[fault]);
    }
    assert_same(&role(&admin.client, &at.id, EVERYTHING).await, &full_role());
    assert_eq!(role(&admin.client, &at.id, "revision").await["revision"], 1);
    assert_eq!(counts(&admin).await, before);
}
