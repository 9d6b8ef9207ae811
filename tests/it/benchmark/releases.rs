//! Releases: how they were made, and what becomes of those that were retracted.

use chrono::Utc;
use rolemark_tests::{Result, TestServer, sign_up};
use serde_json::{Value, json};

use super::world::{ALL, ROLE, World, figures, read};

const RELEASE: &str = "id key state snapshotAt publishedAt isLoosened isSynthetic codeRevision merkleRoot manifest signature
    publicKey policy { version hash document numbers { name value } } approvals { approver publicKey signature approvedAt }
    retraction { retractedAt reason }";

pub async fn releases_tell_how_they_were_made(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    let reader = sign_up(&world.server, "Northwind").await;
    world.release("2026-Q2", 1).await?;
    world.release("2026-Q3", 2).await?;
    let now = world.direct.instant(Utc::now());
    let sql = format!(
        "INSERT INTO benchmark_approval (release_key, approver, public_key, signature, approved_at)
         VALUES ('2026-Q3', 'Ada', 'key of Ada', 'signature of Ada', {now})"
    );
    world.direct.execute(sql).await?;
    let answer = reader.client.query(&format!("{{ benchmarkReleases {{ {RELEASE} }} }}")).await;
    let releases = answer.at("benchmarkReleases").as_array().cloned().unwrap_or_default();
    let keys: Vec<&Value> = releases.iter().map(|release| &release["key"]).collect();
    assert_eq!(keys, ["2026-Q3", "2026-Q2"], "the newest first");
    let newest = &releases[0];
    assert_eq!((&newest["state"], &newest["retraction"]), (&json!("PUBLISHED"), &Value::Null));
    assert_eq!(newest["policy"]["version"], 1);
    let numbers = json!([
        { "name": "bands.0", "value": 10.0 }, { "name": "bands.1", "value": 25.0 }, { "name": "kMin", "value": 10.0 },
    ]);
    assert_eq!(newest["policy"]["numbers"], numbers, "{newest}");
    assert_eq!(newest["approvals"][0]["approver"], "Ada");
    assert_eq!((&newest["merkleRoot"], &newest["manifest"]), (&json!("root"), &json!("manifest")));
    let query = format!(
        "query($id: ID!) {{ benchmarkRelease(key: \"2026-Q3\") {{ {RELEASE} }} none: benchmarkRelease(key: \"2030-Q1\") {{ key }}
           node(id: $id) {{ ... on BenchmarkRelease {{ {RELEASE} }} }} }}"
    );
    let answer = reader.client.graphql(&query, json!({ "id": newest["id"] })).await;
    assert_eq!((answer.at("benchmarkRelease"), answer.at("node"), answer.at("none")), (newest, newest, &Value::Null));
    let bad = reader.client.query("{ benchmarkRelease(key: \"third of 2026\") { key } }").await;
    assert_eq!(bad.error_code(), "BAD_USER_INPUT", "{bad}");
    world.server.stop().await;
    Ok(())
}

pub async fn a_retracted_release_answers_nothing(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    let reader = sign_up(&world.server, "Northwind").await;
    for (number, key, mean) in [(1, "2026-Q2", 40), (2, "2026-Q3", 50)] {
        world.release(key, number).await?;
        let role = world.contribute(number, &World::strangers(12)).await?;
        world.cell((key, number), (ROLE, role), ALL, (12, figures(12, mean))).await?;
    }
    assert_eq!(read(&reader.client, ALL).await["aiImpactScore"]["mean"], 50.0);
    let of = |release: &str| {
        format!(
            "{{ roleBenchmark(role: \"{ROLE}\", release: \"{release}\") {{ release {{ key }} aiImpactScore {{ mean }} }} }}"
        )
    };
    let before = reader.client.query(&of("2026-Q3")).await;
    assert_eq!(before.at("roleBenchmark.aiImpactScore.mean"), 50.0, "{before}");
    let unknown = reader.client.query(&of("2030-Q1")).await;
    assert!(unknown.at("roleBenchmark").is_null(), "{unknown}");
    let bad = reader.client.query(&of("latest")).await;
    assert_eq!(bad.error_code(), "BAD_USER_INPUT", "{bad}");

    let now = world.direct.instant(Utc::now());
    let sql = format!(
        "UPDATE benchmark_release SET state = 'RETRACTED', retracted_at = {now}, retraction = 'A leak' WHERE key = '2026-Q3'"
    );
    world.direct.execute(sql).await?;
    tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
    let refused = reader.client.query(&of("2026-Q3")).await;
    assert_eq!(refused.error_code(), "BAD_USER_INPUT", "{refused}");
    for word in ["2026-Q3", "retracted", "2026-Q2"] {
        assert!(refused.text().contains(word), "{refused}");
    }
    assert!(refused.body["data"]["roleBenchmark"].is_null(), "{refused}");
    // Without a release it is the newest that stands, and it says which one.
    let cell = read(&reader.client, ALL).await;
    assert_eq!((&cell["release"]["key"], &cell["aiImpactScore"]["mean"]), (&json!("2026-Q2"), &json!(40.0)));
    let answer = reader.client.query("{ benchmarkReleases { key state retraction { reason } } }").await;
    let expected = json!({ "key": "2026-Q3", "state": "RETRACTED", "retraction": { "reason": "A leak" } });
    assert_eq!(answer.at("benchmarkReleases.0"), &expected);
    world.server.stop().await;
    Ok(())
}
