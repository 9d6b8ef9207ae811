//! The same snapshot again, and later ones.

use super::world::{World, organization, sample, snapshot_at};

#[tokio::test]
async fn a_snapshot_taken_twice_is_the_same() {
    let world = World::with(12).await;
    world.grant((None, Some(1)), 2..=5, None).await;
    let first = world.take().await;
    let before = world.dump().await;
    assert!(before.len() > 12 * 5 + 12 * 3);
    // Somebody killed the builder in between.
    world.builder.execute("DELETE FROM contribution WHERE role_number = 2", []).await.unwrap();
    world.builder.execute("DELETE FROM partner_group", []).await.unwrap();
    assert_eq!(world.take().await, first);
    assert_eq!(world.dump().await, before);
}

#[tokio::test]
async fn the_same_values_have_the_same_hashes_in_every_release() {
    let world = World::with(3).await;
    world.take_number(1).await;
    world.take_number(2).await;
    let hashes = "SELECT count(*) FROM contribution a JOIN contribution b ON b.release_number = 2
        AND b.role_number = a.role_number AND b.group_hash = a.group_hash
        AND (a.value_hash, a.digest_1, a.digest_2, a.digest_3) = (b.value_hash, b.digest_1, b.digest_2, b.digest_3)
        AND a.admitted = b.admitted WHERE a.release_number = 1";
    assert_eq!(world.count(hashes).await, 15);
    // Groups with the same values differ, and each of the numbers has its size.
    let sizes = "SELECT count(DISTINCT value_hash) = 15 AND count(DISTINCT digest_1) = 15 AND min(value_hash) >= 0
        AND max(digest_1) < 1 << 40 AND max(value_hash) > 1 << 55 FROM contribution WHERE release_number = 1";
    assert_eq!(world.count(sizes).await, 1);
}

#[tokio::test]
async fn who_leaves_is_not_in_later_snapshots() {
    let world = World::new().await;
    for number in 1..=3 {
        world.add(number, &sample(number)).await;
    }
    world.take_number(1).await;
    let sql = "UPDATE benchmark_participation SET left_at = $1 WHERE org_id = $2";
    world.run(sql, [snapshot_at().into(), organization(2).into()]).await;
    let summary = world.take_number(2).await;
    assert_eq!((summary.contributing_organizations, summary.contributions), (2, 10));
    let rows = format!(
        "SELECT count(*) FROM tenant_group WHERE release_number = 2 AND lower(hex(tenant_id)) = '{}'",
        organization(2).simple()
    );
    assert_eq!(world.count(&rows).await, 0);
}
