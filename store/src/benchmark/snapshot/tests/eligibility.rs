//! Who contributes, and what of it (rules E1 to E3).

use chrono::Duration;

use super::world::{ROLES, World, months_ago, organization, role, sample, snapshot_at};

#[tokio::test]
async fn an_organization_contributes_its_roles_and_their_combination() {
    let world = World::with(1).await;
    let summary = world.take().await;
    assert_eq!((summary.organizations, summary.contributing_organizations), (1, 1));
    assert_eq!((summary.axes, summary.contributions), (5, 5));
    let axes =
        world.texts("SELECT role_key || ' ' || kind || ' ' || score_centre FROM axis ORDER BY role_number").await;
    assert_eq!(axes[0], "test:a ROLE 50000");
    assert_eq!(axes[4], "test:a-and-b COMBINATION 50000");
    let row = "SELECT concat_ws(' ', score, ratio, mix_human, c.tasks, c.skills, atom, admitted) FROM contribution c
        JOIN axis a ON a.role_number = c.role_number WHERE a.role_key = 'test:b'";
    // All tasks HUMAN are 12.5 points; 10 of 40 heads are -2; information, 20 to 99 heads, Western Europe.
    assert_eq!(world.texts(row).await, ["12500 -2000 1000000 HHHHHH 10 322 1"]);
}

#[tokio::test]
async fn who_is_not_eligible_leaves_no_row() {
    let world = World::new().await;
    let young = |days| snapshot_at() - Duration::days(days);
    let small = ROLES.map(|role| (role, 4.0, "HUMAN")).to_vec();
    world.add(1, &super::world::Sample { created_at: young(89), ..sample(1) }).await;
    world.add(2, &super::world::Sample { is_verified: false, ..sample(2) }).await;
    world.add(3, &super::world::Sample { roles: small, ..sample(3) }).await;
    world.add(4, &super::world::Sample { roles: sample(4).roles[..2].to_vec(), ..sample(4) }).await;
    world.add(5, &sample(5)).await;
    world.run("UPDATE benchmark_participation SET left_at = $1 WHERE org_id = $2", at(5, 0)).await;
    world.add(6, &sample(6)).await;
    world.run("UPDATE benchmark_participation SET joined_at = $1 WHERE org_id = $2", at(6, 1)).await;
    world.add(7, &sample(7)).await;
    world.run("UPDATE organization SET closed_at = $1 WHERE org_id = $2", at(7, 0)).await;
    world.add(8, &super::world::Sample { created_at: young(90), ..sample(8) }).await;
    world.add(9, &sample(9)).await;
    world.run("UPDATE organization_verification SET verified_at = $1 WHERE org_id = $2", at(9, 1)).await;
    world.add(10, &sample(10)).await;
    world
        .run("UPDATE organization_segment SET region = 'ATLANTIS', verified_at = $1 WHERE org_id = $2", at(10, -1))
        .await;

    let summary = world.take().await;
    assert_eq!(summary.contributing_organizations, 1);
    let reasons: Vec<(&str, u64)> = summary.ineligible.iter().map(|(code, count)| (code.as_str(), *count)).collect();
    let expected = [
        ("CLOSED", 1),
        ("NOT_JOINED", 1),
        ("NOT_VERIFIED", 2),
        ("NO_SEGMENT", 2),
        ("TOO_FEW_ROLES", 1),
        ("TOO_SMALL", 1),
        ("TOO_YOUNG", 1),
    ];
    assert_eq!(reasons, expected);
    assert_eq!(
        world.texts("SELECT lower(hex(tenant_id)) FROM tenant_group").await,
        [organization(8).simple().to_string()]
    );
    for table in ["tenant_contribution", "contribution_change"] {
        assert_eq!(world.count(&format!("SELECT count(*) FROM {table}")).await, 0);
    }
}

