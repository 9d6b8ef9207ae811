//! Small requests that would cost a server dearly are refused before anything walks through them.

use std::time::{Duration, Instant};

use rolemark_tests::client::GRAPHQL_RESPONSE;
use rolemark_tests::{Answer, Client, SignedIn, TestServer};
use serde_json::json;

use crate::transport::assert_still_answers;

const TOO_COMPLEX: &str = "QUERY_TOO_COMPLEX";
/// Against 34 seconds for an engine without a guard.
const AT_ONCE: Duration = Duration::from_millis(100);

/// Each fragment spreads the next one twice: 2^30 selections in about 1 kB.
pub async fn fragment_bomb_is_refused_at_once(t: &TestServer) {
    let mut document = "{ ...f0 }".to_owned();
    for i in 0..30 {
        document += &format!(" fragment f{i} on Query {{ ...f{next} ...f{next} }}", next = i + 1);
    }
    document += " fragment f30 on Query { __typename }";
    let client = t.anonymous();
    assert_still_answers(&client).await;
    // The best of several: another case may hold the processor for a moment.
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        assert_too_complex(&client.query(&document).await);
        best = best.min(start.elapsed());
    }
    assert!(best < AT_ONCE, "the refusal took {best:?}");
    assert_still_answers(&client).await;
}

pub async fn fragment_cycle_is_refused(t: &TestServer) {
    let client = t.anonymous();
    let cycle = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }";
    let answer = client.query(cycle).await;
    assert_eq!(answer.status, 400, "{answer}");
    assert!(matches!(answer.error_code(), TOO_COMPLEX | "GRAPHQL_VALIDATION_FAILED"), "{answer}");
    assert_still_answers(&client).await;
}

/// These overflow the stack of a parser that nothing protects, and with it the whole process.
pub async fn nested_brackets_are_refused(t: &TestServer) {
    let client = t.anonymous();
    for levels in [500, 2_000, 20_000] {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        assert_too_complex(&client.query(&format!("{{ __typename(x: {open}{close}) }}")).await);
        assert_too_complex(&client.query(&format!("{{ __typename(x: {open}")).await);
        let (open, close) = ("{a:".repeat(levels), "}".repeat(levels));
        assert_too_complex(&client.query(&format!("{{ __typename(x: {open}1{close}) }}")).await);
        let (open, close) = ("{a".repeat(levels), "}".repeat(levels));
        assert_too_complex(&client.query(&format!("{open}{close}")).await);
    }
    assert_still_answers(&client).await;
    brackets_in_text_are_no_nesting(&client).await;
}

async fn brackets_in_text_are_no_nesting(client: &Client) {
    let brackets = "[{(".repeat(100);
    let document = format!("{{ __typename @include(if: true) # {brackets}\n }}");
    let answer = client.query(&document).await;
    assert_eq!(answer.status, 200, "brackets in a comment nest nothing: {answer}");
    let document = format!("{{ __typename @skip(if: \"{brackets}\") }}");
    let answer = client.query(&document).await;
    assert!(!answer.error_codes().contains(&TOO_COMPLEX), "brackets in a string nest nothing: {answer}");
}

pub async fn nested_variables_are_refused(t: &TestServer) {
    let client = t.anonymous();
    for levels in [200, 20_000] {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        let body = format!(r#"{{"query":"{{ __typename }}","variables":{{"x":{open}{close}}}}}"#);
        let answer = client.post_raw(Some("application/json"), body).await;
        assert_eq!(answer.status, 400, "{answer}");
    }
    assert_still_answers(&client).await;
}

pub async fn deep_selection_is_refused(t: &TestServer) {
    let client = t.anonymous();
    let nested = |levels: usize| format!("{{ {}id{} }}", "node { ".repeat(levels), " }".repeat(levels));
    assert_too_complex(&client.query(&nested(14)).await);
    let answer = client.query(&nested(13)).await;
    assert!(!answer.error_codes().contains(&TOO_COMPLEX), "14 levels of fields are allowed: {answer}");
    assert_still_answers(&client).await;
}

/// Types have fields, which have types, which have fields: valid, and with each level many times more.
pub async fn nested_introspection_is_refused(t: &TestServer) {
    let client = rolemark_tests::sign_up(t, "Limits").await.client;
    let nested = |levels: usize| {
        let (open, close) = ("type { fields { ".repeat(levels), " } }".repeat(levels));
        format!("{{ __schema {{ types {{ fields {{ {open}name{close} }} }} }} }}")
    };
    assert_too_complex(&client.query(&nested(2)).await);
    let answer = client.query(&nested(1)).await;
    assert_eq!(answer.status, 200, "what tools ask for is allowed: {answer}");
}

pub async fn too_many_aliases_are_refused(t: &TestServer) {
    let client = rolemark_tests::sign_up(t, "Limits").await.client;
    let aliased = |count: usize| {
        let fields: String = (0..count).map(|i| format!("a{i}: name ")).collect();
        format!("{{ __schema {{ queryType {{ {fields} }} }} }}")
    };
    assert_too_complex(&client.query(&aliased(31)).await);
    let answer = client.query(&aliased(30)).await;
    assert_eq!(answer.status, 200, "30 aliases are allowed: {answer}");
}

pub async fn too_many_root_fields_are_refused(t: &TestServer) {
    let client = t.anonymous();
    let fields = |count: usize| -> String { (0..count).map(|i| format!("a{i}: __typename ")).collect() };
    assert_too_complex(&client.query(&format!("{{ {} }}", fields(21))).await);
    let answer = client.query(&format!("{{ {} }}", fields(20))).await;
    assert_eq!(answer.status, 200, "20 root fields are allowed: {answer}");
}

pub async fn document_above_the_limit_is_refused(t: &TestServer) {
    let client = t.anonymous();
    let document = format!("{{ __typename }} # {}", "x".repeat(101 * 1024));
    let answer = client.query(&document).await;
    answer.assert_refused(413, TOO_COMPLEX);
    assert_still_answers(&client).await;
}

/// Roles with their versions, and those with their tasks: a fresh organization has none, so only the document counts.
fn versions_of_roles(first_roles: &str, first_versions: &str) -> String {
    format!(
        "roleConfigurations(first: {first_roles}) {{ nodes {{
            versions(first: {first_versions}) {{ nodes {{ tasks {{ title }} }} }} }} }}"
    )
}

