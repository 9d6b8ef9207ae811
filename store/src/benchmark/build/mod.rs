//! From contributions to a release: totals, rules, noise, figures, audit, approval, publication.
//!
//! ```text
//! build      SNAPSHOT  who contributes what                                (the snapshot's part)
//!            CELLS     role by role, one transaction each: totals -> rules -> noise -> figures
//!            DONE      all cells are decided; building again takes up what has changed since
//! audit      the reconstruction gate; then the manifest, signed, and the release stands
//! approve    two people sign the manifest
//! publish    what may be read is copied to where the server reads, in one transaction
//! ```
//!
//! A builder that was killed goes on where it was: noise that was drawn is kept, so the figures are the same.

mod approval;
mod audit;
mod cells;
mod differences;
mod manifest;
mod noise;
mod patterns;
mod publish;
mod record;
mod request;
mod retention;
mod role;
mod show;
mod situation;
mod snapshot;
mod steps;
mod sums;
mod totals;
mod zero_noise;

#[cfg(test)]
mod tests;

pub use approval::{Approver, REQUIRED_APPROVALS};
pub use audit::AuditSummary;
pub use record::{ReleaseRecord, Step};
pub use request::{BuildRequest, BuildSummary};
pub use retention::Erased;
pub use show::{CellView, ReleaseView};
#[cfg(feature = "test-zero-noise")]
pub use zero_noise::turn_on as turn_on_zero_noise;

use crate::benchmark::builder::{BuilderError, hexadecimal};

/// A refusal with its reason.
fn refused(text: impl Into<String>) -> BuilderError {
    BuilderError::Refused(text.into())
}

/// What is stored is not what this program stores.
fn damaged(what: &str) -> BuilderError {
    refused(format!("the builder's tables are damaged: {what}; restore them from a backup"))
}

/// SHA-256, as the hash tree takes it.
fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref());
    hash
}
