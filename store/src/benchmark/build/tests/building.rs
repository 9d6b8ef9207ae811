use std::sync::Arc;

use domain::disclosure::Policy;

use super::world::{Given, World, groups, open, options, request};
use crate::{
    benchmark::builder::{Builder, BuilderError},
    library::NoProgress,
};

#[tokio::test]
async fn nine_are_withheld_and_ten_are_shown() {
    let world = World::new().await;
    world.collected(1, "2026-Q3").await;
    for number in 0..=10 {
        world.role(1, number + 1).await;
        world.give(1, number + 1, &groups(0, number as u32, 5)).await;
    }
    let summary = world.build("2026-Q3").await;
    assert_eq!((summary.roles, summary.computed), (11, 11));
    for number in 0..10 {
        assert_eq!(world.all_cell(1, number + 1).await, (false, Some("TOO_FEW".to_owned())), "{number}");
    }
    assert_eq!(world.all_cell(1, 11).await, (true, None));
    // All, the industry, its size and the region have the same ten.
    let of_ten = "SELECT count(*) FROM draft_cell WHERE role_number = 11 AND version_id IS NOT NULL";
    assert_eq!(world.number(of_ten).await, 4);
    assert_eq!(world.number("SELECT count(*) FROM draft_version").await, 1);
    assert_eq!(world.number("SELECT count(*) FROM draft_cell").await, 11 * 129);
}

#[tokio::test]
async fn a_partner_that_sees_too_many_closes_the_cell() {
    let world = World::new().await;
    world.collected(1, "2026-Q3").await;
    world.role(1, 1).await;
    world.give(1, 1, &groups(0, 12, 5)).await;
    let sees = "INSERT INTO partner_group (release_number, partner_number, group_hash)
        SELECT 1, 7, group_hash FROM contribution LIMIT 5";
    world.builder.execute(sees, []).await.unwrap();
    world.build("2026-Q3").await;
    assert_eq!(world.all_cell(1, 1).await, (false, Some("COALITION".to_owned())));
    // Without a change nothing is done; when the partner sees fewer, the role is decided again.
    world.builder.execute("UPDATE draft_release SET step = 'CELLS'", []).await.unwrap();
    assert_eq!(world.build("2026-Q3").await.computed, 0);
    world
        .builder
        .execute("DELETE FROM partner_group WHERE rowid IN (SELECT min(rowid) FROM partner_group)", [])
        .await
        .unwrap();
    world.builder.execute("UPDATE draft_release SET step = 'CELLS'", []).await.unwrap();
    assert_eq!(world.build("2026-Q3").await.computed, 1);
    assert_eq!(world.all_cell(1, 1).await, (true, None));
}

async fn three_roles(world: &World) {
    world.collected(1, "2026-Q3").await;
    for role in 1..=3 {
        world.role(1, role).await;
        for atom in [0, 1, 41, 90] {
            world.give(1, role, &groups(atom as u32 * 1_000, 12 + role as u32 * 9, atom)).await;
        }
    }
}

#[tokio::test]
async fn building_again_and_going_on_give_the_same() {
    let world = World::new().await;
    three_roles(&world).await;
    world.build("2026-Q3").await;
    let root = world.builder.merkle_root(1).await.unwrap();
    // As if it had been killed after the first role, and as if all had to be computed again.
    for undone in ["role_number > 1", "true"] {
        let undo = format!("UPDATE axis SET is_totalled = false, is_done = false WHERE {undone}");
        world.builder.execute(&undo, []).await.unwrap();
        world.builder.execute("UPDATE draft_release SET step = 'CELLS', built_at = NULL", []).await.unwrap();
        let summary = world.build("2026-Q3").await;
        assert_eq!(summary.computed, if undone == "true" { 3 } else { 2 });
        assert_eq!(world.builder.merkle_root(1).await.unwrap(), root);
    }
    assert_eq!(world.audit("2026-Q3").await, root);
}

#[tokio::test]
async fn what_changed_is_added_and_taken_away() {
    let world = World::new().await;
    three_roles(&world).await;
    world.build("2026-Q3").await;
    let before = world.builder.merkle_root(1).await.unwrap();
    // One leaves, one comes, one changes a value and one its atom.
    let left = groups(0, 1, 0)[0];
    let came = Given { group: 77, atom: 90, score: 12_345 };
    let (old, moved) = (groups(1_000, 1, 1)[0], Given { atom: 41, ..groups(1_000, 1, 1)[0] });
    let (was, is) = (groups(41_000, 1, 41)[0], Given { score: 71_000, ..groups(41_000, 1, 41)[0] });
    for (old, new) in [(Some(left), None), (None, Some(came)), (Some(old), Some(moved)), (Some(was), Some(is))] {
        world.replace((1, 2), old, new).await;
    }
    world.builder.execute("UPDATE draft_release SET step = 'CELLS'", []).await.unwrap();
    assert_eq!(world.build("2026-Q3").await.computed, 1);
    let changed = world.builder.merkle_root(1).await.unwrap();
    assert_ne!(changed, before);
    assert_eq!(world.number("SELECT count(*) FROM contribution_change").await, 0);
    world.builder.execute("UPDATE axis SET is_totalled = false, is_done = false", []).await.unwrap();
    world.builder.execute("UPDATE draft_release SET step = 'CELLS'", []).await.unwrap();
    assert_eq!(world.build("2026-Q3").await.computed, 3);
    assert_eq!(world.builder.merkle_root(1).await.unwrap(), changed);
}

