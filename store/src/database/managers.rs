//! How pooled connections are made and when they are thrown away.
//!
//! A pool of sqlx's own would ask the server for a sign of life each time a connection comes back: a round trip
//! for every request. Here a connection that was left in the middle of something, or that failed, is
//! thrown away instead, and the first statement of a use tells whether the server is still there.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use sqlx::{
    Connection as _, Executor, PgConnection, SqliteConnection, postgres::PgConnectOptions, sqlite::SqliteConnectOptions,
};
use uuid::Uuid;

/// A connection to PostgreSQL and the organization that its session is bound to.
pub(crate) struct PostgresConnection {
    pub(crate) raw: PgConnection,
    /// Organization in the session's `app.org_id`; `None` when it is not known.
    pub(crate) bound: Option<Uuid>,
    /// Set while a statement or a transaction runs: what stays set was left in the middle.
    pub(crate) busy: bool,
}

/// A connection to an SQLite file.
pub(crate) struct FileConnection {
    pub(crate) raw: SqliteConnection,
    /// See [`PostgresConnection::busy`].
    pub(crate) busy: bool,
    /// Whether the benchmark's file is attached.
    pub(crate) has_benchmark: bool,
}

/// Makes connections to PostgreSQL, for one database role.
#[derive(Clone)]
pub(crate) struct PostgresManager {
    pub(crate) options: PgConnectOptions,
}

/// The serving roles must not be able to step around row-level security. Checked for every connection, so that a
/// server that started before its database does not serve as a superuser afterwards.
const PRIVILEGES: &str = "SELECT r.rolsuper, r.rolbypassrls, EXISTS (
    SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm') AND pg_has_role(r.oid, c.relowner, 'USAGE'))
    FROM pg_roles r WHERE r.rolname = current_user";

/// Marks the message of a refused database role, which ends the start of the server.
pub(crate) const REFUSED_ROLE: &str = "refused database role";

impl Manager for PostgresManager {
    type Type = PostgresConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<PostgresConnection, sqlx::Error> {
        let mut raw = PgConnection::connect_with(&self.options).await?;
        let (superuser, bypass, owner): (bool, bool, bool) = sqlx::query_as(PRIVILEGES).fetch_one(&mut raw).await?;
        let fault = match (superuser, bypass, owner) {
            (true, _, _) => "is a superuser",
            (_, true, _) => "has BYPASSRLS",
            (_, _, true) => "owns tables",
            _ => return Ok(PostgresConnection { raw, bound: None, busy: false }),
        };
        Err(sqlx::Error::Configuration(
            format!(
                "{REFUSED_ROLE}: '{}' {fault}, so row-level security would not hold; \
                 connect as rolemark_app, rolemark_auth and rolemark_erase, which `rolemark migrate` prepares",
                self.options.get_username()
            )
            .into(),
        ))
    }

    async fn recycle(&self, connection: &mut PostgresConnection, _: &Metrics) -> RecycleResult<sqlx::Error> {
        refuse_busy(connection.busy)
    }
}

/// Makes connections to an SQLite file.
pub(crate) struct FileManager {
    pub(crate) options: SqliteConnectOptions,
    pub(crate) is_reader: bool,
    /// The benchmark's file, attached as `builder` to read once it is there.
    pub(crate) attached: Option<PathBuf>,
}

impl Manager for FileManager {
    type Type = FileConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<FileConnection, sqlx::Error> {
        let mut raw = SqliteConnection::connect_with(&self.options).await?;
        let benchmark = self.attached.as_deref().filter(|path| path.exists());
        if let Some(path) = benchmark {
            sqlx::query("ATTACH DATABASE $1 AS builder").bind(read_only_address(path)).execute(&mut raw).await?;
        }
        if self.is_reader {
            raw.execute("PRAGMA query_only = ON").await?;
        }
        Ok(FileConnection { raw, busy: false, has_benchmark: benchmark.is_some() })
    }

    async fn recycle(&self, connection: &mut FileConnection, _: &Metrics) -> RecycleResult<sqlx::Error> {
        if self.attached.is_some() && !connection.has_benchmark {
            return Err(RecycleError::message("the benchmark's file may be there now"));
        }
        refuse_busy(connection.busy)
    }
}

/// The address by which SQLite opens a file to read, and does not make it.
fn read_only_address(path: &Path) -> String {
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?mode=ro")
}

fn refuse_busy(busy: bool) -> RecycleResult<sqlx::Error> {
    if busy {
        return Err(RecycleError::message("left in the middle of a statement or a transaction"));
    }
    Ok(())
}

/// How many virtual-machine steps SQLite runs between two looks at the clock.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// Interrupts what the connection runs once `limit` has passed: SQLite's statement timeout.
pub(crate) async fn set_deadline(raw: &mut SqliteConnection, limit: Duration) -> Result<(), sqlx::Error> {
    let deadline = Instant::now() + limit;
    raw.lock_handle().await?.set_progress_handler(STEPS_BETWEEN_LOOKS, move || Instant::now() < deadline);
    Ok(())
}
