//! New groups are at most a third (rule E6).

use super::world::{Sample, World, sample};

async fn waiting(world: &World, number: i32) -> i64 {
    let summary = world.take_number(number).await;
    let sql = format!("SELECT count(*) FROM contribution WHERE is_waiting AND release_number = {number}");
    let waiting = world.count(&sql).await;
    assert_eq!(summary.waiting, waiting as u64);
    waiting
}

#[tokio::test]
async fn new_groups_wait_until_they_are_a_third() {
    let world = World::with(10).await;
    assert_eq!(waiting(&world, 1).await, 0, "those verified by contract do not wait at first");
    for number in 11..=20 {
        world.add(number, &Sample { is_by_contract: false, ..sample(number) }).await;
    }
    // 10 old ones let 5 new ones in, of 10, in each of five axes.
    assert_eq!(waiting(&world, 2).await, 5 * 5);
    let before = world.dump().await;
    assert_eq!(waiting(&world, 2).await, 5 * 5);
    assert_eq!(world.dump().await, before, "the same ones");
    assert_eq!(waiting(&world, 3).await, 5 * 5);
    assert_eq!(waiting(&world, 4).await, 0, "they are not new any more");
}

#[tokio::test]
async fn without_contracts_nothing_is_published_at_first() {
    let world = World::new().await;
    for number in 1..=12 {
        world.add(number, &Sample { is_by_contract: false, ..sample(number) }).await;
    }
    assert_eq!(waiting(&world, 1).await, 5 * 3, "nine are left, which is too few");
}
