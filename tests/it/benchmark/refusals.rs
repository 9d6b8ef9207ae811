//! Who may not read, and what may not be asked.

use rolemark_tests::{Result, TestServer, sign_up};
use serde_json::json;

use super::world::{ALL, INDUSTRY, INDUSTRY_SIZE, REGION, ROLE, World, question};

pub async fn only_the_verified_see_segments(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.publish_all_levels(&World::strangers(12)).await?;
    let reader = sign_up(&world.server, "Northwind").await;
    let all = reader.client.query(&question(ROLE, ALL)).await;
    assert!(all.at("roleBenchmark.withheld").is_null(), "{all}");
    for role in [ROLE, "rolemark:data-analyst"] {
        for group in [INDUSTRY, INDUSTRY_SIZE, REGION] {
            let answer = reader.client.query(&question(role, group)).await;
            assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
            assert!(answer.text().contains("verified"), "{answer}");
            assert!(answer.body["data"]["roleBenchmark"].is_null(), "{answer}");
        }
    }
    world.verify(&reader).await?;
    let answer = reader.client.query(&question(ROLE, INDUSTRY)).await;
    assert!(answer.at("roleBenchmark.withheld").is_null(), "{answer}");
    world.direct.execute("UPDATE organization_verification SET ended_at = verified_at").await?;
    let answer = reader.client.query(&question(ROLE, INDUSTRY)).await;
    assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
    world.server.stop().await;
    Ok(())
}

pub async fn only_benchmark_keys_read(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.publish_all_levels(&World::strangers(12)).await?;
    let owner = world.verified("Northwind").await?;
    let questions = [
        question(ROLE, ALL),
        "{ benchmarkReleases { key } }".to_owned(),
        "{ benchmarkRelease(key: \"2026-Q3\") { key } }".to_owned(),
        "{ libraryCombinations { key benchmark { share } } }".to_owned(),
    ];
    for (scope, code) in [("READ_BENCHMARK", ""), ("READ_ROLES", "FORBIDDEN")] {
        let key = world.direct.add_api_key(&owner, &[scope], &[]).await?;
        let program = world.server.anonymous().with_token(&key);
        for question in &questions {
            let answer = program.query(question).await;
            assert_eq!(answer.error_codes().first().copied().unwrap_or_default(), code, "{scope}: {answer}");
        }
    }
    for question in &questions {
        let answer = world.server.anonymous().query(question).await;
        assert_eq!(answer.error_code(), "UNAUTHENTICATED", "{answer}");
    }
    world.server.stop().await;
    Ok(())
}

/// Role, segment and release, and nothing else; and of a segment exactly one.
pub async fn there_are_no_other_filters(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.publish_all_levels(&World::strangers(12)).await?;
    let reader = world.verified("Northwind").await?;
    let introspection = "{ __type(name: \"Query\") { fields { name args { name } } } }";
    let answer = reader.client.query(introspection).await;
    let fields = answer.at("__type.fields").as_array().cloned().unwrap_or_default();
    let field = fields.iter().find(|field| field["name"] == "roleBenchmark").cloned().unwrap_or_default();
    assert_eq!(field["args"], json!([{ "name": "role" }, { "name": "segment" }, { "name": "release" }]));
    for segment in [
        "{ industry: INFORMATION, region: WESTERN_EUROPE }",
        "{ region: WESTERN_EUROPE, all: true }",
        "{ industryBySize: { industry: INFORMATION } }",
        "{ industryBySize: { industry: INFORMATION, sizeBand: FROM_20_TO_99, region: WESTERN_EUROPE } }",
        "{ sizeBand: FROM_20_TO_99 }",
        "{ organizations: [\"a\", \"b\"] }",
        "{}",
    ] {
        let query = format!("{{ roleBenchmark(role: \"{ROLE}\", segment: {segment}) {{ withheld }} }}");
        reader.client.query(&query).await.assert_refused(400, "GRAPHQL_VALIDATION_FAILED");
    }
    for argument in ["minimum: 3", "organizations: []", "filter: {}", "excludeOwn: true", "first: 3"] {
        let query = format!("{{ roleBenchmark(role: \"{ROLE}\", {argument}) {{ withheld }} }}");
        reader.client.query(&query).await.assert_refused(400, "GRAPHQL_VALIDATION_FAILED");
    }
    for field in ["totalCount", "minimum", "maximum", "count", "contributorCount", "reason"] {
        let query = format!("{{ roleBenchmark(role: \"{ROLE}\") {{ {field} }} }}");
        reader.client.query(&query).await.assert_refused(400, "GRAPHQL_VALIDATION_FAILED");
    }
    let document =
        "query($s: BenchmarkSegmentInput) { roleBenchmark(role: \"rolemark:backend-engineer\", segment: $s) {
        withheld } }";
    let two = json!({ "s": { "industry": "INFORMATION", "region": "WESTERN_EUROPE" } });
    let answer = reader.client.graphql(document, two).await;
    assert!(!answer.error_code().is_empty() && answer.error_code() != "INTERNAL_SERVER_ERROR", "{answer}");
    for bad in ["role: \"no key\"", "role: \"rolemark:x\", segment: { all: false }"] {
        let answer = reader.client.query(&format!("{{ roleBenchmark({bad}) {{ withheld }} }}")).await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{answer}");
    }
    world.server.stop().await;
    Ok(())
}
