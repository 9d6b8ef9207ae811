//! Adding to the chain: the last statement of every commit.

use chrono::{DateTime, Utc};
use domain::ids::{OrganizationId, UserId};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use uuid::Uuid;

use super::{
    ActorKind, AuditEntry,
    digest::{BEGINNING, Content, FORMAT, link, of_payload},
};
use crate::{
    RequestOrigin,
    access::{Access, Caller, TenantScope, Via},
    database::Connection,
    error::StoreError,
};

/// Who acts, in which organization and request, by what right, and from where.
pub(crate) struct Author<'a> {
    pub(crate) organization: OrganizationId,
    pub(crate) kind: ActorKind,
    pub(crate) actor: Option<Uuid>,
    /// The consultant grant that lets the actor in.
    pub(crate) grant: Option<Uuid>,
    /// The firm on whose behalf the actor uses the grant.
    pub(crate) firm: Option<Uuid>,
    pub(crate) origin: &'a RequestOrigin,
}

impl<'a> Author<'a> {
    /// The actor of a scope.
    pub(crate) fn of<A: Access>(scope: &'a TenantScope<A>) -> Self {
        let actor = scope.actor();
        let kind = match actor.caller() {
            Caller::User { .. } => ActorKind::User,
            Caller::ApiKey { .. } => ActorKind::ApiKey,
            Caller::Operator => ActorKind::Operator,
        };
        let (grant, firm) = match scope.entry().via {
            Via::Grant { grant, firm } => (Some(grant.0), firm.map(|firm| firm.0)),
            Via::Membership(_) | Via::ApiKey | Via::Operator => (None, None),
        };
        let organization = scope.organization();
        let id = (kind != ActorKind::Operator).then(|| actor.id());
        Self { organization, kind, actor: id, grant, firm, origin: actor.origin() }
    }

    /// A user who is no member yet, or acts on what is the user's own.
    pub(crate) fn user(organization: OrganizationId, user: UserId, origin: &'a RequestOrigin) -> Self {
        Self { organization, kind: ActorKind::User, actor: Some(user.0), grant: None, firm: None, origin }
    }

    /// Somebody at the command line, or the server by itself.
    pub(crate) fn operator(organization: OrganizationId, origin: &'a RequestOrigin) -> Self {
        Self { organization, kind: ActorKind::Operator, actor: None, grant: None, firm: None, origin }
    }

    fn address(&self) -> Option<String> {
        self.origin.address.map(|address| address.to_string())
    }
}

/// One statement advances the head, which locks it until the commit, and adds the event and its payload.
const APPEND_ON_POSTGRES: &str = "
WITH head AS (
    UPDATE audit_head SET seq = seq + 1, hash = sha256(hash || int8send(seq + 1) || $12)
    WHERE org_id = $1 RETURNING seq, hash
), event AS (
    INSERT INTO audit_event (org_id, id, seq, occurred_at, actor_id, actor_kind, action, object_type, object_id,
        request_id, payload_digest, grant_id, firm_id, format, hash)
    SELECT $1, $2, head.seq, $3, $4, $5, $6, $7, $8, $9, $10, $15, $16, 2, head.hash FROM head
)
INSERT INTO audit_payload (org_id, event_id, salt, payload, address) SELECT $1, $2, $11, $13, $14 FROM head";

/// Starts the chain of a new organization.
pub(crate) async fn begin_chain(connection: &Connection, organization: OrganizationId) -> Result<(), StoreError> {
    let sql = "INSERT INTO audit_head (org_id, seq, hash) VALUES ($1, 0, $2)";
    run(connection, sql, [organization.0.into(), BEGINNING.to_vec().into()]).await
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
    let address = author.address();
    let payload_digest = of_payload(FORMAT, &salt, &payload, address.as_deref());
    let content = content_of(author, &entry, now, id, &payload_digest).digest(FORMAT);
    let organization = author.organization.0;
    let event: [Value; 10] = [
        organization.into(),
        id.into(),
        now.into(),
        author.actor.into(),
        author.kind.as_str().into(),
        entry.action.into(),
        entry.object_type.into(),
        entry.object_id.into(),
        author.origin.request_id.as_str().into(),
        payload_digest.into(),
    ];
    let rest: [Value; 6] = [
        salt.to_vec().into(),
        content.clone().into(),
        payload.into(),
        address.into(),
        author.grant.into(),
        author.firm.into(),
    ];
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
    [salt, _, payload, address, grant, firm]: [Value; 6],
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
         request_id, payload_digest, seq, hash, grant_id, firm_id, format)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 2)",
        event.into_iter().chain([seq.into(), hash.clone().into(), grant, firm]),
    )
    .await?;
    run(
        connection,
        "INSERT INTO audit_payload (org_id, event_id, salt, payload, address) VALUES ($1, $2, $3, $4, $5)",
        [organization.into(), id.into(), salt, payload, address],
    )
    .await?;
    run(
        connection,
        "UPDATE audit_head SET seq = $2, hash = $3 WHERE org_id = $1",
        [organization.into(), seq.into(), hash.into()],
    )
    .await
}

fn content_of<'a>(
    author: &'a Author<'_>,
    entry: &'a AuditEntry,
    occurred_at: DateTime<Utc>,
    id: Uuid,
    payload_digest: &'a [u8],
) -> Content<'a> {
    Content {
        organization: author.organization.0,
        id,
        occurred_at,
        actor_kind: author.kind.as_str(),
        actor: author.actor,
        action: entry.action,
        object_type: entry.object_type,
        object_id: entry.object_id.as_deref(),
        request_id: &author.origin.request_id,
        payload_digest,
        grant: author.grant,
        firm: author.firm,
    }
}

async fn run(connection: &Connection, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<(), StoreError> {
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let changed = connection.execute_raw(statement).await?.rows_affected();
    if changed != 1 {
        return Err(StoreError::internal("the audit chain could not be extended"));
    }
    Ok(())
}
