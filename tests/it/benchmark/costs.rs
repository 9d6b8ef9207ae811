//! What reading costs, and that it says the same each time.

use std::collections::BTreeSet;

use rolemark_tests::{Client, Result, TestServer, sign_in};
use serde_json::{Value, json};

use super::world::{ALL, CELL, INDUSTRY, REGION, ROLE, World};
use crate::steps::create_all;

/// Statements of a page of roles with their benchmarks: one to bind, the page, the segment, the releases (two), the cells,
/// and the gate; when all of it is in memory the releases and the cells are not asked for.
const PAGE_MAXIMUM: u64 = 5;

/// The statements of a query: the least of several, because who is asking, and which releases and editions there are, is
/// looked up again every second or two.
async fn cost(world: &World, client: &Client, query: &str) -> u64 {
    let mut least = u64::MAX;
    for _ in 0..8 {
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

/// Roles whose cells are published, and roles of which there are none.
const SHOWN: [&str; 4] = [ROLE, "rolemark:frontend-engineer", "rolemark:data-engineer", "rolemark:mobile-engineer"];
const WITHHELD: [&str; 4] = [
    "rolemark:data-analyst",
    "rolemark:data-scientist",
    "rolemark:security-engineer",
    "rolemark:site-reliability-engineer",
];

/// The first time and later, a cell that is withheld costs the statements of one that is shown.
pub async fn withheld_costs_what_is_shown(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.publish_all_levels(&World::strangers(12)).await?;
    world.release("2026-Q4", 2).await?;
    for role in &SHOWN[1..] {
        for group in [ALL, INDUSTRY, REGION] {
            let version = world.version_of(("2026-Q3", ROLE, group.0)).await?;
            world.show(("2026-Q3", role, group.0), version).await?;
        }
    }
    let reader = world.verified("Northwind").await?;
    let trend = "trend(since: \"2026-Q3\") { differencePoints }";
    for (group, release, trend) in
        [(ALL, "2026-Q3", ""), (INDUSTRY, "2026-Q3", ""), (REGION, "2026-Q3", ""), (ALL, "2026-Q4", trend)]
    {
        let mut costs = Vec::new();
        for roles in [SHOWN, WITHHELD] {
            let query = |role| {
                let cell = format!("role: \"{role}\", release: \"{release}\", segment: {}", group.2);
                format!("{{ roleBenchmark({cell}) {{ {CELL} {trend} }} }}")
            };
            // The first time is once for each role only; the least of several, as above.
            let (mut first, mut later) = (u64::MAX, u64::MAX);
            for role in roles {
                // So that releases, the role and the caller are in memory.
                let warm = format!("{{ benchmarkReleases {{ key }} canonicalRole(key: \"{role}\") {{ title }} }}");
                assert!(reader.client.query(&warm).await.data().is_object());
                let before = world.server.statements().await;
                assert!(reader.client.query(&query(role)).await.data().is_object());
                first = first.min(world.server.statements().await - before);
                later = later.min(cost(&world, &reader.client, &query(role)).await);
            }
            costs.push((first, later));
        }
        println!("{}: statements, the first time and later, when shown and when withheld: {costs:?}", t.backend());
        assert_eq!(costs[0], costs[1], "{} {trend}", group.0);
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
