//! Receipts, and what stays of those who left or were erased.

use std::{sync::Arc, time::Duration};

use domain::ids::OrganizationId;
use serde_json::{Value, json};

use super::world::{Sample, World, organization, release, role, sample, snapshot_at};
use crate::{
    DatabaseUrl, StoreOptions,
    benchmark::{builder::BENCHMARK_FILE, contributing::SentContribution},
    clock::{SystemClock, SystemIds},
    erasure::{Eraser, When},
    identity::ThrottleLimits,
    library::NoProgress,
    operator::Operator,
};

async fn operator(world: &World) -> Operator {
    let url = DatabaseUrl::Sqlite(world.directory().join("rolemark.sqlite"));
    let options = StoreOptions {
        database_url: url.clone(),
        auth_database_url: url,
        benchmark_file: world.directory().join(BENCHMARK_FILE),
        connections: 2,
        acquire_timeout: Duration::from_secs(5),
        statement_timeout: Duration::from_secs(5),
        signing_key_file: world.directory().join("key.pem"),
        issuer: String::new(),
        audience: String::new(),
        concurrent_password_hashes: 1,
        throttle: ThrottleLimits::default(),
        is_sign_up_open: false,
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
    };
    Operator::open(options).await.unwrap()
}

async fn leave(world: &World, number: u128) {
    let sql = "UPDATE benchmark_participation SET left_at = $1 WHERE org_id = $2";
    world.run(sql, [snapshot_at().into(), organization(number).into()]).await;
}

/// A release in a state.
async fn add_release(world: &World, number: i32, state: &str) {
    let sql = format!(
        "INSERT INTO draft_release (key, number, snapshot_at, state, step, policy, policy_hash, is_loosened, is_synthetic,
         code_revision, begun_at) VALUES ('k{number}', {number}, $1, '{state}', 'S', '', '', false, false, '', $1)"
    );
    world.builder.execute(&sql, [snapshot_at().into()]).await.unwrap();
}

