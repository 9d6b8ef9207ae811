//! Runs that are killed, or meet others.

use std::process::Child;
use std::time::Duration;

use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Backend, Result, TestServer};

use super::{closed_for, full_tenant, is_erased};
use crate::commands::{command, run};
use crate::direct::Direct;
use crate::tenant::Tenant;

/// Long enough for a run to get where it is held up.
const UNDER_WAY: Duration = Duration::from_secs(2);

fn start(t: &TestServer, directory: &ScratchDirectory) -> Result<Child> {
    Ok(command(t, directory, &["organization", "erase"]).spawn()?)
}

/// Killed in the middle of its transaction: nothing has changed, and the next run does it all.
pub async fn killed_runs_are_taken_up(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let tenant = full_tenant(&server).await?;
    let mut database = Direct::superuser(&server).await?;
    closed_for(&mut database, tenant.uuid(), 31).await?;
    let before = database.dump(tenant.uuid()).await?;
    let org = database.uuid(tenant.uuid());
    let (begin, hold) = match server.backend() {
        // The last table but for the log, so that most is deleted by then.
        Backend::Postgres => ("BEGIN", format!("UPDATE member SET name = name WHERE org_id = {org}")),
        Backend::Sqlite => ("BEGIN IMMEDIATE", "SELECT 1".to_owned()),
    };
    let directory = ScratchDirectory::create()?;
    for _ in 0..2 {
        database.execute(begin).await?;
        database.execute(hold.clone()).await?;
        let mut child = start(&server, &directory)?;
        tokio::time::sleep(UNDER_WAY).await;
        assert!(child.try_wait()?.is_none(), "nothing held it up: this case shows nothing");
        child.kill()?;
        child.wait()?;
        database.execute("ROLLBACK").await?;
        assert_eq!(before, database.dump(tenant.uuid()).await?);
    }
    run(&server, &["organization", "erase"]).await?.done();
    assert!(is_erased(&mut database, tenant.uuid()).await?);
    server.stop().await;
    Ok(())
}

/// On SQLite the rows are gone at once, and their bytes when nobody reads an older state: until then the organization does
/// not count as erased, and each run tries again.
pub async fn long_readers_delay_the_end_only(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let tenant = Tenant::create(&server).await;
    let (mut database, mut reader) = (Direct::superuser(&server).await?, Direct::superuser(&server).await?);
    closed_for(&mut database, tenant.uuid(), 31).await?;
    reader.execute("BEGIN").await?;
    assert!(reader.number("SELECT count(*) FROM organization").await? > 0);
    run(&server, &["organization", "erase"]).await?.done();
    let org = database.uuid(tenant.uuid());
    let rows_left = format!("SELECT count(*) FROM role_configuration WHERE org_id = {org}");
    let unfinished =
        format!("SELECT count(*) FROM organization WHERE org_id = {org} AND erased_at IS NULL AND name = ''");
    assert_eq!(database.number(rows_left).await?, 0);
    let expected = i64::from(server.backend() == Backend::Sqlite);
    assert_eq!(database.number(unfinished).await?, expected, "the bytes may still be there");
    let list = run(&server, &["organization", "list"]).await?;
    let line = list.done().lines().find(|line| line.starts_with(tenant.get("organization"))).unwrap_or_default();
    assert!(line.contains("erased"), "{line}");
    reader.execute("ROLLBACK").await?;
    run(&server, &["organization", "erase"]).await?.done();
    assert!(is_erased(&mut database, tenant.uuid()).await?);
    server.stop().await;
    Ok(())
}

/// PostgreSQL: all servers and commands share one lock.
pub async fn one_run_waits_for_another(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let tenant = Tenant::create(&server).await;
    let (mut database, mut other) = (Direct::superuser(&server).await?, Direct::superuser(&server).await?);
    closed_for(&mut database, tenant.uuid(), 31).await?;
    other.execute("SELECT pg_advisory_lock(7310276592)").await?;
    let server = server.restart_with(|_| ()).await?;
    let directory = ScratchDirectory::create()?;
    let mut child = start(&server, &directory)?;
    tokio::time::sleep(UNDER_WAY).await;
    assert!(child.try_wait()?.is_none(), "the command did not wait");
    assert!(!is_erased(&mut database, tenant.uuid()).await?, "the server or the command did not wait");
    other.execute("SELECT pg_advisory_unlock(7310276592)").await?;
    let status = tokio::task::spawn_blocking(move || child.wait()).await??;
    assert!(status.success());
    assert!(is_erased(&mut database, tenant.uuid()).await?);
    server.stop().await;
    Ok(())
}
