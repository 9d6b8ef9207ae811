//! The Platform Roles Library: the shipped edition, its lists and its search; imported editions in `real`.

mod import;
mod real;
mod search;

use rolemark_tests::{Answer, Client, TestServer, sign_up};
use serde_json::{Value, json};

use crate::steps::{assert_same, node, texts};

pub use import::{cut_off_gzip_names_its_line, truncated_files_import_nothing};
pub use real::imported_occupations_are_served;
pub use search::{
    nothing_found_is_an_empty_list, refused_searches_say_so, search_finds_alternate_titles_and_tasks,
    search_forgives_slips_of_the_pen,
};

async fn page(client: &Client, arguments: &str) -> Answer {
    let selection = "totalCount nodes { key title family score { value } } pageInfo { hasNextPage endCursor }";
    client.query(&format!("{{ canonicalRoles{arguments} {{ {selection} }} }}")).await
}

async fn keys(client: &Client, arguments: &str) -> Vec<String> {
    texts(page(client, arguments).await.at("canonicalRoles.nodes"), "key")
}

pub async fn shipped_edition_is_there(t: &TestServer) {
    let client = sign_up(t, "Northwind").await.client;
    let selection = "key source title publishedOn license attribution digest roleCount taskCount isCurrent importedAt";
    let answer = client.query(&format!("{{ libraryEditions {{ {selection} }} }}")).await;
    let editions = answer.at("libraryEditions").as_array().cloned().unwrap_or_default();
    assert_eq!(editions.len(), 1, "{answer}");
    let edition = &editions[0];
    assert_eq!((&edition["source"], &edition["isCurrent"]), (&json!("rolemark"), &json!(true)));
    for field in ["key", "title", "publishedOn", "license", "attribution", "importedAt"] {
        assert!(edition[field].as_str().is_some_and(|text| !text.is_empty()), "no {field}: {edition}");
    }
    assert_eq!(edition["digest"].as_str().map(str::len), Some(64));
    assert!(edition["roleCount"].as_i64() >= Some(30), "{edition}");
    let total = page(&client, "(first: 0)").await;
    assert_eq!(total.at("canonicalRoles.totalCount"), &edition["roleCount"]);

    let answer = client
        .query("{ canonicalRoles(first: 100) { nodes { editionKey tasks { stage rationale } skills { name } } } }");
    let answer = answer.await;
    let roles = answer.at("canonicalRoles.nodes").as_array().cloned().unwrap_or_default();
    let tasks: Vec<_> = roles.iter().map(|role| role["tasks"].as_array().cloned().unwrap_or_default()).collect();
    assert_eq!(edition["taskCount"], tasks.iter().map(Vec::len).sum::<usize>());
    assert!(tasks.iter().all(|tasks| (8..=12).contains(&tasks.len())));
    assert!(tasks.iter().flatten().all(|task| task["stage"].is_string() && task["rationale"].is_string()));
    assert!(roles.iter().all(|role| role["editionKey"] == edition["key"] && role["skills"] != json!([])));
}

pub async fn reference_role_has_its_facts(t: &TestServer) {
    let client = sign_up(t, "Northwind").await.client;
    let selection =
        "id key title family occupationCode coordinationShare alternateTitles technologyStack exposure { value }
        score { value low high stageMix { stage count } } human: tasks(stage: HUMAN) { key quadrant isStageDerived }
        declining: skills(trend: DECLINING) { name } careerPathways { target }";
    let answer =
        client.query(&format!("{{ canonicalRole(key: \"rolemark:backend-engineer\") {{ {selection} }} }}")).await;
    let role = answer.at("canonicalRole");
    assert_eq!((&role["title"], &role["family"]), (&json!("Backend Engineer"), &json!("Engineering")));
    let score = json!({ "value": 55, "low": 42, "high": 64, "stageMix": [
        { "stage": "HUMAN", "count": 4 }, { "stage": "AT_RISK", "count": 0 },
        { "stage": "AI_ASSISTED", "count": 4 }, { "stage": "AUTOMATED", "count": 2 }] });
    assert_same(&role["score"], &score);
    let human =
        json!(["system-architecture-design", "scalability-planning", "ai-model-integration", "incident-response"]);
    let expected: Value = human
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|code| json!({ "key": format!("rolemark:{code}"), "quadrant": "PROTECT", "isStageDerived": false }))
        .collect();
    assert_eq!(role["human"], expected);
    assert_eq!(role["declining"].as_array().map(Vec::len), Some(4));
    assert_eq!(texts(&role["careerPathways"], "target"), ["Platform Engineer", "AI Infrastructure Engineer"]);
    assert_eq!(role["exposure"], json!([]));
    let id = role["id"].as_str().unwrap_or_default();
    assert_eq!(node(&client, id, "CanonicalRole", "key").await["key"], "rolemark:backend-engineer");
}

