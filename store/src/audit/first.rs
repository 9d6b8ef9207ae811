//! A chain that begins with an entry of this program, as rows: for organizations that are written in bulk.

use chrono::{DateTime, Utc};
use entity::{audit_event, audit_head, audit_payload};
use uuid::Uuid;

use super::{
    ActorKind, AuditEntry,
    digest::{BEGINNING, Content, FORMAT, link, of_payload},
};

/// The rows of a chain with one entry.
pub(crate) struct FirstEntry {
    pub(crate) head: audit_head::Model,
    pub(crate) event: audit_event::Model,
    pub(crate) payload: audit_payload::Model,
}

impl FirstEntry {
    /// The entry of somebody at the command line. `salt` must be random where the payload is to be kept secret after it was
    /// erased.
    pub(crate) fn of_operator(
        organization: Uuid,
        entry: AuditEntry,
        request_id: &str,
        (id, salt): (Uuid, [u8; 16]),
        now: DateTime<Utc>,
    ) -> Self {
        let payload = entry.payload.to_string();
        let payload_digest = of_payload(FORMAT, &salt, &payload, None);
        let kind = ActorKind::Operator.as_str();
        let content = Content {
            organization,
            id,
            occurred_at: now,
            actor_kind: kind,
            actor: None,
            action: entry.action,
            object_type: entry.object_type,
            object_id: entry.object_id.as_deref(),
            request_id,
            payload_digest: &payload_digest,
            grant: None,
            firm: None,
        };
        let hash = link(&BEGINNING, 1, &content.digest(FORMAT));
        let event = audit_event::Model {
            org_id: organization,
            id,
            seq: 1,
            occurred_at: now,
            actor_id: None,
            actor_kind: kind.to_owned(),
            action: entry.action.to_owned(),
            object_type: entry.object_type.to_owned(),
            object_id: entry.object_id,
            request_id: request_id.to_owned(),
            payload_digest,
            hash: hash.clone(),
            format: FORMAT,
            grant_id: None,
            firm_id: None,
        };
        let payload =
            audit_payload::Model { org_id: organization, event_id: id, salt: salt.to_vec(), payload, address: None };
        Self { head: audit_head::Model { org_id: organization, seq: 1, hash }, event, payload }
    }
}
