//! Time and identifiers come in as arguments, so that everything else is deterministic.

use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant now, in microseconds: what both databases keep.
    fn now(&self) -> DateTime<Utc>;
}

/// Makes identifiers.
pub trait IdSource: Send + Sync {
    /// A new identifier, ordered by time.
    fn next(&self) -> Uuid;
}

/// The clock of the machine.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// Identifiers of UUID version 7.
pub struct SystemIds;

impl IdSource for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "the one place that makes identifiers")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}
