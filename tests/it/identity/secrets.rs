//! What is secret stays with who sent it: no answer repeats it, and least of all an error.

use rolemark_tests::{TestServer, client::GRAPHQL_RESPONSE, sign_up, unique};
use serde_json::{Value, json};

const SIGN_UP: &str = "mutation($input: SignUpInput!) { signUp(input: $input) { userErrors { code field message } } }";
const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code field message } } }";
const REFRESH: &str =
    "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { userErrors { code message } } }";
const RESET: &str =
    "mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { userErrors { code field message } } }";
const CHANGE: &str =
    "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { userErrors { code field message } } }";

pub async fn secrets_are_in_no_answer(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let canary = unique("canarysecret");
    let inputs = [
        (SIGN_UP, json!({ "email": person.email, "password": canary, "name": "A", "organizationName": "B" })),
        (SIGN_UP, json!({ "email": "x", "password": canary, "name": "", "organizationName": "" })),
        (SIGN_UP, json!({ "email": "x", "password": canary.repeat(20), "name": "A", "organizationName": "B" })),
        (SIGN_UP, json!({ "email": 1, "password": canary, "name": "A", "organizationName": "B" })),
        (SIGN_IN, json!({ "email": person.email, "password": canary })),
        (SIGN_IN, json!({ "email": person.email, "passwort": canary })),
        (REFRESH, json!({ "refreshToken": canary })),
        (RESET, json!({ "token": canary, "newPassword": canary })),
        (RESET, json!({ "token": 1, "newPassword": canary })),
    ];
    for (document, input) in inputs {
        assert_not_repeated(t, document, input, &canary).await;
    }
    for (current, new) in [(canary.clone(), canary.clone()), (person.password.clone(), canary[..11].to_owned())] {
        let input = json!({ "currentPassword": current, "newPassword": new });
        let answer = person.client.graphql(CHANGE, json!({ "input": input })).await;
        assert!(!answer.user_error_codes("changePassword").is_empty(), "{answer}");
        assert!(!answer.text().contains(&current) && !answer.text().contains(&new), "{answer}");
    }
    let documents = [
        format!("mutation {{ signIn(input: {{ email: 1, password: \"{canary}\" }}) {{ userErrors {{ code }} }} }}"),
        format!("mutation {{ signIn(input: {{ email: \"a\", password: {canary} }}) {{ userErrors {{ code }} }} }}"),
        format!("mutation {{ signIn(input: {{ email: \"a\", password: \"{canary}\" }} {{ userErrors {{ code }} }} }}"),
    ];
    for document in documents {
        let answer = t.anonymous().post_graphql(GRAPHQL_RESPONSE, &json!({ "query": document })).await;
        assert_eq!(answer.status, 400, "{answer}");
        assert!(!answer.text().contains(&canary), "the answer repeats a secret: {answer}");
    }
    let answer = person.client.query("{ viewer { name email organizations { nodes { id name } } } }").await;
    for secret in [&person.password, &person.token, &person.refresh_token] {
        assert!(!answer.text().contains(secret.as_str()), "{answer}");
    }
    let answer = t.anonymous().with_token(&canary).query("{ viewer { email } }").await;
    assert_eq!(answer.status, 401, "{answer}");
    assert!(!answer.text().contains(&canary), "the answer repeats a token: {answer}");
}

/// What has the wrong form is refused by the engine, whose messages like to quote it.
pub async fn malformed_secrets_are_in_no_answer(t: &TestServer) {
    let canary = unique("canarysecret");
    let inputs = [
        (SIGN_UP, json!({ "email": "x", "password": [canary], "name": "A", "organizationName": "B" })),
        (SIGN_IN, json!({ "email": "a@example.com", "password": { "is": canary } })),
        (SIGN_IN, json!({ "email": "a@example.com", "password": [canary, 7] })),
        (SIGN_IN, json!([canary])),
        (REFRESH, json!({ "refreshToken": [canary, 7] })),
        (REFRESH, json!(canary)),
        (RESET, json!({ "token": [canary], "newPassword": { "is": canary } })),
        (CHANGE, json!({ "currentPassword": [canary], "newPassword": canary })),
    ];
    for (document, input) in inputs {
        assert_not_repeated(t, document, input, &canary).await;
    }
}

async fn assert_not_repeated(t: &TestServer, document: &str, input: Value, canary: &str) {
    let answer = t.anonymous().graphql(document, json!({ "input": input })).await;
    assert_ne!(answer.body, Value::Null, "{answer}");
    assert!(!answer.text().contains(canary), "the answer to {input} repeats a secret: {answer}");
}
