//! The Platform Roles Library: canonical roles with keys that stay the same across editions, and the files of an edition.
//!
//! Reading the files and parsing TOML happen outside; here are their types, and the checks that make a library of them.

mod assembly;
mod canonical;
mod checks;
mod files;
pub mod search;

pub use assembly::{Library, LibraryError, LibraryErrors, assemble};
pub use canonical::{CanonicalRole, CanonicalTask, Edition, LibraryCombination};
pub use files::{CombinationEntry, CombinationsFile, PathwayEntry, RoleFile, SkillEntry, TaskEntry};

/// The key of a canonical role, task or skill: `source:code`.
#[must_use]
pub fn canonical_key(source: &str, code: &str) -> String {
    format!("{source}:{code}")
}

/// The part of a canonical key before the colon; empty for a key without one.
#[must_use]
pub fn source_of(key: &str) -> &str {
    key.split_once(':').map_or("", |(source, _)| source)
}

/// The part of a canonical key after the colon; the whole key when it has none.
#[must_use]
pub fn code_of(key: &str) -> &str {
    key.split_once(':').map_or(key, |(_, code)| code)
}
