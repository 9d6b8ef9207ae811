//! Looking for canonical roles.

use rolemark_tests::{Answer, Client, TestServer, sign_up};
use serde_json::{Value, json};

use crate::steps::texts;

pub(super) async fn search(client: &Client, text: &str, arguments: &str) -> Answer {
    let document = format!(
        "query($text: String!) {{ searchCanonicalRoles(text: $text{arguments}) {{
            key title matchedField matchedText relevance canonicalRole {{ key title }} }} }}"
    );
    client.graphql(&document, json!({ "text": text })).await
}

pub(super) async fn found(client: &Client, text: &str, arguments: &str) -> Vec<String> {
    texts(search(client, text, arguments).await.at("searchCanonicalRoles"), "key")
}

pub async fn search_forgives_slips_of_the_pen(t: &TestServer) {
    let client = sign_up(t, "Northwind").await.client;
    for text in ["Backend Engineer", "bakend enginer", "BACKEND", "backend  engneer", "enginer bakend"] {
        let answer = search(&client, text, "").await;
        let first = answer.at("searchCanonicalRoles.0");
        assert_eq!(first["key"], "rolemark:backend-engineer", "{text}: {answer}");
        assert_eq!(first["matchedField"], "TITLE", "{text}");
        assert_eq!(first["canonicalRole"], json!({ "key": first["key"], "title": "Backend Engineer" }));
    }
    let answer = search(&client, "data enginer", "").await;
    let hits = answer.at("searchCanonicalRoles").as_array().cloned().unwrap_or_default();
    assert_eq!(hits[0]["key"], "rolemark:data-engineer");
    assert!(hits.is_sorted_by(|a, b| a["relevance"].as_f64() >= b["relevance"].as_f64()), "{answer}");
}

pub async fn search_finds_alternate_titles_and_tasks(t: &TestServer) {
    let client = sign_up(t, "Northwind").await.client;
    for text in ["Server-Side Engineer", "server side enginer"] {
        let answer = search(&client, text, "").await;
        let first = answer.at("searchCanonicalRoles.0");
        assert_eq!(first["key"], "rolemark:backend-engineer", "{text}: {answer}");
        assert_eq!(
            (&first["matchedField"], &first["matchedText"]),
            (&json!("ALTERNATE_TITLE"), &json!("Server-Side Engineer"))
        );
    }
    let answer = search(&client, "AI model integration", ", limit: 50").await;
    let hits = answer.at("searchCanonicalRoles").as_array().cloned().unwrap_or_default();
    let hit = hits.iter().find(|hit| hit["key"] == "rolemark:backend-engineer").cloned().unwrap_or(Value::Null);
    assert_eq!(
        (&hit["matchedField"], &hit["matchedText"]),
        (&json!("TASK"), &json!("AI model integration")),
        "{answer}"
    );
}

pub async fn nothing_found_is_an_empty_list(t: &TestServer) {
    let client = sign_up(t, "Northwind").await.client;
    for text in ["qqqqzzzzxxxx", "", "   ", "!!!", "% _ '", "后端"] {
        assert_eq!(found(&client, text, "").await, [""; 0], "{text:?}");
    }
    assert_eq!(found(&client, "engineer", ", source: \"onet\"").await, [""; 0]);
    assert_eq!(found(&client, "engineer", ", limit: 3").await.len(), 3);
    assert_eq!(found(&client, "engineer", ", source: \"rolemark\"").await.len(), 10, "ten when nothing is said");
}

pub async fn refused_searches_say_so(t: &TestServer) {
    let client = sign_up(t, "Northwind").await.client;
    let long = "e".repeat(201);
    for (text, arguments) in [
        (long.as_str(), ""),
        ("nul\0", ""),
        ("engineer", ", limit: 0"),
        ("engineer", ", limit: 51"),
        ("engineer", ", limit: -1"),
        ("engineer", ", source: \"nul\\u0000\""),
    ] {
        let answer = search(&client, text, arguments).await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{text:?} {arguments}: {answer}");
    }
    assert_eq!(found(&client, &long[..200], ", limit: 50").await, [""; 0]);
}
