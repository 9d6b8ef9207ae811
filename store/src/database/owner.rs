//! The owner's connection, for migrations and for library editions; never for serving.

use sea_orm::{DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector};
use sqlx::{Connection, PgConnection, postgres::PgPoolOptions, sqlite::SqlitePoolOptions};

use super::{DatabaseUrl, sqlite_options};

/// One connection as the owner of the tables; an SQLite file that is not there is made if `create` says so.
pub(crate) async fn owner_connection(url: &DatabaseUrl, create: bool) -> Result<DatabaseConnection, sqlx::Error> {
    Ok(match url {
        DatabaseUrl::Sqlite(path) => {
            let options = sqlite_options(path).create_if_missing(create);
            let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
            make_private(path)?;
            SqlxSqliteConnector::from_sqlx_sqlite_pool(pool)
        }
        DatabaseUrl::Postgres(options) => {
            // A pool would try for half a minute and then not say why.
            PgConnection::connect_with(options).await?.close().await?;
            let pool = PgPoolOptions::new().max_connections(1).connect_with((**options).clone()).await?;
            SqlxPostgresConnector::from_sqlx_postgres_pool(pool)
        }
    })
}

/// The file holds secrets: only its owner reads it.
#[cfg(unix)]
fn make_private(path: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn make_private(_: &std::path::Path) -> std::io::Result<()> {
    Ok(())
}
