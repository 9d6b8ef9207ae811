//! What happens when two or more roles are combined into one: the hours before and after, what AI gives alone, what the
//! merge gives on top, how far the figures may be off, and the way there.
//!
//! The model (method version 1), for roles with headcount `n`, coordination share `k`, adoption today `p0` and tasks with
//! shares of the time; `p` is the adoption to come and `tau` the time that AI saves on a task of a stage:
//!
//! ```text
//! H0    = sum n          C = sum n k          h = n (1 - k) share
//! f     = (1 - p tau) / (1 - p0 tau)
//! H_ai  = C + sum h f                                    AI alone, roles kept apart
//! tasks with the same key in several roles: removed = d (sum h - max h), taken in proportion to h  -> h'
//! J     = |skills of all| / |skills of any|              B = 1 + b (1 - J)
//! H1    = B (C (1 - e) + sum h' f)                       merged, with AI
//! G     = H0/H1 - 1      G_ai = H0/H_ai - 1      G_merge = H_ai/H1 - 1
//! ```
//!
//! Hours are counted in full-time equivalents. A gain is output per hour at unchanged output: a gain of 0.35 means
//! 0.35/1.35 = 26 % fewer hours, not 35 %. The figures are reproducible, not proven.

mod assumptions;
mod combine;
mod input;
mod merged;
mod model;
mod monte_carlo;
mod outcome;
mod sensitivity;
mod validation;

pub use assumptions::{AssumptionOverrides, Assumptions};
pub use combine::combine;
pub use input::{CombinationRole, CombinationSkill, CombinationTask, RoleOverrides};
pub use monte_carlo::{MONTE_CARLO_DRAWS, MONTE_CARLO_DRAWS_MAXIMUM, Quantiles, monte_carlo};
pub use outcome::{
    CombinationOutcome, CombinedScore, CombinedSkill, DuplicateGroup, Interval, MergedTask, RoleHours, Stress,
    TaskPart, TornadoBar, TransitionPoint, Waterfall,
};
pub use validation::{COMBINED_ROLES_MAXIMUM, validate};
