//! Consultants with clients in common, at once on few connections.

use std::sync::Arc;

use rolemark_tests::{Client, Result, SignedIn, TestServer, sign_in, sign_up};
use serde_json::{Value, json};

use super::{comparing::BACKEND, lend};
use crate::steps::organization;
use crate::tenant::{Tenant, role_input};

const REQUESTS: usize = 24;
const AT_ONCE: usize = 3;

/// A consultant, and which of the three clients it has.
struct Consultant {
    person: SignedIn,
    clients: Vec<usize>,
}

/// Connections are bound to an organization and pooled, callers are remembered, reads are noted: none of it may mix.
pub async fn interleaved_consultants_never_mix(t: &TestServer) -> Result<()> {
    let few = TestServer::fresh_with(t.backend(), |config| {
        config.connections = 2;
        config.acquire_timeout_seconds = 60;
        config.request_timeout_seconds = 60;
    })
    .await?;
    let mut clients = Vec::new();
    for _ in 0..3 {
        clients.push(Tenant::create(&few).await);
    }
    let clients = Arc::new(clients);
    let mut consultants = Vec::new();
    for of in [vec![0, 1], vec![1, 2]] {
        let person = sign_up(&few, "Own").await;
        for index in &of {
            lend(&admin(&few, &clients[*index]).await, &person, json!({ "accessLevel": "WRITE" })).await;
        }
        consultants.push(Arc::new(Consultant { person, clients: of }));
    }
    let before = reads(&few, &clients).await;
    let mut running = tokio::task::JoinSet::new();
    for index in 0..consultants.len() * AT_ONCE {
        let consultant = Arc::clone(&consultants[index % consultants.len()]);
        let session = sign_in(&few, &consultant.person.email, &consultant.person.password).await;
        running.spawn(hammer(few.anonymous().with_token(&session.token), consultant, Arc::clone(&clients), index));
    }
    let mut touched = [0; 3];
    while let Some(finished) = running.join_next().await {
        for (sum, number) in touched.iter_mut().zip(finished?) {
            *sum += number;
        }
    }
    let after = reads(&few, &clients).await;
    let recorded: Vec<u64> = after.iter().zip(&before).map(|(after, before)| after - before).collect();
    assert_eq!(recorded, touched, "every request stands in the log of every client that it read of, and in no other");
    few.stop().await;
    Ok(())
}

/// The client's admin, with the identifier of the organization.
async fn admin(t: &TestServer, tenant: &Tenant) -> SignedIn {
    let admin = sign_in(t, &tenant.email, &tenant.password).await;
    SignedIn { organization_id: tenant.get("organization").to_owned(), ..admin }
}

/// How many entries about reading each client has.
async fn reads(t: &TestServer, clients: &[Tenant]) -> Vec<u64> {
    let mut counts = Vec::new();
    for tenant in clients {
        let selection = "auditEvents(filter: { action: \"organization.read\" }) { totalCount }";
        let answer = organization(&admin(t, tenant).await, selection).await;
        counts.push(answer.at("organization.auditEvents.totalCount").as_u64().unwrap_or_default());
    }
    counts
}

/// Sends requests in turn; how many of them read something of each client.
async fn hammer(client: Client, consultant: Arc<Consultant>, clients: Arc<Vec<Tenant>>, index: usize) -> [u64; 3] {
    let mut touched = [0; 3];
    for number in 0..REQUESTS {
        let at = (number + index) % 4;
        let one = consultant.clients[number % consultant.clients.len()];
        let (document, variables, of) = request(at, one, &consultant, &clients);
        let answer = client.graphql(document, variables).await;
        assert_eq!(answer.status, 200, "{document}: {answer}");
        assert!(answer.body["errors"].is_null(), "{answer}");
        for (index, tenant) in clients.iter().enumerate() {
            let is_told = answer.text().contains(&tenant.mark);
            assert_eq!(is_told, of.contains(&index), "{document} about {}: {answer}", tenant.mark);
        }
        // A write leaves an entry of its own, and reads nothing here.
        for index in of.into_iter().filter(|_| !document.starts_with("mutation")) {
            touched[index] += 1;
        }
    }
    touched
}

/// One client, all of them, all in a table, and a write; each with identifiers of all three.
fn request(at: usize, one: usize, consultant: &Consultant, clients: &[Tenant]) -> (&'static str, Value, Vec<usize>) {
    let all = |word: &str| -> Vec<String> { clients.iter().map(|tenant| tenant.get(word).to_owned()).collect() };
    let id = clients[one].get("organization");
    match at {
        0 => (
            "query($id: ID!) { organization(id: $id) { name roleConfigurations { totalCount nodes { title
                publishedVersion { title } tasks { title } } } scenarios { nodes { name } } } }",
            json!({ "id": id }),
            vec![one],
        ),
        1 => (
            "query($ids: [ID!]!) { nodes(ids: $ids) { ... on RoleConfiguration { title organization { name } } } }",
            json!({ "ids": all("role") }),
            consultant.clients.clone(),
        ),
        2 => (
            "query($input: ClientComparisonInput!) { clientComparison(input: $input) { clients { label }
                rows { cells { label score } } } }",
            json!({ "input": { "canonicalRoleKeys": [BACKEND], "clientIds": all("organization") } }),
            consultant.clients.clone(),
        ),
        _ => {
            let mut role = role_input(&clients[one].mark, "consultant");
            role["externalId"] = Value::Null;
            (
                "mutation($input: CreateRoleConfigurationInput!) { createRoleConfiguration(input: $input) {
                    roleConfiguration { title organization { name } } userErrors { message } } }",
                json!({ "input": { "organizationId": id, "role": role } }),
                vec![one],
            )
        }
    }
}
