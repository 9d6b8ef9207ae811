//! Erasing for good: organizations whose grace is over, and details of the audit log that are older than they are kept.
//!
//! An [`Eraser`] has a way to the database of its own: on PostgreSQL the role `rolemark_erase`, which reads nothing of what
//! it deletes. On SQLite it has the whole file, as every program that opens it.

mod benchmark;
mod organization;
mod prune;
mod session;
mod tables;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use domain::ids::OrganizationId;

use self::session::Session;
pub use self::tables::TENANT_TABLES;
use crate::{
    DatabaseUrl, OpenError, RequestOrigin, StoreError,
    benchmark::builder::BENCHMARK_FILE,
    clock::{Clock, IdSource},
    database::{Database, Door, PoolOptions, REFUSED_ROLE},
};

/// Erasing may take long, and nobody waits for it.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(3_600);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Erases organizations and prunes audit logs. One at a time: on PostgreSQL by a lock of the database that all servers and
/// commands share, on SQLite by the file's write lock.
pub struct Eraser {
    database: Database,
    /// The file of the benchmark's builder, on SQLite.
    benchmark_file: PathBuf,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    name_of: fn(OrganizationId) -> String,
}

/// An organization that was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The organization.
    pub organization: OrganizationId,
    /// How many rows went.
    pub rows: u64,
}

/// An audit log that was pruned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pruned {
    /// The organization.
    pub organization: OrganizationId,
    /// How many entries have lost their details.
    pub payloads: u64,
}

/// What a sweep did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Organizations whose grace was over.
    pub erased: Vec<Erased>,
    /// Audit logs.
    pub pruned: Vec<Pruned>,
}

/// Which organization may be erased.
#[derive(Clone, Copy, Debug)]
pub enum When<'a> {
    /// One whose grace is over.
    Due,
    /// Any, by somebody who typed its name.
    Now {
        /// The name as it was typed.
        confirmed: &'a str,
    },
}

/// Why an organization was not erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// There is none with this identifier, or it was erased before.
    #[error("there is no such organization, or it was erased already")]
    Unknown,
    /// It is open.
    #[error("the organization is open: close it first")]
    Open,
    /// Its grace is not over.
    #[error("the organization can be brought back until {0}")]
    InGrace(DateTime<Utc>),
    /// The name that was typed is not its name.
    #[error("the name is not that of the organization")]
    NotConfirmed,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Eraser {
    /// Prepares the way to the database: as `rolemark_erase`, or the SQLite file, with that of the benchmark's builder in the
    /// data directory. `name_of` is how the audit log names an organization, which is how the schema does.
    ///
    /// # Errors
    /// See [`OpenError`]. That a database does not answer is none yet.
    pub async fn open(
        url: &DatabaseUrl,
        data_directory: &Path,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        name_of: fn(OrganizationId) -> String,
    ) -> Result<Self, OpenError> {
        let options =
            PoolOptions { connections: 1, acquire_timeout: ACQUIRE_TIMEOUT, statement_timeout: STATEMENT_TIMEOUT };
        let database = Database::open(url, url, options).map_err(OpenError::Database)?;
        if let Err(error) = database.reader(Door::App).await {
            let text = error.to_string();
            if let Some(start) = text.find(REFUSED_ROLE) {
                return Err(OpenError::RefusedRole(text[start..].to_owned()));
            }
        }
        Ok(Self { database, benchmark_file: data_directory.join(BENCHMARK_FILE), clock, ids, name_of })
    }

    /// Erases every organization whose grace is over and, where details of audit logs are kept for so many days only,
    /// removes the older ones. `None` if somebody else is at it.
    ///
    /// # Errors
    /// When the database fails. What was done until then stays done; the next run goes on from there.
    pub async fn sweep(&self, retention_days: Option<u32>) -> Result<Option<Swept>, StoreError> {
        let Some(session) = Session::begin_unless_busy(self).await? else { return Ok(None) };
        let swept = sweep(&session, retention_days).await;
        session.end().await;
        swept.map(Some)
    }

    /// Erases every organization whose grace is over. Waits until nobody else is at it.
    ///
    /// # Errors
    /// As for [`Eraser::sweep`].
    pub async fn erase_due(&self) -> Result<Vec<Erased>, StoreError> {
        let session = Session::begin(self).await?;
        let erased = session.erase_due().await;
        session.end().await;
        erased
    }

    /// Erases one organization. Waits until nobody else is at it.
    ///
    /// # Errors
    /// See [`EraseError`].
    pub async fn erase(&self, organization: OrganizationId, when: When<'_>) -> Result<Erased, EraseError> {
        let session = Session::begin(self).await?;
        let erased = session.erase(organization, when).await;
        let settled = session.settle().await;
        session.end().await;
        let erased = erased?;
        settled?;
        Ok(erased)
    }

    /// Removes the details of audit entries that are older than so many days; what is left of the chain stays verifiable.
    /// Waits until nobody else is at it.
    ///
    /// # Errors
    /// As for [`Eraser::sweep`].
    pub async fn prune(&self, retention_days: u32) -> Result<Vec<Pruned>, StoreError> {
        let session = Session::begin(self).await?;
        let pruned = session.prune(retention_days).await;
        session.end().await;
        pruned
    }

    /// What entries of the audit log say where they come from.
    fn origin(&self) -> RequestOrigin {
        RequestOrigin { request_id: format!("sweep-{}", self.ids.next().simple()), ..RequestOrigin::default() }
    }
}

async fn sweep(session: &Session<'_>, retention_days: Option<u32>) -> Result<Swept, StoreError> {
    let erased = session.erase_due().await?;
    let pruned = match retention_days {
        Some(days) => session.prune(days).await?,
        None => Vec::new(),
    };
    Ok(Swept { erased, pruned })
}
