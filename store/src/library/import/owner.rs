//! The connection that editions are written with.

use sea_orm::{DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector};
use sqlx::{postgres::PgPoolOptions, sqlite::SqlitePoolOptions};

use super::ImportError;
use crate::database::{DatabaseUrl, sqlite_options};

/// A connection as the owner of the tables. An SQLite file must be there already: an edition has no place in a database
/// that `migrate` has not made.
pub(in crate::library) async fn owner_connection(url: &DatabaseUrl) -> Result<DatabaseConnection, ImportError> {
    let refused = |error: sqlx::Error| ImportError::Database(error.to_string());
    Ok(match url {
        DatabaseUrl::Sqlite(path) => {
            let options = sqlite_options(path).create_if_missing(false);
            let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.map_err(refused)?;
            SqlxSqliteConnector::from_sqlx_sqlite_pool(pool)
        }
        DatabaseUrl::Postgres(options) => {
            let pool = PgPoolOptions::new().max_connections(1).connect_with((**options).clone());
            SqlxPostgresConnector::from_sqlx_postgres_pool(pool.await.map_err(refused)?)
        }
    })
}
