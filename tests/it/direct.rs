//! The database by raw SQL, past the server: to make what the API cannot make yet, and to look behind it.

use std::time::Duration;

use rolemark_tests::server::Database;
use rolemark_tests::{Backend, Result, SignedIn, TestServer, role, unique};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::ids::{organization_of, random_uuid};

/// How long the server may take to notice what was changed past it: what it knows of a caller may be a second old.
pub(crate) const NOTICED: Duration = Duration::from_millis(1_050);

/// How API keys begin.
const API_KEY: &str = "rolemark_key_";

/// A well-formed API key: 80 random hexadecimal digits, and 8 of the CRC-32 of all before.
fn api_key() -> String {
    let digits: String = (0..5).map(|_| unique("").replace('_', "")).collect();
    let body = format!("{API_KEY}{digits}");
    let crc = body.bytes().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    });
    format!("{body}{:08x}", !crc)
}

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

    /// An instant as a literal of this database.
    pub(crate) fn instant(&self, instant: chrono::DateTime<chrono::Utc>) -> String {
        format!("'{}'", instant.format("%Y-%m-%dT%H:%M:%S%.6f+00:00"))
    }

    /// Bytes as a literal of this database.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> String {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self {
            Self::Sqlite(_) => format!("X'{digits}'"),
            Self::Postgres(_) => format!("'\\x{digits}'::bytea"),
        }
    }

    /// An instant so many seconds from now as an expression of this database, as the server writes instants.
    pub(crate) fn seconds_from_now(&self, seconds: i64) -> String {
        match self {
            Self::Sqlite(_) => format!("strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', '{seconds} seconds')"),
            Self::Postgres(_) => format!("now() + interval '{seconds} seconds'"),
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

    /// All tables.
    pub(crate) async fn tables(&mut self) -> sqlx::Result<Vec<String>> {
        let sql = match self {
            Self::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1",
            Self::Postgres(_) => {
                "SELECT relname::text FROM pg_class
                 WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY 1"
            }
        };
        self.texts(sql).await
    }

    /// All rows of a table as text.
    pub(crate) async fn rows(&mut self, table: &str) -> sqlx::Result<Vec<String>> {
        let row = self.row_as_text(table).await?;
        self.texts(format!("SELECT {row} FROM {table} x")).await
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

    /// Makes an API key of an organization that may enter these clients; the key. Past the server, in its own form.
    pub(crate) async fn add_api_key(
        &mut self,
        owner: &SignedIn,
        scopes: &[&str],
        clients: &[&SignedIn],
    ) -> Result<String> {
        let key = api_key();
        let (org, id) = (organization_of(&owner.organization_id), random_uuid());
        let (org, id) = (self.uuid(org), self.uuid(id));
        let digest = self.bytes(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, key.as_bytes()).as_ref());
        let lookup = &key[API_KEY.len()..API_KEY.len() + 16];
        let now = chrono::Utc::now();
        let (made, expires) = (self.instant(now), self.instant(now + chrono::Duration::days(1)));
        let scopes = serde_json::to_string(scopes)?;
        let sql = format!(
            "INSERT INTO api_key (org_id, id, name, prefix, scopes, created_at, expires_at)
             VALUES ({org}, {id}, 'A key', '{lookup}', '{scopes}', {made}, {expires})"
        );
        self.execute(sql).await?;
        let sql = format!(
            "INSERT INTO access_secret (org_id, id, kind, lookup, digest)
             VALUES ({org}, {id}, 'API_KEY', '{lookup}', {digest})"
        );
        self.execute(sql).await?;
        for client in clients {
            let client = self.uuid(organization_of(&client.organization_id));
            let sql = format!(
                "INSERT INTO api_key_client (org_id, api_key_id, client_org_id) VALUES ({org}, {id}, {client})"
            );
            self.execute(sql).await?;
        }
        Ok(key)
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
