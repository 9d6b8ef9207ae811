//! What reading costs the database: statements that do not grow with the rows.

use rolemark_tests::{Backend, Result, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use crate::steps::{Role, create_all, publish};

/// Statements of one organization's page with versions and canonical roles, at most.
const PAGE_MAXIMUM: u64 = 4;
/// Statements of `nodes`, at most.
const NODES_MAXIMUM: u64 = 3;

const ROLE: &str = "id title tasks { key stage quadrant } skills { name trend } careerPathways { target }
    score { value stageMix { stage timeShare } } canonicalRole { key title score { value } }
    publishedVersion { number tasks { key } } comparison { scoreDifference } organization { name }";

/// A server of the case's own with 50 roles, half of them published, linked to ten canonical roles.
async fn full_server(backend: Backend) -> Result<(TestServer, SignedIn, Vec<Role>)> {
    let server = TestServer::fresh(backend).await?;
    let admin = sign_up(&server, "Northwind").await;
    let answer = admin.client.query("{ canonicalRoles(first: 10) { nodes { key } } }").await;
    let keys = answer.at("canonicalRoles.nodes").as_array().cloned().unwrap_or_default();
    let role = |number: usize| -> Value {
        json!({
            "title": format!("Role {number:03}"), "canonicalRoleKey": keys[number % keys.len()]["key"],
            "tasks": (0..12).map(|task| json!({ "title": format!("Task {task}"), "stage": "AI_ASSISTED" })).collect::<Value>(),
            "skills": [{ "name": "One", "trend": "EMERGING" }, { "name": "Two", "trend": "STABLE" }],
            "careerPathways": [{ "target": "Manager", "monthsFrom": 1, "monthsTo": 2 }],
        })
    };
    let roles = create_all(&admin, (0..50).map(role).collect()).await;
    for at in roles.iter().step_by(2) {
        publish(&admin.client, at).await;
    }
    Ok((server, admin, roles))
}

/// The statements of a query: the least of several, because who is asking and which editions there are is looked up
/// again every second or two.
async fn cost(server: &TestServer, admin: &SignedIn, query: &str, entries: usize, path: &str) -> u64 {
    let mut least = u64::MAX;
    for _ in 0..4 {
        let before = server.statements().await;
        let answer = admin.client.query(query).await;
        least = least.min(server.statements().await - before);
        let found = answer.at(path).as_array().cloned().unwrap_or_default();
        assert_eq!(found.len(), entries, "{answer}");
        assert!(found.iter().all(|role| role["tasks"].as_array().is_some_and(|tasks| tasks.len() == 12)), "{answer}");
    }
    least
}

pub async fn pages_of_every_size_cost_the_same(t: &TestServer) -> Result<()> {
    let (server, admin, _) = full_server(t.backend()).await?;
    let mut costs = Vec::new();
    for size in [5, 20, 50] {
        let list = format!("roleConfigurations(first: {size}) {{ totalCount nodes {{ {ROLE} }} }}");
        let query = format!("{{ organization(id: \"{}\") {{ {list} }} }}", admin.organization_id);
        costs.push(cost(&server, &admin, &query, size, "organization.roleConfigurations.nodes").await);
    }
    println!("{}: statements of a page of 5, 20 and 50 roles: {costs:?}", t.backend());
    assert_eq!(costs, [costs[0]; 3], "a page costs the same whatever its size");
    assert!((1..=PAGE_MAXIMUM).contains(&costs[0]), "{costs:?}");
    server.stop().await;
    Ok(())
}

pub async fn nodes_of_every_number_cost_the_same(t: &TestServer) -> Result<()> {
    let (server, admin, roles) = full_server(t.backend()).await?;
    let mut costs = Vec::new();
    for number in [2, 20] {
        let ids: Vec<_> = roles.iter().take(number).map(|role| format!("\"{}\"", role.id)).collect();
        let query = format!("{{ nodes(ids: [{}]) {{ ... on RoleConfiguration {{ {ROLE} }} }} }}", ids.join(", "));
        costs.push(cost(&server, &admin, &query, number, "nodes").await);
    }
    println!("{}: statements of 2 and of 20 nodes: {costs:?}", t.backend());
    assert_eq!(costs, [costs[0]; 2], "nodes cost the same whatever their number");
    assert!((1..=NODES_MAXIMUM).contains(&costs[0]), "{costs:?}");
    server.stop().await;
    Ok(())
}

/// Scenarios ask whether their sources have changed: also once for all of them.
pub async fn scenarios_cost_the_same_however_many(t: &TestServer) -> Result<()> {
    let (server, admin, roles) = full_server(t.backend()).await?;
    for number in 0..12 {
        let sources = json!([
            { "roleConfigurationId": roles[number].id }, { "roleConfigurationId": roles[number + 1].id },
        ]);
        crate::scenarios::save(&admin, &format!("Scenario {number}"), sources).await;
    }
    let mut costs = Vec::new();
    for size in [2, 12] {
        let list = format!(
            "scenarios(first: {size}) {{ nodes {{ hasChangedSources sources {{ hasChanged roleConfiguration {{ title }} }} }} }}"
        );
        let query = format!("{{ organization(id: \"{}\") {{ {list} }} }}", admin.organization_id);
        let mut least = u64::MAX;
        for _ in 0..4 {
            let before = server.statements().await;
            let answer = admin.client.query(&query).await;
            least = least.min(server.statements().await - before);
            assert_eq!(answer.at("organization.scenarios.nodes").as_array().map(Vec::len), Some(size));
        }
        costs.push(least);
    }
    println!("{}: statements of 2 and of 12 scenarios: {costs:?}", t.backend());
    assert_eq!(costs, [costs[0]; 2], "scenarios cost the same whatever their number");
    assert!((1..=PAGE_MAXIMUM).contains(&costs[0]), "{costs:?}");
    server.stop().await;
    Ok(())
}
