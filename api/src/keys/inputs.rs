//! Inputs of the mutations of API keys.

use std::collections::HashSet;

use async_graphql::{ID, InputObject};
use chrono::{DateTime, Duration, Utc};
use domain::ids::OrganizationId;
use store::keys::{KEY_DAYS, KEY_DAYS_MAXIMUM};

use super::types::ApiKeyScope;
use crate::graphql::{
    error::ApiError,
    id::organization_id,
    user_error::{UserError, UserErrorCode},
};

/// Most characters of a key's name.
const NAME_MAXIMUM: usize = 100;
/// Most clients that one key names.
const CLIENTS_MAXIMUM: usize = 100;

/// Input of createApiKey
#[derive(InputObject)]
pub(crate) struct CreateApiKeyInput {
    /// Organization that the key belongs to
    pub(super) organization_id: ID,
    /// What the key is called, up to 100 characters; no two live keys have the same name, but for a key and its successor
    pub(super) name: String,
    /// What the key may be used for: at least one
    pub(super) scopes: Vec<ApiKeyScope>,
    /// In how many days the key expires, 1 to 365; 90 when left out
    pub(super) expires_in_days: Option<i32>,
    /// For a consultants' firm: up to 100 of its clients, in whose organizations the key has its scopes too, as far as the
    /// grant of each to the firm allows, and as long as it lasts
    pub(super) client_organization_ids: Option<Vec<ID>>,
}

/// Input of rotateApiKey
#[derive(InputObject)]
pub(crate) struct RotateApiKeyInput {
    /// The API key, which stays live
    pub(super) id: ID,
    /// In how many days its successor expires, 1 to 365; 90 when left out
    pub(super) expires_in_days: Option<i32>,
}

/// Input of revokeApiKey
#[derive(InputObject)]
pub(crate) struct RevokeApiKeyInput {
    /// The API key
    pub(super) id: ID,
}

/// What is wrong with a name, scopes and clients, as far as it can be told without the organization's rows.
pub(crate) fn input_faults(name: &str, scopes: &[ApiKeyScope], clients: &[OrganizationId]) -> Vec<UserError> {
    let mut errors = name_faults(name);
    if scopes.is_empty() {
        let message = "scopes is empty; say what the key may be used for";
        errors.push(UserError::at("scopes", UserErrorCode::TooFew, message));
    }
    let mut seen = HashSet::new();
    for (place, scope) in scopes.iter().enumerate().filter(|(_, scope)| !seen.insert(**scope)) {
        let message =
            format!("{} is there twice; name each scope once", store::access::KeyScope::from(*scope).as_str());
        errors.push(UserError::at(&format!("scopes.{place}"), UserErrorCode::DuplicateKey, message));
    }
    if clients.len() > CLIENTS_MAXIMUM {
        let message = format!("there are {} clients; name at most {CLIENTS_MAXIMUM}", clients.len());
        errors.push(UserError::at("clientOrganizationIds", UserErrorCode::TooMany, message));
    }
    let mut seen = HashSet::new();
    for (place, _) in clients.iter().enumerate().filter(|(_, client)| !seen.insert(**client)) {
        let message = "the client is there twice; name each client once";
        errors.push(UserError::at(&format!("clientOrganizationIds.{place}"), UserErrorCode::DuplicateKey, message));
    }
    errors
}

fn name_faults(name: &str) -> Vec<UserError> {
    let mut errors = Vec::new();
    let length = name.chars().count();
    if name.trim().is_empty() {
        errors.push(UserError::at("name", UserErrorCode::Required, "name is empty; say what the key is for"));
    } else if length > NAME_MAXIMUM {
        let message = format!("name has {length} characters; use at most {NAME_MAXIMUM}");
        errors.push(UserError::at("name", UserErrorCode::TooLong, message));
    }
    if name.chars().any(char::is_control) {
        let message = "name holds a control character; remove it";
        errors.push(UserError::at("name", UserErrorCode::ControlCharacter, message));
    }
    errors
}

/// When a key expires that is made now.
pub(super) fn expiry(days: Option<i32>, now: DateTime<Utc>) -> Result<DateTime<Utc>, UserError> {
    let days = days.map_or(KEY_DAYS, i64::from);
    if (1..=KEY_DAYS_MAXIMUM).contains(&days) {
        return Ok(now + Duration::days(days));
    }
    let message = format!("expiresInDays is {days}; give 1 to {KEY_DAYS_MAXIMUM}");
    Err(UserError::at("expiresInDays", UserErrorCode::OutOfRange, message))
}

/// The organizations that the identifiers name.
pub(super) fn clients(ids: Option<&[ID]>) -> Result<Vec<OrganizationId>, ApiError> {
    ids.unwrap_or_default().iter().map(organization_id).collect()
}
