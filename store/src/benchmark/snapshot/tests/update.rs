//! A draft that is built again: the same as if it were built for the first time, and the sums can follow.

use std::collections::BTreeSet;

use domain::disclosure::Policy;

use super::world::{Sample, World, months_ago, organization, release, sample, snapshot_at};
use crate::{benchmark::snapshot::SnapshotSummary, library::NoProgress};

const VALUES: &str = "role_number, hex(group_hash), atom, score, ratio, mix_human, mix_at_risk, mix_ai_assisted, \
     mix_automated, tasks, skills, digest_1, digest_2, digest_3";

async fn update(world: &World, number: i32) -> SnapshotSummary {
    let (release, policy) = (release(number), Policy::default());
    world.builder.update_snapshot(&release, &policy, &NoProgress).await.unwrap()
}

/// The contributions that are counted.
async fn counted(world: &World, number: i32) -> BTreeSet<String> {
    let sql =
        format!("SELECT concat_ws(' ', {VALUES}) FROM contribution WHERE release_number = {number} AND NOT is_waiting");
    world.texts(&sql).await.into_iter().collect()
}

/// What was counted, after the changes that were noted.
async fn changed(world: &World, mut counted: BTreeSet<String>) -> BTreeSet<String> {
    for (sign, is_new) in [(-1, false), (1, true)] {
        let sql = format!("SELECT concat_ws(' ', {VALUES}) FROM contribution_change WHERE sign = {sign}");
        for line in world.texts(&sql).await {
            let is_known = if is_new { counted.insert(line.clone()) } else { !counted.remove(&line) };
            assert!(is_known == is_new, "{line} was not there, or there already");
        }
    }
    counted
}

/// Somebody leaves, somebody comes, two turn out to be one, one is somewhere else, a consultant looks in.
async fn change_a_lot(world: &World) {
    let sql = "UPDATE benchmark_participation SET left_at = $1 WHERE org_id = $2";
    world.run(sql, [snapshot_at().into(), organization(3).into()]).await;
    world.add(20, &sample(20)).await;
    let sql = "UPDATE organization_verification SET legal_group = 'one' WHERE legal_entity IN ('entity 7', 'entity 8')";
    world.run(sql, []).await;
    world.add_segment(5, 1, ["MINING", "FROM_20_TO_99", "WESTERN_EUROPE"], months_ago(1)).await;
    let sql = "UPDATE organization_verification SET is_by_contract = false WHERE legal_entity = 'entity 9'";
    world.run(sql, []).await;
    world.grant((None, Some(1)), [2, 7, 20], None).await;
}

#[tokio::test]
async fn an_updated_draft_is_like_a_new_one() {
    let world = World::with(12).await;
    let first = world.take().await;
    let before = counted(&world, 1).await;
    change_a_lot(&world).await;
    let updated = update(&world, 1).await;
    let after = world.dump().await;
    assert_eq!(changed(&world, before).await, counted(&world, 1).await);
    // One has left; of 7 and 8 one is gone and the other changed or not; 5 and 9 changed; 20 came.
    assert!(updated.changes >= 5 * (1 + 1 + 2 + 2 + 1), "{updated:?}");
    assert_eq!((first.contributing_organizations, updated.contributing_organizations), (12, 12));
    assert_eq!((first.control_groups, updated.control_groups, updated.partners), (12, 11, 1));

    let anew = world.take().await;
    assert_eq!(SnapshotSummary { changes: 0, ..updated }, anew);
    assert_eq!(world.dump().await, after);
}

#[tokio::test]
async fn nothing_new_changes_nothing() {
    let world = World::with(5).await;
    world.add(6, &Sample { roles: Vec::new(), ..sample(6) }).await;
    let first = world.take().await;
    let before = world.dump().await;
    assert_eq!(update(&world, 1).await, first);
    assert_eq!(world.dump().await, before);
    assert_eq!(world.count("SELECT count(*) FROM contribution_change").await, 0);
}

