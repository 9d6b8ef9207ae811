//! Access tokens: JSON Web Tokens of 15 minutes, signed with Ed25519, the algorithm pinned (RFC 8725, RFC 9068).

use chrono::{DateTime, Utc};
use domain::ids::{SessionId, UserId};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ACCESS_TOKEN_SECONDS, SigningKey};
use crate::error::StoreError;

/// The media type of an access token, so that no other token of this server can stand in for one.
const TOKEN_TYPE: &str = "at+jwt";
/// How far another server's clock may be ahead when a token is issued, in seconds.
const CLOCK_SKEW_SECONDS: i64 = 5;

/// Signs and checks access tokens.
pub(crate) struct AccessTokens {
    key: SigningKey,
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
    pub(crate) expires_at: DateTime<Utc>,
}

impl AccessTokens {
    pub(crate) fn new(key: SigningKey, issuer: String, audience: String) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&issuer]);
        validation.set_audience(&[&audience]);
        validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
        // Time is the clock's business: see `verify`.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self { key, issuer, audience, validation }
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
        let header = Header {
            typ: Some(TOKEN_TYPE.into()),
            kid: Some(self.key.key_id.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: user.0,
            sid: session.0,
            jti: id,
            iat: now.timestamp(),
            exp: expires_at.timestamp(),
        };
        let token = encode(&header, &claims, &self.key.encoding)
            .map_err(|error| StoreError::internal(format!("signing a token: {error}")))?;
        Ok((token, expires_at))
    }

    /// What the token says, if it is one of ours and valid now. Why it is not, is nobody's business.
    pub(crate) fn verify(&self, token: &str, now: DateTime<Utc>) -> Option<Verified> {
        let header = decode_header(token).ok()?;
        let is_ours = header.alg == Algorithm::EdDSA
            && header.typ.as_deref() == Some(TOKEN_TYPE)
            && header.kid.as_deref() == Some(&self.key.key_id);
        if !is_ours {
            return None;
        }
        let claims = decode::<Claims>(token, &self.key.decoding, &self.validation).ok()?.claims;
        let expires_at = DateTime::from_timestamp(claims.exp, 0)?;
        let issued_at = DateTime::from_timestamp(claims.iat, 0)?;
        let is_current = now < expires_at && issued_at <= now + chrono::Duration::seconds(CLOCK_SKEW_SECONDS);
        is_current.then_some(Verified { user: UserId(claims.sub), session: SessionId(claims.sid), expires_at })
    }

    /// The public keys as a JSON Web Key Set (RFC 7517, RFC 8037).
    pub(crate) fn key_set(&self) -> serde_json::Value {
        serde_json::json!({ "keys": [{
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
            "kid": self.key.key_id, "x": self.key.public,
        }]})
    }
}
