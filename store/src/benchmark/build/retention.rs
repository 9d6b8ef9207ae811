//! What is erased when it is not needed any more: values, and later the hashes of who contributed.

use chrono::Duration;
use domain::disclosure::ReleaseState;

use super::record::ReleaseRecord;
use crate::benchmark::builder::{Builder, BuilderError, execute};

/// Days after the publication for which contributed values are kept.
const VALUE_DAYS: i64 = 30;
/// For how many releases the hashes of groups and of values are kept: rule C5 looks so far back.
const HASH_RELEASES: i32 = 8;

/// The noise too: it and a published figure are the exact figure.
const ERASE_VALUES: [&str; 7] = [
    "UPDATE contribution SET score = NULL, ratio = NULL, mix_human = NULL, mix_at_risk = NULL, mix_ai_assisted = NULL, \
     mix_automated = NULL, tasks = NULL, skills = NULL WHERE release_number = $1",
    "DELETE FROM tenant_contribution WHERE release_number = $1",
    "DELETE FROM contribution_change WHERE release_number = $1",
    "DELETE FROM atom_total WHERE release_number = $1",
    "DELETE FROM difference_total WHERE release_number = $1",
    "DELETE FROM shared_noise WHERE release_number = $1",
    "DELETE FROM cell_noise WHERE release_number = $1",
];
const VALUES_ERASED: &str = "UPDATE draft_release SET values_erased_at = $2 WHERE number = $1";
/// Whether somebody may see a figure cannot be told without the hashes: it is shown to nobody then.
const CLOSE: &str = "UPDATE draft_version SET contributors = 0 WHERE release_number <= $1 AND contributors > 0";
const ERASE_HASHES: [&str; 4] = [
    "DELETE FROM contribution WHERE release_number <= $1",
    "DELETE FROM tenant_group WHERE release_number <= $1",
    "DELETE FROM partner_group WHERE release_number <= $1",
    "DELETE FROM partner_total WHERE release_number <= $1",
];

/// What was erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Releases of which the contributed values are gone now.
    pub values: Vec<String>,
    /// How many contributions lost their values because their organizations have left.
    pub withdrawn: u64,
    /// How many rows with hashes are gone now.
    pub hashes: u64,
}

impl Builder {
    /// Erases what was kept long enough: the values of a snapshot 30 days after its release, or a later one, was published;
    /// those of organizations that have left at once; hashes of groups and of values after 8 releases.
    ///
    /// # Errors
    /// When the database fails, or the clock has jumped.
    pub async fn erase_expired(&self) -> Result<Erased, BuilderError> {
        let releases = self.releases().await?;
        self.refuse_jumped_clock(&releases)?;
        if !self.is_postgres() {
            // What is erased is overwritten.
            self.rows("PRAGMA builder.secure_delete = ON", []).await?;
        }
        let mut erased = Erased::default();
        for record in &releases {
            if record.values_erased_at.is_none() && self.is_expired(record, &releases) {
                self.erase_values_of(record).await?;
                erased.values.push(record.release.key.clone());
            }
        }
        let newest = releases.last().map_or(0, |record| record.release.number);
        erased.hashes = self.erase_hashes(newest - HASH_RELEASES - 1).await?;
        erased.withdrawn = self.erase_withdrawn().await?;
        if !self.is_postgres() && erased != Erased::default() {
            // Nor does it stay in the log.
            self.rows("PRAGMA builder.wal_checkpoint(TRUNCATE)", []).await?;
        }
        Ok(erased)
    }

    /// Whether it, or a later release, was published long enough ago. A draft that is still being built is kept.
    fn is_expired(&self, record: &ReleaseRecord, releases: &[ReleaseRecord]) -> bool {
        let later = releases.iter().filter(|later| later.release.number >= record.release.number);
        let published = later.filter_map(|later| later.published_at).min();
        let is_over = published.is_some_and(|at| at + Duration::days(VALUE_DAYS) <= self.now());
        is_over && record.state != ReleaseState::Draft
    }

    async fn erase_values_of(&self, record: &ReleaseRecord) -> Result<(), BuilderError> {
        let number = record.release.number;
        let transaction = self.begin().await?;
        for sql in ERASE_VALUES {
            execute(&transaction, sql, [number.into()]).await?;
        }
        execute(&transaction, VALUES_ERASED, [number.into(), self.now().into()]).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn erase_hashes(&self, last: i32) -> Result<u64, BuilderError> {
        let transaction = self.begin().await?;
        execute(&transaction, CLOSE, [last.into()]).await?;
        let mut erased = 0;
        for sql in ERASE_HASHES {
            erased += execute(&transaction, sql, [last.into()]).await?;
        }
        transaction.commit().await?;
        Ok(erased)
    }
}
