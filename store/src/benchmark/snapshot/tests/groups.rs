//! Control groups (rule E4).

use super::world::{Sample, World, sample};

#[tokio::test]
async fn twelve_tenants_in_nine_groups_count_nine_times() {
    let world = World::new().await;
    for number in 1..=12 {
        // 1, 10, 11 and 12 are one owner's.
        let legal_entity = if number >= 10 { "Entity-1".to_owned() } else { format!("entity {number}") };
        world.add(number, &Sample { legal_entity, ..sample(number) }).await;
    }
    let summary = world.take().await;
    assert_eq!((summary.contributing_organizations, summary.control_groups, summary.admitted), (12, 9, 9));
    let rows = "SELECT count(*) FROM contribution GROUP BY role_number ORDER BY 1 DESC";
    assert_eq!(world.count(rows).await, 9);
    assert_eq!(world.count("SELECT count(DISTINCT group_hash) FROM tenant_group").await, 9);
    assert_eq!(world.count("SELECT count(*) FROM tenant_group").await, 12);
}

#[tokio::test]
async fn a_holding_that_does_not_contribute_joins_its_subsidiaries() {
    let world = World::with(2).await;
    world.add(3, &sample(3)).await;
    world.run("DELETE FROM benchmark_participation WHERE org_id = $1", [super::world::organization(3).into()]).await;
    let sql = "UPDATE organization_verification SET legal_group = 'entity 3' WHERE legal_entity = 'entity 1'";
    world.run(sql, []).await;
    let sql = "UPDATE organization_verification SET beneficial_owner = 'Somebody' WHERE legal_entity <> 'entity 1'";
    world.run(sql, []).await;
    let summary = world.take().await;
    assert_eq!((summary.contributing_organizations, summary.control_groups), (2, 1));
}

#[tokio::test]
async fn a_group_gives_the_mean_by_heads_as_its_largest_member() {
    let world = World::new().await;
    let mut large = Sample { legal_entity: "one".into(), ..sample(1) };
    large.roles[0] = ("test:a", 30.0, "AUTOMATED");
    let mut small = Sample { legal_entity: "one".into(), ..sample(2) };
    small.segment = ["FINANCE", "FROM_20_TO_99", "NORTH_AMERICA"];
    small.roles[0] = ("test:a", 10.0, "HUMAN");
    world.add(1, &large).await;
    world.add(2, &small).await;
    world.take().await;
    let row = "SELECT concat_ws(' ', score, mix_human, mix_automated, c.tasks, atom) FROM contribution c
        JOIN axis a ON a.role_number = c.role_number WHERE role_key = 'test:a'";
    // (30 * 100 + 10 * 12.5) / 40
    assert_eq!(world.texts(row).await, ["78125 250000 750000 UUUUUU 322"]);
}

#[tokio::test]
async fn a_holding_of_fifty_is_one_contributor() {
    let world = World::new().await;
    for number in 1..=150 {
        let legal_entity = if number <= 50 { "holding".into() } else { format!("entity {number}") };
        world.add(number, &Sample { legal_entity, ..sample(number) }).await;
    }
    let summary = world.take().await;
    assert_eq!((summary.contributing_organizations, summary.control_groups, summary.contributions), (150, 101, 505));
}
