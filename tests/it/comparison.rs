//! A role next to a canonical role.

use rolemark_tests::{SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use crate::steps::{Role, assert_close, assert_same, change, create, create_from, node, publish, role, texts};

const SKILL: &str = "{ key name ownName priority proposal { ownName confidence } }";
const TASK: &str = "{ key title stage }";

fn comparison() -> String {
    format!(
        "scoreDifference methodVersion ownScore {{ value }} canonicalScore {{ value }} canonicalRole {{ key }}
        stageMixDifference {{ stage ownShare canonicalShare difference }}
        alignments {{ basis confidence stageDifference ownTask {TASK} canonicalTask {TASK} }}
        missingTasks {{ task {TASK} proposal {{ confidence task {TASK} }} }}
        additionalTasks {{ task {TASK} proposal {{ confidence task {TASK} }} }}
        emergingSkillsPresent {SKILL} emergingSkillsAbsent {SKILL} decliningSkillsReliedOn {SKILL}
        exposure {{ name value source }}"
    )
}

async fn compared(admin: &SignedIn, at: &Role, arguments: &str) -> Value {
    let selection = format!("comparison{arguments} {{ {} }}", comparison());
    role(&admin.client, &at.id, &selection).await["comparison"].clone()
}

/// A backend engineer as one organization might run it.
async fn own_role(admin: &SignedIn) -> Role {
    let answer = admin
        .client
        .query("{ canonicalRole(key: \"rolemark:backend-engineer\") { skills { name canonicalSkillKey } } }");
    let answer = answer.await;
    let skills = answer.at("canonicalRole.skills").as_array().cloned().unwrap_or_default();
    let prompting = skills.iter().find(|skill| skill["name"] == "LLM orchestration and prompt engineering");
    let link = prompting.map(|skill| skill["canonicalSkillKey"].clone()).unwrap_or_default();
    assert!(link.is_string(), "the skills of the library have keys: {answer}");
    let skill =
        |name: &str, trend: &str, link: Value| json!({ "name": name, "trend": trend, "canonicalSkillKey": link });
    create(
        admin,
        json!({
            "title": "Service engineer", "canonicalRoleKey": "rolemark:backend-engineer",
            "tasks": [
                { "key": "endpoints", "title": "Whatever we call it", "stage": "AI_ASSISTED",
                  "canonicalTaskKey": "rolemark:api-endpoint-implementation" },
                { "key": "incident-response", "title": "Being on call", "stage": "HUMAN" },
                { "title": "Writing of database queries", "stage": "AUTOMATED" },
                { "title": "Watering the office plants", "stage": "HUMAN" },
            ],
            "skills": [
                skill("distributed SYSTEMS design", "STABLE", Value::Null),
                skill("Talking to models", "EMERGING", link),
                skill("Cost optimisation", "EMERGING", Value::Null),
                skill("Boilerplate coding", "DECLINING", Value::Null),
                skill("Observability", "STABLE", Value::Null),
            ],
        }),
    )
    .await
}

pub async fn faithful_copy_differs_in_nothing(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let found = compared(&admin, &create_from(&admin, "rolemark:backend-engineer").await, "").await;
    assert_eq!(found["scoreDifference"], 0.0);
    assert_eq!((&found["ownScore"]["value"], &found["canonicalScore"]["value"]), (&json!(55.0), &json!(55.0)));
    assert_eq!(found["methodVersion"], 1);
    assert_eq!((&found["missingTasks"], &found["additionalTasks"]), (&json!([]), &json!([])));
    let alignments = found["alignments"].as_array().cloned().unwrap_or_default();
    assert_eq!(alignments.len(), 10);
    for row in alignments {
        assert_eq!(
            (&row["basis"], &row["confidence"], &row["stageDifference"]),
            (&json!("LINKED"), &json!(1.0), &json!(0.0))
        );
        assert_eq!(row["canonicalTask"]["title"], row["ownTask"]["title"]);
    }
    assert_eq!(found["emergingSkillsPresent"].as_array().map(Vec::len), Some(5));
    assert_eq!(found["emergingSkillsAbsent"], json!([]));
    assert_eq!(found["decliningSkillsReliedOn"].as_array().map(Vec::len), Some(4));
    assert_eq!(found["exposure"], json!([]), "the curated edition has none");
}

pub async fn scores_and_stage_mixes_are_set_side_by_side(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let found = compared(&admin, &own_role(&admin).await, "").await;
    assert_close(&found["ownScore"]["value"], 50.0, 1e-9);
    assert_close(&found["scoreDifference"], -5.0, 1e-9);
    let row = |stage: &str, own: f64, canonical: f64, difference: f64| json!({ "stage": stage, "ownShare": own, "canonicalShare": canonical, "difference": difference });
    let expected = json!([
        row("HUMAN", 0.5, 0.4, 0.1),
        row("AT_RISK", 0.0, 0.0, 0.0),
        row("AI_ASSISTED", 0.25, 0.4, -0.15),
        row("AUTOMATED", 0.25, 0.2, 0.05),
    ]);
    assert_same(&found["stageMixDifference"], &expected);
}

pub async fn tasks_are_aligned_and_never_silently(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let found = compared(&admin, &own_role(&admin).await, "").await;
    let alignments = found["alignments"].as_array().cloned().unwrap_or_default();
    assert_eq!(alignments.len(), 11, "ten canonical tasks, and one that only the organization has");
    let of = |canonical: &str| {
        let row = alignments.iter().find(|row| row["canonicalTask"]["key"] == format!("rolemark:{canonical}"));
        row.cloned().unwrap_or_else(|| panic!("no {canonical}: {alignments:?}"))
    };
    let linked = json!({
        "basis": "LINKED", "confidence": 1.0, "stageDifference": -0.25,
        "ownTask": { "key": "endpoints", "title": "Whatever we call it", "stage": "AI_ASSISTED" },
        "canonicalTask": { "key": "rolemark:api-endpoint-implementation", "title": "API endpoint implementation",
            "stage": "AUTOMATED" },
    });
    assert_same(&of("api-endpoint-implementation"), &linked);
    let same_key = of("incident-response");
    assert_eq!((&same_key["basis"], &same_key["confidence"]), (&json!("SAME_KEY"), &json!(1.0)));
    let proposed = of("database-queries");
    assert_eq!(
        (&proposed["basis"], &proposed["ownTask"]["title"]),
        (&json!("PROPOSED"), &json!("Writing of database queries"))
    );
    let confidence = proposed["confidence"].as_f64().unwrap_or_default();
    assert!((0.5..1.0).contains(&confidence), "{proposed}");
    let alone = of("system-architecture-design");
    assert_eq!((&alone["basis"], &alone["ownTask"]), (&json!("UNMATCHED"), &Value::Null));
    assert_eq!((&alone["confidence"], &alone["stageDifference"]), (&Value::Null, &Value::Null));
    let own_alone = alignments.iter().find(|row| row["canonicalTask"].is_null());
    assert_eq!(own_alone.map(|row| &row["ownTask"]["title"]), Some(&json!("Watering the office plants")));

    let missing = found["missingTasks"].as_array().cloned().unwrap_or_default();
    assert_eq!(missing.len(), 8, "a proposal does not count as a match");
    let query = missing.iter().find(|row| row["task"]["key"] == "rolemark:database-queries").cloned();
    assert_eq!(query.unwrap_or_default()["proposal"]["task"]["title"], "Writing of database queries");
    let linked_is_there = missing.iter().all(|row| row["task"]["key"] != "rolemark:incident-response");
    assert!(linked_is_there, "{missing:?}");
    let additional = found["additionalTasks"].as_array().cloned().unwrap_or_default();
    let rows: Vec<_> = additional.iter().map(|row| (&row["task"]["title"], &row["proposal"]["task"]["key"])).collect();
    let expected = [
        (&json!("Writing of database queries"), &json!("rolemark:database-queries")),
        (&json!("Watering the office plants"), &Value::Null),
    ];
    assert_eq!(rows, expected);
    assert_close(&additional[0]["proposal"]["confidence"], confidence, 1e-12);
}

pub async fn skills_are_told_apart_by_their_trend(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let found = compared(&admin, &own_role(&admin).await, "").await;
    let pairs = |list: &str| -> Vec<(String, String)> {
        texts(&found[list], "name").into_iter().zip(texts(&found[list], "ownName")).collect()
    };
    let pair = |name: &str, own: &str| (name.to_owned(), own.to_owned());
    let present = [
        pair("Distributed systems design", "distributed SYSTEMS design"),
        pair("LLM orchestration and prompt engineering", "Talking to models"),
    ];
    assert_eq!(pairs("emergingSkillsPresent"), present);
    let absent =
        ["AI/ML integration architecture", "AI-generated code review and validation", "Cost optimization at scale"];
    assert_eq!(texts(&found["emergingSkillsAbsent"], "name"), absent);
    assert_eq!(found["emergingSkillsAbsent"][2]["priority"], "MEDIUM");
    assert_eq!(found["emergingSkillsAbsent"][2]["proposal"]["ownName"], "Cost optimisation");
    assert!(found["emergingSkillsAbsent"][0]["proposal"].is_null(), "{found}");
    assert_eq!(pairs("decliningSkillsReliedOn"), [pair("Boilerplate coding", "Boilerplate coding")]);
}

pub async fn any_canonical_role_may_be_compared_with(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create_from(&admin, "rolemark:backend-engineer").await;
    let data = compared(&admin, &at, "(canonicalRoleKey: \"rolemark:data-engineer\")").await;
    assert_eq!(data["canonicalRole"]["key"], "rolemark:data-engineer");
    // 2 HUMAN, 1 AT_RISK, 3 AI_ASSISTED, 4 AUTOMATED.
    assert_close(&data["canonicalScore"]["value"], 70.0, 1e-9);
    assert_close(&data["scoreDifference"], -15.0, 1e-9);
    assert_eq!(compared(&admin, &at, "(canonicalRoleKey: \"rolemark:none\")").await, Value::Null);
    let unlinked = create(&admin, json!({ "title": "Unlinked" })).await;
    assert_eq!(compared(&admin, &unlinked, "").await, Value::Null);
    let without_score = compared(&admin, &unlinked, "(canonicalRoleKey: \"rolemark:data-engineer\")").await;
    assert_eq!((&without_score["scoreDifference"], &without_score["ownScore"]), (&Value::Null, &Value::Null));
    assert_eq!(without_score["missingTasks"].as_array().map(Vec::len), Some(10));
}

pub async fn versions_are_compared_as_they_were(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create_from(&admin, "rolemark:backend-engineer").await;
    let version = publish(&admin.client, &at).await;
    let tasks = json!([{ "title": "Only this", "stage": "HUMAN" }]);
    let at = change(&admin.client, "updateRoleConfiguration", &at, json!({ "tasks": tasks })).await;
    assert_close(&compared(&admin, &at, "").await["scoreDifference"], -42.5, 1e-9);
    let selection = "comparison { scoreDifference missingTasks { task { key } } }";
    let found = node(&admin.client, &version, "RoleVersion", selection).await;
    assert_eq!(found, json!({ "comparison": { "scoreDifference": 0.0, "missingTasks": [] } }));
}
