//! The one connection of a run, and the lock that keeps other runs away.

use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};

use super::Eraser;
use crate::{
    database::{Connection, Door},
    error::StoreError,
};

/// The lock of all runs on a PostgreSQL database; the number is this program's own.
const LOCK: &str = "SELECT pg_advisory_lock(7310276592)";
const TRY_LOCK: &str = "SELECT pg_try_advisory_lock(7310276592) AS is_mine";
const UNLOCK: &str = "SELECT pg_advisory_unlock(7310276592)";

pub(super) struct Session<'a> {
    pub(super) eraser: &'a Eraser,
    pub(super) connection: Connection,
}

impl<'a> Session<'a> {
    /// Waits for its turn.
    pub(super) async fn begin(eraser: &'a Eraser) -> Result<Self, StoreError> {
        let session = Self::connect(eraser).await?;
        if session.is_postgres() {
            session.rows(LOCK, []).await?;
        }
        Ok(session)
    }

    /// `None` if somebody else is at it.
    pub(super) async fn begin_unless_busy(eraser: &'a Eraser) -> Result<Option<Self>, StoreError> {
        let session = Self::connect(eraser).await?;
        if session.is_postgres() {
            let rows = session.rows(TRY_LOCK, []).await?;
            if !rows.first().map(|row| row.try_get("", "is_mine")).transpose()?.unwrap_or(false) {
                return Ok(None);
            }
        }
        Ok(Some(session))
    }

    async fn connect(eraser: &'a Eraser) -> Result<Self, StoreError> {
        let session = Self { eraser, connection: eraser.database.writer(Door::App).await? };
        if !session.is_postgres() {
            // What is deleted is overwritten.
            session.rows("PRAGMA secure_delete = ON", []).await?;
        }
        Ok(session)
    }

    /// Lets others go on. A connection that was lost has lost its lock too.
    pub(super) async fn end(self) {
        if self.is_postgres()
            && let Err(error) = self.rows(UNLOCK, []).await
        {
            tracing::warn!(%error, "the lock of the sweep was not given back");
        }
    }

    pub(super) fn is_postgres(&self) -> bool {
        self.connection.get_database_backend() == DbBackend::Postgres
    }

    pub(super) async fn rows<const N: usize>(
        &self,
        sql: &str,
        values: [Value; N],
    ) -> Result<Vec<QueryResult>, StoreError> {
        let backend = self.connection.get_database_backend();
        Ok(self.connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?)
    }

    /// Runs a statement; how many rows it changed.
    pub(super) async fn execute<const N: usize>(&self, sql: &str, values: [Value; N]) -> Result<u64, StoreError> {
        let backend = self.connection.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        Ok(self.connection.execute_raw(statement).await?.rows_affected())
    }
}
