//! The store itself: opening it, and what its parts share.

use std::{path::PathBuf, sync::Arc};

use domain::ids::OrganizationId;
use sea_orm::{ConnectionTrait, Statement};

use crate::{
    benchmark::reading::BenchmarkCache,
    clock::{Clock, IdSource},
    database::{Database, DatabaseUrl, Door, PoolOptions, REFUSED_ROLE},
    error::StoreError,
    identity::{AccessTokens, IdentityCache, KeyRing, Passwords, SigningKeyError, Throttle, ThrottleLimits},
    library::LibraryCache,
};

mod migrate;

pub use migrate::{MigrateError, migrate};

/// What a store is opened with.
pub struct StoreOptions {
    /// Database of the serving role, or the SQLite file.
    pub database_url: DatabaseUrl,
    /// The same PostgreSQL database as the sign-in role; on SQLite not used.
    pub auth_database_url: DatabaseUrl,
    /// The benchmark's second file, which only its builder makes; on PostgreSQL not used.
    pub benchmark_file: PathBuf,
    /// Most database connections.
    pub connections: usize,
    /// How long to wait for one.
    pub acquire_timeout: std::time::Duration,
    /// How long one statement may run.
    pub statement_timeout: std::time::Duration,
    /// File of the key that signs access tokens; made if it does not exist. The key before it lies beside it.
    pub signing_key_file: PathBuf,
    /// `iss` of access tokens.
    pub issuer: String,
    /// `aud` of access tokens.
    pub audience: String,
    /// How many passwords are hashed at a time; each takes 19 MiB.
    pub concurrent_password_hashes: usize,
    /// How often passwords may be tried.
    pub throttle: ThrottleLimits,
    /// Whether anybody may sign up and make an organization.
    pub is_sign_up_open: bool,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes identifiers.
    pub ids: Arc<dyn IdSource>,
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The signing key.
    #[error(transparent)]
    SigningKey(#[from] SigningKeyError),
    /// The database addresses.
    #[error("{0}")]
    Database(String),
    /// The database role could step around row-level security.
    #[error("{0}")]
    RefusedRole(String),
    /// The database's schema is not this program's.
    #[error("the database lacks {0} migration(s): run `rolemark migrate` with the owner's address first")]
    SchemaBehind(usize),
}

/// Whether the server can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// It can.
    Ready,
    /// The database does not answer.
    Unavailable,
    /// Migrations are missing.
    SchemaBehind(usize),
}

/// Everything behind the types of this crate. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    database: Arc<Database>,
    inner: Arc<Inner>,
}

/// What all threads share.
struct Inner {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    passwords: Passwords,
    throttle: Throttle,
    is_sign_up_open: bool,
    access_tokens: AccessTokens,
    identities: IdentityCache,
    library: LibraryCache,
    benchmark: BenchmarkCache,
}

