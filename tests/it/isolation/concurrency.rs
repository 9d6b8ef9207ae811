//! Two organizations at once on few connections.

use std::sync::Arc;

use rolemark_tests::{Client, Result, TestServer};
use serde_json::{Value, json};

use crate::tenant::Tenant;

const CLIENTS: usize = 4;
const REQUESTS: usize = 38;

/// Connections are bound to an organization and pooled, callers are remembered, loaders batch: none of it may mix.
pub async fn interleaved_requests_never_mix(t: &TestServer) -> Result<()> {
    let few = TestServer::fresh_with(t.backend(), |config| {
        config.connections = 2;
        config.acquire_timeout_seconds = 60;
        config.request_timeout_seconds = 60;
    })
    .await?;
    let tenants = [Arc::new(Tenant::create(&few).await), Arc::new(Tenant::create(&few).await)];
    let mut running = tokio::task::JoinSet::new();
    for index in 0..CLIENTS * 2 {
        let (own, other) = (Arc::clone(&tenants[index % 2]), Arc::clone(&tenants[(index + 1) % 2]));
        // A client of its own has connections of its own.
        let token = few.anonymous();
        let session = rolemark_tests::sign_in(&few, &own.email, &own.password).await;
        running.spawn(hammer(token.with_token(&session.token), own, other, index));
    }
    let mut answers = 0;
    while let Some(finished) = running.join_next().await {
        answers += finished?;
    }
    assert_eq!(answers, CLIENTS * 2 * REQUESTS);
    few.stop().await;
    Ok(())
}

async fn hammer(client: Client, own: Arc<Tenant>, other: Arc<Tenant>, index: usize) -> usize {
    for number in 0..REQUESTS {
        let (document, variables) = request(&own, &other, number + index);
        let answer = client.graphql(document, variables).await;
        assert_eq!(answer.status, 200, "{document}: {answer}");
        assert!(answer.data().is_object());
        let told = answer.text();
        assert!(!told.contains(&other.mark), "{document} of {} told about {}: {answer}", own.mark, other.mark);
        assert!(told.contains(&own.mark), "{document} of {} told nothing: {answer}", own.mark);
    }
    REQUESTS
}

/// Reads, batched reads, reads of others' objects, and writes in turn.
fn request(own: &Tenant, other: &Tenant, number: usize) -> (&'static str, Value) {
    let id = own.get("organization");
    match number % 5 {
        0 => (
            "query($id: ID!) { organization(id: $id) { name roleConfigurations { totalCount nodes { title
                publishedVersion { title } organization { name } tasks { title } } } } }",
            json!({ "id": id }),
        ),
        1 => (
            "query($ids: [ID!]!) { nodes(ids: $ids) { ... on RoleConfiguration { title versions { nodes { note } } }
                ... on RoleVersion { title } ... on Scenario { sources { title roleConfiguration { title } } } } }",
            json!({ "ids": [own.get("role"), other.get("role"), own.get("version"), other.get("version"),
                own.get("scenario"), other.get("scenario"), own.get("otherRole")] }),
        ),
        2 => (
            "query($id: ID!) { viewer { email organizations { nodes { name } } } organization(id: $id) {
                members { nodes { name email } } scenarios { nodes { name description } }
                auditEvents(first: 5) { nodes { details } } } }",
            json!({ "id": id }),
        ),
        3 => (
            "mutation($input: CreateRoleConfigurationInput!) { createRoleConfiguration(input: $input) {
                roleConfiguration { title organization { name } } userErrors { message } } }",
            json!({ "input": { "organizationId": id, "role": { "title": format!("{} more", own.mark) } } }),
        ),
        _ => (
            "query($input: SimulateRoleCombinationInput!) { simulateRoleCombination(input: $input) {
                outcome { roles { title } tasks { title } } userErrors { message } } }",
            json!({ "input": { "organizationId": id, "roles": [{ "roleConfigurationId": own.get("role") },
                { "roleVersionId": own.get("version") }] } }),
        ),
    }
}
