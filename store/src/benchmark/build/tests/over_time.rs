use domain::disclosure::Policy;

use super::world::{Given, World, groups, request};
use crate::library::NoProgress;

/// Builds and publishes a release whose contributions are there.
async fn publish(world: &World, quarter: &str, day: &str) {
    world.build(quarter).await;
    world.audit(quarter).await;
    world.approved(quarter).await;
    world.clock.set(day);
    world.builder.publish(quarter).await.unwrap();
}

async fn reasons(world: &World, number: i32) -> Vec<(String, u64)> {
    world.builder.counts_by_reason(number).await.unwrap().into_iter().collect()
}

#[tokio::test]
async fn one_joiner_does_not_show() {
    let world = World::new().await;
    world.collected(1, "2026-Q3").await;
    world.role(1, 1).await;
    world.give(1, 1, &groups(0, 60, 5)).await;
    publish(&world, "2026-Q3", "2027-01-01").await;
    let before = world.builder.show_role("2026-Q3", "r:role-1").await.unwrap();

    world.clock.set("2027-01-02");
    world.collected(2, "2026-Q4").await;
    // The number of a role is its release's own.
    world.role(2, 9).await;
    world.builder.execute("UPDATE axis SET role_key = 'r:role-1' WHERE release_number = 2", []).await.unwrap();
    world.give(2, 9, &groups(0, 61, 5)).await;
    publish(&world, "2026-Q4", "2027-04-02").await;
    assert_eq!(reasons(&world, 2).await, [("CARRIED".to_owned(), 4), ("TOO_FEW".to_owned(), 125)]);
    let after = world.builder.show_role("2026-Q4", "r:role-1").await.unwrap();
    assert_eq!(after[0].as_of.as_deref(), Some("2026-Q3"));
    assert_eq!(after[0].figures, before[0].figures);

    world.clock.set("2027-04-03");
    world.collected(3, "2027-Q1").await;
    world.role(3, 1).await;
    world.give(3, 1, &groups(0, 65, 5)).await;
    publish(&world, "2027-Q1", "2027-07-02").await;
    assert_eq!(reasons(&world, 3).await[0], ("FRESH".to_owned(), 1));
    assert_eq!(world.number("SELECT count(*) FROM benchmark_version").await, 2);
}

/// What the second release of a role differs in from the first.
async fn differences(world: &World) -> String {
    world.builder.execute("UPDATE draft_release SET step = 'CELLS' WHERE number = 2", []).await.unwrap();
    world.build("2026-Q4").await;
    let rows = world.builder.rows("SELECT groups FROM difference_total WHERE release_number = 2", []).await.unwrap();
    assert_eq!(rows.len(), 1);
    rows[0].try_get("", "groups").unwrap()
}

#[tokio::test]
async fn differences_are_brought_up_to_date() {
    let world = World::new().await;
    world.collected(1, "2026-Q3").await;
    world.role(1, 1).await;
    world.give(1, 1, &groups(0, 60, 5)).await;
    publish(&world, "2026-Q3", "2027-01-01").await;
    world.clock.set("2027-01-02");
    world.collected(2, "2026-Q4").await;
    world.role(2, 1).await;
    let all = groups(0, 70, 5);
    let elsewhere = |one: Given| Given { atom: 90, ..one };
    let other = |one: Given| Given { score: one.score + 1_000, ..one };
    // The first three have left, ten have come, one has moved, and one has another value.
    world.give(2, 1, &all[3..60]).await;
    world.give(2, 1, &all[60..]).await;
    world.replace((2, 1), Some(all[10]), Some(elsewhere(all[10]))).await;
    world.replace((2, 1), Some(all[11]), Some(other(all[11]))).await;
    world.builder.execute("DELETE FROM contribution_change", []).await.unwrap();
    let first = differences(&world).await;
    assert_eq!(first, "[[null,5,false,10],[5,null,false,3],[5,5,true,1],[5,90,false,1]]");

    for (old, new) in [
        // Leaves, and leaves again.
        (Some(all[20]), None),
        (Some(all[60]), None),
        // Comes back as it was, as another, and for the first time.
        (None, Some(all[0])),
        (None, Some(other(all[1]))),
        (None, Some(Given { group: 9_000, ..all[0] })),
        // Is what it was, and is not.
        (Some(elsewhere(all[10])), Some(all[10])),
        (Some(other(all[11])), Some(elsewhere(all[11]))),
        (Some(all[12]), Some(other(all[12]))),
        (Some(all[61]), Some(elsewhere(all[61]))),
    ] {
        world.replace((2, 1), old, new).await;
    }
    let changed = differences(&world).await;
    assert_eq!(changed, "[[null,5,false,9],[null,90,false,1],[5,null,false,2],[5,5,true,2],[5,90,false,1]]");
    world.builder.execute("UPDATE axis SET is_totalled = false WHERE release_number = 2", []).await.unwrap();
    assert_eq!(differences(&world).await, changed, "as if they were counted anew");
}

