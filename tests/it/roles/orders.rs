//! The orders of the list.

use rolemark_tests::{SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use super::tasks_of;
use crate::steps::{change, create, titles};

async fn ordered(admin: &SignedIn, field: &str, direction: &str) -> Vec<String> {
    titles(admin, &format!("orderBy: {{ field: {field}, direction: {direction} }}")).await
}

/// Three roles made one after the other, the first of them changed last.
async fn some_roles(t: &TestServer) -> SignedIn {
    let admin = sign_up(t, "Northwind").await;
    let with = |title: &str, headcount: f64, stages: &[&str]| -> Value {
        json!({ "title": title, "headcount": headcount, "tasks": tasks_of(stages) })
    };
    let first = create(&admin, with("banana", 10.0, &["AUTOMATED"])).await;
    create(&admin, with("Apple", 2.5, &["HUMAN"])).await;
    create(&admin, with("cherry", 9.0, &["AT_RISK"])).await;
    change(&admin.client, "updateRoleConfiguration", &first, json!({ "level": "Senior" })).await;
    admin
}

pub async fn every_order_runs_both_ways(t: &TestServer) {
    let admin = some_roles(t).await;
    let cases = [
        ("TITLE", ["Apple", "banana", "cherry"]),
        ("SCORE", ["Apple", "cherry", "banana"]),
        ("UPDATED_AT", ["Apple", "cherry", "banana"]),
        ("CREATED_AT", ["banana", "Apple", "cherry"]),
        ("HEADCOUNT", ["Apple", "cherry", "banana"]),
    ];
    for (field, mut expected) in cases {
        assert_eq!(ordered(&admin, field, "ASC").await, expected, "{field}");
        expected.reverse();
        assert_eq!(ordered(&admin, field, "DESC").await, expected, "{field}");
    }
    assert_eq!(titles(&admin, "filter: {}").await, ["Apple", "banana", "cherry"], "by title when nothing is said");
}

pub async fn roles_without_a_score_come_below_all(t: &TestServer) {
    let admin = some_roles(t).await;
    create(&admin, json!({ "title": "Zero", "tasks": [{ "title": "Unsorted" }] })).await;
    create(&admin, json!({ "title": "Empty" })).await;
    let up = ordered(&admin, "SCORE", "ASC").await;
    assert_eq!(up[2..], ["Apple", "cherry", "banana"]);
    let mut down = ordered(&admin, "SCORE", "DESC").await;
    assert_eq!(down[..3], ["banana", "cherry", "Apple"]);
    down.reverse();
    assert_eq!(up, down, "the order is total: of equal scores too it is the same both ways");
}
