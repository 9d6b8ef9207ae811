//! What the benchmark may publish: who contributes, which cells there are, how much they show, and the noise on it.
//!
//! The rules R, E, C and V of the design, as pure functions. A builder (outside of this crate) reads contributions, asks
//! here, and writes; nobody else sees a [`RawFigure`]. All numbers of the rules are in [`Policy`].
//!
//! | step | function |
//! |---|---|
//! | who contributes, and what | [`eligibility`], [`OrganizationContribution::of`], [`control_groups`], [`group_contribution`] |
//! | who has to wait | [`waiting`] |
//! | exact sums | [`Totals`] |
//! | which cells are published | [`decide`] |
//! | with which noise | [`statistics`], [`Draws`], [`DiscreteGaussian`] |
//! | what they show | [`release_figures`] |
//! | what it gives away | [`reconstruct`] |
//! | what a reader gets | [`viewer_may_see`], [`position`], [`trend`] |
//!
//! Two walls are kept by the compiler. Exact figures have no text and no serialized form:
//!
//! ```compile_fail,E0277
//! serde_json::to_string(&domain::disclosure::RawFigure::default()).unwrap();
//! ```
//!
//! ```compile_fail,E0277
//! println!("{}", domain::disclosure::RawFigure::default());
//! ```
//!
//! And a released cell comes from [`release_figures`], or from what was published before; it can be neither put together
//! nor read from any other data:
//!
//! ```compile_fail,E0451
//! use domain::disclosure::ReleasedCell;
//! fn forged(cell: ReleasedCell) -> ReleasedCell {
//!     ReleasedCell { figures: Default::default(), ..cell }
//! }
//! ```
//!
//! ```compile_fail,E0277
//! let cell: domain::disclosure::ReleasedCell = serde_json::from_str("{}").unwrap();
//! ```

mod audit;
mod axis;
mod contribution;
mod control_group;
mod decision;
mod eligibility;
mod figures;
mod loosened;
mod manifest;
mod noise;
mod organization;
mod peer_group;
mod policy;
mod reading;
mod release;
mod seasoning;
mod segment;
mod totals;

pub use audit::{AuditVersion, FailingPattern, Pattern, Reconstruction, reconstruct};
pub use axis::{Axis, AxisKind, COMBINED};
pub use contribution::{
    Contribution, GroupMember, MIX_TOTAL, contribution, group_contribution, stage_letter, stage_place,
};
pub use control_group::{Attributes, control_groups};
pub use decision::{
    AtomCount, Decision, Difference, EarlierVersion, PartnerCount, Reason, RoleDecisions, RoleSituation, decide,
};
pub use eligibility::{Candidate, Ineligible, eligibility};
pub use figures::{
    ContributorBand, HeadcountRatio, NotReleasable, ReleasedCell, Rounding, ScoreFigures, Shape, SkillShare,
    StageFigure, TaskMix, UnreadableCell, release_figures,
};
pub use loosened::Loosened;
pub use manifest::{AuditResult, Budget, MANIFEST_FORMAT, Manifest, MerkleTree, merkle_root};
pub use noise::{DiscreteGaussian, Draw, Draws, GRID, RandomBits, Statistic, statistics};
pub use organization::{ContributionRow, LeftOut, LeftOutRole, OrganizationContribution};
pub use peer_group::{PeerGroup, UnknownPeerGroup};
pub use policy::{POLICY_VERSION, Policy, RoundingStep};
pub use reading::{Position, ShownCell, position, trend, viewer_may_see};
pub use release::{Day, Quarter, ReleaseState, UnknownQuarter};
pub use seasoning::{Cohort, Waiting, waiting};
pub use segment::{Atom, Industry, Region, Segment, SizeBand};
pub use totals::{BINS, Centre, Digest, RawFigure, Totals, bin};
