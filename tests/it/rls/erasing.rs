//! What the erasing role may do: delete, and see nothing of what it deletes.

use rolemark_tests::{Result, TestServer, role};

use super::catalogue::{assert_none, names};
use crate::direct::Direct;
use crate::tenant::Tenant;

/// What PostgreSQL says to somebody without the right.
const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// Reviewed by a person when it changes: rights on tables and on columns, one a line.
const REVIEWED: &str = include_str!("../expected/rights_of_the_erasing_role.txt");

const RIGHTS: &str = "
    SELECT has.what FROM (
    SELECT format('%s: %s', c.relname, r.name) AS what FROM pg_class c
    CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) r (name)
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = 'public'::regnamespace
      AND has_table_privilege('rolemark_erase', c.oid, r.name)
    UNION ALL
    SELECT format('%s.%s: %s', c.relname, a.attname, r.name) FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) r (name)
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = 'public'::regnamespace
      AND has_column_privilege('rolemark_erase', c.oid, a.attnum, r.name)
      AND NOT has_table_privilege('rolemark_erase', c.oid, r.name)
    ) has ORDER BY has.what COLLATE \"C\"";

/// A table of an organization that the erasing role could not empty.
const FORGOTTEN: &str = "
    SELECT c.relname::text FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'organization'
      AND NOT (has_table_privilege('rolemark_erase', c.oid, 'DELETE') AND EXISTS (
        SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polroles = ARRAY['rolemark_erase'::regrole::oid]))
    ORDER BY 1";

/// Policies of the erasing role that do not bind the organization; that it sees which ones there are is the exception.
const UNBOUND: &str = "
    SELECT format('%s: %s', c.relname, p.polname) FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    CROSS JOIN LATERAL (VALUES (pg_get_expr(p.polqual, p.polrelid)), (pg_get_expr(p.polwithcheck, p.polrelid))) e (x)
    WHERE p.polroles && ARRAY['rolemark_erase'::regrole::oid]
      AND e.x NOT LIKE '%org_id = (NULLIF(current_setting(''app.org_id''::text, true), ''''::text))::uuid%'
    ORDER BY 1";

pub async fn erasing_role_has_the_reviewed_rights(t: &TestServer) -> Result<()> {
    let reviewed: Vec<&str> = REVIEWED.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let found = names(t, RIGHTS).await?;
    assert_eq!(found, reviewed, "left: what it may do, right: tests/it/expected/rights_of_the_erasing_role.txt");
    assert_none("tables that the erasing role cannot empty", &names(t, FORGOTTEN).await?);
    assert_eq!(names(t, UNBOUND).await?, ["organization: erase_read"]);
    Ok(())
}

pub async fn erasing_role_reads_nothing_and_reaches_one_organization(t: &TestServer) -> Result<()> {
    let (tenant, other) = (Tenant::create(t).await, Tenant::create(t).await);
    let mut superuser = Direct::superuser(t).await?;
    let before = [superuser.dump(tenant.uuid()).await?, superuser.dump(other.uuid()).await?];
    let theirs = superuser.uuid(other.uuid());
    let mut erasing = Direct::bound(t, role::ERASE, tenant.uuid()).await?;
    for sql in [
        "SELECT * FROM role_configuration",
        "SELECT definition FROM role_version",
        "SELECT name FROM member",
        "SELECT payload FROM audit_payload",
        "SELECT object_id FROM audit_event",
        "SELECT digest FROM access_secret",
        "SELECT count(*) FROM user_account",
        "SELECT count(*) FROM session",
        "SELECT count(*) FROM library_edition",
        "DELETE FROM member WHERE name = 'somebody'",
        "DELETE FROM role_configuration RETURNING definition",
        "DELETE FROM organization",
        "UPDATE organization SET created_at = now()",
        "UPDATE audit_event SET action = 'x'",
        "UPDATE audit_payload SET payload = '{}'",
        "INSERT INTO organization (org_id, name, created_at) VALUES (gen_random_uuid(), '', now())",
        "TRUNCATE audit_payload",
        "SET ROLE rolemark_app",
    ] {
        let error = erasing.execute(sql).await.expect_err(sql);
        let code = error.as_database_error().and_then(|e| e.code().map(|code| code.into_owned()));
        assert_eq!(code.as_deref(), Some(INSUFFICIENT_PRIVILEGE), "{sql}: {error}");
    }
    for sql in [
        format!("DELETE FROM role_version WHERE org_id = {theirs}"),
        format!("DELETE FROM audit_payload WHERE org_id = {theirs}"),
        format!("UPDATE organization SET name = '' WHERE org_id = {theirs}"),
        format!("UPDATE audit_head SET seq = 0 WHERE org_id = {theirs}"),
    ] {
        assert_eq!(erasing.execute(sql.clone()).await?, 0, "{sql}");
    }
    erasing.execute("SELECT set_config('app.org_id', '', false)").await?;
    assert_eq!(erasing.execute("DELETE FROM audit_payload").await?, 0, "bound to nobody it reaches nothing");
    assert_eq!(before, [superuser.dump(tenant.uuid()).await?, superuser.dump(other.uuid()).await?]);
    Ok(())
}
