//! Lists of API keys, for admins.

use async_graphql::InputObject;
use domain::ids::ApiKeyId;
use store::{
    access::{Admin, Area},
    keys::KeyState,
};

use super::{
    loader::KeyLoader,
    types::{ApiKey, ApiKeyConnection, ApiKeyState},
};
use crate::graphql::{
    connection::{count, with_cursors},
    error::ApiError,
    page::{CursorScope, OrderKind, PageArguments},
    tenant::Tenant,
};

/// Which API keys are wanted
#[derive(Debug, Default, InputObject)]
pub(crate) struct ApiKeyFilter {
    /// The state is one of these; any when left out
    state: Option<Vec<ApiKeyState>>,
}

/// Refuses all but admins.
fn require_admin(tenant: &Tenant) -> Result<(), ApiError> {
    let scope = tenant.scope().actor().scope::<Admin>(tenant.organization(), Area::Access);
    scope.map(|_| ()).map_err(ApiError::insufficient)
}

/// A page of the organization's keys, the newest first.
pub(crate) async fn api_keys(
    tenant: &Tenant,
    filter: Option<ApiKeyFilter>,
    arguments: &PageArguments,
    wants_total: bool,
) -> Result<ApiKeyConnection, ApiError> {
    require_admin(tenant)?;
    let filter = filter.unwrap_or_default();
    let scope = CursorScope::of(("apiKeys", tenant.organization(), format!("{filter:?}")), OrderKind::Instant);
    let request = arguments.request(scope)?;
    let states = filter.state.map(|states| states.into_iter().map(Into::into).collect());
    let states: Vec<KeyState> = states.unwrap_or_else(|| KeyState::ALL.to_vec());
    let now = tenant.scope().actor().at();
    let reader = tenant.read().await?;
    let page = reader.api_keys().page(&states, now, &request).await?;
    let total = if wants_total { Some(count(reader.api_keys().count(&states, now).await?)) } else { None };
    let loader = KeyLoader::new(tenant.clone());
    Ok(ApiKeyConnection::new(with_cursors(page, &request, scope).map(|key| ApiKey::new(key, &loader)), total))
}

impl ApiKey {
    /// The key with this identifier; hidden from all but admins.
    pub(crate) async fn load(tenant: &Tenant, id: uuid::Uuid) -> Result<Option<Self>, ApiError> {
        if require_admin(tenant).is_err() {
            return Ok(None);
        }
        let key = tenant.read().await?.api_keys().by_id(ApiKeyId(id)).await?;
        Ok(key.map(|key| Self::new(key, &KeyLoader::new(tenant.clone()))))
    }
}
