//! Details of the audit log that are older than they are kept.

use rolemark_tests::server::Database;
use rolemark_tests::{Backend, Result, TestServer};
use serde_json::{Value, json};
use uuid::Uuid;

use super::content;
use crate::audit_chain::Chain;
use crate::commands::{run, run_with};
use crate::direct::Direct;
use crate::tenant::Tenant;

/// Entries that are too old: all but the last.
const OLD: i64 = 14;
const DAYS: &str = "ROLEMARK_AUDIT_RETENTION_DAYS";

/// Makes the first entries of a log so many days older, with a chain as if they had been made then.
pub(super) async fn make_older(database: &mut Direct, organization: Uuid, entries: i64, days: i32) -> Result<()> {
    let org = database.uuid(organization);
    let at = crate::lifecycle::access::days_from_now(database, -days);
    let older = format!("UPDATE audit_event SET occurred_at = {at} WHERE org_id = {org} AND seq <= {entries}");
    assert_eq!(database.execute(older).await? as i64, entries);
    Chain::read(database, organization).await?.rewrite(database).await?;
    Chain::read(database, organization).await?.verify()
}

/// Whether SQLite's files hold a text, in rows or between them; always on PostgreSQL, whose files are not ours to read.
fn has_in_its_file(t: &TestServer, text: &str) -> Result<bool> {
    let Database::Sqlite(path) = t.database() else { return Ok(true) };
    let bytes = [content(path)?, content(&path.with_extension("sqlite-wal")).unwrap_or_default()].concat();
    Ok(bytes.windows(text.len()).any(|window| window == text.as_bytes()))
}

pub async fn details_are_pruned_after_their_time(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let (tenant, other) = (Tenant::create(&server).await, Tenant::create(&server).await);
    let mut database = Direct::superuser(&server).await?;
    let role = tenant.new_role().await;
    let only_in_the_log = format!("{} fleeting", tenant.mark);
    for (revision, title) in [(1, only_in_the_log.as_str()), (2, "Lasting")] {
        let input = json!({ "id": role, "expectedRevision": revision, "title": title });
        tenant.mutate("updateRoleConfiguration", "UpdateRoleConfigurationInput", "", input).await;
    }
    tenant.new_role().await;
    assert!(has_in_its_file(&server, &only_in_the_log)?, "this case shows nothing");
    make_older(&mut database, tenant.uuid(), OLD, 40).await?;
    make_older(&mut database, other.uuid(), 2, 28).await?;
    let others = database.dump(other.uuid()).await?;
    let kept = Chain::read(&mut database, tenant.uuid()).await?;

    let output = run_with(&server, &["audit", "prune"], &[(DAYS, "30")]).await?;
    assert!(
        output.done().contains(&format!("{OLD} entries")) && output.out.contains(tenant.get("organization")),
        "{}",
        output.out
    );
    assert_eq!(output.out.lines().count(), 1, "{}", output.out);
    let pruned = Chain::read(&mut database, tenant.uuid()).await?;
    pruned.verify()?;
    assert!(!has_in_its_file(&server, &only_in_the_log)? || server.backend() == Backend::Postgres);
    assert_eq!(pruned.links.len(), kept.links.len() + 1);
    for (before, after) in kept.links.iter().zip(&pruned.links) {
        assert_eq!((before.seq, &before.hash), (after.seq, &after.hash));
        assert_eq!(after.payload.is_none(), after.seq <= OLD, "entry {}", after.seq);
    }
    assert_eq!(others, database.dump(other.uuid()).await?);
    let selection = "auditEvents(last: 3) { nodes { sequenceNumber action details hash } }
        newest: auditEvents(first: 1) { nodes { action actorKind actorId objectType objectId details } }";
    let shown = crate::steps::node(&tenant.admin, tenant.get("organization"), "Organization", selection).await;
    let oldest = shown["auditEvents"]["nodes"].as_array().cloned().unwrap_or_default();
    assert!(oldest.iter().all(|entry| entry["details"].is_null() && entry["hash"].is_string()), "{shown}");
    let newest = &shown["newest"]["nodes"][0];
    let what = json!(["audit.prune", "OPERATOR", null, "Organization", tenant.get("organization")]);
    let found = ["action", "actorKind", "actorId", "objectType", "objectId"].map(|field| newest[field].clone());
    assert_eq!(json!(found), what);
    let details: Value = serde_json::from_str(newest["details"].as_str().unwrap_or_default())?;
    assert_eq!((&details["payloads"], &details["retentionDays"]), (&json!(OLD), &json!(30)), "{details}");
    assert!(details["until"].as_str().is_some_and(|until| until.contains("T00:00:00")), "{details}");

    let output = run_with(&server, &["audit", "prune"], &[(DAYS, "30")]).await?;
    assert!(output.done().contains("nothing to remove"), "{}", output.out);
    // What says that something was pruned stays, however old: else each run would leave another one.
    let all = pruned.links.len() as i64;
    make_older(&mut database, tenant.uuid(), all, 40).await?;
    run_with(&server, &["audit", "prune"], &[(DAYS, "30")]).await?.done();
    let again = Chain::read(&mut database, tenant.uuid()).await?;
    let left: Vec<&str> =
        again.links.iter().filter(|link| link.payload.is_some()).map(|link| link.action.as_str()).collect();
    assert_eq!(left, ["audit.prune", "audit.prune"]);
    assert!(run_with(&server, &["audit", "prune"], &[(DAYS, "30")]).await?.done().contains("nothing to remove"));
    server.stop().await;
    Ok(())
}

pub async fn retention_is_configured_within_limits(t: &TestServer) -> Result<()> {
    for days in ["1", "29"] {
        let said = run_with(t, &["audit", "prune"], &[(DAYS, days)]).await?.failed();
        assert!(said.contains("audit_retention_days") && said.contains("30"), "{said}");
    }
    for days in ["-1", "many"] {
        run_with(t, &["audit", "prune"], &[(DAYS, days)]).await?.failed();
    }
    let said = run(t, &["audit", "prune"]).await?.failed();
    assert!(said.contains("audit_retention_days is 0"), "{said}");
    Ok(())
}
