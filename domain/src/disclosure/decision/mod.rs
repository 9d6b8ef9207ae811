//! Which cells of a role are published: rules C1 to C6, and C8 afterwards.
//!
//! C1 and C2 look at each cell alone. C5 and C6 say whether a cell can have new figures, must keep earlier ones, or can
//! have none. C3 and C4 then only ever take cells away, until nothing changes.

mod counts;
mod history;
mod settle;
mod situation;
mod versions;

pub use settle::{Decision, Reason, RoleDecisions, decide};
pub use situation::{AtomCount, Difference, EarlierVersion, PartnerCount, RoleSituation};
