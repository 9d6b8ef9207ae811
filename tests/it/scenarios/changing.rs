//! Renaming, copying and deleting.

use rolemark_tests::{Answer, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use super::{BACKEND, DEVOPS, canonical, save, scenario};
use crate::{
    combinations::FIGURES,
    steps::{assert_faults, assert_same, counts, merged, mutate},
};

const STATE: &str = "name description revision gain state";

async fn rename(admin: &SignedIn, id: &str, revision: i64, more: Value) -> Answer {
    let input = merged(json!({ "id": id, "expectedRevision": revision }), more);
    mutate(&admin.client, "updateScenario", input, "scenario { id name description revision }").await
}

pub async fn scenarios_are_renamed(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let id = save(&admin, "First", canonical(&[BACKEND, DEVOPS])).await;
    let before = scenario(&admin, &id, STATE).await;
    let mut expected = before;
    let changes = [
        json!({ "name": "Second", "description": "Words." }),
        json!({ "name": "Third" }),
        json!({ "description": "Other words." }),
        json!({}),
        json!({ "description": null }),
    ];
    for (change, revision) in changes.into_iter().zip(1..) {
        let answer = rename(&admin, &id, revision, change.clone()).await;
        assert_eq!(answer.payload("updateScenario")["scenario"]["revision"], revision + 1);
        expected = merged(expected, merged(change, json!({ "revision": revision + 1 })));
        assert_same(&scenario(&admin, &id, STATE).await, &expected);
    }
    for (more, fault) in [
        (json!({ "name": "" }), ("REQUIRED", "input.name")),
        (json!({ "name": "n".repeat(201) }), ("TOO_LONG", "input.name")),
        (json!({ "description": "bell\u{7}" }), ("CONTROL_CHARACTER", "input.description")),
    ] {
        assert_faults(&rename(&admin, &id, 6, more).await, "updateScenario", &[fault]);
    }
    assert_same(&scenario(&admin, &id, STATE).await, &expected);
}

pub async fn stale_rename_loses_nothing(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let id = save(&admin, "First", canonical(&[BACKEND, DEVOPS])).await;
    let (one, two) =
        tokio::join!(rename(&admin, &id, 1, json!({ "name": "A" })), rename(&admin, &id, 1, json!({ "name": "B" })));
    let (won, lost) = if one.user_error_codes("updateScenario").is_empty() { ("A", two) } else { ("B", one) };
    assert_faults(&lost, "updateScenario", &[("STALE_REVISION", "input.expectedRevision")]);
    let before = counts(&admin).await;
    for revision in [1, 0, -1, 3] {
        let answer = rename(&admin, &id, revision, json!({ "name": "C" })).await;
        assert_faults(&answer, "updateScenario", &[("STALE_REVISION", "input.expectedRevision")]);
    }
    let found = scenario(&admin, &id, "name revision").await;
    assert_eq!(found, json!({ "name": won, "revision": 2 }));
    assert_eq!(counts(&admin).await, before);
}

pub async fn copies_stand_on_their_own(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let roles = json!([{ "canonicalRoleKey": BACKEND, "headcount": 3 }, { "canonicalRoleKey": DEVOPS }]);
    let more = json!({ "description": "Words.", "assumptions": { "adoption": 0.6 } });
    let answer = super::try_save(&admin, "Original", roles, more).await;
    let original = answer.text_at("createScenario.scenario.id").to_owned();
    let input = json!({ "id": original, "name": " Copy " });
    let answer = mutate(&admin.client, "duplicateScenario", input, "scenario { id revision }").await;
    let copy = answer.payload("duplicateScenario")["scenario"]["id"].as_str().unwrap_or_default().to_owned();
    assert_ne!(copy, original);
    let all = format!("{STATE} outcome {{ {FIGURES} assumptions {{ adoption }} }} sources {{ title headcount }}");
    let expected = merged(scenario(&admin, &original, &all).await, json!({ "name": "Copy" }));
    assert_same(&scenario(&admin, &copy, &all).await, &expected);

    rename(&admin, &original, 1, json!({ "name": "Renamed", "description": null })).await;
    mutate(&admin.client, "deleteScenario", json!({ "id": original }), "deletedScenarioId").await;
    assert_same(&scenario(&admin, &copy, &all).await, &expected);
    for (name, code) in [("", "REQUIRED"), ("n\0", "CONTROL_CHARACTER")] {
        let answer =
            mutate(&admin.client, "duplicateScenario", json!({ "id": copy, "name": name }), "scenario { id }").await;
        assert_faults(&answer, "duplicateScenario", &[(code, "input.name")]);
    }
    let answer =
        mutate(&admin.client, "duplicateScenario", json!({ "id": original, "name": "A" }), "scenario { id }").await;
    assert_faults(&answer, "duplicateScenario", &[("NOT_FOUND", "input.id")]);
    assert_eq!(counts(&admin).await[1], 1);
}

pub async fn deleted_scenarios_are_gone(t: &TestServer) {
    let (admin, stranger) = (sign_up(t, "Northwind").await, sign_up(t, "Southwind").await);
    let id = save(&admin, "First", canonical(&[BACKEND, DEVOPS])).await;
    let other = save(&admin, "Second", canonical(&[BACKEND, DEVOPS])).await;
    let delete = async |person: &SignedIn, id: &str| {
        mutate(&person.client, "deleteScenario", json!({ "id": id }), "deletedScenarioId").await
    };
    let foreign = delete(&stranger, &id).await;
    assert_faults(&foreign, "deleteScenario", &[("NOT_FOUND", "input.id")]);
    assert_eq!(scenario(&admin, &id, "name").await["name"], "First");
    assert_eq!(delete(&admin, &id).await.payload("deleteScenario")["deletedScenarioId"], id);
    assert_eq!(scenario(&admin, &id, "name").await, Value::Null);
    assert_eq!(delete(&admin, &id).await.bytes, foreign.bytes, "gone and foreign are the same");
    assert_eq!(
        rename(&admin, &id, 1, json!({ "name": "Ghost" })).await.user_error_codes("updateScenario"),
        ["NOT_FOUND"]
    );
    assert_eq!(scenario(&admin, &other, "name").await["name"], "Second");
    assert_eq!(counts(&admin).await[1], 1);
}
