use rolemark_tests::{Result, TestServer};

use super::{Office, QUARTER};

pub(crate) async fn contributions_become_a_release(t: &TestServer) -> Result<()> {
    let mut office = Office::with_draft(t).await?;
    office.contribute(1, 40).await?;
    office.contribute(2, 9).await?;
    let built = office.run(&["build", QUARTER]).await?;
    assert!(built.done().contains("2 of them computed") && built.out.contains("1 cells FRESH"), "{}", built.out);
    let figures = office.figures().await?;
    assert_eq!(figures.len(), 1, "four peer groups have the same contributors");
    office.unfinished().await?;
    office.run(&["build", QUARTER]).await?.done();
    assert_eq!(office.figures().await?, figures, "the noise was drawn again");

    let audited = office.run(&["audit", QUARTER]).await?;
    assert!(audited.done().contains("Root of the cells: "), "{}", audited.out);
    office.approve().await?;
    let published = office.run(&["publish", QUARTER]).await?;
    assert!(published.done().contains("Published 2026-Q2"), "{}", published.out);
    for (sql, number) in [
        ("SELECT count(*) FROM benchmark_release WHERE state = 'PUBLISHED' AND number = 1", 1),
        ("SELECT count(*) FROM benchmark_approval", 2),
        ("SELECT count(*) FROM benchmark_version WHERE as_of_release = '2026-Q2' AND peer_group = 'all'", 1),
        ("SELECT count(*) FROM benchmark_cell WHERE role_key = 'test:role-1'", 4),
        ("SELECT count(*) FROM benchmark_cell", 4),
    ] {
        assert_eq!(office.number(sql).await?, number, "{sql}");
    }
    is_shown(&office).await?;
    // Nobody stands behind the groups of this world: they count as organizations that have left.
    for expected in ["contributions of organizations that left", "nothing to erase"] {
        let erased = office.run(&["erase"]).await?;
        assert!(erased.done().contains(expected), "{expected}: {}", erased.out);
    }
    retract(&mut office).await
}

async fn is_shown(office: &Office) -> Result<()> {
    let list = office.run(&["list"]).await?;
    assert!(list.done().contains("2026-Q2  PUBLISHED") && list.out.contains("snapshot 2026-07-01"), "{}", list.out);
    let show = office.run(&["show", QUARTER]).await?;
    for told in ["Ada, Ben", "test:role-1", "cells TOO_FEW", "audit, passive"] {
        assert!(show.done().contains(told), "{told}: {}", show.out);
    }
    let role = office.run(&["show", QUARTER, "--role", "test:role-1"]).await?;
    assert!(role.done().contains("25-49     as of 2026-Q2  score "), "{}", role.out);
    let role = office.run(&["show", QUARTER, "--role", "test:role-2"]).await?;
    assert!(role.done().contains("too few   withheld: TOO_FEW"), "{}", role.out);
    assert!(!role.out.split_whitespace().any(|word| word == "9"), "the exact count is told: {}", role.out);
    Ok(())
}

async fn retract(office: &mut Office) -> Result<()> {
    let asked = office.run(&["retract", QUARTER, "--reason", "a missed holding"]).await?.failed();
    assert!(asked.contains("--yes"), "{asked}");
    assert_eq!(office.number("SELECT count(*) FROM benchmark_release WHERE state = 'PUBLISHED'").await?, 1);
    let retracted = office.run(&["retract", QUARTER, "--reason", "a missed holding", "--yes"]).await?;
    assert!(retracted.done().contains("Retracted 2026-Q2"), "{}", retracted.out);
    assert_eq!(office.number("SELECT count(*) FROM benchmark_release WHERE state = 'RETRACTED'").await?, 1);
    let list = office.run(&["list"]).await?;
    assert!(list.done().contains("RETRACTED"), "{}", list.out);
    for arguments in [
        &["build", QUARTER][..],
        &["audit", QUARTER],
        &["publish", QUARTER],
        &["approve", QUARTER, "--approver", "Ada", "--key", "Ada.pem"],
        &["retract", QUARTER, "--reason", "again", "--yes"],
    ] {
        let told = office.run(arguments).await?.failed();
        assert!(told.contains("is retracted, for good"), "{arguments:?}: {told}");
    }
    Ok(())
}

pub(crate) async fn published_tables_do_not_change(t: &TestServer) -> Result<()> {
    let mut office = Office::with_draft(t).await?;
    office.contribute(1, 12).await?;
    for step in ["build", "audit"] {
        office.run(&[step, QUARTER]).await?.done();
    }
    office.approve().await?;
    office.run(&["publish", QUARTER]).await?.done();
    for change in [
        "UPDATE benchmark_release SET merkle_root = 'x'",
        "UPDATE benchmark_release SET state = 'RETRACTED', retracted_at = published_at, manifest = '{}'",
        "UPDATE benchmark_version SET figures = '{}'",
        "UPDATE benchmark_cell SET peer_group = 'x'",
        "UPDATE benchmark_approval SET approver = 'Eve'",
        "DELETE FROM benchmark_cell",
        "DELETE FROM benchmark_version",
        "DELETE FROM benchmark_approval",
        "DELETE FROM benchmark_release",
    ] {
        let error = office.direct.execute(change).await.expect_err(change).to_string();
        let told = ["does not change", "can only be retracted"];
        assert!(told.iter().any(|told| error.contains(told)), "{change}: {error}");
    }
    Ok(())
}
