//! The test harness: the real server on a port of its own, over SQLite and over PostgreSQL, and clients
//! that speak HTTP to it. The cases are in `tests/it`; they know nothing of resolvers or repositories.

pub mod answer;
pub mod client;
pub mod data;
pub mod host;
pub mod letters;
pub mod postgres;
pub mod runner;
pub mod scratch;
pub mod server;
pub mod shared;
pub mod signing;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;

pub use answer::Answer;
pub use client::Client;
pub use host::Host;
pub use postgres::{Cluster, role};
pub use server::{Backend, TestServer};
pub use signing::{SignedIn, join, sign_in, sign_up};

/// What goes wrong in the harness is told to a person, never matched upon.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// The harness's result.
pub type Result<T> = std::result::Result<T, Error>;

/// A name that no other case, process or run uses: `prefix_` and 16 hexadecimal digits.
#[must_use]
pub fn unique(prefix: &str) -> String {
    format!("{prefix}_{:016x}", random())
}

/// Random bits from the standard library; enough for names and for the passwords of a throw-away cluster.
pub(crate) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// The folder that holds the workspace's `Cargo.toml`.
#[must_use]
pub fn workspace_root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}
