//! Organizations, their members, and invitations to become one.

mod accepting;
mod change;
mod creating;
mod inputs;
mod invitations;
mod inviting;
mod letters;
mod members;
mod membership;
mod mutations;
mod payloads;
mod types;

pub(crate) use invitations::Invitation;
pub(crate) use members::Member;
pub(crate) use mutations::OrganizationMutations;
pub(crate) use types::{Organization, OrganizationConnection};
