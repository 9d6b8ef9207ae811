//! Organizations and their members.

mod members;
mod types;

pub(crate) use members::Member;
pub(crate) use types::{Organization, OrganizationConnection};
