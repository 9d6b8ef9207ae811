//! One request is one attempt: aliases and fragments are no way to make many of it.

use rolemark_tests::{Result, TestServer, sign_up};
use serde_json::json;

use super::NEW;

pub async fn one_attempt_for_each_request(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let person = sign_up(&server, "Northwind").await;
    let sign_in = |password: &str| {
        format!(
            "signIn(input: {{ email: \"{}\", password: \"{password}\" }}) {{ userErrors {{ code }} }}",
            person.email
        )
    };
    let (one, two) = (sign_in("not the password"), sign_in(&person.password));
    let change = format!(
        "changePassword(input: {{ currentPassword: \"{}\", newPassword: \"{NEW}\" }}) {{ userErrors {{ code }} }}",
        person.password
    );
    let refresh = "refreshSession(input: { refreshToken: \"A\" }) { userErrors { code } }";
    let request = "requestPasswordReset(input: { email: \"a@example.com\" }) { userErrors { code } }";
    let reset = format!("resetPassword(input: {{ token: \"A\", newPassword: \"{NEW}\" }}) {{ userErrors {{ code }} }}");
    let sign_up = "signUp(input: { email: \"a@example.com\", password: \"correct horse battery\", name: \"A\",
        organizationName: \"B\" }) { userErrors { code } }";
    let hashes = server.password_hashes().await;
    for document in [
        format!("mutation {{ a: {one} b: {two} }}"),
        format!("mutation {{ a: {one} ...more }} fragment more on Mutation {{ b: {two} }}"),
        format!("mutation {{ ...more a: {one} }} fragment more on Mutation {{ ... on Mutation {{ b: {two} }} }}"),
        format!("mutation {{ a: {one} ... @include(if: true) {{ b: {two} }} }}"),
        format!("mutation {{ {change} {one} }}"),
        format!("mutation {{ {refresh} {one} }}"),
        format!("mutation {{ {request} {one} }}"),
        format!("mutation {{ {reset} {one} }}"),
        format!("mutation {{ {sign_up} {one} }}"),
        format!("mutation {{ {one} __typename b: {refresh} }}"),
    ] {
        let answer = person.client.query(&document).await;
        answer.assert_refused(400, "QUERY_TOO_COMPLEX");
        assert!(!answer.text().contains(&person.password), "{answer}");
    }
    assert_eq!(server.password_hashes().await, hashes, "something was tried");
    // Several operations of which one runs, and others beside it.
    let document =
        format!("mutation a {{ {one} }} mutation b {{ {two} endOtherSessions(input: {{}}) {{ endedCount }} }}");
    let body = json!({ "query": document, "operationName": "b" });
    let answer = person.client.post_graphql(rolemark_tests::client::GRAPHQL_RESPONSE, &body).await;
    assert!(answer.user_error_codes("signIn").is_empty(), "{answer}");
    assert_eq!(answer.at("endOtherSessions.endedCount"), 1, "{answer}");
    server.stop().await;
    Ok(())
}
