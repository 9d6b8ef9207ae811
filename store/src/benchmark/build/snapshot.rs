//! Where the snapshot's part of the work is called.

use domain::disclosure::Policy;

use crate::{
    benchmark::builder::{Builder, BuilderError, DraftRelease},
    library::Progress,
};

impl Builder {
    /// Collects the contributions of a release.
    pub(super) async fn collect(
        &self,
        _release: &DraftRelease,
        _policy: &Policy,
        _progress: &dyn Progress,
    ) -> Result<(), BuilderError> {
        Ok(())
    }

    /// Collects what has changed of them since.
    pub(super) async fn collect_changes(
        &self,
        _release: &DraftRelease,
        _policy: &Policy,
        _progress: &dyn Progress,
    ) -> Result<(), BuilderError> {
        Ok(())
    }
}
