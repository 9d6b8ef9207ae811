//! Configuration: defaults, then a file, then the environment, then flags. The only place that reads the environment.

use std::{net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};

use store::identity::ThrottleLimits;

use crate::{guard::GuardLimits, rate_limits::RateLimitSettings};

/// Everything that can be set. Unknown keys are errors.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Where people reach the server, such as `https://rolemark.example.com`; its name counts as one of `hosts`.
    pub public_url: Option<String>,
    /// Names that the server answers to in a browser's address bar, such as `rolemark.example.com`, with a port if it
    /// must be that one. `localhost` and addresses in digits always count.
    pub hosts: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed: addresses, or networks such as `10.0.0.0/8`.
    pub trusted_proxies: Vec<String>,
    /// Origins of foreign web pages that may ask this server, such as `https://app.example.com`; none by default.
    pub cors_origins: Vec<String>,
    /// `sqlite:path` or `postgres://…`, on PostgreSQL as the serving role; a file in the data directory by default.
    pub database_url: Option<String>,
    /// The same PostgreSQL database as the sign-in role.
    pub auth_database_url: Option<String>,
    /// The same PostgreSQL database as the erasing role; without it, closed organizations are erased by command only.
    pub erase_database_url: Option<String>,
    /// The same PostgreSQL database as the role that builds releases of the benchmark; only the commands need it.
    pub release_database_url: Option<String>,
    /// For how many days the audit log keeps details and addresses; 0 keeps them, else at least 30.
    pub audit_retention_days: u32,
    /// Where the SQLite file and the signing key are kept.
    pub data_directory: PathBuf,
    /// Ed25519 private key in PKCS#8 PEM that signs access tokens; made in the data directory by default.
    pub signing_key_file: Option<PathBuf>,
    /// `iss` of access tokens.
    pub issuer: String,
    /// `aud` of access tokens.
    pub audience: String,
    /// Most database connections of the serving role.
    pub connections: usize,
    /// Threads that serve; 0 means one for each processor.
    pub workers: usize,
    /// Most connections of clients at a time.
    pub max_connections: usize,
    /// How long a connection is kept for another request, in seconds.
    pub keep_alive_seconds: u64,
    /// How long a client may take to send a request's body, in seconds.
    pub body_timeout_seconds: u64,
    /// How long a request may take, in seconds.
    pub request_timeout_seconds: u64,
    /// How long a database statement may run, in seconds.
    pub statement_timeout_seconds: u64,
    /// How long a request waits for a database connection, in seconds.
    pub acquire_timeout_seconds: u64,
    /// How long requests may go on after the server was told to stop, in seconds.
    pub shutdown_timeout_seconds: u64,
    /// Most bytes of a request's body.
    pub body_bytes: usize,
    /// How many passwords are hashed at a time; each takes 19 MiB.
    pub concurrent_password_hashes: usize,
    /// Whether the schema tells signed-in callers about itself.
    pub introspection: bool,
    /// Whether the page for people is served.
    pub console: bool,
    /// How the log is written.
    pub log_format: LogFormat,
    /// Which log lines are written, such as `info` or `rolemark=debug,warn`.
    pub log_filter: String,
    /// Limits of documents.
    pub limits: GuardLimits,
    /// Limits of requests over time.
    pub rate_limits: RateLimitSettings,
    /// Who may sign up.
    pub sign_up: SignUpPolicy,
    /// How often passwords may be tried.
    pub throttle: ThrottleLimits,
    /// How letters are sent.
    pub mail: MailConfig,
}

/// Who may sign up and make an organization.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum SignUpPolicy {
    /// Anybody.
    #[default]
    Open,
    /// Nobody; people come by invitation.
    Closed,
}

