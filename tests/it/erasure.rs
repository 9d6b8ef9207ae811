//! Organizations erased for good: nothing of them is left, and nothing of others is touched.

mod commands;
mod interrupted;
mod retention;
mod traces;

use std::path::Path;
use std::process::Command;

use rolemark_tests::{Result, TestServer};
use uuid::Uuid;

use crate::direct::Direct;
use crate::lifecycle::access::{days_from_now, one_of_everything};
use crate::tenant::Tenant;

pub use commands::{
    erasing_now_asks_for_the_name, open_organizations_and_those_in_grace_stay, servers_sweep_by_themselves,
};
pub use interrupted::{killed_runs_are_taken_up, long_readers_delay_the_end_only, one_run_waits_for_another};
pub use retention::{details_are_pruned_after_their_time, retention_is_configured_within_limits};
pub use traces::{accounts_of_users_stay, nothing_is_left_of_erased_organizations};

/// An organization with a row in every table, and the mark in every text.
async fn full_tenant(t: &TestServer) -> Result<Tenant> {
    let tenant = Tenant::create(t).await;
    one_of_everything(t, tenant.uuid(), &tenant.mark).await?;
    Ok(tenant)
}

/// Closes an organization so many days ago, past the server.
async fn closed_for(database: &mut Direct, organization: Uuid, days: i32) -> Result<()> {
    let (org, at) = (database.uuid(organization), days_from_now(database, -days));
    let sql = format!("UPDATE organization SET closed_at = {at} WHERE org_id = {org}");
    assert_eq!(database.execute(sql).await?, 1);
    Ok(())
}

/// What is in a file. Another process reads it: if this one, in which the server runs, closed a file of the database, the
/// system would drop the locks of all its connections.
fn content(file: &Path) -> Result<Vec<u8>> {
    let read = Command::new("cat").arg(file).output()?;
    match read.status.success() {
        true => Ok(read.stdout),
        false => Err(String::from_utf8_lossy(&read.stderr).into()),
    }
}

/// How many rows each table has of an organization, those with none left out.
async fn rows(database: &mut Direct, organization: Uuid) -> Result<Vec<(String, i64)>> {
    let mut found = Vec::new();
    let org = database.uuid(organization);
    for table in database.tenant_tables().await? {
        let rows = database.number(format!("SELECT count(*) FROM {table} WHERE org_id = {org}")).await?;
        found.extend((rows > 0).then_some((table, rows)));
    }
    Ok(found)
}

/// Whether an organization is a tombstone: no row but its own, which has no name.
async fn is_erased(database: &mut Direct, organization: Uuid) -> Result<bool> {
    let org = database.uuid(organization);
    let tombstone = format!(
        "SELECT count(*) FROM organization WHERE org_id = {org} AND name = '' AND erased_at IS NOT NULL
         AND closed_at IS NOT NULL AND closed_by IS NULL AND audit_seq > 0 AND length(audit_hash) = 32"
    );
    let only = vec![("organization".to_owned(), 1)];
    Ok(database.number(tombstone).await? == 1 && rows(database, organization).await? == only)
}
