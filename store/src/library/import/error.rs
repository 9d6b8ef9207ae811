//! Why an edition was not imported. Whoever imports owns the database, so these errors say everything.

use std::{fmt, path::PathBuf};

use domain::library::LibraryErrors;
use sea_orm::DbErr;

/// Why an edition was not imported. In every case nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The database does not answer, has not been migrated, or refused.
    #[error("database: {0}")]
    Database(String),
    /// A directory or a file could not be read.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// The directory or file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// A file that is needed is not there.
    #[error("{}: there is no file for {what}, such as \"{example}\"", directory.display())]
    MissingFile {
        /// Where it was looked for.
        directory: PathBuf,
        /// What it would hold.
        what: &'static str,
        /// A name that it would be found by.
        example: &'static str,
    },
    /// The files together make no sense.
    #[error("{0}")]
    Files(String),
    /// A file is not what it should be.
    #[error("{file}{}: {reason}", OnLine(*line))]
    File {
        /// Name of the file.
        file: String,
        /// The line, counted from 1, where one is to blame.
        line: Option<u64>,
        /// What is wrong.
        reason: String,
    },
    /// The roles or combinations break the rules of the library.
    #[error("{0}")]
    Content(#[from] LibraryErrors),
    /// The edition cannot stand beside the others.
    #[error("{0}")]
    Edition(String),
}

struct OnLine(Option<u64>);

impl fmt::Display for OnLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |line| write!(f, ", line {line}"))
    }
}

impl From<DbErr> for ImportError {
    fn from(error: DbErr) -> Self {
        Self::Database(error.to_string())
    }
}

impl ImportError {
    /// A directory or file that the system would not read.
    pub(in crate::library) fn unreadable(path: impl Into<PathBuf>, error: &std::io::Error) -> Self {
        Self::Unreadable { path: path.into(), reason: error.to_string() }
    }
}

/// What is wrong in a file, before its name is known.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::library) struct FileFault {
    /// The line, counted from 1.
    pub(in crate::library) line: Option<u64>,
    /// What is wrong.
    pub(in crate::library) reason: String,
}

impl FileFault {
    /// A fault of the file as a whole.
    pub(in crate::library) fn whole(reason: impl Into<String>) -> Self {
        Self { line: None, reason: reason.into() }
    }

    /// A fault on a line, counted from 1.
    pub(in crate::library) fn on_line(line: u64, reason: impl Into<String>) -> Self {
        Self { line: Some(line), reason: reason.into() }
    }

    /// The fault in the file of this name.
    pub(in crate::library) fn within(self, file: &str) -> ImportError {
        ImportError::File { file: file.to_owned(), line: self.line, reason: self.reason }
    }
}
