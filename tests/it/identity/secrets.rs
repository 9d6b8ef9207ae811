//! What is secret stays with who sent it: no answer repeats it, and least of all an error.

use rolemark_tests::{TestServer, client::GRAPHQL_RESPONSE, sign_up, unique};
use serde_json::{Value, json};

pub async fn secrets_are_in_no_answer(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let canary = unique("canarysecret");
    let sign_up = "mutation($input: SignUpInput!) { signUp(input: $input) { userErrors { code field message } } }";
    let sign_in = "mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code field message } } }";
    let refresh =
        "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { userErrors { code message } } }";
    let inputs = [
        (sign_up, json!({ "email": person.email, "password": canary, "name": "A", "organizationName": "B" })),
        (sign_up, json!({ "email": "x", "password": canary, "name": "", "organizationName": "" })),
        (sign_up, json!({ "email": "x", "password": canary.repeat(20), "name": "A", "organizationName": "B" })),
        (sign_up, json!({ "email": 1, "password": canary, "name": "A", "organizationName": "B" })),
        (sign_up, json!({ "email": "x", "password": [canary], "name": "A", "organizationName": "B" })),
        (sign_in, json!({ "email": person.email, "password": canary })),
        (sign_in, json!({ "email": person.email, "password": { "is": canary } })),
        (sign_in, json!({ "email": person.email, "passwort": canary })),
        (sign_in, json!([canary])),
        (refresh, json!({ "refreshToken": canary })),
        (refresh, json!({ "refreshToken": [canary, 7] })),
        (refresh, json!(canary)),
    ];
    for (document, input) in inputs {
        let answer = t.anonymous().graphql(document, json!({ "input": input })).await;
        assert_ne!(answer.body, Value::Null, "{answer}");
        assert!(!answer.text().contains(&canary), "the answer repeats a secret: {answer}");
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
