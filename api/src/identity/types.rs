//! Sessions and access levels as the schema has them.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, Utc};
use store::identity::SessionTokens;

/// What a member may do in an organization; each level includes the ones before it
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "store::access::Level")]
pub(crate) enum AccessLevel {
    /// See everything but the audit log
    Read,
    /// Change roles and scenarios
    Write,
    /// Manage members and see the audit log
    Admin,
}

/// What a signed-in client keeps
#[derive(SimpleObject)]
pub(crate) struct Session {
    /// Bearer token for the Authorization header; valid for 15 minutes
    access_token: String,
    /// Opaque token for refreshSession; it can be used once
    refresh_token: String,
    /// When the access token expires
    expires_at: DateTime<Utc>,
}

impl From<SessionTokens> for Session {
    fn from(tokens: SessionTokens) -> Self {
        Self { access_token: tokens.access_token, refresh_token: tokens.refresh_token, expires_at: tokens.expires_at }
    }
}
