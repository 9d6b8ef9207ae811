//! The builder's way to the database, and its keys.
//!
//! On PostgreSQL it is the role `rolemark_release`, which sees who may see whom, the published versions of organizations that
//! contribute, and its own schema `builder`. On SQLite it is the one program that opens the second file. One builder
//! works at a time: on PostgreSQL by a lock of the database, on SQLite by a lock file.

mod insert;
mod key;
mod session;

use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, Utc};

pub(crate) use insert::{Cell, Column, hexadecimal, insert};
pub use key::{BenchmarkKey, is_signed};
pub(crate) use session::{Transaction, execute, rows};

use crate::{DatabaseUrl, StoreError, clock::Clock, identity::SigningKeyError};

/// Name of the benchmark's second file of SQLite, in the data directory.
pub const BENCHMARK_FILE: &str = "benchmark.sqlite";

/// What a builder is opened with.
pub struct BuilderOptions {
    /// The database as `rolemark_release`, or the SQLite file.
    pub database_url: DatabaseUrl,
    /// Where the benchmark's key and, on SQLite, its second file and its lock are kept.
    pub data_directory: PathBuf,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// Builds releases of the benchmark.
pub struct Builder {
    connection: sea_orm::DatabaseConnection,
    key: BenchmarkKey,
    clock: Arc<dyn Clock>,
    /// Held for as long as the builder is there; a program that dies gives it back.
    _lock: Option<std::fs::File>,
}

/// A release that is being built, or was.
#[derive(Clone, Debug)]
pub struct DraftRelease {
    /// Such as `2026-Q3`.
    pub key: String,
    /// Counts the releases, from 1, in the order of their quarters.
    pub number: i32,
    /// The first moment after the quarter.
    pub snapshot_at: DateTime<Utc>,
    /// The policy that it is built by, as the text that is hashed.
    pub policy: String,
    /// Whether it is made from a synthetic world, and says so everywhere.
    pub is_synthetic: bool,
}

/// Why the builder did not do what it was told to.
#[derive(Debug, thiserror::Error)]
pub enum BuilderError {
    /// Another builder is at work.
    #[error("another builder is at work on this database; wait until it has finished")]
    Busy,
    /// The role could do more than a builder may.
    #[error("{0}")]
    RefusedRole(String),
    /// The request cannot be carried out; the text says why, and the way out.
    #[error("{0}")]
    Refused(String),
    /// A file of the data directory.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: std::io::Error,
    },
    /// The file of the benchmark's key.
    #[error(transparent)]
    Key(#[from] SigningKeyError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for BuilderError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}
