//! Organizations: their names and ends, and their members.

mod lifecycle;
mod members;
mod types;

pub(crate) use lifecycle::LifecycleMutations;
pub(crate) use members::Member;
pub(crate) use types::{Organization, OrganizationConnection};
