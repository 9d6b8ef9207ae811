//! The database of a run: in a scratch directory, or in one that is kept and used again.

use std::fs;
use std::path::{Path, PathBuf};

use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Backend, Cluster, Result, role};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::process;
use super::server::Place;

const DATABASE: &str = "rolemark_bench";
/// Written when the database is full; holds the number of organizations.
const FILLED: &str = "organizations";
/// What makes the figures those of a database that loses nothing.
const DURABLE: [&str; 3] = ["fsync", "synchronous_commit", "full_page_writes"];

/// A database, and a directory for the server's key and log.
pub(crate) struct Database {
    // Dropped first: the cluster stops before its directory goes.
    cluster: Option<Cluster>,
    _scratch: Option<ScratchDirectory>,
    directory: PathBuf,
}

impl Database {
    /// Opens a kept database or makes one.
    pub(crate) async fn open(backend: Backend, keep: Option<&Path>) -> Result<Self> {
        let scratch = if keep.is_none() { Some(ScratchDirectory::create()?) } else { None };
        let parent = keep.or(scratch.as_ref().map(ScratchDirectory::path)).unwrap_or(Path::new("."));
        let directory = parent.join(backend.to_string());
        fs::create_dir_all(&directory).map_err(|e| format!("cannot make {}: {e}", directory.display()))?;
        let directory = directory.canonicalize()?;
        let is_new = fs::read_dir(&directory)?.next().is_none();
        let cluster = match backend {
            Backend::Sqlite => None,
            Backend::Postgres => Some(Cluster::durable(keep.map(|_| directory.join("cluster")).as_deref()).await?),
        };
        let database = Self { cluster, _scratch: scratch, directory };
        if is_new {
            database.prepare().await?;
        }
        database.expect_durable().await?;
        Ok(database)
    }

    /// Migrates it; an SQLite file is migrated by the server.
    async fn prepare(&self) -> Result<()> {
        let Some(cluster) = &self.cluster else { return Ok(()) };
        cluster.create_database(DATABASE, None).await?;
        let url = cluster.url(role::MIGRATE, DATABASE);
        rolemark::migrate(&url).await.map_err(|e| format!("the migrations failed on PostgreSQL: {e}"))?;
        Ok(())
    }

    async fn expect_durable(&self) -> Result<()> {
        for name in DURABLE.iter().filter(|_| self.cluster.is_some()) {
            let value = self.setting(name).await?;
            if value != "on" {
                return Err(format!("PostgreSQL runs with {name} = {value}; figures of it would mislead").into());
            }
        }
        Ok(())
    }

    /// What it is, for people.
    pub(crate) async fn version(&self) -> Result<String> {
        match self.cluster {
            Some(_) => Ok(format!("PostgreSQL {}, durable settings", self.setting("server_version").await?)),
            None => Ok("SQLite, write-ahead log, synchronous = NORMAL".to_owned()),
        }
    }

    /// Whether it was filled before, with this many organizations.
    pub(crate) fn is_filled(&self, organizations: usize) -> Result<bool> {
        let Ok(number) = fs::read_to_string(self.directory.join(FILLED)) else {
            // The server's key is made at its first start.
            return match self.directory.join("signing-key.pem").exists() {
                true => Err(format!("{} was never filled to the end: remove it", self.directory.display()).into()),
                false => Ok(false),
            };
        };
        match number.trim().parse::<usize>() {
            Ok(number) if organizations == number => Ok(true),
            _ => Err(format!("{} holds {number} organizations, not {organizations}", self.directory.display()).into()),
        }
    }

    /// Notes that it is full, and tidies it as its own housekeeping would within minutes.
    pub(crate) async fn filled(&self, organizations: usize) -> Result<()> {
        self.tidy().await?;
        Ok(fs::write(self.directory.join(FILLED), organizations.to_string())?)
    }

    /// Gathers the planner's figures and writes to disk what is to be written, so that no run pays for the filling.
    pub(crate) async fn tidy(&self) -> Result<()> {
        if let Some(cluster) = &self.cluster {
            let mut connection = PgConnection::connect(&cluster.superuser_url(DATABASE)).await?;
            for sql in ["VACUUM (ANALYZE)", "CHECKPOINT"] {
                sqlx::query(sql).execute(&mut connection).await?;
            }
            connection.close().await?;
        }
        Ok(())
    }

    /// Where a server finds it.
    pub(crate) fn place(&self, log_filter: &str) -> Place {
        let file = || format!("sqlite:{}", self.directory.join("rolemark.sqlite").display());
        let cluster = self.cluster.as_ref();
        Place {
            database_url: cluster.map_or_else(file, |cluster| cluster.url(role::APP, DATABASE)),
            auth_database_url: cluster.map(|cluster| cluster.url(role::AUTH, DATABASE)),
            directory: self.directory.clone(),
            log_filter: log_filter.to_owned(),
        }
    }

    /// Processor time of the database's own processes so far; none on SQLite, which runs in the server.
    pub(crate) fn cpu(&self) -> Result<std::time::Duration> {
        match &self.cluster {
            Some(cluster) => process::cluster_cpu(cluster.postmaster()?),
            None => Ok(std::time::Duration::ZERO),
        }
    }

    async fn setting(&self, name: &str) -> Result<String> {
        let cluster = self.cluster.as_ref().ok_or("SQLite has no settings")?;
        let mut connection = PgConnection::connect(&cluster.superuser_url("postgres")).await?;
        let value = sqlx::query_scalar(AssertSqlSafe(format!("SHOW {name}"))).fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok(value)
    }
}