/// How letters are sent. Without a mail server they are put into the directory `outbox` of the data directory.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// Mail server: `smtps://user:password@host:port`, or `smtp://…?tls=required`.
    pub smtp_url: Option<String>,
    /// Who sends, such as `Rolemark <rolemark@example.org>`; needed with a mail server.
    pub from: Option<String>,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Pretty,
    /// One JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            database_url: None,
            auth_database_url: None,
            erase_database_url: None,
            release_database_url: None,
            audit_retention_days: 0,
            data_directory: PathBuf::from("data"),
            signing_key_file: None,
            issuer: "rolemark".into(),
            audience: "rolemark".into(),
            connections: 16,
            workers: 0,
            max_connections: 10_000,
            keep_alive_seconds: 75,
            body_timeout_seconds: 10,
            request_timeout_seconds: 10,
            statement_timeout_seconds: 5,
            acquire_timeout_seconds: 3,
            shutdown_timeout_seconds: 10,
            body_bytes: 256_000,
            concurrent_password_hashes: 2,
            introspection: true,
            console: true,
            log_format: LogFormat::Pretty,
            log_filter: "info".into(),
            limits: GuardLimits::default(),
            rate_limits: RateLimitSettings::default(),
            sign_up: SignUpPolicy::default(),
            throttle: ThrottleLimits::default(),
            mail: MailConfig::default(),
        }
    }
}

/// Least number of days that the audit log keeps details, where they are not kept for good.
const RETENTION_MINIMUM: u32 = 30;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
#[error("configuration: {0}")]
pub struct ConfigError(String);

/// Prefix of the environment's variables: `ROLEMARK_DATABASE_URL`, and `ROLEMARK_LIMITS__DEPTH` for what lies deeper.
const PREFIX: &str = "ROLEMARK";

/// Keys that hold a list; in the environment its entries are parted by commas.
const LISTS: [&str; 3] = ["hosts", "trusted_proxies", "cors_origins"];

/// File that is read when no other is named and it exists.
const DEFAULT_FILE: &str = "rolemark.toml";

/// The environment, without what this repository's tests are set up by.
fn own_variables() -> std::collections::HashMap<String, String> {
    let is_of_tests = |name: &str| name.starts_with("ROLEMARK_TEST_") || name == "ROLEMARK_SHARED_DATA";
    std::env::vars().filter(|(name, _)| !is_of_tests(name)).collect()
}

impl Config {
    /// Reads the file, if there is one, and the environment.
    ///
    /// # Errors
    /// For a file that cannot be read, an unknown key or a bad value; the message names it.
    pub fn load(file: Option<&std::path::Path>) -> Result<Self, ConfigError> {
        let file = match file {
            Some(path) => config::File::from(path).required(true),
            None => config::File::new(DEFAULT_FILE, config::FileFormat::Toml).required(false),
        };
        let environment = config::Environment::with_prefix(PREFIX)
            .prefix_separator("_")
            .separator("__")
            .list_separator(",")
            .try_parsing(true)
            .source(Some(own_variables()));
        let environment = LISTS.iter().fold(environment, |environment, key| environment.with_list_parse_key(key));
        let sources = config::Config::builder().add_source(file).add_source(environment).build();
        let described = |error: config::ConfigError| ConfigError(error.to_string());
        let config: Self = sources.map_err(described)?.try_deserialize().map_err(described)?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        if (1..RETENTION_MINIMUM).contains(&self.audit_retention_days) {
            let days = self.audit_retention_days;
            return Err(ConfigError(format!(
                "audit_retention_days: {days} is too short; use {RETENTION_MINIMUM} or more, or 0 to keep all details"
            )));
        }
        Ok(())
    }

    /// For how many days the audit log keeps details; `None` for as long as the organization is there.
    #[must_use]
    pub fn audit_retention(&self) -> Option<u32> {
        Some(self.audit_retention_days).filter(|days| *days > 0)
    }

    /// The database of the serving role, or the SQLite file.
    #[must_use]
    pub fn database(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| {
            let file = self.data_directory.join("rolemark.sqlite");
            format!("sqlite:{}", file.display())
        })
    }

    /// File of the signing key.
    #[must_use]
    pub fn signing_key(&self) -> PathBuf {
        self.signing_key_file.clone().unwrap_or_else(|| self.data_directory.join("signing-key.pem"))
    }
}
