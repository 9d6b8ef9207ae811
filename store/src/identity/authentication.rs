//! From a bearer token or an API key to an [`Actor`]: the signature or the digest, then the session or the key and the
//! organizations that can be entered, as the database has them, at most one second old.

use std::{sync::Arc, time::Instant};

use chrono::{DateTime, Utc};
use domain::ids::{ConsultantGrantId, MemberId, OrganizationId, SessionId, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use uuid::Uuid;

use super::cache::{Known, Proven, Remembered, token_digest};
use crate::{
    RequestOrigin, Store,
    access::{Actor, Caller, Entry, Identity, Level, Rights, Via},
    database::Door,
    error::StoreError,
    secret::SecretKind,
};

/// Why the caller is not known.
#[derive(Debug)]
pub enum AuthenticationError {
    /// The token is malformed, forged, expired, or its session has ended; the key is unknown, expired or revoked.
    Invalid,
    /// The database failed, so nobody can tell.
    Store(StoreError),
}

impl From<StoreError> for AuthenticationError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The user, and each way into an organization: memberships, grants given to the user, and grants given to a firm that
/// has assigned the user to the client, as long as that membership of the firm lasts and the firm is open.
const USER: &str = "
SELECT u.name AS user_name, u.email, s.expires_at AS session_expires_at, e.org_id, e.via, e.id, e.level, e.families,
    e.firm_id, e.until, o.name, o.created_at, o.closed_at
FROM session s
JOIN user_account u ON u.id = s.user_id
LEFT JOIN (
    SELECT m.org_id, 'MEMBER' AS via, m.id, m.level, NULL AS families, NULL AS firm_id, m.ended_at AS until
    FROM member m WHERE m.user_id = $2 AND m.ended_at IS NULL
    UNION ALL
    SELECT g.org_id, 'GRANT', g.id, g.level, g.families, g.firm_id, g.expires_at
    FROM consultant_grant g WHERE g.user_id = $2 AND g.ended_at IS NULL
    UNION ALL
    SELECT g.org_id, 'GRANT', g.id, g.level, g.families, g.firm_id, g.expires_at
    FROM member m
    JOIN organization f ON f.org_id = m.org_id AND f.closed_at IS NULL
    JOIN firm_assignment a ON a.org_id = m.org_id AND a.member_id = m.id AND a.ended_at IS NULL
    JOIN consultant_grant g ON g.org_id = a.client_org_id AND g.firm_id = a.org_id AND g.ended_at IS NULL
    WHERE m.user_id = $2 AND m.ended_at IS NULL
) e ON TRUE
LEFT JOIN organization o ON o.org_id = e.org_id
WHERE s.id = $1 AND s.user_id = $2 AND s.ended_at IS NULL";

impl Store {
    /// The caller behind a bearer token or an API key.
    ///
    /// # Errors
    /// See [`AuthenticationError`].
    pub async fn authenticate(
        &self,
        credential: &str,
        origin: &Arc<RequestOrigin>,
    ) -> Result<Actor, AuthenticationError> {
        let now = self.clock().now();
        let token = token_digest(credential);
        let known = self.identities().get(&token, now, self.access_tokens().generation());
        let proven = match known {
            Known::Identity(identity) => return Ok(Actor::new(identity, Arc::clone(origin), now)),
            Known::Proven(proven) => Some(proven),
            Known::Nothing => None,
        };
        // Counted from before the question, so that the answer is never older than it looks.
        let asked_at = Instant::now();
        let (proven, identity) = if SecretKind::ApiKey.is_claimed_by(credential) {
            self.identity_of_key(credential, now).await?.ok_or(AuthenticationError::Invalid)?
        } else {
            let verified = match proven {
                Some(Proven::Token(verified)) => verified,
                _ => self.access_tokens().verify(credential, now).ok_or(AuthenticationError::Invalid)?,
            };
            let identity = self.identity_of_user(verified.user, verified.session, now).await?;
            let identity = identity.ok_or(AuthenticationError::Invalid)?;
            (Proven::Token(verified), identity)
        };
        let identity = Arc::new(identity);
        self.identities().put(token, Remembered { proven, read_at: asked_at, identity: Arc::clone(&identity) });
        Ok(Actor::new(identity, Arc::clone(origin), now))
    }

    /// The same actor with what the database says now, after a change of what it may enter; `None` once the session has
    /// ended, and for an actor without one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew(&self, actor: &Actor) -> Result<Option<Actor>, StoreError> {
        let (Some(user), Some(session)) = (actor.user(), actor.session()) else { return Ok(None) };
        let now = self.clock().now();
        let identity = self.identity_of_user(user, session, now).await?;
        Ok(identity.map(|identity| actor.renewed(Arc::new(identity), now)))
    }

    async fn identity_of_user(
        &self,
        user: UserId,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Option<Identity>, StoreError> {
        let rows = self.ask_auth(USER, [session.0.into(), user.0.into()]).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        if first.try_get::<DateTime<Utc>>("", "session_expires_at")? <= now {
            return Ok(None);
        }
        let caller = Caller::User {
            id: user,
            session,
            name: first.try_get("", "user_name")?,
            email: first.try_get("", "email")?,
        };
        let mut entries = Vec::with_capacity(rows.len());
        for row in &rows {
            entries.extend(entry(row)?);
        }
        Ok(Some(Identity::new(caller, entries)))
    }

    /// Asks the sign-in role.
    pub(crate) async fn ask_auth<const N: usize>(
        &self,
        sql: &str,
        values: [Value; N],
    ) -> Result<Vec<QueryResult>, StoreError> {
        self.ask(Door::Auth, sql, values).await
    }

    /// Asks by a door. A connection whose server went away since it was pooled is replaced.
    pub(crate) async fn ask<const N: usize>(
        &self,
        door: Door,
        sql: &str,
        values: [Value; N],
    ) -> Result<Vec<QueryResult>, StoreError> {
        let mut attempts_left = self.database().retries();
        loop {
            let connection = self.database().reader(door).await?;
            let query = Statement::from_sql_and_values(connection.get_database_backend(), sql, values.iter().cloned());
            match connection.query_all_raw(query).await {
                Ok(rows) => return Ok(rows),
                Err(error) => crate::tenant::retry_or_fail(error, &mut attempts_left)?,
            }
        }
    }
}

/// A way into an organization; `None` where there is none.
fn entry(row: &QueryResult) -> Result<Option<Entry>, StoreError> {
    let Some(organization) = row.try_get::<Option<Uuid>>("", "org_id")? else { return Ok(None) };
    let id: Uuid = row.try_get("", "id")?;
    let level = Level::from_database(&row.try_get::<String>("", "level")?)?;
    let is_closed = row.try_get::<Option<DateTime<Utc>>>("", "closed_at")?.is_some();
    let (via, rights) = match row.try_get::<String>("", "via")?.as_str() {
        "MEMBER" if !is_closed => (Via::Membership(MemberId(id)), Rights::of_member(level)),
        "MEMBER" if level == Level::Admin => (Via::Membership(MemberId(id)), Rights::of_closed()),
        "GRANT" if !is_closed => {
            let firm = row.try_get::<Option<Uuid>>("", "firm_id")?.map(OrganizationId);
            (Via::Grant { grant: ConsultantGrantId(id), firm }, Rights::of_grant(level, families(row)?))
        }
        _ => return Ok(None),
    };
    let until = row.try_get("", "until")?;
    Ok(Some(entry_of(row, OrganizationId(organization), via, rights, until)?))
}

/// The families of a grant, in lower case; `None` for all.
pub(super) fn families(row: &QueryResult) -> Result<Option<Vec<String>>, StoreError> {
    let families: Option<String> = row.try_get("", "families")?;
    let families: Option<Vec<String>> = families.map(|families| serde_json::from_str(&families)).transpose()?;
    Ok(families.map(|families| families.iter().map(|family| family.to_lowercase()).collect()))
}

/// An entry with what the row says about the organization.
pub(super) fn entry_of(
    row: &QueryResult,
    organization: OrganizationId,
    via: Via,
    rights: Rights,
    until: Option<DateTime<Utc>>,
) -> Result<Entry, StoreError> {
    Ok(Entry {
        organization,
        organization_name: row.try_get("", "name")?,
        organization_created_at: row.try_get("", "created_at")?,
        organization_closed_at: row.try_get("", "closed_at")?,
        via,
        rights,
        until,
    })
}
