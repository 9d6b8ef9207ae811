//! Where PostgreSQL's server programs are.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};

use crate::Result;

/// Names the directory that holds the server programs.
const VARIABLE: &str = "ROLEMARK_TEST_PG_BIN";
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];
/// Debian keeps each major version in a folder of its own, away from PATH.
const DEBIAN: &str = "/usr/lib/postgresql";

const MISSING: &str = "PostgreSQL's server programs (initdb, pg_ctl, postgres) were found neither on PATH nor in \
    /usr/lib/postgresql/*/bin. The tests need them; they start a private cluster and need no running service. \
    Install them:\n\n    apt-get install -y postgresql\n\nor name their directory with ROLEMARK_TEST_PG_BIN, or a \
    PostgreSQL server meant for tests with ROLEMARK_TEST_POSTGRES_URL (the URL of a superuser).";

/// The directory with the server programs: the one named, the first on PATH, or Debian's newest.
pub(super) fn find() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        let directory = PathBuf::from(named);
        return match is_complete(&directory) {
            true => Ok(directory),
            false => Err(format!("{VARIABLE} names {}, without {PROGRAMS:?}", directory.display()).into()),
        };
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).chain(debian()).find(|directory| is_complete(directory)).ok_or_else(|| MISSING.into())
}

fn is_complete(directory: &Path) -> bool {
    PROGRAMS.iter().all(|program| directory.join(program).is_file())
}

fn debian() -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_by_key(|(version, _)| Reverse(*version));
    versions.into_iter().map(|(_, bin)| bin).collect()
}