fn in_organization(person: &SignedIn, selection: &str) -> String {
    format!("organization(id: \"{}\") {{ {selection} }}", person.organization_id)
}

pub async fn lists_cost_by_their_page_size(t: &TestServer) {
    let person = rolemark_tests::sign_up(t, "Cost").await;
    for (roles, versions, is_allowed) in
        [("100", "100", false), ("50", "50", false), ("100", "10", true), ("10", "100", true), ("25", "25", true)]
    {
        let document = format!("{{ {} }}", in_organization(&person, &versions_of_roles(roles, versions)));
        assert_cost(&person.client.query(&document).await, is_allowed);
        let selection = versions_of_roles("$roles", "$versions");
        let document = format!("query($roles: Int, $versions: Int = 1) {{ {} }}", in_organization(&person, &selection));
        let [roles, versions]: [u32; 2] = [roles, versions].map(|text| text.parse().expect("a number"));
        let variables = json!({ "roles": roles, "versions": versions });
        assert_cost(&person.client.graphql(&document, variables).await, is_allowed);
    }
    assert_still_answers(&person.client).await;
}

/// Aliases and fragments are as dear as what they stand for.
pub async fn costs_add_up_however_they_are_written(t: &TestServer) {
    let person = rolemark_tests::sign_up(t, "Cost").await;
    // 100 roles with 10 versions each: more than half of what a document may cost, less than all of it.
    let page = in_organization(&person, &versions_of_roles("100", "10"));
    assert_cost(&person.client.query(&format!("{{ {page} }}")).await, true);
    let fragment = format!("fragment f on Query {{ {page} }}");
    for twice in [
        format!("{{ a: {page} b: {page} }}"),
        format!("{{ a: {page} ... on Query {{ b: {page} }} }}"),
        format!("{{ ...f c: {page} }} {fragment}"),
        format!(
            "{{ a: {organization} b: {organization} }} fragment f on Organization {{ {roles} }}",
            organization = in_organization(&person, "...f"),
            roles = versions_of_roles("100", "10"),
        ),
        format!("{{ {} }}", in_organization(&person, &format!("a: {0} b: {0}", versions_of_roles("100", "10")))),
    ] {
        assert_cost(&person.client.query(&twice).await, false);
    }
    // One operation runs, and one is paid for.
    let body = json!({ "query": format!("query A {{ {page} }} query B {{ {page} }}"), "operationName": "B" });
    assert_cost(&person.client.post_graphql(GRAPHQL_RESPONSE, &body).await, true);
}

pub async fn batches_do_not_share_the_cost(t: &TestServer) {
    let person = rolemark_tests::sign_up(t, "Cost").await;
    let operation = json!({ "query": format!("{{ {} }}", in_organization(&person, "name")) });
    for batch in [json!([operation]), json!([operation, operation]), json!([])] {
        person.client.post_graphql(GRAPHQL_RESPONSE, &batch).await.assert_refused(400, "BAD_USER_INPUT");
    }
}

#[track_caller]
fn assert_cost(answer: &Answer, is_allowed: bool) {
    if is_allowed {
        assert_eq!(answer.status, 200, "{answer}");
        return;
    }
    assert_too_complex(answer);
    assert!(answer.text().contains("Cost in points"), "refused for something else: {answer}");
}

#[track_caller]
fn assert_too_complex(answer: &Answer) {
    answer.assert_refused(400, TOO_COMPLEX);
}
