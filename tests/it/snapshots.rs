//! What a release is made from, by the command and in both databases.

mod world;

use chrono::Months;
use rolemark_tests::{Result, TestServer};

use world::{Holding, World, snapshot_at};

pub(crate) async fn twelve_tenants_in_nine_groups_count_nine_times(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    for number in 1..=12 {
        let holding = if number >= 10 { Holding::OfFirst } else { Holding::None };
        world.add(number, holding, 10.0).await?;
    }
    world.build().await?;
    for (sql, number) in [
        ("SELECT count(*) FROM builder.tenant_group", 12),
        ("SELECT count(DISTINCT group_hash) FROM builder.tenant_group", 9),
        ("SELECT count(*) FROM builder.control_group WHERE first_release = 1 AND is_by_contract", 9),
        ("SELECT count(*) FROM builder.axis WHERE kind = 'ROLE'", 3),
        (
            "SELECT count(*) FROM builder.contribution c JOIN builder.axis a ON a.role_number = c.role_number
          WHERE a.kind = 'ROLE'",
            27,
        ),
        ("SELECT count(*) FROM builder.tenant_contribution", 0),
        ("SELECT count(*) FROM builder.draft_cell WHERE contributors >= 10", 0),
    ] {
        assert_eq!(world.direct.number(sql).await?, number, "{sql}");
    }
    // Built again, nothing is different.
    let before = world.contributions().await?;
    world.build().await?;
    assert_eq!(world.contributions().await?, before);
    Ok(())
}

pub(crate) async fn roles_of_two_persons_leave_no_row(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.add(1, Holding::None, 2.0).await?;
    world.add(2, Holding::None, 3.0).await?;
    world.build().await?;
    let of_roles = "SELECT count(*) FROM builder.contribution c JOIN builder.axis a ON a.role_number = c.role_number
        WHERE a.kind = 'ROLE'";
    // The role of the first one is not there, the two others of both and the role of the second one are.
    assert_eq!(world.direct.number(of_roles).await?, 5);
    Ok(())
}

pub(crate) async fn firms_and_former_consultants_are_partners(t: &TestServer) -> Result<()> {
    for (months, partners) in [(23, 1), (25, 0)] {
        let mut world = World::new(t).await?;
        for number in 1..=4 {
            world.add(number, Holding::None, 10.0).await?;
        }
        world.grant_to_firm(1, 2..=4, snapshot_at() - Months::new(months)).await?;
        world.build().await?;
        let counted = "SELECT count(DISTINCT partner_number) FROM builder.partner_group";
        assert_eq!(world.direct.number(counted).await?, partners, "ended {months} months before");
        assert_eq!(world.direct.number("SELECT count(*) FROM builder.partner_group").await?, 4 * partners);
    }
    Ok(())
}

pub(crate) async fn who_leaves_is_taken_out_of_a_draft(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    for number in 1..=11 {
        world.add(number, Holding::None, 10.0).await?;
    }
    world.build().await?;
    let before = world.contributions().await?;
    world.leave(11).await?;
    world.build().await?;
    let after = world.contributions().await?;
    assert!(after.len() * 11 == before.len() * 10 && after.iter().all(|row| before.contains(row)));
    assert_eq!(world.direct.number("SELECT count(*) FROM builder.tenant_group").await?, 10);
    Ok(())
}

pub(crate) async fn receipts_say_what_was_given(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    world.add(1, Holding::None, 2.0).await?;
    world.add(2, Holding::None, 10.0).await?;
    world.build().await?;
    let payloads = world.direct.texts("SELECT payload FROM benchmark_receipt ORDER BY org_id").await?;
    assert_eq!(payloads.len(), 2);
    let first: serde_json::Value = serde_json::from_str(&payloads[0])?;
    assert_eq!(first["segment"]["sizeBand"], "FROM_20_TO_99");
    assert_eq!(first["leftOut"][0]["why"], "TOO_FEW_HEADS");
    let scores: Vec<_> = first["rows"].as_array().into_iter().flatten().filter(|row| row["kind"] == "ROLE").collect();
    assert!(scores.len() == 2 && scores.iter().all(|row| row["score"] == 12_500), "{scores:?}");
    // Built again, nobody gets a second one.
    world.build().await?;
    assert_eq!(world.direct.number("SELECT count(*) FROM benchmark_receipt").await?, 2);
    let entries = "SELECT count(*) FROM audit_event WHERE action = 'benchmark.contribution.sent'";
    assert_eq!(world.direct.number(entries).await?, 2);
    Ok(())
}

pub(crate) async fn erased_organizations_are_not_known_to_the_builder(t: &TestServer) -> Result<()> {
    let mut world = World::new(t).await?;
    for number in 1..=3 {
        world.add(number, Holding::None, 10.0).await?;
    }
    world.build().await?;
    world.close(2).await?;
    world.erase().await?;
    for table in ["frozen_segment", "tenant_group"] {
        let tenant = world.organization(2);
        let sql = format!("SELECT count(*) FROM builder.{table} WHERE tenant_id = {tenant}");
        assert_eq!(world.direct.number(sql).await?, 0, "{table}");
        assert_eq!(world.direct.number(format!("SELECT count(*) FROM builder.{table}")).await?, 2, "{table}");
    }
    world.build().await?;
    let groups = "SELECT count(DISTINCT group_hash) FROM builder.contribution";
    assert_eq!(world.direct.number(groups).await?, 2);
    Ok(())
}
