//! What clients send to found organizations, to invite people and to manage members.

use async_graphql::{ID, InputObject};

use crate::identity::AccessLevel;

/// Input of createOrganization
#[derive(InputObject)]
pub(crate) struct CreateOrganizationInput {
    /// Name of the organization, 1 to 200 characters
    pub(super) name: String,
}

/// Input of inviteMember
#[derive(InputObject)]
pub(crate) struct InviteMemberInput {
    /// Organization to become a member of
    pub(super) organization_id: ID,
    /// E-mail address of the person; only the user with this address can accept
    pub(super) email: String,
    /// What the new member may do
    pub(super) access_level: AccessLevel,
    /// In how many days the invitation expires, 1 to 30; 7 when left out
    pub(super) expires_in_days: Option<i32>,
}

/// Input of acceptInvitation
#[derive(InputObject)]
pub(crate) struct AcceptInvitationInput {
    /// The token of the invitation
    #[graphql(secret)]
    pub(super) token: String,
    /// Name of the new user, 1 to 200 characters; only needed without an account
    pub(super) name: Option<String>,
    /// Password of the new user, 12 to 128 characters; only needed without an account
    #[graphql(secret)]
    pub(super) password: Option<String>,
}

/// Input of revokeInvitation
#[derive(InputObject)]
pub(crate) struct RevokeInvitationInput {
    /// The invitation
    pub(super) id: ID,
}

/// Input of resendInvitation
#[derive(InputObject)]
pub(crate) struct ResendInvitationInput {
    /// The invitation
    pub(super) id: ID,
    /// In how many days it expires from now, 1 to 30; 7 when left out
    pub(super) expires_in_days: Option<i32>,
}

/// Input of changeMemberLevel
#[derive(InputObject)]
pub(crate) struct ChangeMemberLevelInput {
    /// The member
    pub(super) id: ID,
    /// What the member may do from now on
    pub(super) access_level: AccessLevel,
}

/// Input of removeMember
#[derive(InputObject)]
pub(crate) struct RemoveMemberInput {
    /// The member
    pub(super) id: ID,
}

/// Input of leaveOrganization
#[derive(InputObject)]
pub(crate) struct LeaveOrganizationInput {
    /// The organization
    pub(super) organization_id: ID,
}
