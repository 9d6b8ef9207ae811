//! Lists of scenarios, and scenarios side by side.

use rolemark_tests::{SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use super::{BACKEND, DATA, DEVOPS, canonical, save};
use crate::steps::{Role, assert_close, mutate, organization, texts};

/// Three scenarios whose gains are 35 %, 30 % and something else; the first one was changed last.
async fn some_scenarios(t: &TestServer) -> (SignedIn, [String; 3]) {
    let admin = sign_up(t, "Northwind").await;
    let platform = save(&admin, "platform 100%", canonical(&[BACKEND, DEVOPS])).await;
    let data = save(&admin, "Data_platform", canonical(&[BACKEND, DATA])).await;
    let both = save(&admin, "Everything", canonical(&[BACKEND, DEVOPS, DATA])).await;
    let at = Role { id: platform.clone(), revision: 1 };
    let renamed = at.input(json!({ "description": "Changed last." }));
    let answer = mutate(&admin.client, "updateScenario", renamed, "scenario { id }").await;
    assert_eq!(answer.payload("updateScenario")["scenario"]["id"], platform);
    (admin, [platform, data, both])
}

async fn names(admin: &SignedIn, arguments: &str) -> Vec<String> {
    let answer = organization(admin, &format!("scenarios{arguments} {{ totalCount nodes {{ name }} }}")).await;
    let found = texts(answer.at("organization.scenarios.nodes"), "name");
    assert_eq!(answer.at("organization.scenarios.totalCount"), found.len(), "{arguments}");
    found
}

pub async fn scenarios_are_filtered(t: &TestServer) {
    let (admin, _) = some_scenarios(t).await;
    for (text, expected) in [
        ("PLATFORM", vec!["Data_platform", "platform 100%"]),
        ("thing", vec!["Everything"]),
        ("_", vec!["Data_platform"]),
        ("%", vec!["platform 100%"]),
        ("none", vec![]),
    ] {
        let arguments = format!("(filter: {{ nameContains: \"{text}\" }}, orderBy: {{ field: NAME, direction: ASC }})");
        assert_eq!(names(&admin, &arguments).await, expected, "{text}");
    }
    let stranger = sign_up(t, "Southwind").await;
    assert!(names(&stranger, "").await.is_empty());
    let nul = "scenarios(filter: { nameContains: \"nul\\u0000\" }) { totalCount }";
    assert_eq!(organization(&admin, nul).await.error_code(), "BAD_USER_INPUT");
}

pub async fn scenarios_are_ordered(t: &TestServer) {
    let (admin, ids) = some_scenarios(t).await;
    assert_eq!(names(&admin, "").await, ["platform 100%", "Everything", "Data_platform"], "the last changed first");
    let mut by_gain = Vec::new();
    for id in &ids {
        let found = super::scenario(&admin, id, "name gain").await;
        by_gain
            .push((found["gain"].as_f64().unwrap_or_default(), found["name"].as_str().unwrap_or_default().to_owned()));
    }
    by_gain.sort_by(|a, b| a.0.total_cmp(&b.0));
    let by_gain: Vec<_> = by_gain.iter().map(|(_, name)| name.as_str()).collect();
    for (field, mut expected) in [
        ("NAME", vec!["Data_platform", "Everything", "platform 100%"]),
        ("UPDATED_AT", vec!["Data_platform", "Everything", "platform 100%"]),
        ("GAIN", by_gain),
    ] {
        let order = |direction: &str| format!("(orderBy: {{ field: {field}, direction: {direction} }})");
        assert_eq!(names(&admin, &order("ASC")).await, expected, "{field}");
        expected.reverse();
        assert_eq!(names(&admin, &order("DESC")).await, expected, "{field}");
    }
}

const COMPARISON: &str = "query($ids: [ID!]!) { scenarioComparison(ids: $ids) { scenarios {
    scenario { id name } gain gainDifference gainFromAi gainFromMerging interval { lower upper } fteBefore fteFreed score } } }";

pub async fn scenarios_are_compared_side_by_side(t: &TestServer) {
    let (admin, [platform, data, _]) = some_scenarios(t).await;
    let answer = admin.client.graphql(COMPARISON, json!({ "ids": [data, platform, data] })).await;
    let rows = answer.at("scenarioComparison.scenarios").as_array().cloned().unwrap_or_default();
    let ids: Vec<_> = rows.iter().map(|row| row["scenario"]["id"].as_str().unwrap_or_default()).collect();
    assert_eq!(ids, [&data, &platform, &data], "in the order asked for");
    let expected = [
        ("gain", [0.296_792, 0.35155]),
        ("gainDifference", [0.0, 0.35155 - 0.296_792]),
        ("gainFromAi", [0.186_442, 0.15088]),
        ("gainFromMerging", [0.093_009, 0.174_361]),
        ("fteBefore", [2.0, 2.0]),
        ("fteFreed", [0.457_732, 0.520_217]),
    ];
    for (field, values) in expected {
        for (row, value) in rows.iter().zip(values) {
            assert_close(&row[field], value, 2e-6);
        }
    }
    assert_close(&rows[1]["interval"]["lower"], 0.17, 5e-5);
    assert!(
        rows.iter().all(|row| row["score"].as_f64().is_some_and(|score| (50.0..70.0).contains(&score))),
        "{rows:?}"
    );
}

pub async fn comparison_of_unknown_scenarios_is_null(t: &TestServer) {
    let (admin, [platform, data, both]) = some_scenarios(t).await;
    let (stranger, [foreign, ..]) = some_scenarios(t).await;
    let answer = mutate(&admin.client, "deleteScenario", json!({ "id": both }), "deletedScenarioId").await;
    assert_eq!(answer.payload("deleteScenario")["deletedScenarioId"], both);
    let compare = async |ids: Value| admin.client.graphql(COMPARISON, json!({ "ids": ids })).await;
    let unknown = compare(json!([platform, both])).await;
    assert_eq!(unknown.data()["scenarioComparison"], Value::Null);
    for ids in [json!([foreign]), json!([platform, foreign]), json!([foreign, platform]), json!([both])] {
        assert_eq!(compare(ids.clone()).await.bytes, unknown.bytes, "{ids}");
    }
    for ids in
        [json!([]), json!(vec![&data; 11]), json!(["nope"]), json!([admin.organization_id]), json!([platform, ""])]
    {
        assert_eq!(compare(ids.clone()).await.error_code(), "BAD_USER_INPUT", "{ids}");
    }
    assert!(names(&stranger, "").await.len() == 3, "nothing happened to the others");
}
