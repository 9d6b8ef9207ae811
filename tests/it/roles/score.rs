//! The AI impact score and what is done about each task.

use rolemark_tests::{TestServer, sign_up};
use serde_json::{Value, json};

use super::tasks_of;
use crate::steps::{assert_close, create, create_from, role};

const SCORE: &str = "score { value low high isEquallyShared unscoredTaskCount methodVersion
    stageMix { stage count timeShare } contributions { taskKey stage weight timeShare points } }";

pub async fn reference_role_scores_55(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create_from(&admin, "rolemark:backend-engineer").await;
    let score = role(&admin.client, &at.id, SCORE).await["score"].clone();
    assert_eq!((&score["value"], &score["low"], &score["high"]), (&json!(55.0), &json!(42.0), &json!(64.0)));
    assert_eq!((&score["isEquallyShared"], &score["unscoredTaskCount"]), (&json!(true), &json!(0)));
    assert_eq!(score["methodVersion"], 1);
    let mix = json!([
        { "stage": "HUMAN", "count": 4, "timeShare": 0.4 }, { "stage": "AT_RISK", "count": 0, "timeShare": 0.0 },
        { "stage": "AI_ASSISTED", "count": 4, "timeShare": 0.4 }, { "stage": "AUTOMATED", "count": 2, "timeShare": 0.2 },
    ]);
    assert_eq!(score["stageMix"], mix);
    let contributions = score["contributions"].as_array().cloned().unwrap_or_default();
    assert_eq!(contributions.len(), 10);
    let points: f64 = contributions.iter().filter_map(|c| c["points"].as_f64()).sum();
    assert_close(&json!(points), 55.0, 1e-6);
    let assisted = contributions.iter().find(|c| c["taskKey"] == "security-implementation");
    let expected = json!({ "taskKey": "security-implementation", "stage": "AI_ASSISTED", "weight": 0.75,
        "timeShare": 0.1, "points": 7.5 });
    assert_eq!(assisted, Some(&expected));
}

pub async fn shares_weigh_the_score(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let task = |title: &str, stage: Value, share: Value| json!({ "title": title, "stage": stage, "timeShare": share });
    let cases = [
        // One task still at risk, equal shares.
        (
            tasks_of(&[
                "HUMAN",
                "HUMAN",
                "HUMAN",
                "HUMAN",
                "AT_RISK",
                "AI_ASSISTED",
                "AI_ASSISTED",
                "AI_ASSISTED",
                "AUTOMATED",
                "AUTOMATED",
            ]),
            (52.5, 40.0, 61.5),
            true,
            0,
        ),
        (tasks_of(&["HUMAN"; 10]), (12.5, 0.0, 25.0), true, 0),
        (tasks_of(&["AUTOMATED"; 10]), (100.0, 90.0, 100.0), true, 0),
        // 0.9 of the time at 0.125, 0.1 at 1.
        (
            json!([task("a", json!("HUMAN"), json!(0.9)), task("b", json!("AUTOMATED"), json!(0.1))]),
            (21.25, 9.0, 32.5),
            false,
            0,
        ),
        // A task without a stage is left out, and the rest is the whole.
        (
            json!([
                task("a", json!("HUMAN"), json!(0.25)),
                task("b", json!("AUTOMATED"), json!(0.25)),
                task("c", Value::Null, json!(0.5))
            ]),
            (56.25, 45.0, 62.5),
            false,
            1,
        ),
        // A sum within 0.001 of 1 is taken, and weighed as it is.
        (
            json!([task("a", json!("HUMAN"), json!(0.5)), task("b", json!("AUTOMATED"), json!(0.4995))]),
            (56.228_114, 44.977_489, 62.481_241),
            false,
            0,
        ),
    ];
    for (tasks, (value, low, high), is_equal, unscored) in cases {
        let at = create(&admin, json!({ "title": "Scored", "tasks": tasks })).await;
        let score = role(&admin.client, &at.id, SCORE).await["score"].clone();
        for (field, expected) in [("value", value), ("low", low), ("high", high)] {
            assert_close(&score[field], expected, 1e-6);
        }
        assert_eq!((&score["isEquallyShared"], &score["unscoredTaskCount"]), (&json!(is_equal), &json!(unscored)));
        let shares: f64 =
            score["stageMix"].as_array().into_iter().flatten().filter_map(|s| s["timeShare"].as_f64()).sum();
        assert_close(&json!(shares), 1.0, 1e-6);
    }
}

pub async fn quadrants_follow_stage_and_consequence(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let cases = [
        (json!("HUMAN"), json!(0.0), json!("PROTECT")),
        (json!("HUMAN"), json!(1.0), json!("PROTECT")),
        (json!("AT_RISK"), json!(0.0), json!("AUGMENT")),
        (json!("AT_RISK"), json!(1.0), json!("AUGMENT")),
        (json!("AI_ASSISTED"), json!(0.6), json!("AUGMENT")),
        (json!("AUTOMATED"), json!(0.0), json!("AUTOMATE")),
        (json!("AUTOMATED"), json!(0.599), json!("AUTOMATE")),
        (json!("AUTOMATED"), json!(0.6), json!("MONITOR")),
        (json!("AUTOMATED"), json!(1.0), json!("MONITOR")),
        (json!("AUTOMATED"), Value::Null, json!("AUTOMATE")),
        (Value::Null, json!(1.0), Value::Null),
    ];
    let task = |(number, (stage, consequence, _)): (usize, &(Value, Value, Value))| json!({ "title": format!("Task {number}"), "stage": stage, "consequence": consequence });
    let tasks: Value = cases.iter().enumerate().map(task).collect();
    let at = create(&admin, json!({ "title": "All quadrants", "tasks": tasks })).await;
    let found =
        role(&admin.client, &at.id, "tasks { quadrant isStageDerived } automated: tasks(stage: AUTOMATED) { key }")
            .await;
    let expected: Value = cases.iter().map(|(_, _, q)| json!({ "quadrant": q, "isStageDerived": false })).collect();
    assert_eq!(found["tasks"], expected);
    assert_eq!(found["automated"].as_array().map(Vec::len), Some(5), "the list by stage");
}
