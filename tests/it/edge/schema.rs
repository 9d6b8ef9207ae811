//! What the server tells about its schema.

use rolemark_tests::{Client, Result, TestServer, sign_up};

const INTROSPECTIONS: [&str; 3] = [
    "{ __schema { queryType { name } } }",
    "{ __type(name: \"Query\") { name } }",
    "{ a: __schema { types { name } } }",
];

async fn assert_told(client: &Client) {
    for query in INTROSPECTIONS {
        let answer = client.query(query).await;
        assert_eq!(answer.status, 200, "{answer}");
        assert!(answer.data().as_object().is_some_and(|data| data.values().all(|told| told.is_object())), "{answer}");
    }
}

async fn assert_not_told(client: &Client) {
    let hidden = "query { ...f } fragment f on Query { __schema { queryType { name } } }";
    for query in INTROSPECTIONS.into_iter().chain([hidden]) {
        client.query(query).await.assert_refused(400, "GRAPHQL_VALIDATION_FAILED");
    }
    assert_eq!(client.query("{ __typename }").await.text_at("__typename"), "Query");
}

pub async fn the_schema_is_told_by_configuration(t: &TestServer) -> Result<()> {
    assert_not_told(&t.anonymous()).await;
    assert_told(&sign_up(t, "Curious").await.client).await;
    let server = TestServer::fresh_with(t.backend(), |config| config.introspection = false).await?;
    assert_not_told(&server.anonymous()).await;
    assert_not_told(&sign_up(&server, "Curious").await.client).await;
    server.stop().await;
    Ok(())
}

/// Whoever misspells a name is not told the right one.
pub async fn errors_suggest_nothing(t: &TestServer) {
    let person = sign_up(t, "Misspelt").await;
    for client in [&t.anonymous(), &person.client] {
        for query in [
            "{ viewr { name } }",
            "{ viewer { nam } }",
            "{ organization(idd: \"x\") { id } }",
            "mutation { signInn(input: {}) { userErrors { code } } }",
            "mutation { signIn(input: { email: \"a\", password: \"b\", nmae: \"c\" }) { userErrors { code } } }",
            "{ node(id: \"x\") { ... on RoleConfiguratio { id } } }",
            "query($a: RoleConfigurationFiltre) { __typename }",
        ] {
            let answer = client.query(query).await;
            assert_eq!(answer.status, 400, "{query}: {answer}");
            let text = answer.text().to_lowercase();
            let known = ["did you mean", "viewer", "\"name\"", "email", "roleconfigurationfilter"];
            let asked = query.to_lowercase();
            let told = known.into_iter().find(|word| text.contains(word) && !asked.contains(word));
            assert_eq!(told, None, "{query}: {answer}");
        }
    }
}
