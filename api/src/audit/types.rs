//! Entries of the audit log as the schema has them.

use std::fmt::Write;

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use domain::ids::OrganizationId;

use crate::graphql::{
    connection::connection,
    id::{GlobalId, Kind},
};

#[derive(Clone)]
pub(crate) struct AuditEvent {
    pub(super) organization: OrganizationId,
    pub(super) event: store::audit::AuditEvent,
}

connection!(AuditEvent, AuditEventConnection, AuditEventEdge, "entries of the audit log", total_count);

/// An entry of an organization's audit log: who did what to which object, and when
#[Object]
impl AuditEvent {
    /// Global identifier
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Tenant { kind: Kind::AuditEvent, organization: self.organization, id: self.event.id }.encode()
    }

    /// Place in the organization's chain, from 1 without a gap
    async fn sequence_number(&self) -> f64 {
        // Exact up to 2^53, which a 32-bit Int would not be.
        self.event.seq as f64
    }

    /// When it happened
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.event.occurred_at
    }

    /// What kind of caller acted: USER, API_KEY, or OPERATOR for the command line
    async fn actor_kind(&self) -> &str {
        &self.event.actor_kind
    }

    /// Identifier of the user or the API key that acted, stable within the audit log; null for the command line
    async fn actor_id(&self) -> Option<String> {
        self.event.actor.map(|actor| actor.to_string())
    }

    /// What was done, such as roleConfiguration.publish
    async fn action(&self) -> &str {
        &self.event.action
    }

    /// Kind of object that it was done to
    async fn object_type(&self) -> &str {
        &self.event.object_type
    }

    /// Global identifier of that object
    async fn object_id(&self) -> Option<&str> {
        self.event.object_id.as_deref()
    }

    /// The request that it was done in; the same as in the answer's headers and in the server's log
    async fn request_id(&self) -> &str {
        &self.event.request_id
    }

    /// Details as JSON, with what changed before and after; null once they have been erased
    async fn details(&self) -> Option<&str> {
        self.event.payload.as_deref()
    }

    /// Hash of the chain up to and with this entry, in hexadecimal digits
    async fn hash(&self) -> String {
        self.event.hash.iter().fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
