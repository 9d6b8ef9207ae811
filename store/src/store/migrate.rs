//! Bringing a database to this program's schema, as its owner.

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, SqlxPostgresConnector, SqlxSqliteConnector};
use sqlx::{Connection, PgConnection, postgres::PgPoolOptions, sqlite::SqlitePoolOptions};

use crate::{
    clock::Clock,
    database::{DatabaseUrl, sqlite_options},
    library::{ImportError, import_shipped_edition},
};

/// Why a database was not brought to this program's schema.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database does not answer, or refused.
    #[error("database: {0}")]
    Database(String),
    /// The shipped edition of the library could not be loaded.
    #[error("library: {0}")]
    Library(#[from] ImportError),
}

impl From<DbErr> for MigrateError {
    fn from(error: DbErr) -> Self {
        Self::Database(error.to_string())
    }
}

/// Applies the migrations that are missing and loads the shipped edition of the Platform Roles Library. On PostgreSQL
/// it needs the owner of the tables; it makes the database roles, policies and rights too. Two at a
/// time wait for one another.
///
/// # Errors
/// See [`MigrateError`]. A migration that fails on PostgreSQL leaves nothing behind.
pub async fn migrate(url: &DatabaseUrl, clock: &dyn Clock) -> Result<Vec<String>, MigrateError> {
    let connection = owner_connection(url).await?;
    if matches!(url, DatabaseUrl::Postgres(_)) {
        connection.execute_unprepared("SELECT pg_advisory_lock(7310276591)").await?;
    }
    let before = Migrator::get_applied_migrations(&connection).await?.len();
    Migrator::up(&connection, None).await?;
    import_shipped_edition(&connection, clock).await?;
    connection.close().await?;
    Ok(names().split_off(before))
}

/// A connection as the owner, for migrations and for library editions.
pub(crate) async fn owner_connection(url: &DatabaseUrl) -> Result<DatabaseConnection, MigrateError> {
    let refused = |error: sqlx::Error| MigrateError::Database(error.to_string());
    Ok(match url {
        DatabaseUrl::Sqlite(path) => {
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent).map_err(|error| MigrateError::Database(error.to_string()))?;
            }
            let pool = SqlitePoolOptions::new().max_connections(1).connect_with(sqlite_options(path));
            let connection = SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.await.map_err(refused)?);
            make_private(path)?;
            connection
        }
        DatabaseUrl::Postgres(options) => {
            // A pool would try for half a minute and then not say why.
            PgConnection::connect_with(options).await.map_err(refused)?.close().await.map_err(refused)?;
            let pool = PgPoolOptions::new().max_connections(1).connect_with((**options).clone());
            SqlxPostgresConnector::from_sqlx_postgres_pool(pool.await.map_err(refused)?)
        }
    })
}

/// The file holds secrets: only its owner reads it.
#[cfg(unix)]
fn make_private(path: &std::path::Path) -> Result<(), MigrateError> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
        .map_err(|error| MigrateError::Database(error.to_string()))
}

#[cfg(not(unix))]
fn make_private(_: &std::path::Path) -> Result<(), MigrateError> {
    Ok(())
}

/// Names of this program's migrations, in order.
pub(crate) fn names() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}
