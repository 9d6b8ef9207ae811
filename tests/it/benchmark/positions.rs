//! Where a role stands, and how the benchmark moves: from published numbers alone.

use rolemark_tests::{Result, TestServer};
use serde_json::{Value, json};

use super::world::{ALL, CELL, INDUSTRY, INDUSTRY_SIZE, ROLE, World, figures};
use crate::steps::{create, role};

const POSITION: &str =
    "ownScore { value } position differenceFromMean isWithinMargin benchmark { requestedSegment { level }
    servedSegment { level } aiImpactScore { mean marginOfError } }";

fn task(stage: &str) -> Value {
    json!({ "title": format!("Task {stage}"), "stage": stage })
}

pub async fn a_role_has_its_place(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.release("2026-Q3", 1).await?;
    let number = world.contribute(1, &World::strangers(22)).await?;
    // Quartiles 30, 40, 50 at all; only the mean 55 in the industry; 60 of the industry and size.
    world.cell(("2026-Q3", 1), (ROLE, number), ALL, (22, figures(22, 40))).await?;
    world.cell(("2026-Q3", 1), (ROLE, number), INDUSTRY, (22, figures(12, 55))).await?;
    world.cell(("2026-Q3", 1), (ROLE, number), INDUSTRY_SIZE, (22, figures(12, 60))).await?;
    let admin = world.verified("Northwind").await?;
    for (stages, own, at_all, at_industry) in [
        (vec!["HUMAN"], 12.5, "BELOW_P25", "BELOW_MEAN"),
        (vec!["HUMAN", "AT_RISK"], 31.25, "P25_TO_P50", "BELOW_MEAN"),
        (vec!["AT_RISK"], 50.0, "P50_TO_P75", "ABOUT_MEAN"),
        (vec!["AI_ASSISTED"], 75.0, "ABOVE_P75", "ABOVE_MEAN"),
    ] {
        let tasks: Value = stages.iter().map(|stage| task(stage)).collect();
        let made = create(&admin, json!({ "title": "A role", "canonicalRoleKey": ROLE, "tasks": tasks })).await;
        let fields = format!(
            "all: benchmark(segment: {{ all: true }}) {{ {POSITION} }} own: benchmark {{ {POSITION} }}
             industry: benchmark(segment: {{ industry: INFORMATION }}) {{ {POSITION} }}
             comparison {{ benchmark(segment: {{ all: true }}) {{ {POSITION} }} }}"
        );
        let found = role(&admin.client, &made.id, &fields).await;
        assert_eq!(found["all"]["ownScore"]["value"], own, "{found}");
        assert_eq!((&found["all"]["position"], &found["industry"]["position"]), (&json!(at_all), &json!(at_industry)));
        assert_eq!(found["all"]["differenceFromMean"], own - 40.0);
        assert_eq!(found["industry"]["isWithinMargin"], (own - 55.0_f64).abs() <= 6.2);
        assert_eq!(found["own"]["benchmark"]["servedSegment"]["level"], "INDUSTRY_BY_SIZE", "by default its own");
        assert_eq!(found["comparison"]["benchmark"], found["all"]);
    }
    let unlinked = create(&admin, json!({ "title": "A role", "tasks": [task("HUMAN")] })).await;
    assert!(role(&admin.client, &unlinked.id, "benchmark { position }").await["benchmark"].is_null());
    let other = json!({ "title": "A role", "canonicalRoleKey": "rolemark:data-analyst", "tasks": [task("HUMAN")] });
    let other = create(&admin, other).await;
    let fields = format!("benchmark {{ position differenceFromMean isWithinMargin benchmark {{ {CELL} }} }}");
    let withheld = role(&admin.client, &other.id, &fields).await["benchmark"].clone();
    assert_eq!(withheld["benchmark"]["withheld"], "WITHHELD", "{withheld}");
    for part in ["position", "differenceFromMean", "isWithinMargin"] {
        assert!(withheld[part].is_null(), "{withheld}");
    }
    world.server.stop().await;
    Ok(())
}

pub async fn trends_are_differences_of_what_is_shown(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    let (few, carried, many) = ("rolemark:data-analyst", "rolemark:data-engineer", ROLE);
    for (number, key, mean) in [(1, "2026-Q1", 40), (2, "2026-Q2", 43), (3, "2026-Q3", 47)] {
        world.release(key, number).await?;
        let role = world.contribute(number, &World::strangers(1)).await?;
        world.cell((key, number), (many, role), ALL, (120, figures(120, mean))).await?;
        world.cell((key, number), (few, role), ALL, (60, figures(60, mean))).await?;
        if number == 1 {
            let version = world.cell((key, number), (carried, role), ALL, (120, figures(120, mean))).await?;
            world.release("2026-Q4", 4).await?;
            world.show(("2026-Q4", carried, ALL.0), version).await?;
        }
    }
    let reader = world.verified("Northwind").await?;
    let trend = async |role: &str, release: &str, since: &str| {
        let query = format!(
            "{{ roleBenchmark(role: \"{role}\", release: \"{release}\") {{
                aiImpactScore {{ mean }} trend(since: \"{since}\") {{ since {{ key }} differencePoints }} }} }}"
        );
        reader.client.query(&query).await
    };
    for (release, since, difference) in
        [("2026-Q3", "2026-Q2", 4.0), ("2026-Q3", "2026-Q1", 7.0), ("2026-Q2", "2026-Q1", 3.0)]
    {
        let answer = trend(many, release, since).await;
        let expected = json!({ "since": { "key": since }, "differencePoints": difference });
        assert_eq!(answer.at("roleBenchmark.trend"), &expected, "{answer}");
    }
    for (role, release, since) in [
        (few, "2026-Q3", "2026-Q2"),
        (carried, "2026-Q4", "2026-Q1"),
        (many, "2026-Q4", "2026-Q3"),
        (many, "2026-Q3", "2019-Q1"),
    ] {
        let answer = trend(role, release, since).await;
        assert!(answer.at("roleBenchmark.trend").is_null(), "{answer}");
    }
    for (since, code) in [("2026-Q3", "BAD_USER_INPUT"), ("2026-Q4", "BAD_USER_INPUT"), ("never", "BAD_USER_INPUT")] {
        assert_eq!(trend(many, "2026-Q3", since).await.error_code(), code, "{since}");
    }
    world.server.stop().await;
    Ok(())
}
