//! Starting and stopping the server.

use std::{str::FromStr, sync::Arc, time::Duration};

use actix_web::{
    App, HttpServer,
    dev::ServerHandle,
    middleware::{Compress, from_fn},
    web,
};
use store::{
    DatabaseUrl, MigrateError, OpenError, Store, StoreOptions,
    benchmark::builder::{BENCHMARK_FILE, BuilderOptions},
    clock::{SystemClock, SystemIds},
    erasure::Eraser,
};
use tokio::task::JoinHandle;

use crate::{
    config::{Config, SignUpPolicy},
    graphql::{build_schema, schema_sdl},
    guard::CostModel,
    http::{Connections, Documents, Edge, Exports, HttpState, SettingError, configure, cors, stand_in_front},
    identity::audit_name,
    mail::{Outbox, Post, Smtp},
    rate_limits::RateLimits,
    signals::StopSignal,
    sweeper::Sweeper,
};

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A value of the configuration, such as a database address.
    #[error("{key}: {message}")]
    Value {
        /// The key of the configuration.
        key: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// A value of the configuration that cannot be meant.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The data directory or the address to listen on.
    #[error("{what}: {error}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// The store.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The schema of the SQLite file.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The schema of GraphQL: a defect.
    #[error("the cost model of the schema: {0}")]
    Costs(String),
}

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a client may take to close a connection that the server has closed.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Connections that the system holds until a thread takes them.
const BACKLOG: u32 = 1_024;

/// A running server.
pub struct Server {
    address: std::net::SocketAddr,
    store: Store,
    sweeper: Option<Sweeper>,
    handle: ServerHandle,
    running: JoinHandle<std::io::Result<()>>,
}

/// Brings a database to this program's schema, and loads the shipped edition of the library.
///
/// # Errors
/// For a bad address, and when the database refuses.
pub async fn migrate(database_url: &str) -> Result<Vec<String>, StartError> {
    Ok(store::migrate(&address("database-url", database_url)?, &SystemClock).await?)
}

fn address(key: &'static str, url: &str) -> Result<DatabaseUrl, StartError> {
    DatabaseUrl::from_str(url).map_err(|message| StartError::Value { key, message })
}

impl Server {
    /// Starts serving. An SQLite file is made and migrated first; a PostgreSQL database must have been migrated.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let edge = Arc::new(Edge::read(&config)?);
        let store = open_store(&config).await?;
        let eraser = eraser(&config).await?;
        if eraser.is_none() {
            tracing::info!("erase_database_url is not set: closed organizations are erased by command only");
        }
        let state = state(&config, &store, edge)?;
        let app = move || {
            let state = web::Data::new(state());
            App::new()
                .wrap(Compress::default())
                .wrap(cors(&state.edge.cors_origins))
                .wrap(from_fn(stand_in_front))
                .app_data(state)
                .configure(configure)
        };
        let keep_alive = Duration::from_secs(config.keep_alive_seconds);
        let connections = Connections::look_after(keep_alive + HEAD_TIMEOUT);
        let workers = workers(&config);
        let server = HttpServer::new(app)
            .workers(workers)
            .backlog(BACKLOG)
            .max_connections(config.max_connections.div_ceil(workers).max(1))
            .on_connect(move |stream, data| connections.add(stream, data))
            .client_request_timeout(HEAD_TIMEOUT)
            .keep_alive(keep_alive)
            .client_disconnect_timeout(DISCONNECT_TIMEOUT)
            .shutdown_timeout(config.shutdown_timeout_seconds)
            .disable_signals();
        let what = || format!("listening on {}", config.listen);
        let server = server.bind(config.listen).map_err(|error| StartError::Io { what: what(), error })?;
        let address = server.addrs().first().copied().unwrap_or(config.listen);
        let server = server.run();
        let handle = server.handle();
        let running = tokio::spawn(server);
        let sweeper = eraser.map(|eraser| Sweeper::start(eraser, config.audit_retention()));
        Ok(Self { address, store, sweeper, handle, running })
    }

    /// Where the server listens, such as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// SQL statements sent so far: what tests count.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.store.statements()
    }

    /// Password hashes made so far, to store or to compare: what tests count.
    #[must_use]
    pub fn password_hashes(&self) -> u64 {
        self.store.password_hashes()
    }

    /// The store behind the server, for commands of this program.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Makes the organizations of the demo, or finds them; gives a bearer token of the first one's admin.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn prepare_demo(&self) -> Result<String, String> {
        let [first, _] = crate::cli::demo::prepare(&self.store).await.map_err(|error| error.to_string())?;
        Ok(first.token)
    }

    /// Stops taking requests, lets those that run come to their end, and closes the database.
    pub async fn stop(self) {
        self.handle.stop(true).await;
        self.close().await;
    }

    async fn close(self) {
        if let Some(sweeper) = self.sweeper {
            sweeper.stop().await;
        }
        self.store.close();
    }

    /// Serves until the process is told to stop.
    pub async fn run_until(mut self, stop: StopSignal) {
        let signal = stop.received().await;
        tracing::info!(signal, "stopping");
        self.handle.stop(true).await;
        if let Ok(Err(error)) = (&mut self.running).await {
            tracing::error!(%error, "the server ended with an error");
        }
        self.close().await;
    }
}

/// Threads that serve.
fn workers(config: &Config) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    if config.workers == 0 { processors() } else { config.workers }
}

