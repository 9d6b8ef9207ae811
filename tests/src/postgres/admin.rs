//! Roles and databases, made by the superuser.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::role;
use crate::Result;

pub(super) async fn create_roles(superuser_url: &str, password: &str) -> Result<()> {
    for name in role::ALL {
        create_role(superuser_url, name, "NOBYPASSRLS", password).await?;
    }
    // The owner gives a function away, which only members of the new owner may.
    create_role(superuser_url, role::GATE, "NOBYPASSRLS", password).await?;
    grant_role(superuser_url, role::GATE, role::MIGRATE).await
}

/// Makes a login role or, on a server that has it, gives it the password and the attributes.
pub(super) async fn create_role(url: &str, name: &str, attributes: &str, password: &str) -> Result<()> {
    let (ident, text, password) = (identifier(name), literal(name), literal(password));
    // Locked: runs that share a server may get here at the same time.
    let sql = format!(
        "SELECT pg_advisory_lock(7261731);
         DO $$ BEGIN
           IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {text}) THEN CREATE ROLE {ident}; END IF;
         END $$;
         ALTER ROLE {ident} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB {attributes} PASSWORD {password}"
    );
    execute(url, &sql).await.map_err(|e| format!("cannot make the role {name}: {e}").into())
}

/// Lets `member` do what `role` may do.
pub(super) async fn grant_role(url: &str, role: &str, member: &str) -> Result<()> {
    execute(url, &format!("GRANT {} TO {}", identifier(role), identifier(member))).await
}

pub(super) async fn drop_role(url: &str, name: &str) -> Result<()> {
    execute(url, &format!("DROP ROLE IF EXISTS {}", identifier(name))).await
}

pub(super) async fn create_database(url: &str, name: &str, template: Option<&str>) -> Result<()> {
    let template = identifier(template.unwrap_or("template1"));
    let (name, owner) = (identifier(name), identifier(role::MIGRATE));
    let sql = format!("CREATE DATABASE {name} OWNER {owner} TEMPLATE {template}");
    execute(url, &sql).await.map_err(|e| format!("cannot make the database {name}: {e}").into())
}

pub(super) async fn drop_database(url: &str, name: &str) -> Result<()> {
    execute(url, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", identifier(name))).await
}

/// Closes a database to new connections and ends those that there are.
pub(super) async fn seal(url: &str, name: &str) -> Result<()> {
    execute(url, &format!("ALTER DATABASE {} ALLOW_CONNECTIONS false", identifier(name))).await?;
    let end =
        format!("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = {}", literal(name));
    execute(url, &end).await
}

async fn execute(url: &str, sql: &str) -> Result<()> {
    let mut connection = PgConnection::connect(url).await.map_err(|e| format!("cannot connect as superuser: {e}"))?;
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await;
    connection.close().await?;
    // The statement is not shown: it may hold a password.
    done.map(drop).map_err(Into::into)
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
