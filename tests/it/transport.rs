//! GraphQL over HTTP: what is refused before GraphQL begins, and with which status.

use reqwest::Method;
use rolemark_tests::client::GRAPHQL_RESPONSE;
use rolemark_tests::{Client, TestServer};
use serde_json::{Value, json};

const HELLO: &str = r#"{"query":"{ __typename }"}"#;

/// After whatever a case did, the server answers the next person.
pub(crate) async fn assert_still_answers(client: &Client) {
    let answer = client.query("{ __typename }").await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.text_at("__typename"), "Query");
}

pub async fn body_above_the_limit_is_413(t: &TestServer) {
    let client = t.anonymous();
    let body = |size: usize| json!({ "query": "{ __typename }", "extensions": { "padding": "x".repeat(size) } });
    let answer = client.post_raw(Some("application/json"), body(256 * 1024).to_string()).await;
    assert_eq!(answer.status, 413, "{answer}");
    let answer = client.post_raw(Some("application/json"), body(200 * 1024).to_string()).await;
    assert_eq!(answer.status, 200, "a body below the limit is read: {answer}");
    assert_still_answers(&client).await;
}

/// Anything else could be sent by a foreign web page without a preflight.
pub async fn other_content_types_are_415(t: &TestServer) {
    let client = t.anonymous();
    let form = "multipart/form-data; boundary=x";
    for content_type in [Some("text/plain"), Some("application/x-www-form-urlencoded"), Some(form), None] {
        let answer = client.post_raw(content_type, HELLO).await;
        assert_eq!(answer.status, 415, "{content_type:?}: {answer}");
    }
    for content_type in ["application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8"] {
        let answer = client.post_raw(Some(content_type), HELLO).await;
        assert_eq!(answer.status, 200, "{content_type}: {answer}");
    }
}

pub async fn mutation_over_get_is_405(t: &TestServer) {
    let client = t.anonymous();
    let mutation = r#"mutation { signIn(input: {email: "a@example.com", password: "b"}) { userErrors { code } } }"#;
    let answer = get(&client, mutation).await;
    assert_eq!(answer.status, 405, "{answer}");
    assert_eq!(answer.header("allow"), "POST", "{answer}");
    assert_still_answers(&client).await;
}

pub async fn query_over_get_is_answered(t: &TestServer) {
    let answer = get(&t.anonymous(), "{ __typename }").await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.text_at("__typename"), "Query");
}

async fn get(client: &Client, query: &str) -> rolemark_tests::Answer {
    let mut url = reqwest::Url::parse("http://unused/graphql").expect("a URL");
    url.query_pairs_mut().append_pair("query", query);
    let path = format!("{}?{}", url.path(), url.query().unwrap_or_default());
    client.send(client.request(Method::GET, &path).header("accept", GRAPHQL_RESPONSE)).await
}

pub async fn unknown_field_is_400_with_a_code(t: &TestServer) {
    let body = json!({ "query": "{ noSuchField }" });
    let answer = t.anonymous().post_graphql(GRAPHQL_RESPONSE, &body).await;
    answer.assert_refused(400, "GRAPHQL_VALIDATION_FAILED");
    assert!(answer.header("content-type").starts_with(GRAPHQL_RESPONSE), "{answer}");
    let answer = t.anonymous().post_graphql("application/json", &body).await;
    answer.assert_refused(200, "GRAPHQL_VALIDATION_FAILED");
    assert!(answer.header("content-type").starts_with("application/json"), "{answer}");
    let answer = t.anonymous().query("{ noSuchField").await;
    answer.assert_refused(400, "GRAPHQL_PARSE_FAILED");
}

pub async fn malformed_requests_are_400(t: &TestServer) {
    let client = t.anonymous();
    let bodies = [
        "",
        "{",
        "null",
        "7",
        r#"{"variables":{}}"#,
        r#"{"query":7}"#,
        r#"{"query":null}"#,
        r#"{"query":"{ __typename }","variables":[]}"#,
        r#"{"query":"{ __typename }","operationName":7}"#,
        r#"{"query":"{ __typename }","extensions":"x"}"#,
    ];
    for body in bodies {
        let answer = client.post_raw(Some("application/json"), body).await;
        assert_eq!(answer.status, 400, "{body}: {answer}");
        assert_ne!(answer.body["errors"], Value::Null, "{body}: {answer}");
    }
    assert_still_answers(&client).await;
}

pub async fn array_batch_is_400(t: &TestServer) {
    let client = t.anonymous();
    let answer = client.post_raw(Some("application/json"), format!("[{HELLO},{HELLO}]")).await;
    assert_eq!(answer.status, 400, "{answer}");
    let answer = client.post_raw(Some("application/json"), "[]").await;
    assert_eq!(answer.status, 400, "{answer}");
}
