//! Members of an organization.

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use domain::ids::OrganizationId;
use store::access::Area;

use crate::{
    graphql::{
        connection::{connection, count, with_cursors},
        error::ApiError,
        id::{GlobalId, Kind},
        page::{CursorScope, OrderKind, PageArguments},
        tenant::Tenant,
    },
    identity::AccessLevel,
};

#[derive(Clone)]
pub(crate) struct Member {
    organization: OrganizationId,
    member: store::organizations::Member,
}

connection!(Member, MemberConnection, MemberEdge, "members", total_count);

impl Member {
    pub(crate) fn new(organization: OrganizationId, member: store::organizations::Member) -> Self {
        Self { organization, member }
    }

    pub(crate) async fn load(tenant: &Tenant, id: uuid::Uuid) -> Result<Option<Self>, ApiError> {
        let member = tenant.read().await?.members().by_id(id).await?;
        Ok(member.map(|member| Self { organization: tenant.organization(), member }))
    }
}

/// A user with an access level in an organization, as the organization sees the user
#[Object]
impl Member {
    /// Global identifier
    pub(crate) async fn id(&self) -> ID {
        let id = self.member.id.0;
        GlobalId::Tenant { kind: Kind::Member, organization: self.organization, id }.encode()
    }

    /// Name of the user
    async fn name(&self) -> &str {
        &self.member.name
    }

    /// E-mail address of the user
    async fn email(&self) -> &str {
        &self.member.email
    }

    /// What the member may do in the organization
    async fn access_level(&self) -> AccessLevel {
        self.member.level.into()
    }

    /// When the user became a member
    async fn joined_at(&self) -> DateTime<Utc> {
        self.member.joined_at
    }
}

/// A page of the organization's live members.
pub(super) async fn members(
    tenant: &Tenant,
    arguments: &PageArguments,
    wants_total: bool,
) -> Result<MemberConnection, ApiError> {
    tenant.require(Area::Members)?;
    let scope = CursorScope::of(("members", tenant.organization()), OrderKind::Instant);
    let request = arguments.request(scope)?;
    let reader = tenant.read().await?;
    let page = reader.members().page(&request).await?;
    let total = if wants_total { Some(count(reader.members().count().await?)) } else { None };
    let organization = tenant.organization();
    Ok(MemberConnection::new(with_cursors(page, &request, scope).map(|member| Member { organization, member }), total))
}
