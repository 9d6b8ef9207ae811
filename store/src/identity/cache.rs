//! Callers seen lately: what was proven about a credential, and what the database said about the caller.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use domain::ids::{ApiKeyId, OrganizationId, SessionId, UserId};

use super::tokens::Verified;
use crate::access::{Caller, Identity};

/// How long an answer of the database stands in for asking again.
const FRESH_FOR: Duration = Duration::from_secs(1);
/// How long a signature that was checked is worth remembering when room is needed.
const KEPT_FOR: Duration = Duration::from_secs(60);
/// How many callers are remembered at most.
const REMEMBERED: usize = 10_000;

pub(super) type TokenDigest = [u8; 32];

/// Names a credential without keeping it.
pub(super) fn token_digest(credential: &str) -> TokenDigest {
    let mut key = TokenDigest::default();
    key.copy_from_slice(digest(&SHA256, credential.as_bytes()).as_ref());
    key
}

/// What stays true of a credential until it expires.
#[derive(Clone, Copy)]
pub(super) enum Proven {
    /// The signature of an access token.
    Token(Verified),
    /// The digest of an API key, which expires then.
    Key(DateTime<Utc>),
}

impl Proven {
    fn expires_at(self) -> DateTime<Utc> {
        match self {
            Self::Token(verified) => verified.expires_at,
            Self::Key(expires_at) => expires_at,
        }
    }

    /// Whether other signing keys than today's have verified it.
    fn is_outdated(self, generation: u64) -> bool {
        matches!(self, Self::Token(verified) if verified.generation != generation)
    }
}

pub(super) struct Remembered {
    pub(super) proven: Proven,
    pub(super) read_at: Instant,
    pub(super) identity: Arc<Identity>,
}

/// What is known about a credential without asking anybody.
pub(super) enum Known {
    Identity(Arc<Identity>),
    Proven(Proven),
    Nothing,
}

/// Callers seen lately, by the digest of their credential.
#[derive(Default)]
pub(crate) struct IdentityCache(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    entries: HashMap<TokenDigest, Remembered>,
    /// What was asked before that may be what has just been forgotten.
    forgot_at: Option<Instant>,
}

impl IdentityCache {
    /// `generation` is that of the signing keys: a signature that others verified is to be checked again.
    pub(super) fn get(&self, token: &TokenDigest, now: DateTime<Utc>, generation: u64) -> Known {
        match self.seen().entries.get(token) {
            Some(entry) if now >= entry.proven.expires_at() || entry.proven.is_outdated(generation) => Known::Nothing,
            Some(entry) if entry.read_at.elapsed() < FRESH_FOR => Known::Identity(Arc::clone(&entry.identity)),
            Some(entry) => Known::Proven(entry.proven),
            None => Known::Nothing,
        }
    }

    pub(super) fn put(&self, token: TokenDigest, remembered: Remembered) {
        let Seen { entries, forgot_at } = &mut *self.seen();
        if forgot_at.is_some_and(|forgot_at| remembered.read_at <= forgot_at) {
            return;
        }
        if entries.len() >= REMEMBERED {
            entries.retain(|_, entry| entry.read_at.elapsed() < KEPT_FOR);
        }
        if entries.len() < REMEMBERED {
            entries.insert(token, remembered);
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets a session that ended on this server at once.
    pub(crate) fn forget(&self, session: SessionId) {
        self.forget_if(|identity| matches!(identity.caller, Caller::User { session: of, .. } if of == session));
    }

    /// Forgets a user whose rights changed on this server.
    pub(crate) fn forget_user(&self, user: UserId) {
        self.forget_if(|identity| matches!(identity.caller, Caller::User { id, .. } if id == user));
    }

    /// Forgets a key that was revoked on this server.
    pub(crate) fn forget_key(&self, key: ApiKeyId) {
        self.forget_if(|identity| matches!(identity.caller, Caller::ApiKey { id, .. } if id == key));
    }

    /// Forgets all who can enter an organization: its name, its members or its grants changed on this server.
    pub(crate) fn forget_organization(&self, organization: OrganizationId) {
        self.forget_if(|identity| identity.concerns(organization));
    }

    fn forget_if(&self, is_stale: impl Fn(&Identity) -> bool) {
        let mut seen = self.seen();
        seen.entries.retain(|_, entry| !is_stale(&entry.identity));
        seen.forgot_at = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_was_asked_before_forgetting_is_not_kept() {
        let key = ApiKeyId(Uuid::from_u128(1));
        let later = DateTime::UNIX_EPOCH + chrono::Duration::days(1);
        let remembered = |read_at| {
            let caller = Caller::ApiKey {
                id: key,
                organization: OrganizationId(Uuid::from_u128(2)),
                name: String::new(),
                prefix: String::new(),
                scopes: Vec::new(),
                expires_at: later,
            };
            Remembered { proven: Proven::Key(later), read_at, identity: Arc::new(Identity::new(caller, Vec::new())) }
        };
        let (cache, token) = (IdentityCache::default(), token_digest("key"));
        let is_known = || matches!(cache.get(&token, DateTime::UNIX_EPOCH, 0), Known::Identity(_));
        let before = Instant::now();
        cache.put(token, remembered(before));
        assert!(is_known());
        cache.forget_key(key);
        assert!(!is_known());
        cache.put(token, remembered(before));
        assert!(!is_known(), "the answer may be from before the revocation");
        cache.put(token, remembered(Instant::now() + Duration::from_nanos(1)));
        assert!(is_known());
    }
}
