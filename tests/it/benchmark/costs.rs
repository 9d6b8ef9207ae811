//! What reading costs, and that it says the same each time.

use std::collections::BTreeSet;

use rolemark_tests::{Client, Result, TestServer, sign_in};
use serde_json::{Value, json};

use super::world::{ALL, CELL, INDUSTRY, REGION, ROLE, World, question};
use crate::steps::create_all;

/// Statements of a page of roles with their benchmarks: one to bind, the page, the segment, the releases (two), the cells,
/// and the gate; when all of it is in memory the releases and the cells are not asked for.
const PAGE_MAXIMUM: u64 = 5;

/// The statements of a query: the least of several, because who is asking, and which releases and editions there are, is
/// looked up again every second or two.
async fn cost(world: &World, client: &Client, query: &str) -> u64 {
    let mut least = u64::MAX;
    for _ in 0..5 {
        let before = world.server.statements().await;
        assert!(client.query(query).await.data().is_object());
        least = least.min(world.server.statements().await - before);
    }
    least
}

pub async fn a_page_of_benchmarks_costs_the_same_whatever_its_size(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.publish_all_levels(&World::strangers(12)).await?;
    let admin = world.verified("Northwind").await?;
    let answer = admin.client.query("{ canonicalRoles(first: 20) { nodes { key } } }").await;
    let keys = answer.at("canonicalRoles.nodes").as_array().cloned().unwrap_or_default();
    let role = |number: usize| -> Value {
        json!({ "title": format!("Role {number:03}"), "canonicalRoleKey": keys[number % keys.len()]["key"],
            "tasks": [{ "title": "A task", "stage": "HUMAN" }] })
    };
    create_all(&admin, (0..50).map(role).collect()).await;
    let mut costs = Vec::new();
    for size in [1, 20, 50] {
        let own = format!("own: benchmark {{ position benchmark {{ {CELL} }} }}");
        let all = "comparison { benchmark(segment: { all: true }) { position benchmark { withheld } } }";
        let list = format!("roleConfigurations(first: {size}) {{ nodes {{ title {own} {all} }} }}");
        let query = format!("{{ organization(id: \"{}\") {{ {list} }} }}", admin.organization_id);
        let answer = admin.client.query(&query).await;
        let nodes = answer.at("organization.roleConfigurations.nodes").as_array().cloned().unwrap_or_default();
        assert_eq!(nodes.len(), size, "{answer}");
        assert!(nodes.iter().all(|node| node["own"]["benchmark"]["isFallback"].is_boolean()), "{answer}");
        costs.push(cost(&world, &admin.client, &query).await);
    }
    println!("{}: statements of a page of 1, 20 and 50 roles with benchmarks: {costs:?}", t.backend());
    assert_eq!(costs, [costs[0]; 3], "a page costs the same whatever its size");
    assert!((1..=PAGE_MAXIMUM).contains(&costs[0]), "{costs:?}");
    world.server.stop().await;
    Ok(())
}

/// The first time and later, a cell that is withheld costs the statements of one that is shown.
pub async fn withheld_costs_what_is_shown(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.publish_all_levels(&World::strangers(12)).await?;
    let reader = world.verified("Northwind").await?;
    // So that releases, editions and the caller are in memory.
    let warm = question("rolemark:qa-engineer", ALL);
    for (group, trend) in
        [(ALL, ""), (INDUSTRY, ""), (REGION, ""), (ALL, "trend(since: \"2026-Q3\") { differencePoints }")]
    {
        if !trend.is_empty() {
            world.release("2026-Q4", 2).await?;
            tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
        }
        let mut first = Vec::new();
        for role in [ROLE, "rolemark:data-analyst"] {
            let query = format!("{{ roleBenchmark(role: \"{role}\", segment: {}) {{ {CELL} {trend} }} }}", group.2);
            let canonical = format!("{{ canonicalRole(key: \"{role}\") {{ title }} }}");
            assert!(reader.client.query(&canonical).await.data().is_object());
            assert!(reader.client.query(&warm).await.data().is_object());
            let before = world.server.statements().await;
            assert!(reader.client.query(&query).await.data().is_object());
            first.push(world.server.statements().await - before);
            first.push(cost(&world, &reader.client, &query).await);
        }
        println!("{}: statements when shown (first, later) and when withheld: {first:?}", t.backend());
        assert_eq!(first[..2], first[2..], "{} {trend}", group.0);
    }
    world.server.stop().await;
    Ok(())
}

/// However often, by whomever, in however many aliases, and after a restart.
pub async fn one_cell_has_one_answer(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.publish_all_levels(&World::strangers(12)).await?;
    let readers = [world.verified("One").await?, world.verified("Two").await?, world.verified("Three").await?];
    let mut answers: Vec<Value> = Vec::new();
    for reader in &readers {
        for _ in 0..30 {
            answers.push(super::world::read(&reader.client, INDUSTRY).await);
        }
        let segment = INDUSTRY.2;
        let one = |number| format!("c{number}: roleBenchmark(role: \"{ROLE}\", segment: {segment}) {{ {CELL} }} ");
        // As many root fields as there may be.
        let answer = reader.client.query(&format!("{{ {} }}", (0..20).map(one).collect::<String>())).await;
        answers.extend((0..20).map(|number| answer.at(&format!("c{number}")).clone()));
    }
    world.server = world.server.restart_with(|_| ()).await?;
    let reader = sign_in(&world.server, &readers[0].email, &readers[0].password).await;
    answers.push(super::world::read(&reader.client, INDUSTRY).await);
    let bodies: BTreeSet<String> = answers.iter().map(Value::to_string).collect();
    assert_eq!((answers.len(), bodies.len()), (3 * 50 + 1, 1), "{bodies:?}");
    world.server.stop().await;
    Ok(())
}
