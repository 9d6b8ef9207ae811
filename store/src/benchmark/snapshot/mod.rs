//! What a release is made from: who contributes, as which control group, seen by whom, and with what.
//!
//! | module | what it holds |
//! |---|---|
//! | `candidates` | organizations that may contribute, and their control groups |
//! | `segments` | the segment that holds for each, which changes seldom |
//! | `axes` | the roles and combinations that are counted, and what is measured from |
//! | `definitions` | role versions that were in force |
//! | `contributions` | what control groups give for each axis |
//! | `partners` | what organizations, owners and persons can see of it |
//! | `waiting` | new groups that do not count yet |
//! | `update`, `changes` | what became different since a draft was built |
//! | `receipts` | what each organization gave, for itself |
//! | `withdrawal` | erasing what was given by organizations that have left since |
//!
//! Everything is made from rows as they were at the snapshot, so that a snapshot taken again is the same; but who has left,
//! was closed or lost the verification since then is not in it.

mod axes;
mod candidates;
mod changes;
mod contributions;
mod definitions;
mod partners;
mod receipts;
mod segments;
mod summary;
mod update;
mod waiting;
mod withdrawal;
mod writing;

#[cfg(test)]
mod tests;

use domain::disclosure::Policy;

pub use self::summary::SnapshotSummary;
use self::{axes::write_axes, contributions::Making, partners::write_partners, waiting::Hold};
use crate::{
    StoreError,
    benchmark::builder::{Builder, BuilderError, DraftRelease},
    library::Progress,
};

/// The tables with rows of a release that a snapshot fills.
const FILLED: [&str; 8] = [
    "contribution_change",
    "contribution",
    "tenant_contribution",
    "partner_group",
    "partner_total",
    "difference_total",
    "tenant_group",
    "axis",
];

impl Builder {
    /// Takes the snapshot that a release is made from: fills `axis`, `control_group`, `frozen_segment`, `tenant_group`,
    /// `partner_group` and `contribution`. What an earlier, perhaps unfinished one left of the same release is removed first.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn take_snapshot(
        &self,
        release: &DraftRelease,
        policy: &Policy,
        progress: &dyn Progress,
    ) -> Result<SnapshotSummary, BuilderError> {
        let mut summary = SnapshotSummary::default();
        self.remove_snapshot(release.number).await?;
        progress.start("organizations", None);
        let axes = self.axes(policy).await?;
        let candidates = self.candidates(release, policy, &mut summary).await?;
        progress.finish();
        let making = Making { release, policy, axes: &axes, is_aside: false, progress };
        let made = self.make_contributions(&making, &candidates.tenants, &mut summary).await?;
        progress.start("partners", None);
        let groups = made.tenants.iter().map(|tenant| (tenant.id, tenant.group)).collect();
        let partners = self.partners(release, policy, &candidates.owners, &groups).await?;
        let centres = self.centres(release, policy).await?;
        let tx = self.begin().await?;
        write_partners(&tx, release.number, &partners).await?;
        write_axes(&tx, release, (&axes, &made.numbers), &centres).await?;
        progress.finish();
        Hold { release, policy }.mark_all(&tx, &made.numbers, progress).await?;
        summary.count_rows(&tx, release).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(summary)
    }

    /// Removes what a snapshot filled.
    async fn remove_snapshot(&self, number: i32) -> Result<(), StoreError> {
        for table in FILLED {
            for number in [number, -number] {
                self.execute(&format!("DELETE FROM {table} WHERE release_number = $1"), [number.into()]).await?;
            }
        }
        self.execute("DELETE FROM control_group WHERE first_release = $1", [number.into()]).await?;
        Ok(())
    }
}
