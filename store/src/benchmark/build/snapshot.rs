//! Where the snapshot's part of the work is called.

use domain::disclosure::Policy;

use crate::{
    benchmark::{
        builder::{Builder, BuilderError, DraftRelease},
        snapshot::SnapshotSummary,
    },
    library::Progress,
};

impl Builder {
    /// Collects the contributions of a release.
    pub(super) async fn collect(
        &self,
        release: &DraftRelease,
        policy: &Policy,
        progress: &dyn Progress,
    ) -> Result<SnapshotSummary, BuilderError> {
        self.take_snapshot(release, policy, progress).await
    }

    /// Collects what has changed of them since.
    pub(super) async fn collect_changes(
        &self,
        release: &DraftRelease,
        policy: &Policy,
        progress: &dyn Progress,
    ) -> Result<SnapshotSummary, BuilderError> {
        self.update_snapshot(release, policy, progress).await
    }
}
