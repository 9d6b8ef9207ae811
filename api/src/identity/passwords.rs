//! Changing a password, and setting a forgotten one anew.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use store::identity::PasswordError;

use super::{
    letters,
    mutations::fault_code,
    person::{person, refuse_programs},
};
use crate::graphql::{
    context::{ContextExt, RequestContext},
    error::ApiError,
    user_error::{UserError, UserErrorCode},
};

/// Input of changePassword
#[derive(InputObject)]
pub(crate) struct ChangePasswordInput {
    /// The password of the caller as it is
    #[graphql(secret)]
    current_password: String,
    /// The password to be, 12 to 128 characters and hard to guess
    #[graphql(secret)]
    new_password: String,
}

/// Answer of changePassword
#[derive(SimpleObject)]
pub(crate) struct ChangePasswordPayload {
    /// Why the password was not changed; when empty, it was
    user_errors: Vec<UserError>,
}

/// Input of requestPasswordReset
#[derive(InputObject)]
pub(crate) struct RequestPasswordResetInput {
    /// E-mail address of the user
    email: String,
}

/// Answer of requestPasswordReset
#[derive(SimpleObject)]
pub(crate) struct RequestPasswordResetPayload {
    /// Always empty: the answer is the same whether or not there is such a user
    user_errors: Vec<UserError>,
}

/// Input of resetPassword
#[derive(InputObject)]
pub(crate) struct ResetPasswordInput {
    /// The token of the letter; it is used up by this
    #[graphql(secret)]
    token: String,
    /// The password to be, 12 to 128 characters and hard to guess
    #[graphql(secret)]
    new_password: String,
}

/// Answer of resetPassword
#[derive(SimpleObject)]
pub(crate) struct ResetPasswordPayload {
    /// Why the password was not set; when empty, it was
    user_errors: Vec<UserError>,
}

/// Mutations of passwords.
#[derive(Default)]
pub(crate) struct PasswordMutations;

#[Object]
impl PasswordMutations {
    /// Changes the password of the caller and ends all other sessions of the caller
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password as it is and as it is to be")] input: ChangePasswordInput,
    ) -> Option<Result<ChangePasswordPayload, ApiError>> {
        let user_errors = change_password(ctx.request(), input).await;
        Some(user_errors.map(|user_errors| ChangePasswordPayload { user_errors }))
    }

    /// Has a letter sent to the user, with a token that resetPassword takes within an hour; the one before stops working
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who has forgotten the password")] input: RequestPasswordResetInput,
    ) -> Option<Result<RequestPasswordResetPayload, ApiError>> {
        let requested = request_password_reset(ctx.request(), &input.email);
        Some(requested.map(|()| RequestPasswordResetPayload { user_errors: vec![] }))
    }

    /// Sets a forgotten password anew and ends all sessions of the user; signs nobody in
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token and the password to be")] input: ResetPasswordInput,
    ) -> Option<Result<ResetPasswordPayload, ApiError>> {
        let user_errors = reset_password(ctx.request(), input).await;
        Some(user_errors.map(|user_errors| ResetPasswordPayload { user_errors }))
    }
}

async fn change_password(request: &RequestContext, input: ChangePasswordInput) -> Result<Vec<UserError>, ApiError> {
    let person = person(request)?;
    let changed = request.store().change_password(person, &input.current_password, &input.new_password).await;
    tell(request, changed, "currentPassword", "The current password is wrong.")
}

/// Nothing is looked up before the answer, so that neither its bytes nor its time tell whether there is such a user.
fn request_password_reset(request: &RequestContext, email: &str) -> Result<(), ApiError> {
    refuse_programs(request)?;
    let accepted = request.store().accept_reset_request(email, request.origin()).map_err(ApiError::RateLimited)?;
    let (store, post) = (request.store().clone(), request.post().clone());
    tokio::spawn(async move {
        match store.issue_password_reset(accepted).await {
            Ok(Some(letter)) => post.send_later(letters::password_reset(letter)),
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "a password reset was not prepared"),
        }
    });
    Ok(())
}

async fn reset_password(request: &RequestContext, input: ResetPasswordInput) -> Result<Vec<UserError>, ApiError> {
    refuse_programs(request)?;
    let reset = request.store().reset_password(&input.token, &input.new_password, request.origin()).await;
    tell(request, reset, "token", "The token is not valid any more; ask for another one by requestPasswordReset.")
}

/// Writes to whom the password was changed, or says what is wrong with the input.
fn tell(
    request: &RequestContext,
    result: Result<String, PasswordError>,
    secret_field: &str,
    wrong_secret: &str,
) -> Result<Vec<UserError>, ApiError> {
    match result {
        Ok(email) => {
            request.post().send_later(letters::password_changed(email, request.store().clock().now()));
            Ok(vec![])
        }
        Err(PasswordError::WrongCredentials) => {
            Ok(vec![UserError::at(secret_field, UserErrorCode::WrongCredentials, wrong_secret)])
        }
        Err(PasswordError::NewPassword(fault)) => {
            Ok(vec![UserError::at("newPassword", fault_code(fault.kind), fault.message)])
        }
        Err(PasswordError::Throttled(seconds)) => Err(ApiError::RateLimited(seconds)),
        Err(PasswordError::Store(error)) => Err(error.into()),
    }
}