#[tokio::test]
async fn each_organization_gets_one_receipt_of_what_it_gave() {
    let world = World::with(2).await;
    world.add_role(1, 10, "test:a", r#"{"title":"Bad","headcount":-5}"#).await;
    world.add_role(1, 11, "test:a", &role("test:d", 2.0, "HUMAN").replace("test:d", "nowhere:x")).await;
    world.add(3, &Sample { roles: Vec::new(), ..sample(3) }).await;
    world.take().await;
    let operator = operator(&world).await;
    let send = || async { world.builder.send_receipts(&operator, &release(1), &NoProgress).await.unwrap() };
    assert_eq!(send().await, 2);
    assert_eq!(send().await, 0, "nobody gets two");
    // Killed after the first one.
    world.run("DELETE FROM benchmark_receipt WHERE org_id = $1", [organization(2).into()]).await;
    assert_eq!(send().await, 1);

    let sql = "SELECT payload FROM benchmark_receipt ORDER BY org_id";
    let payloads = world.texts(sql).await;
    let first: Value = serde_json::from_str(&payloads[0]).unwrap();
    assert_eq!(
        first["segment"],
        json!({ "industry": "INFORMATION", "sizeBand": "FROM_20_TO_99", "region": "WESTERN_EUROPE" })
    );
    let keys: Vec<&str> = first["rows"].as_array().unwrap().iter().map(|row| row["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["test:a", "test:b", "test:c", "test:d", "test:a-and-b"]);
    let row = &first["rows"][0];
    assert_eq!(
        (&row["headsMilli"], &row["score"], &row["mix"]),
        (&json!(10_000), &json!(12_500), &json!([1_000_000, 0, 0, 0]))
    );
    assert_eq!(row["tasks"][0], json!({ "key": "test:a-1", "stage": "HUMAN" }));
    assert_eq!(row["skills"][1], json!({ "key": "test:two", "isHeld": false }));
    let left_out: Vec<&str> =
        first["leftOut"].as_array().unwrap().iter().map(|role| role["why"].as_str().unwrap()).collect();
    assert_eq!(left_out, ["NOT_BENCHMARKED", "IMPOSSIBLE_HEADCOUNT"]);
    let again: SentContribution = serde_json::from_str(&payloads[0]).unwrap();
    assert_eq!(again.rows.len(), 5, "it reads back");
    let entries = "SELECT count(*) FROM audit_event WHERE action = 'benchmark.contribution.sent'";
    assert_eq!(world.count(entries).await, 3);
    // What was counted of an organization that is alone in its group is what its receipt says.
    let counted = "SELECT CAST(ratio AS text) FROM contribution c JOIN tenant_group t ON t.group_hash = c.group_hash
        JOIN axis a ON a.role_number = c.role_number WHERE a.role_key = 'test:a' AND t.tenant_id = X'00000000000000000000000000000001'";
    assert_eq!(world.texts(counted).await, [row["ratio"].to_string()]);
}

#[tokio::test]
async fn only_hashes_stay_of_those_who_left() {
    let world = World::new().await;
    for number in 1..=4 {
        let legal_entity = if number >= 3 { "one owner".to_owned() } else { format!("entity {number}") };
        world.add(number, &Sample { legal_entity, ..sample(number) }).await;
    }
    for number in [1, 2] {
        world.take_number(number).await;
    }
    add_release(&world, 1, "PUBLISHED").await;
    add_release(&world, 2, "DRAFT").await;
    assert_eq!(world.builder.erase_withdrawn().await.unwrap(), 0);
    for number in [2, 3] {
        leave(&world, number).await;
    }
    // The owner of 3 still takes part with 4; the draft is for its next build.
    assert_eq!(world.builder.erase_withdrawn().await.unwrap(), 5);
    let empty = "SELECT count(*) FROM contribution WHERE score IS NULL AND mix_human IS NULL AND tasks IS NULL
        AND skills IS NULL AND ratio IS NULL AND value_hash > 0 AND release_number = 1";
    assert_eq!(world.count(empty).await, 5);
    assert_eq!(world.builder.erase_withdrawn().await.unwrap(), 0);
    leave(&world, 4).await;
    assert_eq!(world.builder.erase_withdrawn().await.unwrap(), 5);
    assert_eq!(world.count("SELECT count(*) FROM contribution WHERE score IS NOT NULL").await, 5 + 15);
}

#[tokio::test]
async fn nothing_stays_of_an_erased_organization_in_the_builders_file() {
    let world = World::with(3).await;
    world.take().await;
    add_release(&world, 1, "AUDITED").await;
    let url = DatabaseUrl::Sqlite(world.directory().join("rolemark.sqlite"));
    let name_of = |organization: OrganizationId| organization.0.to_string();
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let eraser = Eraser::open(&url, world.directory(), clock, ids, name_of).await.unwrap();
    let gone = OrganizationId(organization(2));
    // While the builder writes, the rest waits for the next run.
    let busy = world.builder.begin().await.unwrap();
    crate::benchmark::builder::execute(&busy, "UPDATE control_group SET first_release = 1", []).await.unwrap();
    eraser.erase(gone, When::Now { confirmed: "Organization 2" }).await.unwrap();
    busy.rollback().await.unwrap();
    let unsettled = "SELECT count(*) FROM organization WHERE audit_seq IS NOT NULL AND erased_at IS NULL";
    assert_eq!(world.count(unsettled).await, 1);
    eraser.erase_due().await.unwrap();
    assert_eq!(world.count(unsettled).await, 0);
    for table in ["frozen_segment", "tenant_group"] {
        assert_eq!(world.count(&format!("SELECT count(*) FROM {table}")).await, 2, "{table}");
    }
    for file in [BENCHMARK_FILE, "benchmark.sqlite-wal"] {
        let content = std::fs::read(world.directory().join(file)).unwrap_or_default();
        assert!(!content.windows(16).any(|bytes| bytes == organization(2).as_bytes()), "{file}");
    }
    // Its values go with the next run of the builder.
    assert_eq!(world.builder.erase_withdrawn().await.unwrap(), 5);
}

#[tokio::test]
async fn organizations_are_erased_without_a_benchmark_too() {
    let world = World::with(1).await;
    let empty = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(world.directory().join("rolemark.sqlite"));
    let name_of = |organization: OrganizationId| organization.0.to_string();
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let eraser = Eraser::open(&url, empty.path(), clock, ids, name_of).await.unwrap();
    let confirmed = When::Now { confirmed: "Organization 1" };
    eraser.erase(OrganizationId(organization(1)), confirmed).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM organization WHERE erased_at IS NOT NULL").await, 1);
    assert!(!empty.path().join(BENCHMARK_FILE).exists(), "no file is made");
}
