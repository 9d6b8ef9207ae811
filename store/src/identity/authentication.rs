//! From a bearer token to an [`Actor`]: the signature, then the session and the memberships as the database has them,
//! at most one second old.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use domain::ids::{MemberId, OrganizationId, SessionId, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use uuid::Uuid;

use super::tokens::Verified;
use crate::{
    RequestOrigin, Store,
    access::{Actor, Identity, Level, Membership},
    database::Door,
    error::StoreError,
};

/// Why the caller is not known.
#[derive(Debug)]
pub enum AuthenticationError {
    /// The token is malformed, forged, expired, or its session has ended.
    Invalid,
    /// The database failed, so nobody can tell.
    Store(StoreError),
}

impl From<StoreError> for AuthenticationError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// How long an answer of the database stands in for asking again.
const FRESH_FOR: Duration = Duration::from_secs(1);
/// How long a signature that was checked is worth remembering when room is needed.
const KEPT_FOR: Duration = Duration::from_secs(60);
/// How many callers are remembered at most.
const REMEMBERED: usize = 10_000;

type TokenDigest = [u8; 32];

/// What a token's signature said, which stays true until it expires, and what the database said about the caller.
struct Remembered {
    verified: Verified,
    read_at: Instant,
    identity: Arc<Identity>,
}

/// What is known about a token without asking anybody.
enum Known {
    Identity(Arc<Identity>),
    Signature(Verified),
    Nothing,
}

/// Callers seen lately, by the digest of their token.
#[derive(Default)]
pub(crate) struct IdentityCache {
    entries: Mutex<HashMap<TokenDigest, Remembered>>,
}

impl IdentityCache {
    /// `generation` is that of the signing keys: a signature that others verified is to be checked again.
    fn get(&self, token: &TokenDigest, now: DateTime<Utc>, generation: u64) -> Known {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        match entries.get(token) {
            Some(entry) if now >= entry.verified.expires_at || entry.verified.generation != generation => {
                Known::Nothing
            }
            Some(entry) if entry.read_at.elapsed() < FRESH_FOR => Known::Identity(Arc::clone(&entry.identity)),
            Some(entry) => Known::Signature(entry.verified),
            None => Known::Nothing,
        }
    }

    fn put(&self, token: TokenDigest, remembered: Remembered) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= REMEMBERED {
            entries.retain(|_, entry| entry.read_at.elapsed() < KEPT_FOR);
        }
        if entries.len() < REMEMBERED {
            entries.insert(token, remembered);
        }
    }

    /// Forgets a session that ended on this server at once.
    pub(crate) fn forget(&self, session: SessionId) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|_, entry| entry.identity.session != session);
    }
}

const IDENTITY: &str = "
SELECT u.name AS user_name, u.email, s.expires_at, m.org_id, m.id AS member_id, m.level,
    o.name AS organization_name, o.created_at AS organization_created_at
FROM session s
JOIN user_account u ON u.id = s.user_id
LEFT JOIN member m ON m.user_id = u.id AND m.ended_at IS NULL
LEFT JOIN organization o ON o.org_id = m.org_id
WHERE s.id = $1 AND s.user_id = $2 AND s.ended_at IS NULL";

impl Store {
    /// The caller behind a bearer token.
    ///
    /// # Errors
    /// See [`AuthenticationError`].
    pub async fn authenticate(&self, token: &str, origin: &Arc<RequestOrigin>) -> Result<Actor, AuthenticationError> {
        let mut key = TokenDigest::default();
        key.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        let now = self.clock().now();
        let verified = match self.identities().get(&key, now, self.access_tokens().generation()) {
            Known::Identity(identity) => return Ok(Actor::new(identity, Arc::clone(origin))),
            Known::Signature(verified) => verified,
            Known::Nothing => self.access_tokens().verify(token, now).ok_or(AuthenticationError::Invalid)?,
        };
        // Counted from before the question, so that the answer is never older than it looks.
        let asked_at = Instant::now();
        let identity = self.identity(verified, now).await?.ok_or(AuthenticationError::Invalid)?;
        let identity = Arc::new(identity);
        let remembered = Remembered { verified, read_at: asked_at, identity: Arc::clone(&identity) };
        self.identities().put(key, remembered);
        Ok(Actor::new(identity, Arc::clone(origin)))
    }

    async fn identity(&self, verified: Verified, now: DateTime<Utc>) -> Result<Option<Identity>, StoreError> {
        let rows = self.identity_rows(verified).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        if first.try_get::<DateTime<Utc>>("", "expires_at")? <= now {
            return Ok(None);
        }
        let mut memberships = Vec::with_capacity(rows.len());
        for row in &rows {
            memberships.extend(membership(row)?);
        }
        memberships.sort_by_key(|membership| membership.organization);
        Ok(Some(Identity {
            user: verified.user,
            session: verified.session,
            name: first.try_get("", "user_name")?,
            email: first.try_get("", "email")?,
            memberships,
        }))
    }

    async fn identity_rows(&self, verified: Verified) -> Result<Vec<QueryResult>, StoreError> {
        let (SessionId(session), UserId(user)) = (verified.session, verified.user);
        let mut attempts_left = self.database().retries();
        loop {
            let connection = self.database().reader(Door::Auth).await?;
            let values = [session.into(), user.into()];
            let query = Statement::from_sql_and_values(connection.get_database_backend(), IDENTITY, values);
            match connection.query_all_raw(query).await {
                Ok(rows) => return Ok(rows),
                Err(error) => crate::tenant::retry_or_fail(error, &mut attempts_left)?,
            }
        }
    }
}

fn membership(row: &QueryResult) -> Result<Option<Membership>, StoreError> {
    let Some(organization) = row.try_get::<Option<Uuid>>("", "org_id")? else { return Ok(None) };
    let level: String = row.try_get("", "level")?;
    let level = Level::from_database(&level).ok_or_else(|| StoreError::internal("unknown access level"))?;
    Ok(Some(Membership {
        organization: OrganizationId(organization),
        organization_name: row.try_get("", "organization_name")?,
        organization_created_at: row.try_get("", "organization_created_at")?,
        member: MemberId(row.try_get("", "member_id")?),
        level,
    }))
}
