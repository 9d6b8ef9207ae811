//! A private, throw-away PostgreSQL cluster, or the server that an environment variable names.

mod admin;
mod binaries;
mod local;
mod watchdog;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use reqwest::Url;

use crate::{Error, Result, random};
use local::LocalServer;

/// Names a PostgreSQL server meant for tests by the URL of a superuser, instead of a private cluster.
pub const URL_VARIABLE: &str = "ROLEMARK_TEST_POSTGRES_URL";

/// The database roles that every cluster has. None is a superuser or bypasses row-level security.
pub mod role {
    /// Owns the databases and the tables.
    pub const MIGRATE: &str = "rolemark_migrate";
    /// Serves; owns nothing.
    pub const APP: &str = "rolemark_app";
    /// Signs people in; owns nothing.
    pub const AUTH: &str = "rolemark_auth";
    /// Erases; owns nothing.
    pub const ERASE: &str = "rolemark_erase";
    /// Builds releases of the benchmark; owns nothing.
    pub const RELEASE: &str = "rolemark_release";
    /// All of them that sign in.
    pub const ALL: [&str; 5] = [MIGRATE, APP, AUTH, ERASE, RELEASE];
    /// Owns the functions that say whether a figure of the benchmark may be shown.
    pub const GATE: &str = "rolemark_gate";
}

/// A running PostgreSQL server with the roles of Rolemark. Dropping it stops and removes a private one.
pub struct Cluster {
    /// Nothing, if the server is somebody else's, or once the cluster was shut down.
    local: Mutex<Option<LocalServer>>,
    superuser: Url,
    password: String,
    databases: Mutex<Vec<String>>,
    roles: Mutex<Vec<String>>,
}

impl Cluster {
    /// Starts a private cluster, or connects to the server of [`URL_VARIABLE`], and makes the roles.
    pub async fn start() -> Result<Self> {
        match std::env::var(URL_VARIABLE) {
            Ok(url) if !url.is_empty() => Self::external(&url).await,
            _ => Self::private().await,
        }
    }

    /// Starts a private cluster, whatever the environment names: for cases that stop their server.
    pub async fn private() -> Result<Self> {
        let password = new_password();
        Self::local(LocalServer::start(&password)?, password).await
    }

    /// Starts a private cluster that writes as durably as PostgreSQL does by default, for measurements. One in the
    /// directory `kept` is stopped but not removed when dropped, and goes on when it is started there again.
    pub async fn durable(kept: Option<&Path>) -> Result<Self> {
        let known = kept.map(local::password_in).transpose()?.flatten();
        let password = known.unwrap_or_else(new_password);
        Self::local(LocalServer::start_durable(&password, kept)?, password).await
    }

    async fn local(server: LocalServer, password: String) -> Result<Self> {
        let url = format!("postgres://{}:{password}@127.0.0.1:{}/postgres", local::SUPERUSER, server.port());
        Self::with_roles(Some(server), url.parse()?, password).await
    }

    async fn external(url: &str) -> Result<Self> {
        let url: Url = url.parse().map_err(|e| format!("{URL_VARIABLE} is no URL: {e}"))?;
        if url.host().is_none() {
            return Err(format!("{URL_VARIABLE} must name a host: sockets are not supported").into());
        }
        // The same for every run, so that runs that share the server agree on it; needs no quoting anywhere.
        let given = url.password().unwrap_or_default().chars().filter(char::is_ascii_alphanumeric);
        let password = "rolemark".chars().chain(given).collect();
        Self::with_roles(None, url, password).await
    }

    async fn with_roles(local: Option<LocalServer>, superuser: Url, password: String) -> Result<Self> {
        let cluster = Self {
            local: Mutex::new(local),
            superuser,
            password,
            databases: Mutex::default(),
            roles: Mutex::default(),
        };
        admin::create_roles(cluster.superuser.as_str(), &cluster.password).await?;
        Ok(cluster)
    }

    /// The URL of the superuser for a database.
    #[must_use]
    pub fn superuser_url(&self, database: &str) -> String {
        let mut url = self.superuser.clone();
        url.set_path(database);
        url.into()
    }

    /// The URL of one of the roles in [`role`], or of a role made with [`Cluster::create_role`], for a database.
    #[must_use]
    pub fn url(&self, role: &str, database: &str) -> String {
        let mut url = self.superuser.clone();
        url.set_path(database);
        // Cannot fail: the URL has a host.
        let _ = url.set_username(role);
        let _ = url.set_password(Some(&self.password));
        url.into()
    }

    /// Makes a login role for one case, with an attribute such as `BYPASSRLS`, that may do what `like` may do.
    pub async fn create_role(&self, name: &str, attribute: &str, like: &str) -> Result<()> {
        admin::create_role(self.superuser.as_str(), name, attribute, &self.password).await?;
        lock(&self.roles).push(name.to_owned());
        admin::grant_role(self.superuser.as_str(), like, name).await
    }

    /// Makes a database that `rolemark_migrate` owns, empty or as a copy of another.
    pub async fn create_database(&self, name: &str, template: Option<&str>) -> Result<()> {
        admin::create_database(self.superuser.as_str(), name, template).await?;
        lock(&self.databases).push(name.to_owned());
        Ok(())
    }

    /// Lets nobody connect to a database any more, so that copies of it can be made at any time.
    pub async fn seal_template(&self, name: &str) -> Result<()> {
        admin::seal(self.superuser.as_str(), name).await
    }

    /// Stops the server at once, as if its machine had lost power.
    pub fn stop_server(&self) -> Result<()> {
        lock(&self.local).as_mut().ok_or_else(not_ours)?.stop()
    }

    /// Starts the server again on the same port.
    pub fn start_server(&self) -> Result<()> {
        lock(&self.local).as_mut().ok_or_else(not_ours)?.start_again()
    }

    /// The process of a private cluster that all its other processes are children of.
    pub fn postmaster(&self) -> Result<u32> {
        lock(&self.local).as_ref().ok_or_else(not_ours)?.pid()
    }

    /// Stops and removes a private cluster; on somebody else's server drops what cases have made there.
    pub async fn shut_down(&self) -> Result<()> {
        if let Some(server) = lock(&self.local).take() {
            drop(server);
            return Ok(());
        }
        let databases = std::mem::take(&mut *lock(&self.databases));
        for name in databases {
            admin::drop_database(self.superuser.as_str(), &name).await?;
        }
        let roles = std::mem::take(&mut *lock(&self.roles));
        for name in roles {
            admin::drop_role(self.superuser.as_str(), &name).await?;
        }
        Ok(())
    }
}

fn new_password() -> String {
    format!("{:016x}{:016x}", random(), random())
}

fn not_ours() -> Error {
    "this PostgreSQL server is not the harness's own: it is not stopped".into()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