#[tokio::test]
async fn releases_are_published_in_their_order() {
    let world = World::new().await;
    for (number, quarter, day) in [(1, "2026-Q3", "2027-01-02"), (2, "2026-Q4", "2027-04-02")] {
        world.collected(number, quarter).await;
        world.role(number, 1).await;
        world.give(number, 1, &groups(0, 60, 5)).await;
        world.build(quarter).await;
        world.audit(quarter).await;
        world.approved(quarter).await;
        world.clock.set(day);
    }
    assert_eq!(reasons(&world, 2).await[0], ("CARRIED".to_owned(), 4));
    let early = world.builder.publish("2026-Q4").await.unwrap_err().to_string();
    assert!(early.contains("shows figures of 2026-Q3 again: publish that first"), "{early}");
    world.builder.publish("2026-Q3").await.unwrap();
    world.builder.publish("2026-Q4").await.unwrap();
}

#[tokio::test]
async fn a_release_that_shows_retracted_figures_is_not_published() {
    let world = World::new().await;
    world.collected(1, "2026-Q3").await;
    world.role(1, 1).await;
    world.give(1, 1, &groups(0, 60, 5)).await;
    publish(&world, "2026-Q3", "2027-01-02").await;
    world.collected(2, "2026-Q4").await;
    world.role(2, 1).await;
    world.give(2, 1, &groups(0, 61, 5)).await;
    world.build("2026-Q4").await;
    world.audit("2026-Q4").await;
    world.approved("2026-Q4").await;
    world.clock.set("2027-04-02");
    world.builder.retract("2026-Q3", "a defect").await.unwrap();
    let refused = world.builder.publish("2026-Q4").await.unwrap_err().to_string();
    assert!(refused.contains("figures of 2026-Q3 again: which is retracted"), "{refused}");
}

#[tokio::test]
async fn figures_of_a_retracted_release_are_not_shown_again() {
    let world = World::new().await;
    world.collected(1, "2026-Q3").await;
    world.role(1, 1).await;
    world.give(1, 1, &groups(0, 60, 5)).await;
    publish(&world, "2026-Q3", "2027-01-01").await;
    world.builder.retract("2026-Q3", "a defect").await.unwrap();
    world.clock.set("2027-01-02");
    world.collected(2, "2026-Q4").await;
    world.role(2, 1).await;
    world.give(2, 1, &groups(0, 61, 5)).await;
    world.build("2026-Q4").await;
    assert_eq!(world.all_cell(2, 1).await, (false, Some("RETRACTED".to_owned())));
}

/// Without churn protection and next to no noise: the joiner is the difference of two releases.
fn careless() -> Policy {
    let calm = Policy { churn_min: 1, slow_refresh_below: 1, ..Policy::default() };
    Policy { unsafe_policy: true, common_noise: 0.05, own_noise: 0.05, ..calm }
}

/// Builds a release whose contributions are there by a policy.
async fn build_by(world: &World, policy: &Policy, number: i32, quarter: &str) {
    let set = "UPDATE draft_release SET policy = $1, is_loosened = true WHERE number = $2";
    world.builder.execute(set, [policy.to_json().into(), number.into()]).await.unwrap();
    world.builder.build(request(quarter, policy.clone()), &NoProgress).await.unwrap();
}

async fn build_carelessly(world: &World, number: i32, quarter: &str, contributors: u32) {
    world.collected(number, quarter).await;
    world.role(number, 1).await;
    world.give(number, 1, &groups(0, contributors, 5)).await;
    build_by(world, &careless(), number, quarter).await;
    assert_eq!(world.all_cell(number, 1).await, (true, None));
}

#[tokio::test]
async fn the_audit_withholds_what_gives_somebody_away() {
    let world = World::new().await;
    build_carelessly(&world, 1, "2026-Q3", 12).await;
    let audit = world.builder.audit("2026-Q3", &NoProgress).await.unwrap();
    // The sum of 12 contributors is known: each keeps sqrt(11 / 12) = 0.957.
    assert!(audit.results[0].has_passed && (audit.results[0].worst - 0.957).abs() < 0.01, "{:?}", audit.results);
    world.approved("2026-Q3").await;
    world.clock.set("2027-01-01");
    world.builder.publish("2026-Q3").await.unwrap();

    build_carelessly(&world, 2, "2026-Q4", 13).await;
    let audit = world.builder.audit("2026-Q4", &NoProgress).await.unwrap();
    assert_eq!(world.all_cell(2, 1).await, (false, Some("AUDIT".to_owned())));
    assert!(audit.results.iter().all(|result| result.has_passed && result.withheld == 4), "{:?}", audit.results);
    assert!(audit.record.manifest.unwrap().contains("\"AUDIT\":4"));
}

