//! Members of an organization.

use async_graphql::{Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use store::{
    access::{Area, Level},
    organizations::MemberOrderField as Field,
};

use crate::{
    graphql::{
        connection::{connection, count, with_cursors},
        error::ApiError,
        id::{GlobalId, Kind},
        page::{CursorScope, OrderKind, PageArguments},
        tenant::Tenant,
    },
    identity::AccessLevel,
    roles::{OrderDirection, refuse_text},
};

#[derive(Clone)]
pub(crate) struct Member {
    tenant: Tenant,
    member: store::organizations::Member,
}

connection!(Member, MemberConnection, MemberEdge, "members", total_count);

/// What the caller may do with a member
#[derive(SimpleObject)]
pub(crate) struct MemberPermissions {
    /// Whether the caller may change the member's access level; the only admin stays an admin all the same
    can_change_level: bool,
    /// Whether the caller may remove the member; the only admin stays all the same
    can_remove: bool,
}

/// Which members are wanted; all that are given must hold
#[derive(Default, InputObject)]
pub(crate) struct MemberFilter {
    /// The access level is one of these
    access_level: Option<Vec<AccessLevel>>,
    /// The name or the e-mail address contains this text, whatever its case
    text_contains: Option<String>,
}

/// By what members are ordered
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "Field")]
pub(crate) enum MemberOrderField {
    /// By name, whatever its case
    Name,
    /// By the time when the user became a member
    JoinedAt,
}

/// An order of members
#[derive(Clone, Copy, InputObject)]
pub(crate) struct MemberOrder {
    /// By what
    field: MemberOrderField,
    /// In which direction
    direction: OrderDirection,
}

impl Member {
    pub(crate) fn new(tenant: Tenant, member: store::organizations::Member) -> Self {
        Self { tenant, member }
    }

    pub(crate) async fn load(tenant: Tenant, id: uuid::Uuid) -> Result<Option<Self>, ApiError> {
        let member = tenant.read().await?.members().by_id(id).await?;
        Ok(member.map(|member| Self { tenant, member }))
    }
}

/// A user with an access level in an organization, as the organization sees the user
#[Object]
impl Member {
    /// Global identifier
    pub(crate) async fn id(&self) -> ID {
        let id = self.member.id.0;
        GlobalId::Tenant { kind: Kind::Member, organization: self.tenant.organization(), id }.encode()
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

    /// Whether the member is the caller
    async fn is_viewer(&self) -> bool {
        self.tenant.scope().actor().user() == Some(self.member.user)
    }

    /// What the caller may do with the member
    async fn viewer_permissions(&self) -> MemberPermissions {
        let manages = self.tenant.scope().rights().level(Area::Members) == Some(Level::Admin);
        MemberPermissions { can_change_level: manages, can_remove: manages }
    }
}

/// A page of the organization's live members.
pub(super) async fn members(
    tenant: &Tenant,
    filter: Option<MemberFilter>,
    order: Option<MemberOrder>,
    arguments: &PageArguments,
    wants_total: bool,
) -> Result<MemberConnection, ApiError> {
    tenant.require(Area::Members)?;
    let filter = filter.unwrap_or_default();
    filter.text_contains.as_deref().map_or(Ok(()), refuse_text)?;
    let filter = store::organizations::MemberFilter {
        levels: filter.access_level.map(|levels| levels.into_iter().map(Into::into).collect()),
        text_contains: filter.text_contains,
    };
    let as_they_joined = MemberOrder { field: MemberOrderField::JoinedAt, direction: OrderDirection::Ascending };
    let order = order.unwrap_or(as_they_joined);
    let order = store::organizations::MemberOrder { field: order.field.into(), direction: order.direction.into() };
    let kind = match order.field {
        Field::Name => OrderKind::Text,
        Field::JoinedAt => OrderKind::Instant,
    };
    let scope = CursorScope::of(("members", tenant.organization(), format!("{filter:?} {order:?}")), kind);
    let request = arguments.request(scope)?;
    let reader = tenant.read().await?;
    let page = reader.members().page(&filter, order, &request).await?;
    let total = if wants_total { Some(count(reader.members().count(&filter).await?)) } else { None };
    let page = with_cursors(page, &request, scope).map(|member| Member::new(tenant.clone(), member));
    Ok(MemberConnection::new(page, total))
}