pub async fn combinations_are_suggested(t: &TestServer) {
    let client = sign_up(t, "Northwind").await.client;
    let selection = "key title summary roleKeys coordinationShare publishedProductivityPercent roles { key }";
    let answer = client.query(&format!("{{ libraryCombinations {{ {selection} }} }}")).await;
    let combinations = answer.at("libraryCombinations").as_array().cloned().unwrap_or_default();
    assert!(combinations.len() >= 20, "{}", combinations.len());
    for combination in &combinations {
        assert_eq!(json!(texts(&combination["roles"], "key")), combination["roleKeys"], "every role is there");
    }
    let platform = combinations.iter().find(|c| c["key"] == "rolemark:platform-engineer").cloned().unwrap_or_default();
    assert_eq!(platform["publishedProductivityPercent"], 35.0);
    assert_eq!(platform["roleKeys"], json!(["rolemark:backend-engineer", "rolemark:devops-engineer"]));
    let of =
        async |source: &str| client.query(&format!("{{ libraryCombinations(source: \"{source}\") {{ key }} }}")).await;
    assert_eq!(of("rolemark").await.at("libraryCombinations").as_array().map(Vec::len), Some(combinations.len()));
    assert_eq!(of("onet").await.at("libraryCombinations"), &json!([]));
}

pub async fn canonical_roles_are_filtered(t: &TestServer) {
    let client = sign_up(t, "Northwind").await.client;
    let total = page(&client, "(first: 0)").await.at("canonicalRoles.totalCount").clone();
    for (filter, expected) in [
        ("titleContains: \"BACKEND\"", vec!["rolemark:backend-engineer"]),
        ("titleContains: \"zzz\"", vec![]),
        ("titleContains: \"%\"", vec![]),
        ("occupationCode: \"15-1299.08\"", vec!["rolemark:devops-engineer", "rolemark:site-reliability-engineer"]),
        ("occupationCode: \"15-1299\"", vec![]),
        ("family: \"Support\"", vec!["rolemark:customer-success-manager", "rolemark:customer-support-representative"]),
        ("family: \"Support\", titleContains: \"success\"", vec!["rolemark:customer-success-manager"]),
        ("source: \"onet\"", vec![]),
        ("source: \"rolemark\", titleContains: \"recruiter\"", vec!["rolemark:recruiter"]),
    ] {
        let arguments = format!("(filter: {{ {filter} }})");
        let answer = page(&client, &arguments).await;
        let mut found = texts(answer.at("canonicalRoles.nodes"), "key");
        found.sort();
        assert_eq!(found, expected, "{filter}");
        assert_eq!(answer.at("canonicalRoles.totalCount"), expected.len(), "{filter}");
    }
    let all = page(&client, "(first: 0, filter: { source: \"rolemark\" })").await;
    assert_eq!(all.at("canonicalRoles.totalCount"), &total);
    let answer = page(&client, "(filter: { family: \"nul\\u0000\" })").await;
    assert_eq!(answer.error_code(), "BAD_USER_INPUT");
}

pub async fn canonical_roles_are_ordered(t: &TestServer) {
    let client = sign_up(t, "Northwind").await.client;
    for field in ["TITLE", "SCORE"] {
        let order = |direction: &str| format!("(first: 100, orderBy: {{ field: {field}, direction: {direction} }})");
        let answer = page(&client, &order("ASC")).await;
        let nodes = answer.at("canonicalRoles.nodes").as_array().cloned().unwrap_or_default();
        let sorted = match field {
            "SCORE" => nodes.is_sorted_by_key(|node| node["score"]["value"].as_f64()),
            _ => nodes.is_sorted_by_key(|node| node["title"].as_str().map(str::to_owned)),
        };
        assert!(sorted, "{field}: {answer}");
        let up = keys(&client, &order("ASC")).await;
        let mut down = keys(&client, &order("DESC")).await;
        down.reverse();
        assert_eq!(up, down, "{field}");
        assert!(up.len() >= 30);
    }
}

pub async fn unknown_keys_are_null_and_malformed_ones_refused(t: &TestServer) {
    let client = sign_up(t, "Northwind").await.client;
    let get = async |key: &str| {
        client.graphql("query($key: String!) { canonicalRole(key: $key) { key } }", json!({ "key": key })).await
    };
    for key in ["rolemark:no-such-role", "onet:15-1252.00", "nowhere:backend-engineer"] {
        assert_eq!(get(key).await.data()["canonicalRole"], Value::Null, "{key}");
    }
    for key in
        ["", "backend-engineer", "rolemark:", ":x", "Rolemark:backend-engineer", "rolemark:nul\0", "rolemark:a b"]
    {
        let answer = get(key).await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{key:?}: {answer}");
    }
    let answer = t.anonymous().query("{ canonicalRole(key: \"rolemark:backend-engineer\") { key } }").await;
    assert_eq!((answer.status, answer.error_code()), (401, "UNAUTHENTICATED"), "{answer}");
}
