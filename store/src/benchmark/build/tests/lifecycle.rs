use super::world::{World, groups};
use crate::benchmark::builder::is_signed;

async fn audited(world: &World) {
    world.collected(1, "2026-Q3").await;
    world.role(1, 1).await;
    world.give(1, 1, &groups(0, 40, 5)).await;
    world.build("2026-Q3").await;
    world.audit("2026-Q3").await;
}

#[tokio::test]
async fn a_release_is_published_after_two_approvals() {
    let world = World::new().await;
    let early = world.builder.approve("2026-Q3", "Ada", &world.key("Ada")).await.unwrap_err();
    assert!(early.to_string().contains("there is no release"), "{early}");
    audited(&world).await;
    let publish = async || world.builder.publish("2026-Q3").await.map_err(|error| error.to_string());
    assert!(publish().await.unwrap_err().contains("may be published on 2026-12-30"));
    world.clock.set("2026-12-30");
    assert!(publish().await.unwrap_err().contains("has that of nobody"));
    let (ada, ben) = (world.key("Ada"), world.key("Ben"));
    world.builder.add_approver("Ada", &ada).await.unwrap();
    let same = world.builder.add_approver("Ada again", &ada).await.unwrap_err().to_string();
    assert!(same.contains("this key is that of Ada"), "{same}");
    let own = world.key("benchmark-key");
    assert!(world.builder.add_approver("Eve", &own).await.unwrap_err().to_string().contains("own key"));
    world.builder.approve("2026-Q3", "Ada", &ada).await.unwrap();
    world.builder.approve("2026-Q3", "Ada", &ada).await.unwrap();
    assert!(publish().await.unwrap_err().contains("has that of Ada"));
    let unknown = world.builder.approve("2026-Q3", "Ben", &ben).await.unwrap_err().to_string();
    assert!(unknown.contains("there is no approver Ben"), "{unknown}");
    world.builder.add_approver("Ben", &ben).await.unwrap();
    let changed = world.builder.approve("2026-Q3", "Ben", &ada).await.unwrap_err().to_string();
    assert!(changed.contains("not the key that Ben was registered with"), "{changed}");
    world.builder.approve("2026-Q3", "Ben", &ben).await.unwrap();
    publish().await.unwrap();
    assert!(publish().await.unwrap_err().contains("published already"));
    for (sql, number) in [
        ("SELECT count(*) FROM benchmark_release WHERE state = 'PUBLISHED'", 1),
        ("SELECT count(*) FROM benchmark_approval", 2),
        ("SELECT count(*) FROM benchmark_cell WHERE peer_group = 'industry-size/AGRICULTURE/FROM_20_TO_99'", 1),
        ("SELECT count(*) FROM benchmark_cell", 4),
        ("SELECT count(*) FROM benchmark_version WHERE peer_group = 'all' AND as_of_release = '2026-Q3'", 1),
        ("SELECT count(*) FROM benchmark_version", 1),
    ] {
        assert_eq!(world.number(sql).await, number, "{sql}");
    }
}

#[tokio::test]
async fn approvals_are_of_this_very_manifest() {
    let world = World::new().await;
    audited(&world).await;
    world.approved("2026-Q3").await;
    world.clock.set("2027-01-01");
    let record = world.builder.release("2026-Q3").await.unwrap();
    let manifest = record.manifest.unwrap();
    let (public_key, signature) = (world.builder.key().public_key(), record.signature.unwrap());
    assert!(is_signed(&public_key, manifest.as_bytes(), &signature));
    for (forged, told) in [
        // Another manifest, signed by nobody.
        ("UPDATE draft_release SET manifest = replace(manifest, '\"withheld\":0', '\"withheld\":1')", "is not signed"),
        // A signature of one approver in the name of another.
        (
            "UPDATE draft_approval SET signature = (SELECT signature FROM draft_approval WHERE approver = 'Ada')",
            "of Ada:",
        ),
        ("UPDATE draft_approval SET manifest_hash = 'aa'", "that of nobody"),
        ("UPDATE approver SET removed_at = added_at WHERE name = 'Ben'", "of Ada:"),
        ("UPDATE draft_cell SET version_id = NULL WHERE peer_group = 1", "the cells are not those"),
        ("UPDATE draft_version SET figures = replace(figures, '2', '3')", "the cells are not those"),
    ] {
        let transaction = world.builder.begin().await.unwrap();
        drop(transaction);
        world.builder.execute("SAVEPOINT before", []).await.unwrap();
        assert!(world.builder.execute(forged, []).await.unwrap() > 0);
        let error = world.builder.publish("2026-Q3").await.unwrap_err().to_string();
        assert!(error.contains(told), "{forged}: {error}");
        world.builder.execute("ROLLBACK TO before", []).await.unwrap();
        world.builder.execute("RELEASE before", []).await.unwrap();
    }
    world.builder.publish("2026-Q3").await.unwrap();
}

#[tokio::test]
async fn what_is_published_stays_but_for_its_retraction() {
    let world = World::new().await;
    audited(&world).await;
    world.approved("2026-Q3").await;
    let not_yet = world.builder.retract("2026-Q3", "a defect").await.unwrap_err().to_string();
    assert!(not_yet.contains("only what is published"), "{not_yet}");
    world.clock.set("2027-01-01");
    world.builder.publish("2026-Q3").await.unwrap();
    for change in [
        "UPDATE benchmark_release SET merkle_root = 'x'",
        "UPDATE benchmark_version SET figures = '{}'",
        "UPDATE benchmark_cell SET peer_group = 'all'",
        "UPDATE benchmark_approval SET approver = 'Eve'",
        "DELETE FROM benchmark_release",
        "DELETE FROM benchmark_version",
        "DELETE FROM benchmark_cell",
        "DELETE FROM benchmark_approval",
    ] {
        let error = world.builder.execute(change, []).await.unwrap_err();
        assert!(format!("{error:?}").contains("does not change"), "{change}: {error:?}");
    }
    assert!(world.builder.retract("2026-Q3", " ").await.is_err());
    world.builder.retract("2026-Q3", "a defect").await.unwrap();
    let again = world.builder.retract("2026-Q3", "a defect").await.unwrap_err().to_string();
    assert!(again.contains("retracted, for good"), "{again}");
    assert_eq!(world.number("SELECT count(*) FROM benchmark_release WHERE state = 'RETRACTED'").await, 1);
    assert!(world.builder.publish("2026-Q3").await.is_err());
}

#[tokio::test]
async fn a_publication_between_two_files_is_taken_up() {
    let world = World::new().await;
    audited(&world).await;
    world.approved("2026-Q3").await;
    world.clock.set("2027-01-01");
    world.builder.publish("2026-Q3").await.unwrap();
    // As if the power had failed before the second file was written.
    world.builder.execute("UPDATE draft_release SET state = 'AUDITED', published_at = NULL", []).await.unwrap();
    world.builder.publish("2026-Q3").await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM benchmark_release").await, 1);
}
