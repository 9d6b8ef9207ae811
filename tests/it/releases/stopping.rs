use std::fs::File;
use std::time::Duration;

use rolemark_tests::{Backend, Result, TestServer};

use super::{Office, QUARTER};

/// The lock of all builders on a PostgreSQL database.
const LOCK: &str = "SELECT CASE WHEN pg_try_advisory_lock(7310276593) THEN 1::bigint ELSE 0::bigint END";

pub(crate) async fn one_builder_works_at_a_time(t: &TestServer) -> Result<()> {
    let mut office = Office::with_draft(t).await?;
    let mut file = None;
    if t.backend() == Backend::Postgres {
        assert_eq!(office.direct.number(LOCK).await?, 1);
    } else {
        let lock = File::options().write(true).open(office.server.directory().join("benchmark.lock"))?;
        lock.try_lock()?;
        file = Some(lock);
    }
    let refused = office.run(&["build", QUARTER]).await?.failed();
    assert!(refused.contains("another builder is at work"), "{refused}");
    if t.backend() == Backend::Postgres {
        office.direct.execute("SELECT pg_advisory_unlock_all()").await?;
    }
    drop(file);
    office.run(&["build", QUARTER]).await?.done();
    Ok(())
}

pub(crate) async fn killed_builders_go_on(t: &TestServer) -> Result<()> {
    const ROLES: u32 = 12;
    let mut office = Office::with_draft(t).await?;
    for role in 1..=ROLES {
        office.contribute(role, 31).await?;
    }
    let mut killed = 0;
    for wait in (0_u64..).map(|attempt| Duration::from_millis(20 + attempt * 15)) {
        let mut child = office.command(&["build", QUARTER]).spawn()?;
        let before = std::time::Instant::now();
        while before.elapsed() < wait && child.try_wait()?.is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if child.try_wait()?.is_some() {
            let output = child.wait_with_output()?;
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            break;
        }
        child.kill()?;
        child.wait()?;
        killed += 1;
        // It was killed after its work: one more build would collect, and nobody stands behind these contributions.
        if office.number("SELECT count(*) FROM builder.draft_release WHERE step = 'DONE'").await? == 1 {
            break;
        }
    }
    assert!(killed > 0, "the builder was too quick to be killed");
    assert_eq!(office.number("SELECT count(*) FROM builder.draft_cell").await?, i64::from(ROLES) * 129);
    let figures = office.figures().await?;
    assert_eq!(figures.len(), ROLES as usize);
    office.unfinished().await?;
    office.run(&["build", QUARTER]).await?.done();
    assert_eq!(office.figures().await?, figures);
    Ok(())
}
