//! The API key of the request itself.

use async_graphql::{ID, SimpleObject};
use chrono::{DateTime, Utc};
use store::access::Caller;

use super::types::ApiKeyScope;
use crate::graphql::id::{GlobalId, Kind};

/// The API key of the request, as the program that uses it may know it
#[derive(SimpleObject)]
pub(crate) struct ViewerApiKey {
    /// Global identifier of the ApiKey, by which admins of its organization find it
    api_key_id: ID,
    /// What its organization calls it
    name: String,
    /// How its secret begins
    prefix: String,
    /// What it may be used for
    scopes: Vec<ApiKeyScope>,
    /// When its time is over
    expires_at: DateTime<Utc>,
}

impl ViewerApiKey {
    /// The key, if the caller is one.
    pub(crate) fn of(caller: &Caller) -> Option<Self> {
        let Caller::ApiKey { id, organization, name, prefix, scopes, expires_at } = caller else { return None };
        Some(Self {
            api_key_id: GlobalId::Tenant { kind: Kind::ApiKey, organization: *organization, id: id.0 }.encode(),
            name: name.clone(),
            prefix: prefix.clone(),
            scopes: scopes.iter().copied().map(Into::into).collect(),
            expires_at: *expires_at,
        })
    }
}
