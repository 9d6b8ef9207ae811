//! The real server, in this process, on a port of its own.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rolemark::{Config, RateLimitSettings, Server, ThrottleLimits};
use tokio::sync::Mutex;

use crate::scratch::ScratchDirectory;
use crate::{Client, Host, Result, role, shared};

/// The databases that every case runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// One file, embedded.
    Sqlite,
    /// A database in a cluster.
    Postgres,
}

impl Backend {
    /// Both, in the order in which they run.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        })
    }
}

/// Where a server keeps its rows.
pub enum Database {
    /// A file in the server's scratch directory.
    Sqlite(PathBuf),
    /// A database of a host.
    Postgres {
        /// The cluster's keeper.
        host: Arc<Host>,
        /// The database.
        name: String,
    },
}

/// Stops a server that nobody stopped, as when its case failed; a leftover would keep its connections.
struct Running(Mutex<Option<Server>>);

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(server) = self.0.get_mut().take() {
            shared::runtime().spawn(async move { server.stop().await });
        }
    }
}

/// A running server with an empty, migrated database.
pub struct TestServer {
    url: String,
    database: Database,
    running: Running,
    directory: ScratchDirectory,
}

impl TestServer {
    /// A server of the case's own.
    pub async fn fresh(backend: Backend) -> Result<Self> {
        Self::fresh_with(backend, |_| ()).await
    }

    /// A server of the case's own with another configuration.
    pub async fn fresh_with(backend: Backend, change: impl FnOnce(&mut Config)) -> Result<Self> {
        match backend {
            Backend::Sqlite => Self::on_sqlite(change).await,
            Backend::Postgres => Self::on_host(shared::host().await?, change).await,
        }
    }

    /// A server over a database of `host`, which may be a private cluster that the case stops and starts.
    pub async fn on_host(host: Arc<Host>, change: impl FnOnce(&mut Config)) -> Result<Self> {
        let name = host.new_database().await?;
        Self::start(Database::Postgres { host, name }, ScratchDirectory::create()?, change).await
    }

    async fn on_sqlite(change: impl FnOnce(&mut Config)) -> Result<Self> {
        let directory = ScratchDirectory::create()?;
        let database = Database::Sqlite(directory.path().join("rolemark.sqlite"));
        rolemark::migrate(&database.url(role::MIGRATE))
            .await
            .map_err(|e| format!("the migrations failed on SQLite: {e}"))?;
        Self::start(database, directory, change).await
    }

    async fn start(database: Database, directory: ScratchDirectory, change: impl FnOnce(&mut Config)) -> Result<Self> {
        let mut config = database.config(directory.path().to_owned());
        change(&mut config);
        let server = Server::start(config).await.map_err(|e| format!("the server did not start: {e}"))?;
        Ok(Self { url: server.url(), database, running: Running(Mutex::new(Some(server))), directory })
    }

    /// Stops this server and starts one with another configuration over the same database and directory.
    pub async fn restart_with(self, change: impl FnOnce(&mut Config)) -> Result<Self> {
        self.stop().await;
        Self::start(self.database, self.directory, change).await
    }

    /// `http://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Which of the two databases it runs on.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match self.database {
            Database::Sqlite(_) => Backend::Sqlite,
            Database::Postgres { .. } => Backend::Postgres,
        }
    }

    /// Where its rows are.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Its data directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// SQL statements that it has sent so far; 0 once it is stopped.
    pub async fn statements(&self) -> u64 {
        self.running.0.lock().await.as_ref().map_or(0, Server::statements)
    }

    /// Password hashes that it has made so far; 0 once it is stopped.
    pub async fn password_hashes(&self) -> u64 {
        self.running.0.lock().await.as_ref().map_or(0, Server::password_hashes)
    }

    /// Its data directory, with its key and the letters that it has sent.
    #[must_use]
    pub fn data_directory(&self) -> &Path {
        self.directory.path()
    }

    /// Makes the demo's organizations; the token of the first one's admin.
    pub async fn prepare_demo(&self) -> String {
        let running = self.running.0.lock().await;
        let server = running.as_ref().expect("the server runs");
        server.prepare_demo().await.expect("the demo is prepared")
    }

    /// Another server over the same database, with the same signing key.
    pub async fn replica(&self) -> Result<Replica> {
        let config = self.database.config(self.directory.path().to_owned());
        let server = Server::start(config).await.map_err(|e| format!("the replica did not start: {e}"))?;
        Ok(Replica { url: server.url(), running: Running(Mutex::new(Some(server))) })
    }

    /// The letters that it has put into its outbox for an address.
    pub fn letters_to(&self, email: &str) -> Result<Vec<String>> {
        let mut letters = Vec::new();
        let Ok(files) = std::fs::read_dir(self.directory.path().join("outbox")) else { return Ok(letters) };
        for file in files {
            letters.push(std::fs::read_to_string(file?.path())?);
        }
        letters.retain(|letter| letter.starts_with(&format!("To: {email}\n")));
        Ok(letters)
    }

    /// A client without credentials.
    #[must_use]
    pub fn anonymous(&self) -> Client {
        Client::anonymous(&self.url)
    }

    /// Stops the server; the second time does nothing.
    pub async fn stop(&self) {
        if let Some(server) = self.running.0.lock().await.take() {
            server.stop().await;
        }
    }

    /// Stops the server and removes its directory, for servers that are never dropped.
    pub(crate) async fn close(&self) {
        self.stop().await;
        self.directory.remove();
    }
}

/// Another server over the database of a [`TestServer`], which must live as long.
pub struct Replica {
    url: String,
    running: Running,
}

impl Replica {
    /// A client without credentials.
    #[must_use]
    pub fn anonymous(&self) -> Client {
        Client::anonymous(&self.url)
    }

    /// Stops the server.
    pub async fn stop(&self) {
        if let Some(server) = self.running.0.lock().await.take() {
            server.stop().await;
        }
    }
}

impl Database {
    /// Its URL for one of the roles in [`role`]; on SQLite all roles have the same.
    #[must_use]
    pub fn url(&self, role: &str) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres { host, name } => host.cluster().url(role, name),
        }
    }

    /// Its URL for the superuser; on SQLite the only one.
    #[must_use]
    pub fn superuser_url(&self) -> String {
        match self {
            Self::Sqlite(_) => self.url(role::MIGRATE),
            Self::Postgres { host, name } => host.cluster().superuser_url(name),
        }
    }

    /// The configuration of a server over it, on a port that the system chooses.
    #[must_use]
    pub fn config(&self, data_directory: PathBuf) -> Config {
        let on_postgres = |role| matches!(self, Self::Postgres { .. }).then(|| self.url(role));
        Config {
            listen: ([127, 0, 0, 1], 0).into(),
            database_url: Some(self.url(role::APP)),
            auth_database_url: on_postgres(role::AUTH),
            erase_database_url: on_postgres(role::ERASE),
            data_directory,
            // All cases come from one address.
            rate_limits: RateLimitSettings::OFF,
            throttle: ThrottleLimits {
                failures_per_account_and_address: 1_000_000,
                failures_per_address: 1_000_000,
                failures_per_account: 1_000_000,
                sign_ups_per_address_per_hour: 0,
            },
            ..Config::default()
        }
    }
}
