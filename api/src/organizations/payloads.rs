//! What mutations of organizations, members and invitations answer.

use async_graphql::{ID, SimpleObject};

use super::{invitations::Invitation, members::Member, types::Organization};
use crate::{graphql::user_error::UserError, identity::Session};

/// A payload with one field besides the user errors.
macro_rules! payload {
    ($name:ident, $mutation:literal, $(#[doc = $doc:literal])+ $field:ident: $type:ty) => {
        #[doc = concat!("Answer of ", $mutation)]
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            $(#[doc = $doc])+
            $field: Option<$type>,
            /// What is wrong with the input; nothing was changed then
            user_errors: Vec<UserError>,
        }

        impl From<Result<$type, Vec<UserError>>> for $name {
            fn from(result: Result<$type, Vec<UserError>>) -> Self {
                match result {
                    Ok($field) => Self { $field: Some($field), user_errors: Vec::new() },
                    Err(user_errors) => Self { $field: None, user_errors },
                }
            }
        }
    };
}

payload!(CreateOrganizationPayload, "createOrganization",
    /// The new organization; null when there are errors
    organization: Organization);
payload!(RevokeInvitationPayload, "revokeInvitation",
    /// The invitation; null when there are errors
    invitation: Invitation);
payload!(ChangeMemberLevelPayload, "changeMemberLevel",
    /// The member; null when there are errors
    member: Member);
payload!(RemoveMemberPayload, "removeMember",
    /// Identifier of the membership that has ended; null when there are errors
    removed_member_id: ID);
payload!(LeaveOrganizationPayload, "leaveOrganization",
    /// Identifier of the organization that the caller has left; null when there are errors
    left_organization_id: ID);

/// A payload that gives out a token.
macro_rules! token_payload {
    ($name:ident, $mutation:literal) => {
        #[doc = concat!("Answer of ", $mutation)]
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            /// The invitation; null when there are errors
            invitation: Option<Invitation>,
            /// What the person accepts it with, shown this once; null when there are errors
            token: Option<String>,
            /// What is wrong with the input; nothing was changed then
            user_errors: Vec<UserError>,
        }

        impl From<Result<(Invitation, String), Vec<UserError>>> for $name {
            fn from(result: Result<(Invitation, String), Vec<UserError>>) -> Self {
                match result {
                    Ok((invitation, token)) => {
                        Self { invitation: Some(invitation), token: Some(token), user_errors: Vec::new() }
                    }
                    Err(user_errors) => Self { invitation: None, token: None, user_errors },
                }
            }
        }
    };
}

token_payload!(InviteMemberPayload, "inviteMember");
token_payload!(ResendInvitationPayload, "resendInvitation");

/// Answer of acceptInvitation
#[derive(Default, SimpleObject)]
pub(crate) struct AcceptInvitationPayload {
    /// The organization; null when there are errors
    pub(super) organization: Option<Organization>,
    /// The new membership; null when there are errors
    pub(super) member: Option<Member>,
    /// The first session of a new user; null for a user who had signed in, and when there are errors
    pub(super) session: Option<Session>,
    /// What is wrong with the input; nothing was changed then
    pub(super) user_errors: Vec<UserError>,
}
