//! The connection that editions are written with.

use sea_orm::DatabaseConnection;

use super::ImportError;
use crate::database::{self, DatabaseUrl};

/// A connection as the owner of the tables. An SQLite file must be there already: an edition has no place in a database
/// that `migrate` has not made.
pub(in crate::library) async fn owner_connection(url: &DatabaseUrl) -> Result<DatabaseConnection, ImportError> {
    database::owner_connection(url, false).await.map_err(|error| ImportError::Database(error.to_string()))
}
