//! Adding to the chain: the last statement of every commit.

use chrono::{DateTime, Utc};
use domain::ids::OrganizationId;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use uuid::Uuid;

use super::{
    AuditEntry,
    digest::{link, of_fields},
};
use crate::{database::Connection, error::StoreError};

/// Who acts, in which organization and request.
pub(crate) struct Author<'a> {
    pub(crate) organization: OrganizationId,
    pub(crate) actor_kind: &'static str,
    pub(crate) actor: Option<Uuid>,
    pub(crate) request_id: &'a str,
}

/// One statement advances the head, which locks it until the commit, and adds the event and its payload.
const APPEND_ON_POSTGRES: &str = "
WITH head AS (
    UPDATE audit_head SET seq = seq + 1, hash = sha256(hash || int8send(seq + 1) || $12)
    WHERE org_id = $1 RETURNING seq, hash
), event AS (
    INSERT INTO audit_event (org_id, id, seq, occurred_at, actor_id, actor_kind, action, object_type, object_id,
        request_id, payload_digest, hash)
    SELECT $1, $2, head.seq, $3, $4, $5, $6, $7, $8, $9, $10, head.hash FROM head
)
INSERT INTO audit_payload (org_id, event_id, salt, payload) SELECT $1, $2, $11, $13 FROM head";

/// Starts the chain of a new organization.
pub(crate) async fn begin_chain(connection: &Connection, organization: OrganizationId) -> Result<(), StoreError> {
    let sql = "INSERT INTO audit_head (org_id, seq, hash) VALUES ($1, 0, $2)";
    run(connection, sql, [organization.0.into(), vec![0_u8; 32].into()]).await
}

/// Adds an entry to the chain of an organization.
pub(crate) async fn append(
    connection: &Connection,
    author: &Author<'_>,
    entry: AuditEntry,
    now: DateTime<Utc>,
    id: Uuid,
) -> Result<(), StoreError> {
    let payload = entry.payload.to_string();
    let mut salt = [0_u8; 16];
    aws_lc_rs::rand::fill(&mut salt).map_err(|_| StoreError::internal("no random bytes"))?;
    let payload_digest = of_fields([salt.as_slice(), payload.as_bytes()]);
    let content = content_digest(author, &entry, now, id, &payload_digest);
    let organization = author.organization.0;
    let event: [Value; 10] = [
        organization.into(),
        id.into(),
        now.into(),
        author.actor.into(),
        author.actor_kind.into(),
        entry.action.into(),
        entry.object_type.into(),
        entry.object_id.into(),
        author.request_id.into(),
        payload_digest.into(),
    ];
    let rest: [Value; 3] = [salt.to_vec().into(), content.clone().into(), payload.into()];
    if connection.get_database_backend() == DbBackend::Postgres {
        return run(connection, APPEND_ON_POSTGRES, event.into_iter().chain(rest)).await;
    }
    append_on_sqlite(connection, organization, id, event, rest, &content).await
}

/// SQLite has no SHA-256 of its own; the transaction already holds the only write lock.
async fn append_on_sqlite(
    connection: &Connection,
    organization: Uuid,
    id: Uuid,
    event: [Value; 10],
    [salt, _, payload]: [Value; 3],
    content: &[u8],
) -> Result<(), StoreError> {
    let head = "SELECT seq, hash FROM audit_head WHERE org_id = $1";
    let head = Statement::from_sql_and_values(DbBackend::Sqlite, head, [organization.into()]);
    let head = connection.query_one_raw(head).await?;
    let head = head.ok_or_else(|| StoreError::internal("the organization has no audit chain"))?;
    let seq = head.try_get::<i64>("", "seq")? + 1;
    let hash = link(&head.try_get::<Vec<u8>>("", "hash")?, seq, content);
    run(
        connection,
        "INSERT INTO audit_event (org_id, id, occurred_at, actor_id, actor_kind, action, object_type, object_id,
         request_id, payload_digest, seq, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        event.into_iter().chain([seq.into(), hash.clone().into()]),
    )
    .await?;
    run(
        connection,
        "INSERT INTO audit_payload (org_id, event_id, salt, payload) VALUES ($1, $2, $3, $4)",
        [organization.into(), id.into(), salt, payload],
    )
    .await?;
    run(
        connection,
        "UPDATE audit_head SET seq = $2, hash = $3 WHERE org_id = $1",
        [organization.into(), seq.into(), hash.into()],
    )
    .await
}

/// Digest of everything about an event but its place in the chain.
pub(super) fn content_digest(
    author: &Author<'_>,
    entry: &AuditEntry,
    now: DateTime<Utc>,
    id: Uuid,
    payload_digest: &[u8],
) -> Vec<u8> {
    of_fields([
        author.organization.0.as_bytes().as_slice(),
        id.as_bytes(),
        &now.timestamp_micros().to_be_bytes(),
        author.actor_kind.as_bytes(),
        author.actor.as_ref().map_or(&[][..], |actor| actor.as_bytes()),
        entry.action.as_bytes(),
        entry.object_type.as_bytes(),
        entry.object_id.as_deref().unwrap_or_default().as_bytes(),
        author.request_id.as_bytes(),
        payload_digest,
    ])
}

async fn run(connection: &Connection, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<(), StoreError> {
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let changed = connection.execute_raw(statement).await?.rows_affected();
    if changed != 1 {
        return Err(StoreError::internal("the audit chain could not be extended"));
    }
    Ok(())
}
