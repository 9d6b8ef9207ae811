//! What can go wrong between the store and its database. Database text never leaves the server: it is logged.

use std::sync::Arc;

use sea_orm::{DbErr, RuntimeErr};

/// A failure of the database or of what it holds.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection, a database that went away, a full disk or a read-only file. Trying again may help.
    #[error("the database is unavailable")]
    Unavailable(#[source] Arc<DbErr>),
    /// The statement ran longer than it may.
    #[error("a statement ran longer than it may")]
    Timeout(#[source] Arc<DbErr>),
    /// A unique key is taken.
    #[error("a unique key is taken")]
    Taken(#[source] Arc<DbErr>),
    /// Something still refers to the row, or the row referred to is missing.
    #[error("a reference does not hold")]
    Reference(#[source] Arc<DbErr>),
    /// The role is not of a family that the grant is limited to.
    #[error("outside the families of the grant")]
    OutsideFamilies,
    /// The actor's membership was ended, or lost its level, since the request began.
    #[error("the actor's rights have ended")]
    RightsEnded,
    /// Anything else: a defect of this program or of its data.
    #[error("internal error: {0}")]
    Internal(Arc<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// A defect found by this crate itself.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::Internal(Arc::from(Box::<dyn std::error::Error + Send + Sync>::from(message.into())))
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(Arc::new(error))
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        let class = statement_error(&error).map_or_else(|| classify_other(&error), classify);
        let error = Arc::new(error);
        match class {
            Class::Unavailable => Self::Unavailable(error),
            Class::Timeout => Self::Timeout(error),
            Class::Taken => Self::Taken(error),
            Class::Reference => Self::Reference(error),
            Class::Internal => Self::Internal(error),
        }
    }
}

/// How an error of the database driver is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Unavailable,
    Timeout,
    Taken,
    Reference,
    Internal,
}

/// What the driver said about a statement.
fn statement_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner)) => Some(inner),
        _ => None,
    }
}

fn classify_other(error: &DbErr) -> Class {
    match error {
        // Without a connection there is no database, whatever the reason.
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => Class::Unavailable,
        _ => Class::Internal,
    }
}

/// Sorts an error of the driver by what the caller can do about it.
pub(crate) fn classify(error: &sqlx::Error) -> Class {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Class::Unavailable,
        sqlx::Error::Database(error) if error.is_unique_violation() => Class::Taken,
        sqlx::Error::Database(error) if error.is_foreign_key_violation() => Class::Reference,
        sqlx::Error::Database(error) => classify_code(error.code().as_deref().unwrap_or_default()),
        _ => Class::Internal,
    }
}

/// SQLSTATE of PostgreSQL (five characters), or the result code of SQLite (a number).
fn classify_code(code: &str) -> Class {
    // The low byte of an extended SQLite code is its primary code.
    if code.len() < 5
        && let Ok(number) = code.parse::<u32>()
    {
        return match number & 0xff {
            // BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB
            5 | 6 | 8 | 10 | 11 | 13 | 14 | 26 => Class::Unavailable,
            9 => Class::Timeout,
            _ => Class::Internal,
        };
    }
    match code {
        "57014" => Class::Timeout,
        "25006" => Class::Unavailable,
        // Connection exceptions, insufficient resources (a full disk too), operator intervention, system error.
        _ if ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => Class::Unavailable,
        _ => Class::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_answered_by_what_helps() {
        assert_eq!(classify_code("57014"), Class::Timeout);
        assert_eq!(classify_code("57P01"), Class::Unavailable);
        assert_eq!(classify_code("53100"), Class::Unavailable);
        assert_eq!(classify_code("22P02"), Class::Internal);
        assert_eq!(classify_code("13"), Class::Unavailable);
        assert_eq!(classify_code("1032"), Class::Unavailable);
        assert_eq!(classify_code("9"), Class::Timeout);
        assert_eq!(classify_code("1"), Class::Internal);
    }
}