/// An instant so many days after the snapshot, and an organization.
fn at(number: u128, days: i64) -> [sea_orm::Value; 2] {
    [(snapshot_at() + Duration::days(days)).into(), organization(number).into()]
}

#[tokio::test]
async fn a_role_of_two_persons_is_left_out() {
    let world = World::new().await;
    let mut few = sample(1);
    few.roles[3].1 = 2.99;
    world.add(1, &few).await;
    let summary = world.take().await;
    assert_eq!(summary.left_out["TOO_FEW_HEADS"], 1);
    let keys = world.texts("SELECT role_key FROM axis ORDER BY 1").await;
    assert_eq!(keys, ["test:a", "test:a-and-b", "test:b", "test:c"]);
}

#[tokio::test]
async fn the_version_in_force_a_month_before_counts() {
    let world = World::with(1).await;
    let day = |days| snapshot_at() - Duration::days(days);
    world.add_version(1, 0, 2, &role("test:a", 10.0, "AUTOMATED"), day(31)).await;
    world.add_version(1, 0, 3, &role("test:a", 10.0, "AT_RISK"), day(29)).await;
    // Archived too late to matter, and early enough.
    for (place, days) in [(1, 29), (2, 31)] {
        let sql = "UPDATE role_configuration SET archived_at = $1 WHERE id = $2";
        world.run(sql, [day(days).into(), uuid::Uuid::from_u128(4 << 64 | place).into()]).await;
    }
    world.take().await;
    let tasks = "SELECT role_key || ' ' || c.tasks FROM contribution c JOIN axis a ON a.role_number = c.role_number
        WHERE a.kind = 'ROLE' ORDER BY 1";
    assert_eq!(world.texts(tasks).await, ["test:a UUUUUU", "test:b HHHHHH", "test:d HHHHHH"]);
}

#[tokio::test]
async fn impossible_rows_are_left_out_with_a_reason() {
    let world = World::with(1).await;
    let bad = [
        "{",
        r#"{"title":"N","headcount":-5,"canonical_role":"test:a"}"#,
        r#"{"title":"S","headcount":5,"canonical_role":"test:a","tasks":[{"key":"a","title":"A","time_share":7}]}"#,
        &role("nowhere:role", 5.0, "HUMAN"),
    ];
    for (place, definition) in bad.into_iter().enumerate() {
        world.add_role(1, 10 + place as u128, "test:a", definition).await;
    }
    let summary = world.take().await;
    for code in ["UNREADABLE", "IMPOSSIBLE_HEADCOUNT", "IMPOSSIBLE_TIME_SHARE", "NOT_BENCHMARKED"] {
        assert_eq!(summary.left_out.get(code), Some(&1), "{code}");
    }
    assert_eq!(summary.contributions, 5);
    // The heads of the role without an axis are heads of the organization all the same.
    let ratio = "SELECT CAST(min(ratio) AS text) FROM contribution WHERE tasks <> ''";
    assert_eq!(world.texts(ratio).await, ["-2170"]);
}

#[tokio::test]
async fn a_segment_changes_once_in_four_releases() {
    let world = World::with(1).await;
    let industries = ["MINING", "FINANCE", "EDUCATION", "UTILITIES", "RETAIL_TRADE"];
    let mut held = Vec::new();
    let mut kept = 0;
    for (number, industry) in (1..=5).zip(industries) {
        let verified_at = months_ago(5) + chrono::Months::new(3 * (number as u32 - 1));
        let segment = [industry, "FROM_20_TO_99", "WESTERN_EUROPE"];
        world.add_segment(1, number as u128, segment, verified_at).await;
        kept += world.take_number(number).await.segments_kept;
        let atom = format!("SELECT min(atom) / 40 FROM contribution WHERE release_number = {number}");
        held.push(world.count(&atom).await);
    }
    // Mining is the second industry, retail trade the seventh.
    assert_eq!((held, kept), (vec![1, 1, 1, 1, 6], 3));
}
