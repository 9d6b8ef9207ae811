//! The four levels, what each count shows, fallbacks, and what is withheld.

use rolemark_tests::{Result, TestServer, sign_up};
use serde_json::{Value, json};

use super::world::{ALL, CELL, Group, INDUSTRY, INDUSTRY_SIZE, REGION, ROLE, World, figures, question, read};

pub async fn every_level_is_read(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.publish_all_levels(&World::strangers(12)).await?;
    let reader = world.verified("Northwind").await?;
    for (group, level, mean) in
        [(ALL, "ALL", 50), (INDUSTRY, "INDUSTRY", 55), (INDUSTRY_SIZE, "INDUSTRY_BY_SIZE", 60), (REGION, "REGION", 65)]
    {
        let cell = read(&reader.client, group).await;
        assert_eq!(cell["requestedSegment"]["level"], level, "{cell}");
        assert_eq!(cell["servedSegment"], cell["requestedSegment"]);
        assert_eq!((&cell["isFallback"], &cell["withheld"]), (&json!(false), &Value::Null), "{cell}");
        assert_eq!(cell["aiImpactScore"]["mean"].as_f64(), Some(f64::from(mean)), "{cell}");
        assert_eq!((&cell["asOf"], &cell["release"]["key"]), (&json!("2026-Q3"), &json!("2026-Q3")));
        assert_eq!((&cell["source"], &cell["isSynthetic"]), (&json!("SYNTHETIC_WORLD"), &json!(true)));
        assert_eq!(cell["includesYou"], false);
    }
    let nothing = "{ roleBenchmark(role: \"rolemark:no-such-role\") { isFallback } }";
    assert_eq!(reader.client.query(nothing).await.data(), &json!({ "roleBenchmark": null }));
    // Without a segment it is that of all; and beside the canonical role it is the same.
    let query = format!(
        "{{ roleBenchmark(role: \"{ROLE}\") {{ {CELL} }} canonicalRole(key: \"{ROLE}\") {{ benchmark {{ {CELL} }} }} }}"
    );
    let answer = reader.client.query(&query).await;
    assert_eq!(answer.at("roleBenchmark"), answer.at("canonicalRole.benchmark"));
    assert_eq!(answer.at("roleBenchmark.requestedSegment.level"), "ALL");
    world.server.stop().await;
    Ok(())
}

pub async fn detail_grows_with_the_count(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.release("2026-Q3", 1).await?;
    let roles =
        ["rolemark:backend-engineer", "rolemark:frontend-engineer", "rolemark:data-engineer", "rolemark:data-analyst"];
    let counts = [12, 22, 40, 150];
    for (role, count) in roles.into_iter().zip(counts) {
        let number = world.contribute(1, &World::strangers(0)).await?;
        world.cell(("2026-Q3", 1), (role, number), ALL, (count, figures(count, 50))).await?;
    }
    let reader = sign_up(&world.server, "Northwind").await;
    let mut shown = Vec::new();
    for role in roles {
        let answer = reader.client.query(&question(role, ALL)).await;
        let cell = answer.at("roleBenchmark").clone();
        let parts = ["stageMix", "tasks", "skills", "headcountRatio"].map(|part| !cell[part].is_null());
        shown.push((cell["contributors"].clone(), !cell["aiImpactScore"]["p10"].is_null(), parts));
    }
    let band = |from, to| json!({ "from": from, "to": to });
    let expected = [
        (band(10, 24), false, [false; 4]),
        (band(10, 24), false, [true, false, false, false]),
        (band(25, 49), false, [true; 4]),
        (band(100, 249), true, [true; 4]),
    ];
    assert_eq!(shown, expected);
    world.server.stop().await;
    Ok(())
}

pub async fn a_fallback_is_labelled(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.release("2026-Q3", 1).await?;
    let role = world.contribute(1, &World::strangers(12)).await?;
    for (group, mean) in [(ALL, 50), (INDUSTRY, 55)] {
        world.cell(("2026-Q3", 1), (ROLE, role), group, (12, figures(12, mean))).await?;
    }
    let reader = world.verified("Northwind").await?;
    let finance = Group("", 0, "{ industryBySize: { industry: FINANCE, sizeBand: FROM_10000 } }");
    for (group, requested, served, mean) in [
        (INDUSTRY_SIZE, "INDUSTRY_BY_SIZE", "INDUSTRY", 55.0),
        (finance, "INDUSTRY_BY_SIZE", "ALL", 50.0),
        (REGION, "REGION", "ALL", 50.0),
    ] {
        let cell = read(&reader.client, group).await;
        let levels = (&cell["requestedSegment"]["level"], &cell["servedSegment"]["level"]);
        assert_eq!(levels, (&json!(requested), &json!(served)), "{cell}");
        assert_eq!((&cell["isFallback"], &cell["withheld"]), (&json!(true), &json!("WITHHELD")), "{cell}");
        assert_eq!(cell["aiImpactScore"]["mean"], mean, "{cell}");
    }
    world.server.stop().await;
    Ok(())
}

/// A cell that was not published, and one that this viewer may not see: the same bytes, with and without a fallback.
pub async fn withheld_has_one_answer(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.release("2026-Q3", 1).await?;
    let (viewer, clients) = super::gate::firm_with_clients(&mut world, 5).await?;
    let mut contributors = World::strangers(5);
    contributors.extend(clients.iter().map(super::world::contributor));
    let gated = world.contribute(1, &contributors).await?;
    for group in [ALL, INDUSTRY, INDUSTRY_SIZE, REGION] {
        world.cell(("2026-Q3", 1), (ROLE, gated), group, (10, figures(10, 50))).await?;
    }
    // Of another role all is shown to the viewer, the rest is gated; of a third, there is nothing but all.
    let half = "rolemark:frontend-engineer";
    let only_all = "rolemark:data-engineer";
    let many = [contributors, World::strangers(30)].concat();
    let wide = world.contribute(1, &many).await?;
    for role in [half, only_all] {
        world.cell(("2026-Q3", 1), (role, wide), ALL, (many.len(), figures(40, 50))).await?;
    }
    for group in [INDUSTRY, INDUSTRY_SIZE, REGION] {
        world.cell(("2026-Q3", 1), (half, gated), group, (10, figures(10, 70))).await?;
    }
    let absent = "rolemark:data-analyst";
    for group in [ALL, INDUSTRY, INDUSTRY_SIZE, REGION] {
        for (one, other) in [(ROLE, absent), (half, only_all)] {
            let (one, other) = (question(one, group), question(other, group));
            let (one, other) = (viewer.client.query(&one).await, viewer.client.query(&other).await);
            assert_eq!(one.text(), other.text(), "{}", group.0);
        }
        let withheld = viewer.client.query(&question(ROLE, group)).await;
        assert_eq!(withheld.at("roleBenchmark.withheld"), "WITHHELD", "{withheld}");
        assert!(withheld.at("roleBenchmark.servedSegment").is_null(), "{withheld}");
    }
    let fallback = viewer.client.query(&question(half, INDUSTRY)).await;
    assert_eq!(fallback.at("roleBenchmark.servedSegment.level"), "ALL", "{fallback}");
    world.server.stop().await;
    Ok(())
}
