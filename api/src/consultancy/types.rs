//! Consultant grants as the schema has them.

use async_graphql::{Enum, ID, Object};
use chrono::{DateTime, Utc};
use domain::ids::{ConsultantGrantId, OrganizationId};
use store::{
    access::{Admin, Area},
    consultancy::Grantee,
};

use crate::{
    graphql::{
        connection::connection,
        error::ApiError,
        id::{GlobalId, Kind},
        tenant::Tenant,
    },
    identity::AccessLevel,
};

/// Where a consultant grant is in its life
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "store::consultancy::GrantState")]
pub(crate) enum ConsultantGrantState {
    /// Given to an e-mail address whose user has not accepted it yet
    Pending,
    /// In force
    Active,
    /// It came to the end of its time
    Expired,
    /// It was revoked, given back or renewed before the end of its time
    Ended,
}

#[derive(Clone)]
pub(crate) struct ConsultantGrant {
    pub(super) organization: OrganizationId,
    pub(super) grant: store::consultancy::ConsultantGrant,
    /// The instant at which it is in its state.
    pub(super) at: DateTime<Utc>,
}

connection!(ConsultantGrant, ConsultantGrantConnection, ConsultantGrantEdge, "consultant grants", total_count);

/// The global identifier of a grant.
pub(super) fn grant_id(organization: OrganizationId, grant: ConsultantGrantId) -> ID {
    GlobalId::Tenant { kind: Kind::ConsultantGrant, organization, id: grant.0 }.encode()
}

impl ConsultantGrant {
    /// The grant with this identifier; hidden from all but admins.
    pub(crate) async fn load(tenant: &Tenant, id: uuid::Uuid) -> Result<Option<Self>, ApiError> {
        let organization = tenant.organization();
        let Ok(admin) = tenant.scope().actor().scope::<Admin>(organization, Area::Access) else { return Ok(None) };
        let grant = tenant.read_as(&admin).await?.consultant_grants().by_id(ConsultantGrantId(id)).await?;
        let at = tenant.store().clock().now();
        Ok(grant.map(|grant| Self { organization, grant, at }))
    }
}

/// Access that an organization lends to a consultant: to a user, or to a firm, whose admins say who of its staff uses it
#[Object]
impl ConsultantGrant {
    /// Global identifier
    pub(crate) async fn id(&self) -> ID {
        grant_id(self.organization, self.grant.id)
    }

    /// What the organization calls the consultant or the firm
    async fn name(&self) -> &str {
        &self.grant.name
    }

    /// E-mail address that access is lent to; null for a firm
    async fn email(&self) -> Option<&str> {
        match &self.grant.grantee {
            Grantee::Email(email) => Some(email),
            Grantee::Firm(_) => None,
        }
    }

    /// Global identifier of the firm, an organization, that access is lent to; null for a user
    async fn firm_id(&self) -> Option<ID> {
        match &self.grant.grantee {
            Grantee::Email(_) => None,
            Grantee::Firm(firm) => Some(GlobalId::Organization(*firm).encode()),
        }
    }

    /// What the grant allows
    async fn access_level(&self) -> AccessLevel {
        self.grant.level.into()
    }

    /// Families of roles that the grant is limited to; null for all. A limited grant shows nothing but these roles
    async fn families(&self) -> Option<&[String]> {
        self.grant.families.as_deref()
    }

    /// Why access was lent
    async fn reason(&self) -> &str {
        &self.grant.reason
    }

    /// Where the grant is in its life
    async fn state(&self) -> ConsultantGrantState {
        self.grant.state(self.at).into()
    }

    /// When access was lent
    async fn granted_at(&self) -> DateTime<Utc> {
        self.grant.granted_at
    }

    /// When the user accepted it; null before that, and for a firm, which need not
    async fn accepted_at(&self) -> Option<DateTime<Utc>> {
        self.grant.accepted_at
    }

    /// When the grant ends by itself
    async fn expires_at(&self) -> DateTime<Utc> {
        self.grant.expires_at
    }

    /// When the grant was ended before the end of its time; null while it lasts, and when it has expired
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.grant.ended_at.filter(|ended_at| *ended_at < self.grant.expires_at)
    }

    /// Global identifier of the grant that this one took the place of
    async fn renewed_from_id(&self) -> Option<ID> {
        self.grant.renewed_from.map(|grant| grant_id(self.organization, grant))
    }
}
