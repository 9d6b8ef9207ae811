//! The pools of one database: serving and signing in on PostgreSQL, readers and one writer on SQLite.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use deadpool::{
    Runtime,
    managed::{Manager, Object, Pool, PoolError, Timeouts},
};
use sea_orm::{DbBackend, DbErr, RuntimeErr};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use super::{
    Connection, DatabaseUrl,
    managers::{FileManager, PostgresManager, set_deadline},
};

/// Sizes and limits of the pools.
#[derive(Clone, Copy, Debug)]
pub struct PoolOptions {
    /// Most connections of the serving role, or of SQLite readers.
    pub connections: usize,
    /// How long a request waits for a connection before it is told that the database is unavailable.
    pub acquire_timeout: Duration,
    /// How long one statement may run.
    pub statement_timeout: Duration,
}

/// Which rights a unit of work needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// An organization's rows and the library, as the serving role.
    App,
    /// Users, sessions and memberships, as the sign-in role.
    Auth,
    /// Whether somebody may see a figure of the benchmark: as the sign-in role, on SQLite with the builder's file.
    Gate,
}

/// The open database.
pub(crate) struct Database {
    kind: Kind,
    options: PoolOptions,
    statements: Arc<AtomicU64>,
}

enum Kind {
    Postgres { app: Pool<PostgresManager>, auth: Pool<PostgresManager> },
    // SQLite allows one writer: a pool of one is its queue.
    Sqlite { readers: Pool<FileManager>, writer: Pool<FileManager>, gate: Option<Pool<FileManager>> },
}

/// A connection as it came out of its pool.
pub(crate) enum Pooled {
    Postgres(Object<PostgresManager>),
    Sqlite(Object<FileManager>),
    /// It has gone back, or was thrown away.
    Closed,
}

impl Database {
    /// Prepares the pools; no connection is made yet.
    pub(crate) fn open(app: &DatabaseUrl, auth: &DatabaseUrl, options: PoolOptions) -> Result<Self, String> {
        let kind = match (app, auth) {
            (DatabaseUrl::Sqlite(path), _) => {
                let options_of = |is_reader| FileManager { options: sqlite_options(path), is_reader, attached: None };
                Kind::Sqlite {
                    readers: pool(options_of(true), options.connections, options)?,
                    writer: pool(options_of(false), 1, options)?,
                    gate: None,
                }
            }
            (DatabaseUrl::Postgres(app), DatabaseUrl::Postgres(auth)) => Kind::Postgres {
                app: pool(postgres_manager(app, options), options.connections, options)?,
                auth: pool(postgres_manager(auth, options), options.connections.div_ceil(2), options)?,
            },
            (DatabaseUrl::Postgres(_), DatabaseUrl::Sqlite(_)) => {
                return Err("the sign-in database must be the same PostgreSQL database".into());
            }
        };
        Ok(Self { kind, options, statements: Arc::default() })
    }

    /// With a door to the benchmark's gate, which on SQLite is a file of its own.
    pub(crate) fn with_gate(mut self, benchmark: &Path) -> Result<Self, String> {
        if let Kind::Sqlite { readers, gate, .. } = &mut self.kind {
            let options = readers.manager().options.clone();
            let manager = FileManager { options, is_reader: true, attached: Some(benchmark.to_owned()) };
            *gate = Some(pool(manager, self.options.connections.div_ceil(2), self.options)?);
        }
        Ok(self)
    }

    /// Pools of the same database for one of so many threads; `None` on SQLite, whose connections run on threads of their
    /// own and whose one writer all share.
    pub(crate) fn share(&self, threads: usize) -> Option<Self> {
        let Kind::Postgres { app, auth } = &self.kind else { return None };
        let connections = self.options.connections.div_ceil(threads.max(1));
        let options = PoolOptions { connections, ..self.options };
        let app = pool(app.manager().clone(), connections, options).ok()?;
        let auth = pool(auth.manager().clone(), connections.div_ceil(2), options).ok()?;
        Some(Self { kind: Kind::Postgres { app, auth }, options, statements: Arc::clone(&self.statements) })
    }

