//! What PostgreSQL's catalogue says about tables, policies, owners and rights.

use rolemark_tests::{Result, TestServer};
use sqlx::{Connection, PgConnection};

/// Every table with `org_id`, as rows of (oid, name).
const TENANT_TABLES: &str = "
    WITH tenant AS (
      SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    ) ";

const UNFORCED: &str = "
    SELECT relname::text FROM tenant WHERE NOT (relrowsecurity AND relforcerowsecurity) ORDER BY 1";

/// Tables that are closed to the serving role need no policy: without rights there is nothing to limit.
const WITHOUT_POLICY: &str = "
    SELECT relname::text FROM tenant
    WHERE has_any_column_privilege('rolemark_app', oid, 'SELECT, INSERT, UPDATE')
       OR has_table_privilege('rolemark_app', oid, 'SELECT, INSERT, UPDATE, DELETE')
    GROUP BY oid, relname
    HAVING NOT EXISTS (
      SELECT FROM pg_policy p WHERE p.polrelid = tenant.oid AND p.polpermissive AND p.polqual IS NOT NULL
        AND p.polroles = ARRAY['rolemark_app'::regrole::oid])
      OR NOT EXISTS (
      SELECT FROM pg_policy p WHERE p.polrelid = tenant.oid AND p.polpermissive AND p.polwithcheck IS NOT NULL
        AND p.polroles = ARRAY['rolemark_app'::regrole::oid])
    ORDER BY 1";

/// Permissive policies are joined by OR: one that forgets the organization opens the table.
const UNBOUND: &str = "
    SELECT DISTINCT format('%s: %s', t.relname, p.polname) FROM tenant t JOIN pg_policy p ON p.polrelid = t.oid
    CROSS JOIN LATERAL (VALUES (pg_get_expr(p.polqual, p.polrelid)), (pg_get_expr(p.polwithcheck, p.polrelid))) e (x)
    WHERE p.polpermissive AND p.polroles && ARRAY[0::oid, 'rolemark_app'::regrole::oid]
      AND e.x NOT LIKE '%org_id = (NULLIF(current_setting(''app.org_id''::text, true), ''''::text))::uuid%'
    ORDER BY 1";

const OWNED: &str = "
    SELECT format('%s owns %s', r.rolname, pg_describe_object(d.classid, d.objid, 0))
    FROM pg_shdepend d JOIN pg_roles r ON d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid
    WHERE d.deptype = 'o' AND r.rolname IN ('rolemark_app', 'rolemark_auth', 'rolemark_erase')
      AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    ORDER BY 1";

/// Whole tables that only the role that signs people in may read, and columns that hold secrets anywhere.
const READABLE_SECRETS: &str = "
    SELECT format('%s.%s', c.relname, a.attname) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = 'public'::regnamespace
      AND a.attnum > 0 AND NOT a.attisdropped
      AND has_column_privilege('rolemark_app', c.oid, a.attnum, 'SELECT')
      AND (c.relname ~ '(^|_)(session|refresh_token|password_reset|contribution|receipt_secret|secret)(_|$)'
        OR c.relname ~ '^user_' OR a.attname ~ '(password|secret|token|key_digest|key_hash)'
        OR (c.relname ~ 'api_key' AND a.attname ~ '(digest|hash)'))
    ORDER BY 1";

/// Of the tables above, those that exist: without them the case above would show nothing.
const SECRET_TABLES: &str =
    "SELECT c.relname::text FROM pg_class c WHERE c.relname IN ('user_account', 'session') ORDER BY 1";

pub async fn every_tenant_table_forces_security(t: &TestServer) -> Result<()> {
    let all = names(t, &format!("{TENANT_TABLES} SELECT relname::text FROM tenant")).await?;
    assert!(!all.is_empty(), "no table has an org_id: this case shows nothing");
    assert_none("tables without forced row-level security", &names(t, &(TENANT_TABLES.to_owned() + UNFORCED)).await?);
    Ok(())
}

pub async fn every_tenant_table_has_a_policy_for_the_serving_role(t: &TestServer) -> Result<()> {
    let found = names(t, &(TENANT_TABLES.to_owned() + WITHOUT_POLICY)).await?;
    assert_none("tables open to rolemark_app without a policy TO it with USING and WITH CHECK", &found);
    Ok(())
}

pub async fn every_policy_of_the_serving_role_binds_the_organization(t: &TestServer) -> Result<()> {
    let found = names(t, &(TENANT_TABLES.to_owned() + UNBOUND)).await?;
    assert_none("policies for rolemark_app that do not compare org_id with the setting", &found);
    Ok(())
}

pub async fn serving_roles_own_nothing(t: &TestServer) -> Result<()> {
    assert_none("things that a serving role owns", &names(t, OWNED).await?);
    Ok(())
}

pub async fn serving_role_cannot_read_secrets(t: &TestServer) -> Result<()> {
    assert_eq!(names(t, SECRET_TABLES).await?, ["session", "user_account"], "the tables have other names now");
    assert_none("columns with secrets that rolemark_app can read", &names(t, READABLE_SECRETS).await?);
    Ok(())
}

/// Asks the catalogue, as the superuser, for one column of text.
pub(super) async fn names(t: &TestServer, sql: &str) -> Result<Vec<String>> {
    let mut superuser = PgConnection::connect(&t.database().superuser_url()).await?;
    Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut superuser).await?)
}

#[track_caller]
pub(super) fn assert_none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}
