//! From exact sums to what may be shown: noise, model, rounding, bounds and margins.

mod cell;
mod parts;
mod quantiles;
mod released;
mod rounding;

pub use cell::{ReleasedCell, UnreadableCell};
pub use parts::{ContributorBand, HeadcountRatio, Rounding, ScoreFigures, SkillShare, StageFigure, TaskMix};
pub use quantiles::Shape;
pub use released::{NotReleasable, release_figures};