#[tokio::test]
async fn updates_add_up_until_the_sums_have_followed() {
    let world = World::with(12).await;
    world.take().await;
    let before = counted(&world, 1).await;
    change_a_lot(&world).await;
    update(&world, 1).await;
    // Back and forth again.
    world.run("UPDATE benchmark_participation SET left_at = NULL", []).await;
    let sql = "UPDATE benchmark_participation SET left_at = $1 WHERE org_id IN ($2, $3)";
    world.run(sql, [snapshot_at().into(), organization(20).into(), organization(4).into()]).await;
    world.add_segment(5, 2, ["INFORMATION", "FROM_20_TO_99", "WESTERN_EUROPE"], months_ago(0)).await;
    let updated = update(&world, 1).await;
    assert_eq!(changed(&world, before.clone()).await, counted(&world, 1).await);
    assert_eq!(updated.contributing_organizations, 11);
    let after = world.dump().await;
    let mut anew = world.take().await;
    anew.changes = updated.changes;
    assert_eq!((world.dump().await, anew), (after, updated));
}

#[tokio::test]
async fn who_waits_changes_with_the_others() {
    let world = World::with(10).await;
    world.take_number(1).await;
    for number in 11..=20 {
        world.add(number, &Sample { is_by_contract: false, ..sample(number) }).await;
    }
    assert_eq!(world.take_number(2).await.waiting, 25);
    let before = counted(&world, 2).await;
    // Two old ones leave, so one new one less may count; and one of the new ones leaves.
    let sql = "UPDATE benchmark_participation SET left_at = $1 WHERE org_id IN ($2, $3, $4)";
    world
        .run(sql, [snapshot_at().into(), organization(1).into(), organization(2).into(), organization(11).into()])
        .await;
    let updated = update(&world, 2).await;
    assert_eq!((updated.contributions, updated.waiting), (17 * 5, 5 * 5));
    assert_eq!(changed(&world, before).await, counted(&world, 2).await);
    let after = world.dump().await;
    world.take_number(2).await;
    assert_eq!(world.dump().await, after);
}

#[tokio::test]
async fn an_erased_group_is_taken_out() {
    let world = World::with(3).await;
    world.take().await;
    let before = counted(&world, 1).await;
    // As erasing does it.
    for sql in [
        "DELETE FROM tenant_group WHERE tenant_id = $1",
        "DELETE FROM frozen_segment WHERE tenant_id = $1",
        "DELETE FROM benchmark_participation WHERE org_id = $1",
        "DELETE FROM organization_verification WHERE org_id = $1",
    ] {
        world.builder.execute(sql, [organization(2).into()]).await.unwrap();
    }
    let updated = update(&world, 1).await;
    assert_eq!((updated.changes, updated.contributions), (5, 10));
    assert_eq!(changed(&world, before).await, counted(&world, 1).await);
}

#[tokio::test]
async fn another_edition_makes_everything_anew() {
    let world = World::with(3).await;
    let sql = "INSERT INTO draft_release (key, number, snapshot_at, state, step, policy, policy_hash, is_loosened,
        is_synthetic, code_revision, begun_at) VALUES ('k', 1, $1, 'DRAFT', 'S', '', '', false, false, '', $1)";
    world.builder.execute(sql, [snapshot_at().into()]).await.unwrap();
    // All editions were there.
    world.run("UPDATE library_edition SET imported_at = $1", [snapshot_at().into()]).await;
    world.take().await;
    world.builder.execute("UPDATE axis SET is_totalled = true", []).await.unwrap();
    let sql = "UPDATE canonical_role SET definition = replace(definition, 'test:a-6', 'test:a-x') WHERE key = 'test:a'";
    world.run(sql, []).await;
    let now = snapshot_at() + chrono::Duration::days(1);
    world.run("UPDATE library_edition SET imported_at = $1 WHERE source = 'test'", [now.into()]).await;
    assert_eq!(update(&world, 1).await.changes, 2 * 3);
    let totalled = "SELECT role_key FROM axis WHERE NOT is_totalled";
    assert_eq!(world.texts(totalled).await, ["test:a"]);
    let tasks = "SELECT DISTINCT c.tasks FROM contribution c JOIN axis a ON a.role_number = c.role_number
        WHERE a.role_key = 'test:a'";
    assert_eq!(world.texts(tasks).await, ["HHHHH-"]);
}