    /// Which database it is.
    pub(crate) fn backend(&self) -> DbBackend {
        match self.kind {
            Kind::Postgres { .. } => DbBackend::Postgres,
            Kind::Sqlite { .. } => DbBackend::Sqlite,
        }
    }

    /// How many dead connections a pool can hold: so often it is worth trying another one.
    pub(crate) fn retries(&self) -> usize {
        self.options.connections
    }

    /// How long one statement may run.
    pub(crate) fn statement_timeout(&self) -> Duration {
        self.options.statement_timeout
    }

    /// SQL statements sent so far, over all connections.
    pub(crate) fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// A connection to read with.
    pub(crate) async fn reader(&self, door: Door) -> Result<Connection, DbErr> {
        match &self.kind {
            Kind::Postgres { .. } => self.postgres(door).await,
            Kind::Sqlite { gate: Some(gate), .. } if door == Door::Gate => self.sqlite(gate).await,
            Kind::Sqlite { readers, .. } => self.sqlite(readers).await,
        }
    }

    /// A connection to write with.
    pub(crate) async fn writer(&self, door: Door) -> Result<Connection, DbErr> {
        match &self.kind {
            Kind::Postgres { .. } => self.postgres(door).await,
            Kind::Sqlite { writer, .. } => self.sqlite(writer).await,
        }
    }

    async fn postgres(&self, door: Door) -> Result<Connection, DbErr> {
        let Kind::Postgres { app, auth } = &self.kind else {
            return Err(DbErr::Custom("not PostgreSQL".into()));
        };
        let pool = if door == Door::App { app } else { auth };
        let object = pool.get().await.map_err(acquire_error)?;
        Ok(Connection::new(Pooled::Postgres(object), Arc::clone(&self.statements)))
    }

    async fn sqlite(&self, pool: &Pool<FileManager>) -> Result<Connection, DbErr> {
        let mut object = pool.get().await.map_err(acquire_error)?;
        set_deadline(&mut object.raw, self.options.statement_timeout)
            .await
            .map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))))?;
        Ok(Connection::new(Pooled::Sqlite(object), Arc::clone(&self.statements)))
    }

    /// Closes the idle connections; on SQLite the write-ahead log is then folded into the file.
    pub(crate) fn close(&self) {
        match &self.kind {
            Kind::Postgres { app, auth } => {
                app.close();
                auth.close();
            }
            Kind::Sqlite { readers, writer, gate } => {
                readers.close();
                writer.close();
                gate.as_ref().inspect(|gate| gate.close());
            }
        }
    }
}

/// How the SQLite file is opened, for serving and for migrating.
pub(crate) fn sqlite_options(path: &std::path::Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(Duration::from_secs(5))
}

fn postgres_manager(url: &sqlx::postgres::PgConnectOptions, options: PoolOptions) -> PostgresManager {
    let timeout = format!("{}ms", options.statement_timeout.as_millis());
    let options = url
        .clone()
        .application_name("rolemark")
        .statement_cache_capacity(256)
        .options([("statement_timeout", timeout.as_str()), ("idle_in_transaction_session_timeout", "30s")]);
    PostgresManager { options }
}

fn pool<M: Manager>(manager: M, size: usize, options: PoolOptions) -> Result<Pool<M>, String> {
    Pool::builder(manager)
        .max_size(size.max(1))
        .runtime(Runtime::Tokio1)
        .timeouts(Timeouts {
            wait: Some(options.acquire_timeout),
            create: Some(options.acquire_timeout),
            recycle: None,
        })
        .build()
        .map_err(|error| error.to_string())
}

fn acquire_error(error: PoolError<sqlx::Error>) -> DbErr {
    match error {
        PoolError::Backend(error) => DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))),
        other => DbErr::Conn(RuntimeErr::Internal(other.to_string())),
    }
}
