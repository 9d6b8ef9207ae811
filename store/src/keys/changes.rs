//! Making, rotating and revoking API keys: each a transaction of its own, with its entry in the audit log.

use chrono::{DateTime, Utc};
use domain::ids::ApiKeyId;
use serde_json::{Value, json};

use super::{ApiKey, KeyState, LIVE_KEYS_MAXIMUM, NewApiKey, writes::KeyWriter};
use crate::{
    Store, StoreError,
    access::{Admin, TenantScope},
    audit::{AuditEntry, ObjectName},
    tenant::TenantTx,
};

/// A key that was just made.
pub struct MadeApiKey {
    /// The key.
    pub key: ApiKey,
    /// Its secret, to be shown now and never again.
    pub secret: String,
}

/// Why keys were left as they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFault {
    /// A live key of the organization has the name.
    NameTaken,
    /// The organization has as many live keys as it may have.
    TooMany,
    /// The places in the list of clients of those that lend the organization no access.
    UnknownClients(Vec<usize>),
    /// There is no such key.
    NotFound,
    /// The key was revoked already.
    Revoked,
    /// The key's time is over.
    Expired,
    /// The key was rotated, and its successor is live.
    SuccessorLives,
    /// The key is the successor of one that is still live.
    PredecessorLives,
}

/// Why there is no answer, or no change.
#[derive(Debug)]
pub enum KeyError {
    /// The keys do not allow it.
    Refused(KeyFault),
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for KeyError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Store {
    /// Makes a key.
    ///
    /// # Errors
    /// See [`KeyError`]; nothing is kept then.
    pub async fn create_api_key(
        &self,
        scope: &TenantScope<Admin>,
        new: NewApiKey,
        name_of: ObjectName,
    ) -> Result<MadeApiKey, KeyError> {
        let strangers = self.strangers_among(scope, &new.clients).await?;
        if !strangers.is_empty() {
            return Err(KeyError::Refused(KeyFault::UnknownClients(strangers)));
        }
        let tx = self.begin(scope).await?;
        let live = KeyWriter(&tx).lock().await?;
        let name = new.name.to_lowercase();
        if live.iter().any(|key| key.name.to_lowercase() == name) {
            return refuse(tx, KeyFault::NameTaken).await;
        }
        if live.len() >= LIVE_KEYS_MAXIMUM {
            return refuse(tx, KeyFault::TooMany).await;
        }
        let made = KeyWriter(&tx).insert(new, None).await?;
        let entry =
            entry(scope, "apiKey.create", &made.key, json!({ "after": described(&made.key, name_of) }), name_of);
        tx.commit(entry).await?;
        Ok(made)
    }

    /// Makes a successor of a key, with the same name, scopes and clients. Both can be used until the older one is
    /// revoked or expires.
    ///
    /// # Errors
    /// See [`KeyError`]; nothing is kept then.
    pub async fn rotate_api_key(
        &self,
        scope: &TenantScope<Admin>,
        id: ApiKeyId,
        expires_at: DateTime<Utc>,
        name_of: ObjectName,
    ) -> Result<MadeApiKey, KeyError> {
        let tx = self.begin(scope).await?;
        let live = KeyWriter(&tx).lock().await?;
        let key = match tx.reader().api_keys().by_id(id).await?.ok_or(KeyFault::NotFound) {
            Ok(key) => key,
            Err(fault) => return refuse(tx, fault).await,
        };
        if let Some(fault) = fault_of_rotation(&key, &live, tx.now()) {
            return refuse(tx, fault).await;
        }
        let new = NewApiKey { name: key.name, scopes: key.scopes, clients: key.clients, expires_at };
        let made = KeyWriter(&tx).insert(new, Some(id)).await?;
        let rotated_from = name_of(scope.organization(), "ApiKey", id.0);
        let details = json!({ "rotatedFrom": rotated_from, "after": described(&made.key, name_of) });
        tx.commit(entry(scope, "apiKey.rotate", &made.key, details, name_of)).await?;
        Ok(made)
    }

    /// Revokes a key: it stops working on this server at once, and on others within a second.
    ///
    /// # Errors
    /// See [`KeyError`]; nothing is changed then.
    pub async fn revoke_api_key(
        &self,
        scope: &TenantScope<Admin>,
        id: ApiKeyId,
        name_of: ObjectName,
    ) -> Result<ApiKey, KeyError> {
        let tx = self.begin(scope).await?;
        KeyWriter(&tx).lock().await?;
        let key = match tx.reader().api_keys().by_id(id).await? {
            Some(key) if key.revoked_at.is_none() => key,
            Some(_) => return refuse(tx, KeyFault::Revoked).await,
            None => return refuse(tx, KeyFault::NotFound).await,
        };
        let details = json!({ "before": described(&key, name_of) });
        let key = KeyWriter(&tx).revoke(key).await?;
        tx.commit(entry(scope, "apiKey.revoke", &key, details, name_of)).await?;
        self.identities().forget_key(id);
        Ok(key)
    }
}

async fn refuse<T>(tx: TenantTx<Admin>, fault: KeyFault) -> Result<T, KeyError> {
    tx.rollback().await?;
    Err(KeyError::Refused(fault))
}

/// Why a key cannot be rotated. At most two of a kind are live: the key and its successor.
fn fault_of_rotation(key: &ApiKey, live: &[ApiKey], now: DateTime<Utc>) -> Option<KeyFault> {
    match key.state(now) {
        KeyState::Revoked => return Some(KeyFault::Revoked),
        KeyState::Expired => return Some(KeyFault::Expired),
        KeyState::Live => {}
    }
    if live.iter().any(|other| other.rotated_from == Some(key.id)) {
        return Some(KeyFault::SuccessorLives);
    }
    if live.iter().any(|other| key.rotated_from == Some(other.id)) {
        return Some(KeyFault::PredecessorLives);
    }
    (live.len() >= LIVE_KEYS_MAXIMUM).then_some(KeyFault::TooMany)
}

/// A key as the audit log has it.
fn described(key: &ApiKey, name_of: ObjectName) -> Value {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    let clients: Vec<String> = key.clients.iter().map(|client| name_of(*client, "Organization", client.0)).collect();
    json!({
        "name": key.name, "prefix": key.prefix, "scopes": scopes, "clientOrganizationIds": clients,
        "expiresAt": key.expires_at,
    })
}

fn entry(
    scope: &TenantScope<Admin>,
    action: &'static str,
    key: &ApiKey,
    details: Value,
    name_of: ObjectName,
) -> AuditEntry {
    AuditEntry::new(action, "ApiKey", name_of(scope.organization(), "ApiKey", key.id.0), details)
}
