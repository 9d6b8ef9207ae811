//! Accepting invitations.

use store::organizations::{AcceptError, Accepted};

use super::{
    creating::for_people, inputs::AcceptInvitationInput, members::Member, payloads::AcceptInvitationPayload,
    types::Organization,
};
use crate::{
    graphql::{
        context::RequestContext,
        error::ApiError,
        id::object_name,
        tenant::Tenant,
        user_error::{UserError, UserErrorCode},
    },
    identity::from_faults,
};

pub(super) async fn accept(
    request: &RequestContext,
    input: AcceptInvitationInput,
) -> Result<AcceptInvitationPayload, ApiError> {
    let (accepted, tenant, session) = match request.actor() {
        Ok(actor) => {
            if actor.user().is_none() {
                return Err(for_people());
            }
            match request.store().accept_invitation(&input.token, actor, object_name).await {
                Ok(accepted) => {
                    let tenant = request.renewed_tenant(accepted.organization).await?;
                    (accepted, tenant, None)
                }
                Err(error) => return refused(error),
            }
        }
        Err(_) => {
            // What is missing is too short, which says what is needed.
            let (name, password) = (input.name.unwrap_or_default(), input.password.unwrap_or_default());
            let (token, origin) = (&input.token, request.origin());
            let accepted = request.store();
            match accepted.accept_invitation_with_new_account(token, name, password, origin, object_name).await {
                Ok((accepted, tokens)) => {
                    let tenant = request.organization_of(&tokens, accepted.organization).await?;
                    (accepted, tenant, Some(tokens.into()))
                }
                Err(error) => return refused(error),
            }
        }
    };
    let member = new_member(&accepted, tenant.as_ref()).await?;
    Ok(AcceptInvitationPayload { organization: tenant.map(Organization::new), member, session, user_errors: vec![] })
}

/// The membership, unless it has ended again already.
async fn new_member(accepted: &Accepted, tenant: Option<&Tenant>) -> Result<Option<Member>, ApiError> {
    let Some(tenant) = tenant else { return Ok(None) };
    Member::load(tenant.clone(), accepted.member.0).await
}

fn refused(error: AcceptError) -> Result<AcceptInvitationPayload, ApiError> {
    let at_token = |code, message| vec![UserError::at("token", code, message)];
    let user_errors = match error {
        AcceptError::Unknown => {
            let message = "there is no open invitation for you with this token; ask for another one";
            at_token(UserErrorCode::NotFound, message)
        }
        AcceptError::HasAccount => {
            let message = "the invited address has an account; sign in with it first, then accept";
            at_token(UserErrorCode::WrongState, message)
        }
        AcceptError::IsMember => {
            let message = "you are a member of this organization already";
            at_token(UserErrorCode::WrongState, message)
        }
        AcceptError::Invalid(faults) => from_faults(&faults),
        AcceptError::Store(error) => return Err(error.into()),
    };
    Ok(AcceptInvitationPayload { user_errors, ..Default::default() })
}
