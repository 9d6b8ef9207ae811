//! Who can see several contributors (rule C2).

use super::world::{Sample, World, months_ago, sample};

/// How many groups each partner sees, in ascending order.
async fn seen(world: &World) -> Vec<i64> {
    let summary = world.take().await;
    let counts = "SELECT count(*) FROM partner_group GROUP BY partner_number ORDER BY 1";
    let rows = world.builder.rows(counts, []).await.unwrap();
    let counts: Vec<i64> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    assert_eq!(summary.partners, counts.len() as u64);
    counts
}

#[tokio::test]
async fn a_firm_sees_its_clients_and_itself() {
    let world = World::with(6).await;
    world.grant((None, Some(1)), 2..=5, None).await;
    assert_eq!(seen(&world).await, [5]);
}

#[tokio::test]
async fn two_colleagues_see_what_both_were_granted() {
    let world = World::with(13).await;
    world.add_user(1, &[100]).await;
    world.add_user(2, &[100]).await;
    world.grant((Some(1), None), 1..=3, None).await;
    world.grant((Some(2), None), 4..=6, None).await;
    assert_eq!(seen(&world).await, [6]);
}

#[tokio::test]
async fn a_person_at_two_firms_sees_what_both_see() {
    let world = World::with(8).await;
    world.grant((None, Some(100)), 1..=3, None).await;
    world.grant((None, Some(200)), 4..=6, None).await;
    assert_eq!(seen(&world).await, [3, 3]);
    world.add_user(1, &[100, 200]).await;
    world.grant((Some(1), None), 7..=7, None).await;
    // Each firm sees what its member was granted, the member all of it.
    assert_eq!(seen(&world).await, [4, 4, 7]);
}

#[tokio::test]
async fn access_counts_for_two_years_after_its_end() {
    for (months, partners) in [(23, vec![3]), (25, vec![])] {
        let world = World::with(5).await;
        world.grant((None, Some(100)), 1..=3, Some(months_ago(months))).await;
        assert_eq!(seen(&world).await, partners, "ended {months} months ago");
        let world = World::with(5).await;
        world.add_user(1, &[100]).await;
        world.grant((Some(1), None), 1..=3, Some(months_ago(months))).await;
        assert_eq!(seen(&world).await, partners, "ended {months} months ago");
        let world = World::with(5).await;
        world.add_user(1, &[1, 2, 3]).await;
        world.run("UPDATE member SET ended_at = $1", [months_ago(months).into()]).await;
        assert_eq!(seen(&world).await, partners, "ended {months} months ago");
    }
}

#[tokio::test]
async fn what_was_never_accepted_or_comes_later_does_not_count() {
    let world = World::with(5).await;
    world.add_user(1, &[100]).await;
    world.grant((Some(1), None), 1..=2, None).await;
    world.run("UPDATE consultant_grant SET accepted_at = NULL", []).await;
    world.grant((None, Some(101)), 3..=4, None).await;
    world
        .run("UPDATE consultant_grant SET granted_at = '2026-11-01T00:00:00+00:00' WHERE firm_id IS NOT NULL", [])
        .await;
    assert_eq!(seen(&world).await, [0_i64; 0]);
}

#[tokio::test]
async fn an_owner_sees_what_its_organizations_see() {
    let world = World::with(6).await;
    for firm in [100, 101] {
        let legal_entity = "one owner".to_owned();
        world.add(firm, &Sample { legal_entity, roles: Vec::new(), ..sample(firm) }).await;
    }
    world.grant((None, Some(100)), 1..=3, None).await;
    world.grant((None, Some(101)), 3..=6, None).await;
    assert_eq!(seen(&world).await, [6]);
}

#[tokio::test]
async fn clients_of_one_owner_count_once_and_equal_sets_once() {
    let world = World::new().await;
    for number in 1..=3 {
        world.add(number, &Sample { legal_entity: "holding".into(), ..sample(number) }).await;
    }
    world.add(4, &sample(4)).await;
    world.grant((None, Some(100)), 1..=3, None).await;
    assert_eq!(seen(&world).await, [0_i64; 0]);
    world.grant((None, Some(101)), [1, 4], None).await;
    world.grant((None, Some(102)), [2, 4], None).await;
    assert_eq!(seen(&world).await, [2]);
}