#[tokio::test]
async fn those_who_wait_do_not_count() {
    let world = World::new().await;
    world.collected(1, "2026-Q3").await;
    world.role(1, 1).await;
    world.give(1, 1, &groups(0, 10, 5)).await;
    let one = "UPDATE contribution SET is_waiting = true WHERE rowid IN (SELECT min(rowid) FROM contribution)";
    world.builder.execute(one, []).await.unwrap();
    world.build("2026-Q3").await;
    assert_eq!(world.all_cell(1, 1).await, (false, Some("TOO_FEW".to_owned())));
}

#[tokio::test]
async fn quarters_and_clocks_are_checked() {
    let world = World::new().await;
    let refused =
        async |quarter: &str, policy: Policy| match world.builder.build(request(quarter, policy), &NoProgress).await {
            Err(BuilderError::Refused(text)) => text,
            other => panic!("{quarter}: {other:?}"),
        };
    assert!(refused("2026-Q4", Policy::default()).await.contains("has not ended"));
    let loose = Policy { k_min: 5, ..Policy::default() };
    let text = refused("2026-Q3", loose.clone()).await;
    assert!(text.contains("kMin is 5, must be at least 10") && text.contains("unsafePolicy"), "{text}");
    let exact = Policy { unsafe_policy: true, own_noise: 0.0, ..Policy::default() };
    assert!(refused("2026-Q3", exact).await.contains("ownNoise is 0"));
    world.build("2026-Q2").await;
    assert!(refused("2026-Q1", Policy::default()).await.contains("lies before the release 2026-Q2"));
    assert!(refused("2026-Q3", Policy::default()).await.contains("2026-Q2 is a draft still"));
    world.audit("2026-Q2").await;
    assert!(refused("2026-Q2", Policy::default()).await.contains("does not change any more"));
    world.clock.set("2026-10-01");
    assert!(refused("2026-Q3", Policy::default()).await.contains("set the clock right"));
    world.clock.set("2026-10-03");
    let loose = Policy { unsafe_policy: true, ..loose };
    world.builder.build(request("2026-Q3", loose), &NoProgress).await.unwrap();
    assert!(world.builder.release("2026-Q3").await.unwrap().is_loosened);
    let unknown = world.builder.release("2027-Q1").await.unwrap_err().to_string();
    assert!(unknown.contains("no release 2027-Q1") && unknown.contains("2026-Q3"), "{unknown}");
}

#[tokio::test]
async fn one_builder_works_at_a_time() {
    let world = World::new().await;
    let second = open(world.directory.path(), Arc::clone(&world.clock)).await;
    assert!(matches!(second, Err(BuilderError::Busy)));
    world.build("2026-Q3").await;
    let looking = Builder::open_to_look(options(world.directory.path(), Arc::clone(&world.clock))).await.unwrap();
    assert_eq!(looking.show("2026-Q3").await.unwrap().record.release.key, "2026-Q3");
    looking.close().await;
    world.builder.close().await;
    open(world.directory.path(), world.clock).await.unwrap();
}

/// A file of the version before: draws in rows of their own, changes without the hashes of their values.
const OLDER: [&str; 9] = [
    "DROP TABLE builder.cell_noise",
    "DROP TABLE builder.difference_total",
    "ALTER TABLE builder.contribution_change DROP COLUMN value_hash",
    "CREATE TABLE builder.own_noise (release_number integer, role_number integer, peer_group integer, digest text,
        statistic text, draw integer)",
    "INSERT INTO own_noise VALUES (1, 1, 0, 'a-b-c', 'mean', 5), (1, 1, 0, 'a-b-c', 'mix/HUMAN', -3)",
    "UPDATE axis SET is_totalled = true, is_done = true",
    "UPDATE draft_release SET step = 'DONE'",
    "INSERT INTO contribution_change SELECT 1, 1, 2, x'00', 5, 1, 1, 1, 1, 1, 1, '', '', 1, 1, 1",
    "PRAGMA builder.user_version = 1",
];

#[tokio::test]
async fn an_older_file_is_brought_up_to_date() {
    let world = World::new().await;
    world.collected(1, "2026-Q3").await;
    world.role(1, 1).await;
    for statement in OLDER {
        world.builder.execute(statement, []).await.unwrap();
    }
    world.builder.close().await;
    let builder = open(world.directory.path(), Arc::clone(&world.clock)).await.unwrap();
    let texts = async |sql: &str| -> Vec<String> {
        let rows = builder.rows(sql, []).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    };
    assert_eq!(texts("SELECT draws FROM cell_noise").await, [r#"{"mean":5,"mix/HUMAN":-3}"#]);
    assert_eq!(texts("SELECT role_key FROM axis WHERE NOT is_totalled").await, ["r:role-1"], "it is summed up anew");
    let audit = builder.audit("2026-Q3", &NoProgress).await.unwrap_err().to_string();
    assert!(audit.contains("is not complete"), "{audit}");
    assert_eq!(texts("SELECT 'left' FROM contribution_change").await, [""; 0]);
    builder.execute("PRAGMA builder.user_version = 3", []).await.unwrap();
    builder.close().await;
    let newer = open(world.directory.path(), world.clock).await.err().unwrap().to_string();
    assert!(newer.contains("another version"), "{newer}");
}
