//! Organizations: their names and ends, their members, and invitations to become one.

mod accepting;
mod change;
mod creating;
mod inputs;
mod invitations;
mod inviting;
mod letters;
mod lifecycle;
mod members;
mod membership;
mod mutations;
mod payloads;
mod types;

pub(crate) use invitations::Invitation;
pub(crate) use lifecycle::LifecycleMutations;
pub(crate) use members::Member;
pub(crate) use mutations::OrganizationMutations;
pub(crate) use types::{Organization, OrganizationConnection};
