//! Signing up, signing in and staying signed in.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use domain::ids::OrganizationId;
use store::{
    StoreError,
    identity::{FaultKind, RefreshError, SignInError, SignUp, SignUpError},
};

use super::types::Session;
use crate::{
    graphql::{
        context::{ContextExt, RequestContext},
        error::ApiError,
        id::GlobalId,
        user_error::{UserError, UserErrorCode},
    },
    organizations::Organization,
};

/// Input of signUp
#[derive(InputObject)]
pub(crate) struct SignUpInput {
    /// E-mail address of the user; compared whatever its case
    email: String,
    /// Password, 12 to 128 characters
    #[graphql(secret)]
    password: String,
    /// Name of the user
    name: String,
    /// Name of the organization to be made; the user becomes its admin
    organization_name: String,
}

/// Answer of signUp
#[derive(Default, SimpleObject)]
pub(crate) struct SignUpPayload {
    /// The new session; null when there are errors
    session: Option<Session>,
    /// The new organization; null when there are errors
    organization: Option<Organization>,
    /// What is wrong with the input; nothing was made then
    user_errors: Vec<UserError>,
}

/// Input of signIn
#[derive(InputObject)]
pub(crate) struct SignInInput {
    /// E-mail address of the user
    email: String,
    /// Password of the user
    #[graphql(secret)]
    password: String,
}

/// Answer of signIn
#[derive(Default, SimpleObject)]
pub(crate) struct SignInPayload {
    /// The new session; null when there are errors
    session: Option<Session>,
    /// Why nobody was signed in
    user_errors: Vec<UserError>,
}

/// Input of refreshSession
#[derive(InputObject)]
pub(crate) struct RefreshSessionInput {
    /// The refresh token; it is used up by this
    #[graphql(secret)]
    refresh_token: String,
}

/// Answer of refreshSession
#[derive(Default, SimpleObject)]
pub(crate) struct RefreshSessionPayload {
    /// The session with new tokens; null when there are errors
    session: Option<Session>,
    /// Why the session was not refreshed
    user_errors: Vec<UserError>,
}

/// Input of signOut
#[derive(InputObject)]
pub(crate) struct SignOutInput {
    /// Any text; comes back in the answer
    client_mutation_id: Option<String>,
}

/// Answer of signOut
#[derive(SimpleObject)]
pub(crate) struct SignOutPayload {
    /// The text of the input
    client_mutation_id: Option<String>,
    /// Always empty: ending one's own session cannot go wrong by its input
    user_errors: Vec<UserError>,
}

/// Mutations of identity.
#[derive(Default)]
pub(crate) struct IdentityMutations;

#[Object]
impl IdentityMutations {
    /// Makes a user and an organization of which the user is the admin, and signs the user in
    async fn sign_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user and the organization")] input: SignUpInput,
    ) -> Option<Result<SignUpPayload, ApiError>> {
        Some(sign_up(ctx.request(), input).await)
    }

    /// Signs a user in
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and the password")] input: SignInInput,
    ) -> Option<Result<SignInPayload, ApiError>> {
        if let Err(error) = ctx.request().refuse_programs() {
            return Some(Err(error));
        }
        let signed_in = ctx.request().store().sign_in(&input.email, input.password).await;
        Some(match signed_in {
            Ok(tokens) => Ok(SignInPayload { session: Some(tokens.into()), user_errors: vec![] }),
            Err(SignInError::WrongCredentials) => {
                let message = "The e-mail address or the password is wrong.";
                let user_errors = vec![credentials_error(message)];
                Ok(SignInPayload { session: None, user_errors })
            }
            Err(SignInError::Store(error)) => Err(error.into()),
        })
    }

    /// Gives new tokens for a refresh token; using one twice ends the session
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token")] input: RefreshSessionInput,
    ) -> Option<Result<RefreshSessionPayload, ApiError>> {
        if let Err(error) = ctx.request().refuse_programs() {
            return Some(Err(error));
        }
        Some(match ctx.request().store().refresh_session(&input.refresh_token).await {
            Ok(tokens) => Ok(RefreshSessionPayload { session: Some(tokens.into()), user_errors: vec![] }),
            Err(RefreshError::Invalid) => {
                let message = "The refresh token is not valid any more; sign in again.";
                let user_errors = vec![credentials_error(message)];
                Ok(RefreshSessionPayload { session: None, user_errors })
            }
            Err(RefreshError::Store(error)) => Err(error.into()),
        })
    }

    /// Ends the session of the caller
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Nothing is needed")] input: SignOutInput,
    ) -> Option<Result<SignOutPayload, ApiError>> {
        Some(sign_out(ctx.request(), input).await)
    }
}

fn credentials_error(message: &str) -> UserError {
    UserError { message: message.to_owned(), field: None, code: UserErrorCode::WrongCredentials }
}

fn fault_code(kind: FaultKind) -> UserErrorCode {
    match kind {
        FaultKind::Malformed => UserErrorCode::Malformed,
        FaultKind::Length => UserErrorCode::OutOfRange,
        FaultKind::ControlCharacter => UserErrorCode::ControlCharacter,
    }
}

/// Organizations are named in the audit log as in the schema.
pub(crate) fn audit_name(organization: OrganizationId) -> String {
    GlobalId::Organization(organization).encode().0
}

async fn sign_up(request: &RequestContext, input: SignUpInput) -> Result<SignUpPayload, ApiError> {
    request.refuse_programs()?;
    let input = SignUp {
        email: input.email,
        password: input.password,
        name: input.name,
        organization_name: input.organization_name,
    };
    let failed = |user_errors| SignUpPayload { user_errors, ..Default::default() };
    let signed_up = match request.store().sign_up(input, request.origin(), audit_name).await {
        Ok(signed_up) => signed_up,
        Err(SignUpError::Invalid(faults)) => {
            let error = |fault: &store::identity::SignUpFault| {
                UserError::at(fault.field, fault_code(fault.kind), fault.message.clone())
            };
            return Ok(failed(faults.iter().map(error).collect()));
        }
        Err(SignUpError::EmailTaken) => {
            let message = "A user with this e-mail address exists; sign in instead.";
            return Ok(failed(vec![UserError::at("email", UserErrorCode::Taken, message)]));
        }
        Err(SignUpError::Store(error)) => return Err(error.into()),
    };
    let organization = request.organization_of(&signed_up.tokens, signed_up.organization).await?;
    Ok(SignUpPayload {
        session: Some(signed_up.tokens.into()),
        organization: organization.map(Organization::new),
        user_errors: vec![],
    })
}

async fn sign_out(request: &RequestContext, input: SignOutInput) -> Result<SignOutPayload, ApiError> {
    request.refuse_programs()?;
    let result: Result<(), StoreError> = request.store().sign_out(request.actor()?).await;
    result?;
    Ok(SignOutPayload { client_mutation_id: input.client_mutation_id, user_errors: vec![] })
}
