//! How many organizations run a combined role already.

use rolemark_tests::{Result, TestServer};
use serde_json::{Value, json};

use super::world::{ALL, INDUSTRY_SIZE, World, figures};
use crate::steps::{create, mutate, node};

const COMBINATION: &str = "rolemark:platform-engineer";
const FIELDS: &str = "combinationKey requestedSegment { level } servedSegment { level } isFallback withheld asOf
    contributors { from to } includesYou source isSynthetic share marginOfError release { key }";

/// What is published of a combination: one share.
fn share(contributors: usize, share: f64) -> Value {
    let mut figures = figures(contributors, 0);
    for part in ["score", "headcountRatio"] {
        figures[part] = Value::Null;
    }
    for part in ["stageMix", "tasks"] {
        figures[part] = json!([]);
    }
    figures["skills"] = json!([{ "key": "combined", "share": share, "marginOfError": 0.12 }]);
    figures
}

pub async fn combinations_have_a_benchmark(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.release("2026-Q3", 1).await?;
    let number = world.contribute(1, &World::strangers(40)).await?;
    world.cell(("2026-Q3", 1), (COMBINATION, number), ALL, (40, share(40, 0.2))).await?;
    world.cell(("2026-Q3", 1), (COMBINATION, number), INDUSTRY_SIZE, (40, share(40, 0.3))).await?;
    let admin = world.verified("Northwind").await?;
    let answer = admin.client.query(&format!("{{ libraryCombinations {{ key benchmark {{ {FIELDS} }} }} }}")).await;
    let combinations = answer.at("libraryCombinations").as_array().cloned().unwrap_or_default();
    for combination in &combinations {
        let benchmark = &combination["benchmark"];
        assert_eq!(benchmark["combinationKey"], combination["key"]);
        let expected = if combination["key"] == COMBINATION { json!(0.2) } else { Value::Null };
        assert_eq!(benchmark["share"], expected, "{benchmark}");
        assert_eq!(benchmark["withheld"].is_null(), combination["key"] == COMBINATION);
    }
    let backend = json!({ "title": "Backend", "headcount": 4, "canonicalRoleKey": "rolemark:backend-engineer",
        "tasks": [{ "title": "A task", "stage": "HUMAN" }] });
    let backend = create(&admin, backend).await;
    let combined = json!([{ "roleConfigurationId": backend.id }, { "canonicalRoleKey": "rolemark:devops-engineer" }]);
    let other = json!([{ "roleConfigurationId": backend.id }, { "canonicalRoleKey": "rolemark:qa-engineer" }]);
    for (roles, expected) in [(&combined, json!(0.2)), (&other, Value::Null)] {
        let document = format!(
            "query($input: SimulateRoleCombinationInput!) {{ simulateRoleCombination(input: $input) {{
                benchmark {{ {FIELDS} }} userErrors {{ message }} }} }}"
        );
        let input = json!({ "organizationId": admin.organization_id, "roles": roles });
        let answer = admin.client.graphql(&document, json!({ "input": input })).await;
        let found = answer.payload("simulateRoleCombination")["benchmark"]["share"].clone();
        assert_eq!(found, expected, "{answer}");
        let input = json!({ "organizationId": admin.organization_id, "name": "A scenario", "roles": roles });
        let saved = mutate(&admin.client, "createScenario", input, "scenario { id }").await;
        let id = saved.text_at("createScenario.scenario.id").to_owned();
        let fields = format!("own: benchmark {{ {FIELDS} }} all: benchmark(segment: {{ all: true }}) {{ {FIELDS} }}");
        let scenario = node(&admin.client, &id, "Scenario", &fields).await;
        assert_eq!(scenario["all"]["share"], expected, "{scenario}");
        if !expected.is_null() {
            assert_eq!(scenario["own"]["share"], 0.3, "in its own industry and size: {scenario}");
        }
    }
    world.server.stop().await;
    Ok(())
}
