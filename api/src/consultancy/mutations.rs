//! Lending access to consultants, and using it.

use async_graphql::{Context, Object};
use domain::ids::ConsultantGrantId;
use store::consultancy::AcceptError;

use super::{
    firm::{assign, unassign},
    grants::{give, renew, revoke},
    inputs::{
        AcceptConsultantGrantInput, AcceptConsultantGrantPayload, AssignConsultantInput, AssignConsultantPayload,
        DeclineConsultantGrantInput, DeclineConsultantGrantPayload, GrantConsultantAccessInput,
        GrantConsultantAccessPayload, RenewConsultantGrantInput, RenewConsultantGrantPayload,
        RevokeConsultantGrantInput, RevokeConsultantGrantPayload, UnassignConsultantInput, UnassignConsultantPayload,
    },
};
use crate::graphql::{
    context::{ContextExt, RequestContext},
    error::ApiError,
    id::{GlobalId, Kind, object_name, tenant_id},
    user_error::{UserError, UserErrorCode},
};

/// Mutations of consultancy.
#[derive(Default)]
pub(crate) struct ConsultancyMutations;

#[Object]
impl ConsultancyMutations {
    /// Lends access to the organization to a user, who accepts with a token, or to a firm; for admins
    async fn grant_consultant_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To whom, for what, and for how long")] input: GrantConsultantAccessInput,
    ) -> Option<Result<GrantConsultantAccessPayload, ApiError>> {
        Some(give(ctx.request(), input).await.map(|outcome| match outcome {
            Ok((grant, token)) => {
                GrantConsultantAccessPayload { consultant_grant: Some(grant), token, user_errors: vec![] }
            }
            Err(user_errors) => GrantConsultantAccessPayload { user_errors, ..Default::default() },
        }))
    }

    /// Ends a grant and gives one for longer, or for shorter, in its place; whoever has accepted need not do so again,
    /// and a firm's assignments go on; for admins
    async fn renew_consultant_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The grant, and until when")] input: RenewConsultantGrantInput,
    ) -> Option<Result<RenewConsultantGrantPayload, ApiError>> {
        Some(renew(ctx.request(), input).await.map(|outcome| match outcome {
            Ok((grant, token)) => {
                RenewConsultantGrantPayload { consultant_grant: Some(grant), token, user_errors: vec![] }
            }
            Err(user_errors) => RenewConsultantGrantPayload { user_errors, ..Default::default() },
        }))
    }

    /// Ends a grant: within a second, nobody gets in by it; for admins
    async fn revoke_consultant_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The grant")] input: RevokeConsultantGrantInput,
    ) -> Option<Result<RevokeConsultantGrantPayload, ApiError>> {
        Some(revoke(ctx.request(), &input.id).await.map(|outcome| match outcome {
            Ok(grant) => RevokeConsultantGrantPayload { consultant_grant: Some(grant), user_errors: vec![] },
            Err(user_errors) => RevokeConsultantGrantPayload { user_errors, ..Default::default() },
        }))
    }

    /// Accepts a grant, as the user whose e-mail address it was given to
    async fn accept_consultant_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token of the grant")] input: AcceptConsultantGrantInput,
    ) -> Option<Result<AcceptConsultantGrantPayload, ApiError>> {
        Some(accept(ctx.request(), &input.token).await)
    }

    /// Gives a grant back, as the user who accepted it or as an admin of the firm that it was given to
    async fn decline_consultant_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The grant")] input: DeclineConsultantGrantInput,
    ) -> Option<Result<DeclineConsultantGrantPayload, ApiError>> {
        Some(decline(ctx.request(), input).await)
    }

    /// Lets a member of a firm enter a client of the firm; for the firm's admins
    async fn assign_consultant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The member and the client")] input: AssignConsultantInput,
    ) -> Option<Result<AssignConsultantPayload, ApiError>> {
        Some(assign(ctx.request(), input).await.map(|outcome| match outcome {
            Ok(assignment) => AssignConsultantPayload { firm_assignment: Some(assignment), user_errors: vec![] },
            Err(user_errors) => AssignConsultantPayload { user_errors, ..Default::default() },
        }))
    }

    /// Ends an assignment: within a second, the member enters the client no more; for the firm's admins
    async fn unassign_consultant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The assignment")] input: UnassignConsultantInput,
    ) -> Option<Result<UnassignConsultantPayload, ApiError>> {
        Some(unassign(ctx.request(), &input.id).await.map(|outcome| match outcome {
            Ok(assignment) => UnassignConsultantPayload { firm_assignment: Some(assignment), user_errors: vec![] },
            Err(user_errors) => UnassignConsultantPayload { user_errors, ..Default::default() },
        }))
    }
}

async fn accept(request: &RequestContext, token: &str) -> Result<AcceptConsultantGrantPayload, ApiError> {
    let actor = request.actor()?;
    let client = match request.store().accept_consultant_grant(actor, token, object_name).await {
        Ok(client) => client,
        Err(AcceptError::NoUser) => {
            return Err(ApiError::Forbidden("Only a person accepts a grant: sign in as a user.".to_owned()));
        }
        Err(AcceptError::Invalid) => {
            let message = "The token does not work: it may be used up, too old or for another e-mail address, or the \
                           grant may have ended. Ask for a new one.";
            let user_errors = vec![UserError::at("token", UserErrorCode::WrongCredentials, message)];
            return Ok(AcceptConsultantGrantPayload { user_errors, ..Default::default() });
        }
        Err(AcceptError::Store(error)) => return Err(error.into()),
    };
    let organization_id = Some(GlobalId::Organization(client).encode());
    Ok(AcceptConsultantGrantPayload { organization_id, user_errors: vec![] })
}

async fn decline(
    request: &RequestContext,
    input: DeclineConsultantGrantInput,
) -> Result<DeclineConsultantGrantPayload, ApiError> {
    let actor = request.actor()?;
    let (client, grant) = tenant_id(&input.id, Kind::ConsultantGrant)?;
    let grant = ConsultantGrantId(grant);
    if request.store().decline_consultant_grant(actor, client, grant, object_name).await? {
        return Ok(DeclineConsultantGrantPayload { declined_consultant_grant_id: Some(input.id), user_errors: vec![] });
    }
    Ok(DeclineConsultantGrantPayload { user_errors: vec![UserError::not_found("id")], ..Default::default() })
}
