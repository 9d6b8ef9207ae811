//! Making, rotating and revoking API keys.

use async_graphql::{Context, Object, SimpleObject};
use domain::ids::ApiKeyId;
use store::{
    access::{Admin, Area, TenantScope},
    keys::{KeyError, MadeApiKey, NewApiKey},
};

use super::{
    faults::user_errors,
    inputs::{CreateApiKeyInput, RevokeApiKeyInput, RotateApiKeyInput, clients, expiry, input_faults},
    loader::KeyLoader,
    types::ApiKey,
};
use crate::graphql::{
    context::{ContextExt, RequestContext},
    error::ApiError,
    id::{Kind, object_name},
    user_error::{Outcome, UserError},
};

macro_rules! made_payload {
    ($name:ident, $mutation:literal, $key:literal) => {
        #[doc = concat!("Answer of ", $mutation)]
        #[derive(Default, SimpleObject)]
        pub(crate) struct $name {
            #[doc = $key]
            api_key: Option<ApiKey>,
            /// What a program sends as bearer token, or as the password of HTTP Basic: `rolemark_key_` and 88 hexadecimal
            /// digits. It is shown in this answer and never again; null when there are errors
            secret: Option<String>,
            /// What is wrong with the input; nothing was made then
            user_errors: Vec<UserError>,
        }

        impl From<Result<(ApiKey, String), Vec<UserError>>> for $name {
            fn from(result: Result<(ApiKey, String), Vec<UserError>>) -> Self {
                match result {
                    Ok((key, secret)) => Self { api_key: Some(key), secret: Some(secret), user_errors: Vec::new() },
                    Err(user_errors) => Self { user_errors, ..Self::default() },
                }
            }
        }
    };
}

made_payload!(CreateApiKeyPayload, "createApiKey", "The key; null when there are errors");
made_payload!(RotateApiKeyPayload, "rotateApiKey", "The successor; null when there are errors");

/// Answer of revokeApiKey
#[derive(Default, SimpleObject)]
pub(crate) struct RevokeApiKeyPayload {
    /// The key; null when there are errors
    api_key: Option<ApiKey>,
    /// What is wrong with the input; nothing was revoked then
    user_errors: Vec<UserError>,
}

/// Mutations of API keys.
#[derive(Default)]
pub(crate) struct KeyMutations;

#[Object]
impl KeyMutations {
    /// Makes an API key for a program; for admins
    async fn create_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key and its organization")] input: CreateApiKeyInput,
    ) -> Option<Result<CreateApiKeyPayload, ApiError>> {
        Some(create(ctx.request(), input).await.map(Into::into))
    }

    /// Makes a successor of an API key, with the same name, scopes and clients; both can be used until the old one is
    /// revoked or expires, and no third one can be made before; for admins
    async fn rotate_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key")] input: RotateApiKeyInput,
    ) -> Option<Result<RotateApiKeyPayload, ApiError>> {
        Some(rotate(ctx.request(), input).await.map(Into::into))
    }

    /// Ends an API key: at once on the server that answers, within a second on others; for admins
    async fn revoke_api_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key")] input: RevokeApiKeyInput,
    ) -> Option<Result<RevokeApiKeyPayload, ApiError>> {
        Some(revoke(ctx.request(), input).await.map(|outcome| match outcome {
            Ok(key) => RevokeApiKeyPayload { api_key: Some(key), user_errors: Vec::new() },
            Err(user_errors) => RevokeApiKeyPayload { api_key: None, user_errors },
        }))
    }
}

async fn create(request: &RequestContext, input: CreateApiKeyInput) -> Outcome<(ApiKey, String)> {
    let Some(scope) = request.organization_scope::<Admin>(&input.organization_id, Area::Access)? else {
        return Ok(Err(vec![UserError::not_found("organizationId")]));
    };
    let clients = clients(input.client_organization_ids.as_deref())?;
    let mut errors = input_faults(&input.name, &input.scopes, &clients);
    let expires_at = match expiry(input.expires_in_days, request.store().clock().now()) {
        Ok(expires_at) => expires_at,
        Err(error) => {
            errors.push(error);
            return Ok(Err(errors));
        }
    };
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let scopes = input.scopes.into_iter().map(Into::into).collect();
    let new = NewApiKey { name: input.name.trim().to_owned(), scopes, clients, expires_at };
    let made = request.store().create_api_key(&scope, new, object_name).await;
    made_or_refused(request, &scope, made, "organizationId")
}

async fn rotate(request: &RequestContext, input: RotateApiKeyInput) -> Outcome<(ApiKey, String)> {
    let Some((scope, id)) = request.object_scope::<Admin>(&input.id, Kind::ApiKey, Area::Access)? else {
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    let expires_at = match expiry(input.expires_in_days, request.store().clock().now()) {
        Ok(expires_at) => expires_at,
        Err(error) => return Ok(Err(vec![error])),
    };
    let made = request.store().rotate_api_key(&scope, ApiKeyId(id), expires_at, object_name).await;
    made_or_refused(request, &scope, made, "id")
}

async fn revoke(request: &RequestContext, input: RevokeApiKeyInput) -> Outcome<ApiKey> {
    let Some((scope, id)) = request.object_scope::<Admin>(&input.id, Kind::ApiKey, Area::Access)? else {
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    match request.store().revoke_api_key(&scope, ApiKeyId(id), object_name).await {
        Ok(key) => Ok(Ok(ApiKey::new(key, &KeyLoader::new(request.fresh_tenant(&scope))))),
        Err(KeyError::Refused(fault)) => Ok(Err(user_errors(&fault, "id"))),
        Err(KeyError::Store(error)) => Err(error.into()),
    }
}

fn made_or_refused(
    request: &RequestContext,
    scope: &TenantScope<Admin>,
    made: Result<MadeApiKey, KeyError>,
    subject: &str,
) -> Outcome<(ApiKey, String)> {
    match made {
        Ok(made) => {
            let loader = KeyLoader::new(request.fresh_tenant(scope));
            Ok(Ok((ApiKey::new(made.key, &loader), made.secret)))
        }
        Err(KeyError::Refused(fault)) => Ok(Err(user_errors(&fault, subject))),
        Err(KeyError::Store(error)) => Err(error.into()),
    }
}
