//! A database of its own with a directory for the builder.

use std::path::Path;

use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Backend, Cluster, Result, role};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

const DATABASE: &str = "rolemark_bench";

/// A connection past the program.
pub(crate) enum Direct {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A migrated database without organizations.
pub(crate) struct Site {
    pub(crate) backend: Backend,
    // Dropped first: the cluster stops before its directory goes.
    cluster: Option<Cluster>,
    scratch: ScratchDirectory,
}

impl Site {
    pub(crate) async fn open(backend: Backend) -> Result<Self> {
        let scratch = ScratchDirectory::create()?;
        let cluster = match backend {
            Backend::Sqlite => None,
            Backend::Postgres => Some(Cluster::durable(None).await?),
        };
        let site = Self { backend, cluster, scratch };
        if let Some(cluster) = &site.cluster {
            cluster.create_database(DATABASE, None).await?;
            // One core: that of the builder and that of its database take turns.
            let mut direct = site.superuser().await?;
            direct.run("ALTER ROLE rolemark_release SET max_parallel_workers_per_gather = 0").await?;
        }
        rolemark::migrate(&site.url(role::MIGRATE)).await.map_err(|e| format!("the migrations failed: {e}"))?;
        Ok(site)
    }

    pub(crate) fn directory(&self) -> &Path {
        self.scratch.path()
    }

    fn url(&self, role: &str) -> String {
        match &self.cluster {
            Some(cluster) => cluster.url(role, DATABASE),
            None => format!("sqlite:{}", self.directory().join("rolemark.sqlite").display()),
        }
    }

    /// The addresses, as the program takes them.
    pub(crate) fn addresses(&self) -> Vec<String> {
        let mut addresses = vec!["--data-directory".to_owned(), self.directory().display().to_string()];
        addresses.extend(["--database-url".to_owned(), self.url(role::APP)]);
        if self.cluster.is_some() {
            addresses.extend(["--auth-database-url".to_owned(), self.url(role::AUTH)]);
            addresses.extend(["--release-database-url".to_owned(), self.url(role::RELEASE)]);
        }
        addresses
    }

    /// A connection with every right there is. The builder must have run once, so that its tables are there.
    pub(crate) async fn superuser(&self) -> Result<Direct> {
        if let Some(cluster) = &self.cluster {
            return Ok(Direct::Postgres(PgConnection::connect(&cluster.superuser_url(DATABASE)).await?));
        }
        let options = SqliteConnectOptions::new().filename(self.directory().join("rolemark.sqlite"));
        let mut direct = Direct::Sqlite(SqliteConnection::connect_with(&options).await?);
        let second = self.directory().join("benchmark.sqlite");
        direct.run(&format!("ATTACH DATABASE '{}' AS builder", second.display())).await?;
        Ok(direct)
    }

    /// A connection of the serving role.
    pub(crate) async fn serving(&self) -> Result<Direct> {
        match &self.cluster {
            Some(cluster) => Ok(Direct::Postgres(PgConnection::connect(&cluster.url(role::APP, DATABASE)).await?)),
            None => self.superuser().await,
        }
    }
}

impl Direct {
    pub(crate) async fn run(&mut self, sql: &str) -> Result<u64> {
        let sql = AssertSqlSafe(sql.to_owned());
        Ok(match self {
            Self::Sqlite(connection) => connection.execute(sqlx::query(sql)).await?.rows_affected(),
            Self::Postgres(connection) => connection.execute(sqlx::query(sql)).await?.rows_affected(),
        })
    }

    pub(crate) async fn number(&mut self, sql: &str) -> Result<i64> {
        let sql = AssertSqlSafe(sql.to_owned());
        Ok(match self {
            Self::Sqlite(connection) => sqlx::query_scalar(sql).fetch_one(connection).await?,
            Self::Postgres(connection) => sqlx::query_scalar(sql).fetch_one(connection).await?,
        })
    }

    pub(crate) async fn texts(&mut self, sql: &str) -> Result<Vec<String>> {
        let sql = AssertSqlSafe(sql.to_owned());
        Ok(match self {
            Self::Sqlite(connection) => sqlx::query_scalar(sql).fetch_all(connection).await?,
            Self::Postgres(connection) => sqlx::query_scalar(sql).fetch_all(connection).await?,
        })
    }
}
