//! What the filters of the list let through.

use rolemark_tests::{SignedIn, TestServer, sign_up};
use serde_json::json;

use super::tasks_of;
use crate::steps::{change, create_all, organization, publish, titles};

/// Alpha (draft, 12.5), beta (published, 100), Gamma 50% (archived, no score), delta_x (draft, 50).
async fn some_roles(t: &TestServer) -> SignedIn {
    let admin = sign_up(t, "Northwind").await;
    let made = create_all(
        &admin,
        vec![
            json!({ "title": "Alpha", "family": "Engineering", "externalId": "HR-1", "tasks": tasks_of(&["HUMAN"]),
                "canonicalRoleKey": "rolemark:backend-engineer" }),
            json!({ "title": "beta", "family": "ENGINEERING", "externalId": "hr-1",
                "tasks": tasks_of(&["AUTOMATED", "AUTOMATED"]), "canonicalRoleKey": "rolemark:data-engineer" }),
            json!({ "title": "Gamma 50%", "family": "Ünits" }),
            json!({ "title": "delta_x", "tasks": tasks_of(&["HUMAN", "AT_RISK", "AI_ASSISTED", "AI_ASSISTED"]) }),
        ],
    )
    .await;
    publish(&admin.client, &made[1]).await;
    change(&admin.client, "archiveRoleConfiguration", &made[2], json!({})).await;
    admin
}

const ANY: &str = "status: [DRAFT, PUBLISHED, ARCHIVED]";

pub async fn filters_find_and_leave_out(t: &TestServer) {
    let admin = some_roles(t).await;
    let stranger = some_roles(t).await;
    let cases: [(&str, &[&str]); 36] = [
        ("", &["Alpha", "beta", "delta_x"]),
        (ANY, &["Alpha", "beta", "delta_x", "Gamma 50%"]),
        ("status: [DRAFT]", &["Alpha", "delta_x"]),
        ("status: [PUBLISHED]", &["beta"]),
        ("status: [ARCHIVED]", &["Gamma 50%"]),
        ("status: [ARCHIVED, PUBLISHED]", &["beta", "Gamma 50%"]),
        ("status: []", &[]),
        ("titleContains: \"LPH\"", &["Alpha"]),
        ("titleContains: \"ETA\"", &["beta"]),
        ("titleContains: \"zeta\"", &[]),
        ("titleContains: \"%\"", &[]),
        ("titleContains: \"_\"", &["delta_x"]),
        ("titleContains: \"!\"", &[]),
        ("titleContains: \"\\\\\"", &[]),
        ("titleContains: \"' OR 1=1 --\"", &[]),
        ("titleContains: \"50%\", status: [ARCHIVED]", &["Gamma 50%"]),
        ("titleContains: \"5_%\", status: [ARCHIVED]", &[]),
        ("family: \"engineering\"", &["Alpha", "beta"]),
        ("family: \"Engineer\"", &[]),
        ("family: \"üNITS\", status: [ARCHIVED]", &["Gamma 50%"]),
        ("canonicalRoleKey: \"rolemark:backend-engineer\"", &["Alpha"]),
        ("canonicalRoleKey: \"rolemark:qa-engineer\"", &[]),
        ("stage: HUMAN", &["Alpha", "delta_x"]),
        ("stage: AT_RISK", &["delta_x"]),
        ("stage: AI_ASSISTED", &["delta_x"]),
        ("stage: AUTOMATED", &["beta"]),
        ("stage: AUTOMATED, status: [DRAFT]", &[]),
        ("scoreMinimum: 12.5", &["Alpha", "beta", "delta_x"]),
        ("scoreMinimum: 12.6", &["beta", "delta_x"]),
        ("scoreMaximum: 12.5", &["Alpha"]),
        ("scoreMinimum: 13, scoreMaximum: 99", &["delta_x"]),
        ("scoreMinimum: 99, scoreMaximum: 13", &[]),
        ("scoreMinimum: 0, status: [ARCHIVED]", &[]),
        ("externalId: \"HR-1\"", &["Alpha"]),
        ("externalId: \"HR\"", &[]),
        ("externalId: \"hr-1\", family: \"Engineering\", stage: AUTOMATED, status: [PUBLISHED]", &["beta"]),
    ];
    for (filter, expected) in cases {
        for person in [&admin, &stranger] {
            let found = titles(person, &format!("filter: {{ {filter} }}")).await;
            assert_eq!(found, expected, "{filter}");
        }
        let answer =
            organization(&admin, &format!("roleConfigurations(filter: {{ {filter} }}) {{ totalCount }}")).await;
        assert_eq!(answer.at("organization.roleConfigurations.totalCount"), expected.len(), "{filter}");
    }
}

pub async fn refused_filters_say_so(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let long = "x".repeat(201);
    for filter in [
        "scoreMinimum: -1".to_owned(),
        "scoreMaximum: 100.5".to_owned(),
        "titleContains: \"nul\\u0000\"".to_owned(),
        "family: \"nul\\u0000\"".to_owned(),
        "externalId: \"nul\\u0000\"".to_owned(),
        "canonicalRoleKey: \"nul\\u0000\"".to_owned(),
        "canonicalRoleKey: \"backend\"".to_owned(),
        format!("titleContains: \"{long}\""),
    ] {
        let answer =
            organization(&admin, &format!("roleConfigurations(filter: {{ {filter} }}) {{ totalCount }}")).await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{filter}: {answer}");
        assert!(answer.body["data"]["organization"]["roleConfigurations"].is_null(), "{answer}");
    }
}
