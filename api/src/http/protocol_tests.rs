//! Tests of GraphQL over HTTP, rule by rule.

use async_graphql::futures_util::FutureExt;
use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Result, Schema};

use super::super::negotiation::negotiate;
use super::*;

fn body(text: &str) -> GraphqlRequest {
    parse_body(text.as_bytes()).unwrap()
}

/// The message of a body that is refused with 400.
fn refused(text: &str) -> String {
    let error = parse_body(text.as_bytes()).expect_err(text);
    assert_eq!((error.status, error.code), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"), "{text}");
    error.message
}

#[test]
fn a_body_is_read_with_all_its_members() {
    let request = body(
        r#" {"variables":{"z":1,"a":{"y":"ä","b":[true,null]}},"operationName":"Q","extensions":{"e":{}},
            "query":"query Q{__typename}","other":[{}]} "#,
    );
    assert_eq!(request.query, "query Q{__typename}");
    assert_eq!(request.operation_name.as_deref(), Some("Q"));
    assert_eq!(request.variables.get("a").unwrap().to_string(), r#"{y: "ä", b: [true, null]}"#);
    assert!(request.extensions.contains_key("e"));
}

#[test]
fn members_may_be_null_or_absent() {
    let plain = GraphqlRequest { query: "{a}".into(), ..GraphqlRequest::default() };
    assert_eq!(body(r#"{"query":"{a}"}"#), plain);
    assert_eq!(body(r#"{"query":"{a}","variables":null,"operationName":null,"extensions":null}"#), plain);
    assert_eq!(body(r#"{"query":"{a}","operationName":""}"#), plain);
}

#[test]
fn whole_numbers_keep_their_digits() {
    let request = body(r#"{"query":"{a}","variables":{"n":9007199254740993,"u":18446744073709551615}}"#);
    assert_eq!(request.variables.get("n").unwrap().to_string(), "9007199254740993");
    assert_eq!(request.variables.get("u").unwrap().to_string(), "18446744073709551615");
}

#[test]
fn a_body_must_be_one_object() {
    for text in ["[]", r#"["{a}"]"#, r#" [{"query":"{a}"}]"#] {
        assert!(refused(text).starts_with("The body must be one JSON object"), "{text}");
    }
    for text in ["null", "1", r#""{a}""#, r#"{"query":"{a}","query":"{b}"}"#] {
        assert!(refused(text).starts_with("The body must be a JSON object"), "{text}");
    }
    for text in ["", "{", r#"{"query":"{a}""#, r#"{ "not a JSON"#, r#"{"query":"{a}"} x"#] {
        assert_eq!(refused(text), "The body is not JSON.", "{text}");
    }
    assert_eq!(parse_body(b"{\"query\":\"\xff\"}").unwrap_err().message, "The body is not UTF-8.");
}

#[test]
fn a_member_of_the_wrong_type_is_named() {
    for wrong in [r#"{"obj":"ect"}"#, "0", "false", r#"["array"]"#] {
        for name in ["query", "operationName"] {
            let text = format!(r#"{{"query":"{{a}}","{name}":{wrong}}}"#).replacen(
                r#""query":"{a}","query""#,
                r#""query""#,
                1,
            );
            assert!(refused(&text).starts_with(&format!("`{name}` must be a string")), "{text}");
        }
    }
    for wrong in [r#""string""#, "0", "false", r#"["array"]"#] {
        for name in ["variables", "extensions"] {
            let text = format!(r#"{{"query":"{{a}}","{name}":{wrong}}}"#);
            assert!(refused(&text).starts_with(&format!("`{name}` must be an object or null")), "{text}");
        }
    }
    for text in ["{}", r#"{"query":null}"#, r#"{"query":""}"#, r#"{"qeury":"{a}"}"#] {
        assert!(refused(text).starts_with("`query` must be a string"), "{text}");
    }
}

#[test]
fn deep_values_are_refused_without_recursion() {
    let nested = |levels: usize| {
        format!(r#"{{"query":"{{a}}","variables":{{"v":{}{}}}}}"#, "[".repeat(levels), "]".repeat(levels))
    };
    assert!(parse_body(nested(100).as_bytes()).is_ok());
    assert!(refused(&nested(100_000)).starts_with("`variables` must be an object"));
    assert_eq!(refused(&"{\"query\":".repeat(50_000)), "The body is not JSON.");
}

#[test]
fn messages_carry_nothing_of_the_client_or_the_library() {
    for text in [r#"{"query":"#, "[]", "null", r#"{"query":1}"#, r#"{"query":"{a}","variables":7}"#, r#"{"secret":1"#] {
        let message = refused(text);
        for leak in [" line ", "column", "secret", "invalid type", "EOF"] {
            assert!(!message.contains(leak), "{message}");
        }
    }
}

#[test]
fn a_query_string_is_read() {
    let request = parse_query_string(
        "query=query%20Q(%24n%3AInt)%7B__typename%7D&operationName=Q&variables=%7B%22n%22%3A+1%7D&extensions=&x=1",
    )
    .unwrap();
    assert_eq!(request.query, "query Q($n:Int){__typename}");
    assert_eq!(request.operation_name.as_deref(), Some("Q"));
    assert_eq!(request.variables.get("n").unwrap().to_string(), "1");
    assert!(request.extensions.is_empty());
    for wrong in ["", "query=", "operationName=Q", "query=a&query=b", "query=a&variables=x", "query=a&variables=[]"] {
        assert_eq!(parse_query_string(wrong).unwrap_err().status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[test]
fn only_json_bodies_are_read() {
    for header in [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON;charset=UTF-8",
        "application/json; charset=\"utf-8\"",
        "application/json;",
    ] {
        assert_eq!(check_content_type(Some(header)), Ok(()), "{header}");
    }
    for header in [
        "text/plain",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; boundary=x",
        "application/graphql",
        "application/jsonp",
        "",
    ] {
        let error = check_content_type(Some(header)).expect_err(header);
        assert_eq!(error.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{header}");
    }
    assert!(check_content_type(None).is_err());
}

#[test]
fn the_media_type_is_negotiated() {
    const G: &str = "application/graphql-response+json";
    const J: &str = "application/json";
    for (accept, expected) in [
        (String::new(), MediaType::Json),
        (G.to_owned(), MediaType::GraphqlResponse),
        (J.to_owned(), MediaType::Json),
        ("*/*".to_owned(), MediaType::Json),
        ("application/*".to_owned(), MediaType::Json),
        (format!("{J}, text/plain, */*"), MediaType::Json),
        (format!("{J};q=0.5, {G}"), MediaType::GraphqlResponse),
        (format!("{G};q=0.5, {J}"), MediaType::Json),
        (format!("{J}, {G}"), MediaType::GraphqlResponse),
        (format!("{G}, */*;q=0.1"), MediaType::GraphqlResponse),
        (format!("{G};q=0.2, */*;q=0.9"), MediaType::Json),
        (format!("{J};q=0, */*"), MediaType::GraphqlResponse),
        (format!("{J};Q=0.1 , {G};charset=utf-8; q=0.2"), MediaType::GraphqlResponse),
        (format!("APPLICATION/GraphQL-Response+JSON, {J};q=0.9"), MediaType::GraphqlResponse),
        ("text/html, application/xhtml+xml, */*;q=0.8".to_owned(), MediaType::Json),
    ] {
        assert_eq!(negotiate(Some(&accept)), Ok(expected), "{accept}");
    }
    assert_eq!(negotiate(None), Ok(MediaType::Json));
    for accept in ["image/png", "text/html, application/xml", "application/json;q=0", "*/*;q=NaN", "*/*;q=0", ";;,,"] {
        assert_eq!(negotiate(Some(accept)).expect_err(accept).status, StatusCode::NOT_ACCEPTABLE);
    }
}

#[test]
fn methods_and_operations_are_matched() {
    assert_eq!(check_method(&Method::GET), Ok(()));
    assert_eq!(check_method(&Method::POST), Ok(()));
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        let error = check_method(&method).unwrap_err();
        assert_eq!((error.status, error.allow), (StatusCode::METHOD_NOT_ALLOWED, Some("GET, POST")));
    }
    assert_eq!(refuse_mutation_over_get(&Method::GET, OperationType::Query), Ok(()));
    assert_eq!(refuse_mutation_over_get(&Method::POST, OperationType::Mutation), Ok(()));
    for operation in [OperationType::Mutation, OperationType::Subscription] {
        let error = refuse_mutation_over_get(&Method::GET, operation).unwrap_err();
        assert_eq!((error.status, error.allow), (StatusCode::METHOD_NOT_ALLOWED, Some("POST")));
    }
}

#[test]
fn an_error_has_a_code_and_no_data() {
    let error = ProtocolError::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", "Sign in \"again\".");
    assert_eq!(
        error.body(),
        r#"{"errors":[{"extensions":{"code":"UNAUTHENTICATED"},"message":"Sign in \"again\"."}]}"#
    );
}

#[test]
fn refusals_have_the_status_of_request_errors() {
    let refusal = |code| Refusal::new(code, "Too much.");
    let status = |code, media| ProtocolError::from_refusal(refusal(code), media).status;
    assert_eq!(status(RefusalCode::QueryTooComplex, MediaType::GraphqlResponse), StatusCode::BAD_REQUEST);
    assert_eq!(status(RefusalCode::QueryTooComplex, MediaType::Json), StatusCode::OK);
    assert_eq!(status(RefusalCode::PayloadTooLarge, MediaType::Json), StatusCode::PAYLOAD_TOO_LARGE);
}

struct Query;

#[Object]
impl Query {
    async fn z(&self) -> i32 {
        1
    }
    async fn a(&self, n: Option<i32>) -> Option<i32> {
        n
    }
    async fn broken(&self) -> Option<Result<i32>> {
        Some(Err("It broke.".into()))
    }
    async fn needed(&self) -> Result<i32> {
        Err("It broke.".into())
    }
}

fn execute(document: &str) -> (String, bool) {
    let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
    let response = schema.execute(Request::new(document)).now_or_never().unwrap();
    let text = String::from_utf8(write_response(&response).unwrap()).unwrap();
    (text, is_request_error(&response))
}

#[test]
fn answers_keep_the_order_of_the_query() {
    assert_eq!(execute("{z m:a a(n:5) b:z}"), (r#"{"data":{"z":1,"m":null,"a":5,"b":1}}"#.to_owned(), false));
}

#[test]
fn field_errors_come_with_data() {
    let (text, is_request_error) = execute("{z broken}");
    assert!(!is_request_error);
    assert!(
        text.starts_with(r#"{"errors":[{"message":"It broke.","locations":[{"line":1,"column":4}],"path":["broken"]"#),
        "{text}"
    );
    assert!(text.ends_with(r#""data":{"z":1,"broken":null}}"#), "{text}");
    let (text, is_request_error) = execute("{z needed}");
    assert!(!is_request_error, "{text}");
    assert!(text.ends_with(r#""data":null}"#), "{text}");
}

#[test]
fn request_errors_come_without_data() {
    for document in ["{", "{missing}", "query A{z} query B{z}", "query($n:Int!){z}", "subscription{z}", "{a(n:\"x\")}"]
    {
        let (text, is_request_error) = execute(document);
        assert!(is_request_error, "{document}: {text}");
        assert!(text.starts_with(r#"{"errors":[{"message":"#) && !text.contains("\"data\""), "{text}");
    }
}

#[test]
fn not_all_of_a_thousand_errors_are_told() {
    let (text, _) = execute(&format!("{{{}}}", "missing ".repeat(1_000)));
    assert_eq!(text.matches("\"message\"").count(), MAX_REQUEST_ERRORS);
}

#[test]
fn the_status_tells_only_where_it_may() {
    assert_eq!(MediaType::GraphqlResponse.status(true), StatusCode::BAD_REQUEST);
    assert_eq!(MediaType::GraphqlResponse.status(false), StatusCode::OK);
    assert_eq!(MediaType::Json.status(true), StatusCode::OK);
    assert_eq!(MediaType::Json.content_type(), "application/json; charset=utf-8");
    assert_eq!(MediaType::GraphqlResponse.content_type(), "application/graphql-response+json; charset=utf-8");
}
