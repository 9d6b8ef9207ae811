//! What the keys of a list refer to, read once for all of them.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::{DataLoader, Loader};
use domain::ids::{ApiKeyId, UserId};

use crate::graphql::{
    error::ApiError,
    tenant::{Tenant, batching},
};

/// Reads other keys and the people who made them.
pub(super) struct KeyLoader {
    tenant: Tenant,
}

impl KeyLoader {
    pub(super) fn new(tenant: Tenant) -> Arc<DataLoader<Self>> {
        Arc::new(batching(Self { tenant }))
    }

    pub(super) fn tenant(&self) -> &Tenant {
        &self.tenant
    }
}

impl Loader<ApiKeyId> for KeyLoader {
    type Value = store::keys::ApiKey;
    type Error = ApiError;

    async fn load(&self, ids: &[ApiKeyId]) -> Result<HashMap<ApiKeyId, Self::Value>, ApiError> {
        let keys = self.tenant.read().await?.api_keys().by_ids(ids).await?;
        Ok(keys.into_iter().map(|key| (key.id, key)).collect())
    }
}

impl Loader<UserId> for KeyLoader {
    type Value = store::organizations::Member;
    type Error = ApiError;

    async fn load(&self, users: &[UserId]) -> Result<HashMap<UserId, Self::Value>, ApiError> {
        let members = self.tenant.read().await?.members().by_users(users).await?;
        Ok(members.into_iter().map(|member| (member.user, member)).collect())
    }
}
