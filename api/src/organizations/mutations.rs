//! Founding organizations, inviting people and managing members.

use async_graphql::{Context, Object};

use super::{
    accepting::accept,
    creating::create,
    inputs::{
        AcceptInvitationInput, ChangeMemberLevelInput, CreateOrganizationInput, InviteMemberInput,
        LeaveOrganizationInput, RemoveMemberInput, ResendInvitationInput, RevokeInvitationInput,
    },
    inviting::{invite, resend, revoke},
    membership::{change_level, leave, remove},
    payloads::{
        AcceptInvitationPayload, ChangeMemberLevelPayload, CreateOrganizationPayload, InviteMemberPayload,
        LeaveOrganizationPayload, RemoveMemberPayload, ResendInvitationPayload, RevokeInvitationPayload,
    },
};
use crate::graphql::{context::ContextExt, error::ApiError};

/// Mutations of organizations, members and invitations.
#[derive(Default)]
pub(crate) struct OrganizationMutations;

#[Object]
impl OrganizationMutations {
    /// Makes an organization of which the caller is the admin
    async fn create_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organization")] input: CreateOrganizationInput,
    ) -> Option<Result<CreateOrganizationPayload, ApiError>> {
        Some(create(ctx.request(), input).await.map(Into::into))
    }

    /// Invites a person by e-mail to become a member of an organization; for admins
    async fn invite_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, where, and what the new member may do")] input: InviteMemberInput,
    ) -> Option<Result<InviteMemberPayload, ApiError>> {
        Some(invite(ctx.request(), input).await.map(Into::into))
    }

    /// Makes the caller a member by an invitation to the caller's address; without a session, makes an account with the
    /// invited address first and signs its user in
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token and, for a new account, name and password")] input: AcceptInvitationInput,
    ) -> Option<Result<AcceptInvitationPayload, ApiError>> {
        Some(accept(ctx.request(), input).await)
    }

    /// Takes an open invitation back; for admins
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invitation")] input: RevokeInvitationInput,
    ) -> Option<Result<RevokeInvitationPayload, ApiError>> {
        Some(revoke(ctx.request(), input).await.map(Into::into))
    }

    /// Sends an invitation that is open, or has expired, once more, with a new token; the old one stops working. For admins
    async fn resend_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invitation")] input: ResendInvitationInput,
    ) -> Option<Result<ResendInvitationPayload, ApiError>> {
        Some(resend(ctx.request(), input).await.map(Into::into))
    }

    /// Changes what a member may do; for admins
    async fn change_member_level(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The member and the new access level")] input: ChangeMemberLevelInput,
    ) -> Option<Result<ChangeMemberLevelPayload, ApiError>> {
        Some(change_level(ctx.request(), input).await.map(Into::into))
    }

    /// Ends a membership; for admins
    async fn remove_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The member")] input: RemoveMemberInput,
    ) -> Option<Result<RemoveMemberPayload, ApiError>> {
        Some(remove(ctx.request(), input).await.map(Into::into))
    }

    /// Ends the caller's own membership of an organization
    async fn leave_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organization")] input: LeaveOrganizationInput,
    ) -> Option<Result<LeaveOrganizationPayload, ApiError>> {
        Some(leave(ctx.request(), input).await.map(Into::into))
    }
}
