//! One connection in use, as SeaORM sees it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use deadpool::managed::Object;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use sqlx::{AssertSqlSafe, Executor};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{managers::set_deadline, pools::Pooled};
use crate::error::{Class, classify};

/// A connection taken from a pool for one unit of work. It goes back when dropped; if it failed or was left in
/// the middle of a statement or a transaction, it is closed, which rolls back on the server and frees its locks.
pub(crate) struct Connection {
    pooled: Mutex<Pooled>,
    backend: DbBackend,
    statements: Arc<AtomicU64>,
}

/// Runs `$run` on the connection, whichever it is, and notes whether the connection can be used again.
macro_rules! run {
    ($self:ident, $wrap:path, |$raw:ident| $run:expr, $convert:expr) => {{
        $self.statements.fetch_add(1, Ordering::Relaxed);
        let mut pooled = $self.pooled.lock().await;
        let result = match &mut *pooled {
            Pooled::Postgres(connection) => {
                let was_busy = std::mem::replace(&mut connection.busy, true);
                let $raw = &mut connection.raw;
                let result = $run.await;
                connection.busy = was_busy || result.as_ref().is_err_and(is_lost);
                result.map($convert)
            }
            Pooled::Sqlite(connection) => {
                let was_busy = std::mem::replace(&mut connection.busy, true);
                let $raw = &mut connection.raw;
                let result = $run.await;
                connection.busy = was_busy || result.as_ref().is_err_and(is_lost);
                result.map($convert)
            }
            Pooled::Closed => Err(sqlx::Error::PoolClosed),
        };
        result.map_err(|error| $wrap(RuntimeErr::SqlxError(Arc::new(error))))
    }};
}

fn is_lost(error: &sqlx::Error) -> bool {
    classify(error) == Class::Unavailable
}

fn parts(statement: Statement) -> (String, SqlxValues) {
    (statement.sql, SqlxValues(statement.values.unwrap_or_else(|| sea_orm::Values(Vec::new()))))
}

impl Connection {
    pub(crate) fn new(pooled: Pooled, statements: Arc<AtomicU64>) -> Self {
        let backend = match pooled {
            Pooled::Postgres(_) => DbBackend::Postgres,
            Pooled::Sqlite(_) | Pooled::Closed => DbBackend::Sqlite,
        };
        Self { pooled: Mutex::new(pooled), backend, statements }
    }

    /// Binds the session to an organization for row-level security: one round trip, none if it is bound already.
    /// Nothing to do on SQLite.
    pub(crate) async fn bind(&self, organization: Uuid) -> Result<(), DbErr> {
        {
            let mut pooled = self.pooled.lock().await;
            let Pooled::Postgres(connection) = &mut *pooled else { return Ok(()) };
            if connection.bound == Some(organization) {
                return Ok(());
            }
            connection.bound = None;
        }
        self.execute_raw(Statement::from_sql_and_values(
            self.backend,
            "SELECT set_config('app.org_id', $1, false)",
            [organization.to_string().into()],
        ))
        .await?;
        if let Pooled::Postgres(connection) = &mut *self.pooled.lock().await {
            connection.bound = Some(organization);
        }
        Ok(())
    }

    /// Begins a transaction; on PostgreSQL bound to an organization in the same round trip.
    pub(crate) async fn begin(&self, organization: Option<Uuid>) -> Result<(), DbErr> {
        let sql = match (self.backend, organization) {
            (DbBackend::Postgres, Some(organization)) => {
                format!("BEGIN; SELECT set_config('app.org_id', '{organization}', true)")
            }
            (DbBackend::Postgres, None) => "BEGIN".to_owned(),
            // A deferred transaction that reads first and writes later fails at once when another one writes.
            _ => "BEGIN IMMEDIATE".to_owned(),
        };
        // Before it runs: a request that is given up meanwhile must not leave an open transaction in the pool.
        self.set_busy(true).await;
        self.execute_unprepared(&sql).await?;
        Ok(())
    }

    /// Begins a transaction that reads and sees one state of the database, bound to an organization on PostgreSQL.
    pub(crate) async fn begin_snapshot(&self, organization: Uuid) -> Result<(), DbErr> {
        let sql = match self.backend {
            DbBackend::Postgres => format!(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT set_config('app.org_id', '{organization}', true)"
            ),
            // With its first read SQLite keeps to the state that there was.
            _ => "BEGIN".to_owned(),
        };
        self.set_busy(true).await;
        self.execute_unprepared(&sql).await?;
        Ok(())
    }

    /// Gives SQLite's next statements their full time, which else counts from when the connection was taken. PostgreSQL
    /// counts by itself.
    pub(crate) async fn renew_deadline(&self, limit: Duration) -> Result<(), DbErr> {
        let mut pooled = self.pooled.lock().await;
        let Pooled::Sqlite(connection) = &mut *pooled else { return Ok(()) };
        let renewed = set_deadline(&mut connection.raw, limit).await;
        renewed.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))))
    }

    /// Commits the transaction.
    pub(crate) async fn commit(&self) -> Result<(), DbErr> {
        self.execute_unprepared("COMMIT").await?;
        self.set_busy(false).await;
        Ok(())
    }

    /// Rolls the transaction back.
    pub(crate) async fn rollback(&self) -> Result<(), DbErr> {
        self.execute_unprepared("ROLLBACK").await?;
        self.set_busy(false).await;
        Ok(())
    }

    async fn set_busy(&self, busy: bool) {
        match &mut *self.pooled.lock().await {
            Pooled::Postgres(connection) => connection.busy = busy,
            Pooled::Sqlite(connection) => connection.busy = busy,
            Pooled::Closed => {}
        }
    }
}

impl Drop for Connection {
    /// The pool itself would look only when somebody asks for the connection again, and the locks would last until then.
    fn drop(&mut self) {
        match std::mem::replace(self.pooled.get_mut(), Pooled::Closed) {
            Pooled::Postgres(object) if object.busy => drop(Object::take(object)),
            Pooled::Sqlite(object) if object.busy => drop(Object::take(object)),
            _ => {}
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Connection {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let (sql, values) = parts(statement);
        run!(self, DbErr::Exec, |raw| sqlx::query_with(AssertSqlSafe(sql), values).execute(raw), ExecResult::from)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        run!(self, DbErr::Exec, |raw| raw.execute(AssertSqlSafe(sql)), ExecResult::from)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        run!(self, DbErr::Query, |raw| sqlx::query_with(AssertSqlSafe(sql), values).fetch_optional(raw), |row| row
            .map(QueryResult::from))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        run!(self, DbErr::Query, |raw| sqlx::query_with(AssertSqlSafe(sql), values).fetch_all(raw), |rows| rows
            .into_iter()
            .map(QueryResult::from)
            .collect())
    }
}