impl Store {
    /// Opens the store. A database that does not answer yet is no error: the store answers
    /// [`StoreError::Unavailable`] until it does.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(options: StoreOptions) -> Result<Self, OpenError> {
        let pool = PoolOptions {
            connections: options.connections,
            acquire_timeout: options.acquire_timeout,
            statement_timeout: options.statement_timeout,
        };
        let database =
            Database::open(&options.database_url, &options.auth_database_url, pool).map_err(OpenError::Database)?;
        let database = database.with_gate(&options.benchmark_file).map_err(OpenError::Database)?;
        let keys = KeyRing::open(options.signing_key_file)?;
        let store = Self {
            database: Arc::new(database),
            inner: Arc::new(Inner {
                throttle: Throttle::new(options.throttle, Arc::clone(&options.clock)),
                clock: options.clock,
                ids: options.ids,
                passwords: Passwords::new(options.concurrent_password_hashes),
                is_sign_up_open: options.is_sign_up_open,
                access_tokens: AccessTokens::new(keys, options.issuer, options.audience),
                identities: IdentityCache::default(),
                library: LibraryCache::default(),
                benchmark: BenchmarkCache::default(),
            }),
        };
        store.refuse_unsafe_start().await?;
        Ok(store)
    }

    /// The same store with database connections of its own, for one of so many threads.
    #[must_use]
    pub fn with_own_connections(&self, threads: usize) -> Self {
        match self.database.share(threads) {
            Some(database) => Self { database: Arc::new(database), inner: Arc::clone(&self.inner) },
            None => self.clone(),
        }
    }

    /// Both database roles are tried once, so that a wrong one is known before the first request.
    async fn refuse_unsafe_start(&self) -> Result<(), OpenError> {
        for door in [Door::App, Door::Auth] {
            if let Err(error) = self.database().reader(door).await {
                let text = error.to_string();
                if let Some(start) = text.find(REFUSED_ROLE) {
                    return Err(OpenError::RefusedRole(text[start..].to_owned()));
                }
                tracing::warn!(error = %text, "the database does not answer yet");
                return Ok(());
            }
        }
        match self.readiness().await {
            Readiness::SchemaBehind(missing) => Err(OpenError::SchemaBehind(missing)),
            Readiness::Ready | Readiness::Unavailable => Ok(()),
        }
    }

    /// Whether the database answers and has this program's schema.
    pub async fn readiness(&self) -> Readiness {
        match self.missing_migrations().await {
            Ok(0) => Readiness::Ready,
            Ok(missing) => Readiness::SchemaBehind(missing),
            Err(error) => {
                tracing::warn!(%error, "not ready");
                Readiness::Unavailable
            }
        }
    }

    async fn missing_migrations(&self) -> Result<usize, StoreError> {
        let mut attempts_left = self.database().retries();
        let rows = loop {
            let connection = self.database().reader(Door::App).await?;
            let sql = "SELECT version FROM seaql_migrations";
            let query = Statement::from_string(connection.get_database_backend(), sql);
            match connection.query_all_raw(query).await {
                Ok(rows) => break rows,
                Err(error) => match StoreError::from(error) {
                    // The table itself is missing.
                    StoreError::Internal(_) => break Vec::new(),
                    other => crate::tenant::retry_or_fail(other, &mut attempts_left)?,
                },
            }
        };
        let mut applied = Vec::with_capacity(rows.len());
        for row in rows {
            applied.push(row.try_get::<String>("", "version")?);
        }
        Ok(migrate::names().iter().filter(|name| !applied.contains(name)).count())
    }

    /// SQL statements sent so far: what tests count.
    pub fn statements(&self) -> u64 {
        self.database().statements()
    }

    /// Password hashes made so far: what tests count.
    pub fn password_hashes(&self) -> u64 {
        self.passwords().hashes()
    }

    /// The public halves of the keys that verify now, as a JSON Web Key Set; first the one that signs.
    pub fn key_set(&self) -> serde_json::Value {
        self.inner.access_tokens.key_set(self.clock().now())
    }

    /// Closes the idle database connections.
    pub fn close(&self) {
        self.database().close();
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// The instant now, as everything in this store sees it.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.inner.clock)
    }

    pub(crate) fn ids(&self) -> Arc<dyn IdSource> {
        Arc::clone(&self.inner.ids)
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.inner.passwords
    }

    pub(crate) fn throttle(&self) -> &Throttle {
        &self.inner.throttle
    }

    pub(crate) fn is_sign_up_open(&self) -> bool {
        self.inner.is_sign_up_open
    }

    pub(crate) fn access_tokens(&self) -> &AccessTokens {
        &self.inner.access_tokens
    }

    pub(crate) fn identities(&self) -> &IdentityCache {
        &self.inner.identities
    }

    /// Asks the database anew about all who can enter an organization: its grants or assignments changed on this server.
    /// Other servers do so within a second.
    pub fn forget_callers(&self, organization: OrganizationId) {
        self.identities().forget_organization(organization);
    }

    pub(crate) fn library_cache(&self) -> &LibraryCache {
        &self.inner.library
    }

    pub(crate) fn benchmark_cache(&self) -> &BenchmarkCache {
        &self.inner.benchmark
    }
}
