//! Row-level security: the wall between organizations that stands even when a query forgets its filter.

mod catalogue;
mod erasing;
mod keys;

use rolemark_tests::{Result, TestServer, role, sign_up};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

pub use catalogue::{
    every_policy_of_the_serving_role_binds_the_organization, every_tenant_table_forces_security,
    every_tenant_table_has_a_policy_for_the_serving_role, serving_role_cannot_read_secrets, serving_roles_own_nothing,
};
pub use erasing::{erasing_role_has_the_reviewed_rights, erasing_role_reads_nothing_and_reaches_one_organization};
pub use keys::{
    keys_of_tenant_tables_start_with_the_organization, references_stay_within_the_organization,
    tables_without_an_organization_are_reviewed,
};

/// Binds the transaction to an organization, as the server does.
const BIND: &str = "SELECT set_config('app.org_id', $1, true)";
/// Of a table that starts with `org_id`: the tables that the serving role may read.
const READABLE: &str = "
    SELECT format('%I', c.relname) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE a.attname = 'org_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
      AND c.relnamespace = 'public'::regnamespace AND has_table_privilege(c.oid, 'SELECT')
    ORDER BY 1";

pub async fn without_a_setting_there_are_no_rows(t: &TestServer) -> Result<()> {
    sign_up(t, "Unset Ltd").await;
    let mut app = connect(t).await?;
    for table in readable(&mut app).await? {
        assert_eq!(organizations(&mut app, &table).await?, [""; 0], "{table} shows rows to nobody in particular");
    }
    Ok(())
}

pub async fn a_setting_shows_one_organization(t: &TestServer) -> Result<()> {
    let ours = organization(t, "Ours Ltd").await?;
    let theirs = organization(t, "Theirs Ltd").await?;
    assert_ne!(ours, theirs);
    let mut app = connect(t).await?;
    let tables = readable(&mut app).await?;
    let mut transaction = app.begin().await?;
    sqlx::query(BIND).bind(&ours).execute(&mut *transaction).await?;
    let mut seen = 0;
    for table in tables {
        let organizations = organizations(&mut transaction, &table).await?;
        assert!(organizations.iter().all(|o| *o == ours), "{table} shows {organizations:?} to {ours}");
        seen += organizations.len();
    }
    assert!(seen > 0, "an organization sees nothing of its own: this case shows nothing");
    Ok(())
}

/// After a transaction that bound it, a connection has the empty string, which is no UUID.
pub async fn a_reused_connection_shows_no_rows(t: &TestServer) -> Result<()> {
    let ours = organization(t, "Reused Ltd").await?;
    let mut app = connect(t).await?;
    let tables = readable(&mut app).await?;
    let mut transaction = app.begin().await?;
    sqlx::query(BIND).bind(&ours).execute(&mut *transaction).await?;
    transaction.commit().await?;
    let left: Option<String> =
        sqlx::query_scalar("SELECT current_setting('app.org_id', true)").fetch_one(&mut app).await?;
    assert_eq!(left.as_deref(), Some(""), "what a transaction leaves behind");
    for table in tables {
        assert_eq!(organizations(&mut app, &table).await?, [""; 0], "{table} shows rows to the next user");
    }
    Ok(())
}

async fn connect(t: &TestServer) -> Result<PgConnection> {
    Ok(PgConnection::connect(&t.database().url(role::APP)).await?)
}

/// The tenant tables that the connected role may read; there must be some.
async fn readable(connection: &mut PgConnection) -> Result<Vec<String>> {
    let tables: Vec<String> = sqlx::query_scalar(READABLE).fetch_all(connection).await?;
    assert!(!tables.is_empty(), "the serving role can read no table at all");
    Ok(tables)
}

/// The organizations whose rows of a table the connection sees.
async fn organizations(connection: &mut PgConnection, table: &str) -> Result<Vec<String>> {
    let sql = format!("SELECT DISTINCT org_id::text FROM {table}");
    let rows = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(connection).await;
    rows.map_err(|e| format!("{table}: {e}").into())
}

/// Signs an organization up and finds its key in the database.
async fn organization(t: &TestServer, name: &str) -> Result<String> {
    sign_up(t, name).await;
    let mut superuser = PgConnection::connect(&t.database().superuser_url()).await?;
    let found = sqlx::query_scalar("SELECT org_id::text FROM organization WHERE name = $1 LIMIT 1")
        .bind(name)
        .fetch_one(&mut superuser)
        .await?;
    Ok(found)
}