/// What a thread's handlers share. Each thread has database connections of its own: one that two threads use wakes both
/// for every answer.
fn state(
    config: &Config,
    store: &Store,
    edge: Arc<Edge>,
) -> Result<impl Fn() -> HttpState + Clone + Send + 'static + use<>, StartError> {
    let costs = CostModel::from_sdl(&schema_sdl()).map_err(|error| StartError::Costs(error.to_string()))?;
    let (costs, documents, schema) = (Arc::new(costs), Arc::new(Documents::default()), build_schema());
    let rate_limits = Arc::new(RateLimits::new(&config.rate_limits));
    let post = post(config)?;
    let exports = Arc::new(Exports::new(config.data_directory.clone()));
    let (config, store, threads) = (config.clone(), store.clone(), workers(config));
    Ok(move || HttpState {
        store: store.with_own_connections(threads),
        schema: schema.clone(),
        documents: Arc::clone(&documents),
        costs: Arc::clone(&costs),
        limits: config.limits.clone(),
        rate_limits: Arc::clone(&rate_limits),
        edge: Arc::clone(&edge),
        post: post.clone(),
        exports: Arc::clone(&exports),
        ids: Arc::new(SystemIds),
        body_bytes: config.body_bytes,
        body_timeout: Duration::from_secs(config.body_timeout_seconds),
        deadline: Duration::from_secs(config.request_timeout_seconds),
        introspection: config.introspection,
        console: config.console,
    })
}

/// The mail server, or the outbox where there is none.
fn post(config: &Config) -> Result<Post, StartError> {
    let ids = Arc::new(SystemIds);
    let Some(url) = &config.mail.smtp_url else {
        return Ok(Post::new(Outbox::new(config.data_directory.join("outbox"), ids)));
    };
    let smtp = Smtp::new(url, config.mail.from.as_deref(), ids);
    smtp.map(Post::new).map_err(|(key, message)| StartError::Value { key, message: message.to_owned() })
}

async fn open_store(config: &Config) -> Result<Store, StartError> {
    Ok(Store::open(prepared_options(config).await?).await?)
}

/// What erases closed organizations; `None` on PostgreSQL without the address of the role that may.
pub(crate) async fn eraser(config: &Config) -> Result<Option<Eraser>, StartError> {
    let url = match (address("database_url", &config.database())?, &config.erase_database_url) {
        (url @ DatabaseUrl::Sqlite(_), _) => url,
        (DatabaseUrl::Postgres(_), None) => return Ok(None),
        (DatabaseUrl::Postgres(_), Some(url)) => match address(ERASE_DATABASE_URL, url)? {
            url @ DatabaseUrl::Postgres(_) => url,
            DatabaseUrl::Sqlite(_) => {
                let message = "it must be the same PostgreSQL database".to_owned();
                return Err(StartError::Value { key: ERASE_DATABASE_URL, message });
            }
        },
    };
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    Ok(Some(Eraser::open(&url, &config.data_directory, clock, ids, audit_name).await?))
}

const ERASE_DATABASE_URL: &str = "erase_database_url";

/// What a builder of the benchmark is opened with; on PostgreSQL it needs the address of its own role.
pub(crate) fn builder_options(config: &Config) -> Result<BuilderOptions, StartError> {
    const KEY: &str = "release_database_url";
    let refused = |message: &str| StartError::Value { key: KEY, message: message.to_owned() };
    let database_url = match (address("database_url", &config.database())?, &config.release_database_url) {
        (url @ DatabaseUrl::Sqlite(_), _) => url,
        (DatabaseUrl::Postgres(_), None) => {
            return Err(refused(
                "give the address of the building role, such as postgres://rolemark_release@host/database",
            ));
        }
        (DatabaseUrl::Postgres(_), Some(url)) => match address(KEY, url)? {
            url @ DatabaseUrl::Postgres(_) => url,
            DatabaseUrl::Sqlite(_) => return Err(refused("it must be the same PostgreSQL database")),
        },
    };
    Ok(BuilderOptions { database_url, data_directory: config.data_directory.clone(), clock: Arc::new(SystemClock) })
}

/// What a store is opened with; an SQLite file is made and migrated first.
pub(crate) async fn prepared_options(config: &Config) -> Result<StoreOptions, StartError> {
    let io = |error| StartError::Io { what: format!("data directory {}", config.data_directory.display()), error };
    std::fs::create_dir_all(&config.data_directory).map_err(io)?;
    let database = config.database();
    let database_url = address("database_url", &database)?;
    let auth_database_url = match &config.auth_database_url {
        Some(url) => address("auth_database_url", url)?,
        None if matches!(database_url, DatabaseUrl::Postgres(_)) => {
            let message = "on PostgreSQL, give the address of the sign-in role too, such as \
                           postgres://rolemark_auth@host/database";
            return Err(StartError::Value { key: "auth_database_url", message: message.to_owned() });
        }
        None => database_url.clone(),
    };
    if matches!(database_url, DatabaseUrl::Sqlite(_)) {
        store::migrate(&database_url, &SystemClock).await?;
    }
    Ok(StoreOptions {
        database_url,
        auth_database_url,
        benchmark_file: config.data_directory.join(BENCHMARK_FILE),
        connections: config.connections,
        acquire_timeout: Duration::from_secs(config.acquire_timeout_seconds),
        statement_timeout: Duration::from_secs(config.statement_timeout_seconds),
        signing_key_file: config.signing_key(),
        issuer: config.issuer.clone(),
        audience: config.audience.clone(),
        concurrent_password_hashes: config.concurrent_password_hashes,
        throttle: config.throttle.clone(),
        is_sign_up_open: config.sign_up == SignUpPolicy::Open,
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
    })
}
