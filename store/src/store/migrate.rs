//! Bringing a database to this program's schema, as its owner.

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    clock::Clock,
    database::{DatabaseUrl, owner_connection},
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
    if let DatabaseUrl::Sqlite(path) = url
        && let Some(directory) = path.parent()
    {
        std::fs::create_dir_all(directory).map_err(|error| MigrateError::Database(error.to_string()))?;
    }
    let connection = owner_connection(url, true).await.map_err(|error| MigrateError::Database(error.to_string()))?;
    if matches!(url, DatabaseUrl::Postgres(_)) {
        connection.execute_unprepared("SELECT pg_advisory_lock(7310276591)").await?;
    }
    let before = Migrator::get_applied_migrations(&connection).await?.len();
    Migrator::up(&connection, None).await?;
    import_shipped_edition(&connection, clock).await?;
    connection.close().await?;
    Ok(names().split_off(before))
}

/// Names of this program's migrations, in order.
pub(crate) fn names() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}