/// Two industries whose joiners are the differences of two releases, and two that are too small to be shown.
async fn two_roles(world: &World, number: i32, joiners: u32) {
    world.role(number, 1).await;
    for (first, contributors, atom) in [(0, 40, 5), (1_000, 100, 46), (2_000, 4, 87), (3_000, 4, 128)] {
        world.give(number, 1, &groups(first, contributors + joiners, atom)).await;
    }
    world.role(number, 2).await;
    world.give(number, 2, &groups(5_000, 200, 5)).await;
}

#[tokio::test]
async fn the_audit_withholds_no_more_than_the_release_needs() {
    let world = World::new().await;
    let policy = Policy { complement_min: 1, ..careless() };
    for (number, quarter, joiners) in [(1, "2026-Q3", 0), (2, "2026-Q4", 5)] {
        world.collected(number, quarter).await;
        two_roles(&world, number, joiners).await;
        build_by(&world, &policy, number, quarter).await;
        let audit = world.builder.audit(quarter, &NoProgress).await.unwrap();
        assert!(audit.results.iter().all(|result| result.has_passed), "{:?}", audit.results);
        world.clock.set("2027-01-02");
    }
    // Ten joiners of 368 contributors keep 0.894, five of them once the smaller industry is withheld: that is less than
    // 2 % of the release, though more than 2 % of the role.
    let withheld = reasons(&world, 2).await.into_iter().find(|(reason, _)| reason == "AUDIT");
    assert_eq!(withheld, Some(("AUDIT".to_owned(), 3)), "industry, industry and size, region");
    let shown = "SELECT count(*) FROM draft_cell WHERE release_number = 2 AND role_number = 1 AND peer_group IN (0, 2)
        AND version_id IS NOT NULL";
    assert_eq!(world.number(shown).await, 2, "all, and the larger industry");
}

#[tokio::test]
async fn the_audit_spares_the_cell_of_all_contributors_as_long_as_parts_are_enough() {
    let world = World::new().await;
    let policy = Policy { complement_min: 1, ..careless() };
    for (number, quarter, joiners) in [(1, "2026-Q3", 0), (2, "2026-Q4", 5)] {
        world.collected(number, quarter).await;
        // One group of cells with the same contributors, which the cell of all stands for.
        world.role(number, 1).await;
        world.give(number, 1, &groups(5_000, 100 + joiners, 5)).await;
        world.role(number, 2).await;
        for (first, contributors, atom) in
            [(0, 40 + joiners, 5), (1_000, 100, 46), (2_000, 4 + joiners, 87), (3_000, 4 + joiners, 128)]
        {
            world.give(number, 2, &groups(first, contributors, atom)).await;
        }
        build_by(&world, &policy, number, quarter).await;
        world.builder.audit(quarter, &NoProgress).await.unwrap();
        world.clock.set("2027-01-02");
    }
    // Five joiners of each role fail, ten of 268; five are less than 2 %.
    assert_eq!(world.all_cell(2, 1).await, (true, None));
    assert_eq!(world.all_cell(2, 2).await, (true, None));
    let withheld = reasons(&world, 2).await.into_iter().find(|(reason, _)| reason == "AUDIT");
    assert_eq!(withheld, Some(("AUDIT".to_owned(), 3)), "the industry of role 2 that has joiners");
}

#[tokio::test]
async fn values_and_hashes_are_erased_in_time() {
    let world = World::new().await;
    let mut quarter: domain::disclosure::Quarter = "2024-Q3".parse().unwrap();
    for number in 1..=10 {
        world.clock.set(&quarter.snapshot().to_string());
        let key = quarter.to_string();
        world.collected(number, &key).await;
        world.role(number, 1).await;
        world.give(number, 1, &groups(0, 12, 5)).await;
        let day = quarter.earliest_publication(&Policy::default()).to_string();
        publish(&world, &key, &day).await;
        quarter = quarter.next();
    }
    let erased = world.builder.erase_expired().await.unwrap();
    assert_eq!(erased.values.len(), 9, "all but the one published just now: {erased:?}");
    // Nobody stands behind the groups of this world: the values of the last release go as those of organizations that left.
    assert_eq!(erased.withdrawn, 12);
    assert_eq!(world.number("SELECT count(*) FROM contribution WHERE score IS NOT NULL").await, 0);
    // Release 10 compares with those from 2 on.
    assert_eq!(world.number("SELECT min(release_number) FROM contribution").await, 2);
    assert_eq!(
        world.number("SELECT count(*) FROM draft_version WHERE release_number = 1 AND contributors > 0").await,
        0
    );
    assert_eq!(world.builder.erase_expired().await.unwrap(), crate::benchmark::build::Erased::default());
}
