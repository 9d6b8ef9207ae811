//! Organizations: who is in them, who is invited, how they come to be and how they end.
//!
//! Memberships and invitations are ended, never deleted, so that it stays known who could see what, and when.

mod acceptance;
mod actors;
mod creation;
mod filter;
mod invitation_changes;
mod invitations;
mod joining;
mod leaving;
mod lifecycle;
mod member_changes;
mod members;

pub use acceptance::{AcceptError, Accepted};
pub use actors::{Actors, KnownUser};
pub use creation::{CreateOrganizationError, ORGANIZATIONS_MAXIMUM};
pub use filter::{MemberFilter, MemberOrder, MemberOrderField};
pub use invitation_changes::{InviteError, Invited, OPEN_INVITATIONS_MAXIMUM};
pub use invitations::{Invitation, InvitationFilter, InvitationState, Invitations};
pub(crate) use joining::Newcomer;
pub use leaving::LeaveError;
pub use lifecycle::{GRACE_DAYS, OrganizationState, OrganizationWriter, erased_after};
pub use member_changes::{LastAdmin, LockedMembers};
pub use members::{Member, Members};
