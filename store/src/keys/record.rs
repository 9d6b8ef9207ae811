//! API keys as this crate hands them out, without their secrets.

use chrono::{DateTime, Utc};
use domain::ids::{ApiKeyId, OrganizationId, UserId};
use entity::api_key;
use uuid::Uuid;

use crate::{StoreError, access::KeyScope, identity::scopes_from_database};

/// Whether a key can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// It can.
    Live,
    /// Its time is over.
    Expired,
    /// Somebody ended it.
    Revoked,
}

impl KeyState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Live, Self::Expired, Self::Revoked];

    /// The state's name in the schema and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "LIVE",
            Self::Expired => "EXPIRED",
            Self::Revoked => "REVOKED",
        }
    }
}

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// What the organization calls it.
    pub name: String,
    /// What it may be used for, in the organization and in those of the clients.
    pub scopes: Vec<KeyScope>,
    /// Clients of the organization, which is their consultants' firm, that it may enter within their grants.
    pub clients: Vec<OrganizationId>,
    /// When its time is over.
    pub expires_at: DateTime<Utc>,
}

/// An API key of an organization.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Identifier.
    pub id: ApiKeyId,
    /// What the organization calls it.
    pub name: String,
    /// How its secret begins: enough to recognize it by, and no part of what must not be guessed.
    pub prefix: String,
    /// What it may be used for.
    pub scopes: Vec<KeyScope>,
    /// Clients that it may enter within their grants, in the order of their identifiers.
    pub clients: Vec<OrganizationId>,
    /// Who made it; `None` for the command line.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its time is over.
    pub expires_at: DateTime<Utc>,
    /// When it was used last, to the minute; `None` if it never was.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// The key that it takes the place of.
    pub rotated_from: Option<ApiKeyId>,
}

impl ApiKey {
    /// Whether the key can be used at an instant.
    pub fn state(&self, at: DateTime<Utc>) -> KeyState {
        match self.revoked_at {
            Some(_) => KeyState::Revoked,
            None if self.expires_at <= at => KeyState::Expired,
            None => KeyState::Live,
        }
    }

    pub(super) fn row(&self, organization: OrganizationId) -> Result<api_key::Model, StoreError> {
        let scopes: Vec<&str> = self.scopes.iter().map(|scope| scope.as_str()).collect();
        Ok(api_key::Model {
            org_id: organization.0,
            id: self.id.0,
            name: self.name.clone(),
            prefix: self.prefix.clone(),
            scopes: serde_json::to_string(&scopes)?,
            created_by: self.created_by.map(|user| user.0),
            created_at: self.created_at,
            expires_at: self.expires_at,
            last_used_at: None,
            ended_at: None,
            ended_by: None,
            rotated_from: self.rotated_from.map(|key| key.0),
        })
    }

    pub(super) fn from_row(row: api_key::Model, clients: Vec<Uuid>) -> Result<Self, StoreError> {
        Ok(Self {
            id: ApiKeyId(row.id),
            name: row.name,
            prefix: row.prefix,
            scopes: scopes_from_database(&row.scopes)?,
            clients: clients.into_iter().map(OrganizationId).collect(),
            created_by: row.created_by.map(UserId),
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            revoked_at: row.ended_at,
            rotated_from: row.rotated_from.map(ApiKeyId),
        })
    }
}
