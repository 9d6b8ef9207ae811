//! Entries of the audit log as the schema has them.

use std::fmt::Write;

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use domain::ids::{ApiKeyId, UserId};
use store::{audit::ActorKind, organizations::KnownUser};

use crate::{
    graphql::{
        connection::connection,
        error::ApiError,
        id::{GlobalId, Kind},
        tenant::Tenant,
    },
    organizations::Member,
};

#[derive(Clone)]
pub(crate) struct AuditEvent {
    pub(super) tenant: Tenant,
    pub(super) event: store::audit::AuditEvent,
}

impl AuditEvent {
    fn is_by(&self, kind: ActorKind) -> bool {
        self.event.actor_kind == kind.as_str()
    }

    async fn known_user(&self) -> Result<Option<KnownUser>, ApiError> {
        match self.event.actor {
            Some(user) if self.is_by(ActorKind::User) => self.tenant.user(UserId(user)).await,
            _ => Ok(None),
        }
    }
}

connection!(AuditEvent, AuditEventConnection, AuditEventEdge, "entries of the audit log", total_count);

/// An entry of an organization's audit log: who did what to which object, and when
#[Object]
impl AuditEvent {
    /// Global identifier
    pub(crate) async fn id(&self) -> ID {
        let organization = self.tenant.organization();
        GlobalId::Tenant { kind: Kind::AuditEvent, organization, id: self.event.id }.encode()
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

    /// Identifier of the user or the API key that acted, stable within the audit log; null for the operator
    async fn actor_id(&self) -> Option<String> {
        self.event.actor.map(|actor| actor.to_string())
    }

    /// Global identifier of the consultant grant by which the actor was let in; null for members
    async fn grant_id(&self) -> Option<ID> {
        let (kind, organization) = (Kind::ConsultantGrant, self.tenant.organization());
        self.event.grant.map(|grant| GlobalId::Tenant { kind, organization, id: grant.0 }.encode())
    }

    /// Global identifier of the firm, an organization, on whose behalf the actor used the grant
    async fn on_behalf_of_id(&self) -> Option<ID> {
        self.event.firm.map(|firm| GlobalId::Organization(firm).encode())
    }

    /// Address that the request came from; null for the command line, and once the details have been erased
    async fn address(&self) -> Option<&str> {
        self.event.address.as_deref()
    }

    /// The member who acted; null for others, and once the member has left
    async fn actor(&self) -> Option<Result<Member, ApiError>> {
        let known = self.known_user().await.transpose()?;
        known.map(|known| known.is_live.then(|| Member::new(self.tenant.clone(), known.member))).transpose()
    }

    /// Name of the member who acted, also of one who has left, or of the API key; null where the organization knows none
    async fn actor_name(&self) -> Option<Result<String, ApiError>> {
        if let (Some(key), true) = (self.event.actor, self.is_by(ActorKind::ApiKey)) {
            return self.tenant.key_name(ApiKeyId(key)).await.transpose();
        }
        self.known_user().await.map(|known| known.map(|known| known.member.name)).transpose()
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
