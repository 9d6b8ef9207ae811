//! What was sent to former releases.

use rolemark_tests::{Result, TestServer, sign_up};
use serde_json::{Value, json};

use super::{Contributor, segment};
use crate::direct::Direct;
use crate::ids::{Parts, random_uuid};
use crate::lifecycle::access::days_from_now;
use crate::steps::{node, texts};

/// What was sent, as a receipt keeps it.
pub(crate) fn payload() -> Value {
    json!({
        "segment": { "industry": "FINANCE", "sizeBand": "FROM_20_TO_99", "region": "WESTERN_EUROPE" },
        "rows": [
            { "key": "rolemark:recruiter", "kind": "ROLE", "headsMilli": 4_500, "score": 42_125, "ratio": -2_000,
              "mix": [400_000, 100_000, 250_000, 250_000],
              "tasks": [{ "key": "a-task", "stage": "HUMAN" }, { "key": "another-task", "stage": null }],
              "skills": [{ "key": "rolemark:held", "isHeld": true }, { "key": "rolemark:missing", "isHeld": false }] },
            { "key": "rolemark:platform-engineer", "kind": "COMBINATION", "headsMilli": 9_000, "score": 0, "ratio": 0,
              "mix": [0, 0, 0, 0], "tasks": [], "skills": [{ "key": "combined", "isHeld": true }] },
        ],
    })
}

pub async fn receipts_are_read_back(t: &TestServer) -> Result<()> {
    let contributor = Contributor::create(t).await?;
    let mut database = Direct::superuser(t).await?;
    let org = database.uuid(contributor.uuid());
    for (key, days) in [("2025-Q4", -300), ("2026-Q1", -200), ("2026-Q2", -100)] {
        let (id, sent) = (database.uuid(random_uuid()), days_from_now(&database, days));
        let sql = format!(
            "INSERT INTO benchmark_receipt (org_id, id, release_key, sent_at, payload)
             VALUES ({org}, {id}, '{key}', {sent}, '{}')",
            payload()
        );
        assert_eq!(database.execute(sql).await?, 1);
    }
    let part = contributor.part("receipts { nodes { id releaseKey } pageInfo { hasNextPage } }").await;
    assert_eq!(texts(&part["receipts"]["nodes"], "releaseKey"), ["2026-Q2", "2026-Q1", "2025-Q4"]);
    let first =
        contributor.part("receipts(first: 2) { nodes { releaseKey } pageInfo { endCursor hasNextPage } }").await;
    let (keys, info) = (texts(&first["receipts"]["nodes"], "releaseKey"), &first["receipts"]["pageInfo"]);
    assert_eq!((keys, &info["hasNextPage"]), (vec!["2026-Q2".to_owned(), "2026-Q1".to_owned()], &json!(true)));
    let rest = format!("receipts(first: 2, after: {}) {{ nodes {{ releaseKey }} }}", info["endCursor"]);
    assert_eq!(texts(&contributor.part(&rest).await["receipts"]["nodes"], "releaseKey"), ["2025-Q4"]);
    let id = part["receipts"]["nodes"][0]["id"].as_str().unwrap_or_default();
    assert_eq!(Parts::of(id).tag, "benchmarkreceipt");
    let selection = "releaseKey contribution { segment { industry sizeBand region }
        roles { canonicalRoleKey title headcount aiImpactScore stageMix { timeShare } tasks { canonicalTaskKey stage }
            skills missingSkills headcountRatio } combinations { combinationKey isRun } }";
    let receipt = node(&contributor.admin.client, id, "BenchmarkReceipt", selection).await;
    let sent = &receipt["contribution"];
    assert_eq!(sent["segment"], segment("FINANCE"));
    assert_eq!(sent["roles"][0]["title"], "Recruiter");
    assert_eq!((&sent["roles"][0]["headcount"], &sent["roles"][0]["aiImpactScore"]), (&json!(4.5), &json!(42.125)));
    assert_eq!(sent["roles"][0]["headcountRatio"], json!(0.25));
    assert_eq!(sent["roles"][0]["tasks"][1], json!({ "canonicalTaskKey": "another-task", "stage": null }));
    let (held, missing) = (&sent["roles"][0]["skills"], &sent["roles"][0]["missingSkills"]);
    assert_eq!((held, missing), (&json!(["rolemark:held"]), &json!(["rolemark:missing"])));
    assert_eq!(sent["combinations"], json!([{ "combinationKey": "rolemark:platform-engineer", "isRun": true }]));
    let stranger = sign_up(t, "Stranger").await;
    assert_eq!(node(&stranger.client, id, "BenchmarkReceipt", "releaseKey").await, Value::Null);
    Ok(())
}
