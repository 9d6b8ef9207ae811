//! An organization's part in the benchmark: joining and leaving, its segment, its verification, its receipts.
//!
//! | module | what it holds |
//! |---|---|
//! | `record` | what the tables say, as values |
//! | `reads` | reading it: for everybody who may read the benchmark |
//! | `roles` | the published roles as a release takes them |
//! | `preview` | what the next release would get, made from these roles now |
//! | `sent` | the document of a receipt |
//! | `rules` | what may change when |
//! | `writes` | joining, leaving, declaring: as an admin of the organization |
//! | `verification` | verifying: as the operator |
//!
//! Rows are ended, never overwritten, so that it stays known who took part as what, and when.

mod preview;
mod reads;
mod record;
mod roles;
mod rules;
mod sent;
mod verification;
mod writes;

pub use preview::{LeftOutOfNext, NextContribution, WhyLeftOut};
pub use reads::BenchmarkPart;
pub use record::{DeclaredSegment, Participation, Receipt, Standing, Verification};
pub use rules::{Refusal, SEGMENT_DAYS};
pub use sent::{SentContribution, SentRow, SentSkill, SentTask};
pub use verification::NewVerification;
pub use writes::{Changed, LockedPart};
