//! Opening the builder's connection, and running statements on it.

use std::{fs::File, path::Path};

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, SqlxPostgresConnector, SqlxSqliteConnector, Statement,
    TransactionTrait, Value,
};
use sqlx::{ConnectOptions, postgres::PgPoolOptions, sqlite::SqlitePoolOptions};

use super::{BENCHMARK_FILE, BenchmarkKey, Builder, BuilderError, BuilderOptions};
use crate::{DatabaseUrl, StoreError, database::sqlite_options};

/// The lock of all builders on a PostgreSQL database; the number is this program's own.
const TRY_LOCK: &str = "SELECT pg_try_advisory_lock(7310276593) AS is_mine";
const ROLE: &str = "
SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid) AS is_refused
FROM pg_roles r WHERE r.rolname = current_user";

/// Several statements of which all are kept or none.
pub(crate) type Transaction = sea_orm::DatabaseTransaction;

impl Builder {
    /// Opens the way to the database, alone.
    ///
    /// # Errors
    /// [`BuilderError::Busy`] while another builder is at work; see [`BuilderError`].
    pub async fn open(options: BuilderOptions) -> Result<Self, BuilderError> {
        let lock = lock_file(&options)?;
        let builder = Self { _lock: lock, ..Self::open_to_look(options).await? };
        if builder.is_postgres() && !flag(&builder.connection, TRY_LOCK, "is_mine").await? {
            return Err(BuilderError::Busy);
        }
        Ok(builder)
    }

    /// Opens the way to the database beside a builder that may be at work, to read only.
    ///
    /// # Errors
    /// See [`BuilderError`].
    pub async fn open_to_look(options: BuilderOptions) -> Result<Self, BuilderError> {
        let connection = connect(&options).await?;
        let key = BenchmarkKey::open(&options.data_directory.join("benchmark-key.pem"))?;
        Ok(Self { connection, key, clock: options.clock, _lock: None })
    }

    /// Closes the connection, and lets other builders in.
    pub async fn close(self) {
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the builder's connection was not closed");
        }
    }

    /// The benchmark's key.
    pub fn key(&self) -> &BenchmarkKey {
        &self.key
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.connection.get_database_backend() == DbBackend::Postgres
    }

    /// Runs a query.
    pub(crate) async fn rows(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<QueryResult>, StoreError> {
        rows(&self.connection, sql, values).await
    }

    /// Runs a statement; how many rows it changed.
    pub(crate) async fn execute(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<u64, StoreError> {
        execute(&self.connection, sql, values).await
    }

    /// Begins a transaction. Dropped without a commit, it is rolled back. There is one connection, so finish it before
    /// anything else is asked of the builder.
    pub(crate) async fn begin(&self) -> Result<Transaction, StoreError> {
        Ok(self.connection.begin().await?)
    }
}

/// Runs a query, in a transaction or without.
pub(crate) async fn rows(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<QueryResult>, StoreError> {
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    Ok(connection.query_all_raw(statement).await?)
}

/// Runs a statement, in a transaction or without; how many rows it changed.
pub(crate) async fn execute(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, StoreError> {
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    Ok(connection.execute_raw(statement).await?.rows_affected())
}

/// On SQLite two builders are kept apart by a file; the system takes the lock back from a program that dies.
fn lock_file(options: &BuilderOptions) -> Result<Option<File>, BuilderError> {
    if matches!(options.database_url, DatabaseUrl::Postgres(_)) {
        return Ok(None);
    }
    let path = options.data_directory.join("benchmark.lock");
    let failed = |error| BuilderError::File { path: path.clone(), error };
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Err(BuilderError::Busy),
        Err(std::fs::TryLockError::Error(error)) => Err(failed(error)),
    }
}

async fn connect(options: &BuilderOptions) -> Result<DatabaseConnection, BuilderError> {
    match &options.database_url {
        DatabaseUrl::Sqlite(path) => connect_to_sqlite(path, &options.data_directory).await,
        DatabaseUrl::Postgres(url) => connect_to_postgres(url).await,
    }
}

async fn connect_to_sqlite(path: &Path, directory: &Path) -> Result<DatabaseConnection, BuilderError> {
    // Statements with hundreds of rows are long, and some take long: that is no news.
    let options = sqlite_options(path).create_if_missing(false).disable_statement_logging();
    // One connection that lasts: the second file is attached to it.
    let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    let pool = pool.connect_with(options).await.map_err(failed)?;
    let connection = SqlxSqliteConnector::from_sqlx_sqlite_pool(pool);
    let second = directory.join(BENCHMARK_FILE);
    // SQLite makes no file by attaching it where the main one has to be there already.
    make_private_file(&second).map_err(|error| BuilderError::File { path: second.clone(), error })?;
    execute(&connection, "ATTACH DATABASE $1 AS builder", [second.display().to_string().into()]).await?;
    for pragma in ["PRAGMA builder.journal_mode = WAL", "PRAGMA builder.synchronous = NORMAL"] {
        rows(&connection, pragma, []).await?;
    }
    migration::create_builder_tables_on_sqlite(&connection).await?;
    Ok(connection)
}

async fn connect_to_postgres(url: &sqlx::postgres::PgConnectOptions) -> Result<DatabaseConnection, BuilderError> {
    let options = url.clone().application_name("rolemark benchmark").options([("search_path", "public,builder")]);
    let options = options.disable_statement_logging();
    let pool = PgPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    let pool = pool.connect_with(options).await.map_err(failed)?;
    let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
    if flag(&connection, ROLE, "is_refused").await? {
        let text =
            "the builder does not work as a superuser, an owner of tables or with BYPASSRLS: use rolemark_release";
        return Err(BuilderError::RefusedRole(text.to_owned()));
    }
    Ok(connection)
}

async fn flag(connection: &DatabaseConnection, sql: &str, column: &str) -> Result<bool, StoreError> {
    let found = rows(connection, sql, []).await?;
    Ok(found.first().map(|row| row.try_get("", column)).transpose()?.unwrap_or(false))
}

fn failed(error: sqlx::Error) -> BuilderError {
    let error = sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(std::sync::Arc::new(error)));
    BuilderError::Store(error.into())
}

#[cfg(unix)]
fn make_private_file(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    File::options().create(true).append(true).open(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn make_private_file(path: &Path) -> std::io::Result<()> {
    File::options().create(true).append(true).open(path).map(drop)
}
