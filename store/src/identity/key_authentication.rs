//! From an API key to what it may do: in its own organization, and in those of a firm's clients that it names.

use chrono::{DateTime, Duration, Utc};
use domain::ids::{ApiKeyId, ConsultantGrantId, OrganizationId};
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use uuid::Uuid;

use super::{
    authentication::{entry_of, families},
    cache::Proven,
};
use crate::{
    Store,
    access::{Caller, Entry, Identity, KeyScope, Level, Rights, Via},
    error::StoreError,
    secret::{Presented, SecretKind},
};

/// How often the use of a key is noted.
const NOTED_EVERY: Duration = Duration::minutes(1);

/// The key with its organization, and a row for each client of the firm that it may enter, if there are any.
const KEY: &str = "
SELECT k.org_id AS key_org_id, k.id AS key_id, k.name AS key_name, k.prefix, k.scopes, k.expires_at AS key_expires_at,
    k.last_used_at, x.digest, h.name AS home_name, h.created_at AS home_created_at,
    o.org_id, g.id AS grant_id, g.level, g.families, g.expires_at AS until, o.name, o.created_at, o.closed_at
FROM access_secret x
JOIN api_key k ON k.org_id = x.org_id AND k.id = x.id AND k.ended_at IS NULL
JOIN organization h ON h.org_id = k.org_id AND h.closed_at IS NULL
LEFT JOIN api_key_client c ON c.org_id = k.org_id AND c.api_key_id = k.id
LEFT JOIN consultant_grant g ON g.org_id = c.client_org_id AND g.firm_id = c.org_id AND g.ended_at IS NULL
LEFT JOIN organization o ON o.org_id = g.org_id AND o.closed_at IS NULL
WHERE x.kind = 'API_KEY' AND x.lookup = $1";

impl Store {
    pub(super) async fn identity_of_key(
        &self,
        credential: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(Proven, Identity)>, StoreError> {
        let Some(presented) = Presented::parse(SecretKind::ApiKey, credential) else { return Ok(None) };
        let mut rows = self.ask_auth(KEY, [presented.lookup.as_str().into()]).await?;
        let mut is_right = Vec::with_capacity(rows.len());
        for row in &rows {
            is_right.push(presented.is(&row.try_get::<Vec<u8>>("", "digest")?));
        }
        let mut is_right = is_right.into_iter();
        rows.retain(|_| is_right.next() == Some(true));
        let Some(first) = rows.first() else { return Ok(None) };
        let expires_at: DateTime<Utc> = first.try_get("", "key_expires_at")?;
        if expires_at <= now {
            return Ok(None);
        }
        let (organization, key) =
            (OrganizationId(first.try_get("", "key_org_id")?), ApiKeyId(first.try_get("", "key_id")?));
        let scopes = scopes_from_database(&first.try_get::<String>("", "scopes")?)?;
        let rights = Rights::of_key(&scopes);
        let mut entries = vec![home(first, organization, rights.clone())?];
        for row in &rows {
            entries.extend(client(row, organization, &rights)?);
        }
        self.note_use(organization, key, first.try_get("", "last_used_at")?, now).await;
        let (name, prefix) = (first.try_get("", "key_name")?, first.try_get("", "prefix")?);
        let caller = Caller::ApiKey { id: key, organization, name, prefix, scopes, expires_at };
        Ok(Some((Proven::Key(expires_at), Identity::new(caller, entries))))
    }

    /// Notes that the key was used, at most once a minute. That it could not be noted is no reason to refuse it.
    async fn note_use(
        &self,
        organization: OrganizationId,
        key: ApiKeyId,
        last_used_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) {
        if last_used_at.is_some_and(|last| now < last + NOTED_EVERY) {
            return;
        }
        if let Err(error) = self.write_use(organization, key, now).await {
            tracing::warn!(%error, "the use of an API key could not be noted");
        }
    }

    async fn write_use(
        &self,
        organization: OrganizationId,
        key: ApiKeyId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let connection = self.begin_auth(Some(organization.0)).await?;
        // Of several requests and servers that saw it unnoted, one notes it.
        let sql = "UPDATE api_key SET last_used_at = $3
            WHERE org_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at <= $4)";
        let values = [organization.0.into(), key.0.into(), now.into(), (now - NOTED_EVERY).into()];
        connection.execute_raw(Statement::from_sql_and_values(connection.get_database_backend(), sql, values)).await?;
        connection.commit().await?;
        Ok(())
    }
}

fn home(row: &QueryResult, organization: OrganizationId, rights: Rights) -> Result<Entry, StoreError> {
    Ok(Entry {
        organization,
        organization_name: row.try_get("", "home_name")?,
        organization_created_at: row.try_get("", "home_created_at")?,
        organization_closed_at: None,
        via: Via::ApiKey,
        rights,
        until: None,
    })
}

fn client(row: &QueryResult, firm: OrganizationId, rights: &Rights) -> Result<Option<Entry>, StoreError> {
    let Some(organization) = row.try_get::<Option<Uuid>>("", "org_id")? else { return Ok(None) };
    let level = Level::from_database(&row.try_get::<String>("", "level")?)?;
    let via = Via::Grant { grant: ConsultantGrantId(row.try_get("", "grant_id")?), firm: Some(firm) };
    let rights = rights.within(&Rights::of_grant(level, families(row)?));
    Ok(Some(entry_of(row, OrganizationId(organization), via, rights, row.try_get("", "until")?)?))
}

/// Whether a text has the form of an API key, which says nothing about whether it is one.
pub fn is_api_key(text: &str) -> bool {
    SecretKind::ApiKey.is_claimed_by(text)
}

/// The scopes of a key as its row has them.
pub(crate) fn scopes_from_database(text: &str) -> Result<Vec<KeyScope>, StoreError> {
    let names: Vec<String> = serde_json::from_str(text)?;
    let scope = |name: &String| KeyScope::from_name(name).ok_or_else(|| StoreError::internal("unknown key scope"));
    names.iter().map(scope).collect()
}
