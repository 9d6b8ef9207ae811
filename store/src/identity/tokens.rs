//! Access tokens: JSON Web Tokens of 15 minutes, signed with Ed25519, the algorithm pinned (RFC 8725, RFC 9068).

use chrono::{DateTime, Utc};
use domain::ids::{SessionId, UserId};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ACCESS_TOKEN_SECONDS, KeyRing};
use crate::error::StoreError;

/// The media type of an access token, so that no other token of this server can stand in for one.
const TOKEN_TYPE: &str = "at+jwt";
/// How far another server's clock may be ahead when a token is issued, in seconds.
const CLOCK_SKEW_SECONDS: i64 = 5;

/// Signs and checks access tokens.
pub(crate) struct AccessTokens {
    keys: KeyRing,
    issuer: String,
    audience: String,
    validation: Validation,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    jti: Uuid,
    iat: i64,
    exp: i64,
}

/// What a valid token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verified {
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    /// When the token expires, or the key that signed it.
    pub(crate) expires_at: DateTime<Utc>,
    /// Of the keys that verified it; among others it counts for nothing.
    pub(crate) generation: u64,
}

/// The header of each token that the key of this name signs: these parameters and no other. What would bring a key
/// along or point to one (`jwk`, `jku`, `x5c`, `x5u`), or asks to be understood (`crit`), is in none of them.
fn header(key_id: &str) -> Header {
    Header { typ: Some(TOKEN_TYPE.into()), kid: Some(key_id.into()), ..Header::new(Algorithm::EdDSA) }
}

impl AccessTokens {
    pub(crate) fn new(keys: KeyRing, issuer: String, audience: String) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&issuer]);
        validation.set_audience(&[&audience]);
        validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
        // Time is the clock's business: see `verify`.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self { keys, issuer, audience, validation }
    }

    /// A token for a session, and when it expires.
    pub(crate) fn issue(
        &self,
        user: UserId,
        session: SessionId,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<(String, DateTime<Utc>), StoreError> {
        let expires_at = now + chrono::Duration::seconds(ACCESS_TOKEN_SECONDS);
        let keys = self.keys.keys();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: user.0,
            sid: session.0,
            jti: id,
            iat: now.timestamp(),
            exp: expires_at.timestamp(),
        };
        let token = encode(&header(&keys.current.public.id), &claims, &keys.current.encoding)
            .map_err(|error| StoreError::internal(format!("signing a token: {error}")))?;
        Ok((token, expires_at))
    }

    /// What the token says, if it is one of ours and valid now. Why it is not, is nobody's business.
    pub(crate) fn verify(&self, token: &str, now: DateTime<Utc>) -> Option<Verified> {
        let found = decode_header(token).ok()?;
        let key_id = found.kid.as_deref()?;
        if found != header(key_id) {
            return None;
        }
        let keys = self.keys.keys_to_find(key_id);
        let (key, verifies_until) = keys.verifying(now).find(|(key, _)| key.id == key_id)?;
        let claims = decode::<Claims>(token, &key.decoding, &self.validation).ok()?.claims;
        let expires_at = DateTime::from_timestamp(claims.exp, 0)?.min(verifies_until);
        let issued_at = DateTime::from_timestamp(claims.iat, 0)?;
        let is_current = now < expires_at && issued_at <= now + chrono::Duration::seconds(CLOCK_SKEW_SECONDS);
        let (user, session) = (UserId(claims.sub), SessionId(claims.sid));
        is_current.then_some(Verified { user, session, expires_at, generation: keys.generation })
    }

    /// Changes when the keys do. What was verified under another number is to be verified again.
    pub(crate) fn generation(&self) -> u64 {
        self.keys.keys().generation
    }

    /// The keys that verify now as a JSON Web Key Set (RFC 7517, RFC 8037); first the one that signs.
    pub(crate) fn key_set(&self, now: DateTime<Utc>) -> serde_json::Value {
        let keys = self.keys.keys();
        let keys = keys.verifying(now).map(|(key, _)| {
            serde_json::json!({
                "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key.id, "x": key.x,
            })
        });
        serde_json::json!({ "keys": keys.collect::<Vec<_>>() })
    }
}
