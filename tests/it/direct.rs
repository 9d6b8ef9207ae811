//! The database by raw SQL, past the server: to make what the API cannot make yet, and to look behind it.

use std::time::Duration;

use rolemark_tests::server::Database;
use rolemark_tests::{Backend, Result, TestServer, role};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::ids::random_uuid;

/// How long the server may take to notice what was changed past it: what it knows of a caller may be a second old.
pub(crate) const NOTICED: Duration = Duration::from_millis(1_050);

/// A connection past the server.
pub(crate) enum Direct {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Runs the same on either database, with the connection as `$raw`.
#[macro_export]
macro_rules! on_either {
    ($direct:expr, |$raw:ident| $run:expr) => {
        match $direct {
            $crate::direct::Direct::Sqlite($raw) => $run,
            $crate::direct::Direct::Postgres($raw) => $run,
        }
    };
}

impl Direct {
    /// With every right there is: the superuser, or the owner of the file.
    pub(crate) async fn superuser(t: &TestServer) -> Result<Self> {
        Ok(match t.database() {
            Database::Sqlite(path) => {
                let busy = Duration::from_secs(10);
                let options = SqliteConnectOptions::new().filename(path).foreign_keys(true).busy_timeout(busy);
                Self::Sqlite(SqliteConnection::connect_with(&options).await?)
            }
            Database::Postgres { .. } => Self::Postgres(PgConnection::connect(&t.database().superuser_url()).await?),
        })
    }

    /// As the serving role of PostgreSQL, bound to an organization.
    pub(crate) async fn serving(t: &TestServer, organization: Uuid) -> Result<Self> {
        Self::bound(t, role::APP, organization).await
    }

    /// As a role of PostgreSQL, bound to an organization.
    pub(crate) async fn bound(t: &TestServer, role: &str, organization: Uuid) -> Result<Self> {
        assert_eq!(t.backend(), Backend::Postgres, "SQLite has no roles");
        let mut connection = PgConnection::connect(&t.database().url(role)).await?;
        let bind = format!("SELECT set_config('app.org_id', '{organization}', false)");
        connection.execute(AssertSqlSafe(bind)).await?;
        Ok(Self::Postgres(connection))
    }

    /// A UUID as a literal of this database.
    pub(crate) fn uuid(&self, uuid: Uuid) -> String {
        match self {
            Self::Sqlite(_) => format!("X'{}'", uuid.simple()),
            Self::Postgres(_) => format!("'{uuid}'::uuid"),
        }
    }

    /// Bytes as a literal of this database.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> String {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self {
            Self::Sqlite(_) => format!("X'{digits}'"),
            Self::Postgres(_) => format!("'\\x{digits}'::bytea"),
        }
    }

    /// Runs a statement; how many rows it changed.
    pub(crate) async fn execute(&mut self, sql: impl Into<String>) -> sqlx::Result<u64> {
        let sql = AssertSqlSafe(sql.into());
        on_either!(self, |raw| Ok(sqlx::query(sql).execute(raw).await?.rows_affected()))
    }

    /// One column of text.
    pub(crate) async fn texts(&mut self, sql: impl Into<String>) -> sqlx::Result<Vec<String>> {
        let sql = AssertSqlSafe(sql.into());
        on_either!(self, |raw| sqlx::query_scalar(sql).fetch_all(raw).await)
    }

    /// One number.
    pub(crate) async fn number(&mut self, sql: impl Into<String>) -> sqlx::Result<i64> {
        let sql = AssertSqlSafe(sql.into());
        on_either!(self, |raw| sqlx::query_scalar(sql).fetch_one(raw).await)
    }

    /// The tables with an `org_id`.
    pub(crate) async fn tenant_tables(&mut self) -> sqlx::Result<Vec<String>> {
        let sql = match self {
            Self::Sqlite(_) => {
                "SELECT t.name FROM sqlite_master t JOIN pragma_table_info(t.name) c ON c.name = 'org_id'
                 WHERE t.type = 'table' ORDER BY 1"
            }
            Self::Postgres(_) => {
                "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                 WHERE a.attname = 'org_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
                   AND c.relnamespace = 'public'::regnamespace ORDER BY 1"
            }
        };
        self.texts(sql).await
    }

    /// Everything of an organization and of its people, a line for each row.
    pub(crate) async fn dump(&mut self, organization: Uuid) -> sqlx::Result<Vec<String>> {
        let here = format!("org_id = {}", self.uuid(organization));
        let people = format!("IN (SELECT user_id FROM member WHERE {here})");
        let mut wanted: Vec<(String, String)> =
            self.tenant_tables().await?.into_iter().map(|table| (table, here.clone())).collect();
        wanted.push(("user_account".into(), format!("id {people}")));
        wanted.push(("session".into(), format!("user_id {people}")));
        let sessions = format!("session_id IN (SELECT id FROM session WHERE user_id {people})");
        wanted.push(("refresh_token".into(), sessions));
        let mut lines = Vec::new();
        for (table, condition) in wanted {
            let row = self.row_as_text(&table).await?;
            let sql = format!("SELECT {row} FROM {table} x WHERE {condition} ORDER BY 1");
            lines.extend(self.texts(sql).await?.into_iter().map(|line| format!("{table}: {line}")));
        }
        Ok(lines)
    }

    /// Every row of every table, a line for each.
    pub(crate) async fn dump_everything(&mut self) -> sqlx::Result<Vec<String>> {
        let tables = match self {
            Self::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table'",
            Self::Postgres(_) => {
                "SELECT relname::text FROM pg_class
                 WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
            }
        };
        let mut lines = Vec::new();
        for table in self.texts(tables).await? {
            let row = self.row_as_text(&table).await?;
            let rows = self.texts(format!("SELECT {row} FROM {table} x")).await?;
            lines.extend(rows.into_iter().map(|line| format!("{table}: {line}")));
        }
        Ok(lines)
    }

    async fn row_as_text(&mut self, table: &str) -> sqlx::Result<String> {
        match self {
            Self::Postgres(_) => Ok("x::text".to_owned()),
            Self::Sqlite(_) => {
                let sql = format!("SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}')");
                Ok(self.texts(sql).await?.join(" || '|' || "))
            }
        }
    }

    /// Makes a user, by the e-mail address, a member of an organization: the API cannot yet.
    pub(crate) async fn add_member(&mut self, organization: Uuid, email: &str, level: &str) -> Result<()> {
        let (organization, id) = (self.uuid(organization), self.uuid(random_uuid()));
        let now = match self {
            Self::Sqlite(_) => "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')",
            Self::Postgres(_) => "now()",
        };
        let sql = format!(
            "INSERT INTO member (org_id, id, user_id, name, email, level, joined_at)
             SELECT {organization}, {id}, id, name, email, '{level}', {now} FROM user_account WHERE email = '{email}'"
        );
        assert_eq!(self.execute(sql).await?, 1, "no user {email}");
        Ok(())
    }
}
