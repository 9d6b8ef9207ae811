//! Invitations to become a member.

use async_graphql::{Enum, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use store::access::{Admin, Area, TenantScope};

use super::members::Member;
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

type Record = store::organizations::Invitation;

#[derive(Clone)]
pub(crate) struct Invitation {
    tenant: Tenant,
    invitation: Record,
}

connection!(Invitation, InvitationConnection, InvitationEdge, "invitations", total_count);

/// What became of an invitation
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "store::organizations::InvitationState")]
pub(crate) enum InvitationState {
    /// It can be accepted
    Open,
    /// The invited person is, or was, a member by it
    Accepted,
    /// An admin took it back
    Ended,
    /// Its time ran out
    Expired,
}

/// Which invitations are wanted
#[derive(Default, InputObject)]
pub(crate) struct InvitationFilter {
    /// The state is one of these
    state: Option<Vec<InvitationState>>,
}

impl Invitation {
    pub(super) fn new(tenant: Tenant, invitation: Record) -> Self {
        Self { tenant, invitation }
    }

    /// The invitation with this identifier; hidden from all but admins.
    pub(crate) async fn load(tenant: Tenant, id: uuid::Uuid) -> Result<Option<Self>, ApiError> {
        let Ok(admin) = admin_scope(&tenant) else { return Ok(None) };
        let invitation = tenant.store().read(&admin).await?.invitations().by_id(id).await?;
        Ok(invitation.map(|invitation| Self { tenant, invitation }))
    }
}

/// An invitation to become a member of an organization, bound to an e-mail address; for admins to see
#[Object]
impl Invitation {
    /// Global identifier
    pub(crate) async fn id(&self) -> ID {
        let id = self.invitation.id.0;
        GlobalId::Tenant { kind: Kind::Invitation, organization: self.tenant.organization(), id }.encode()
    }

    /// E-mail address that it was sent to
    async fn email(&self) -> &str {
        &self.invitation.email
    }

    /// What the new member may do
    async fn access_level(&self) -> AccessLevel {
        self.invitation.level.into()
    }

    /// Whether it can be accepted, and if not, why
    async fn state(&self) -> InvitationState {
        self.invitation.state.into()
    }

    /// When it was made
    async fn invited_at(&self) -> DateTime<Utc> {
        self.invitation.invited_at
    }

    /// From when on it cannot be accepted any more
    async fn expires_at(&self) -> DateTime<Utc> {
        self.invitation.expires_at
    }

    /// When it was accepted; null if it was not
    async fn accepted_at(&self) -> Option<DateTime<Utc>> {
        self.invitation.accepted_at
    }

    /// Who invited; null once that user is no member any more
    async fn invited_by(&self) -> Option<Result<Member, ApiError>> {
        let member = self.tenant.member_of_user(self.invitation.invited_by).await.transpose()?;
        Some(member.map(|member| Member::new(self.tenant.clone(), member)))
    }
}

/// The right to see and change invitations.
fn admin_scope(tenant: &Tenant) -> Result<TenantScope<Admin>, ApiError> {
    tenant.scope().actor().scope::<Admin>(tenant.organization(), Area::Members).map_err(ApiError::insufficient)
}

/// A page of the organization's invitations, the newest first.
pub(super) async fn invitations(
    tenant: &Tenant,
    filter: Option<InvitationFilter>,
    arguments: &PageArguments,
    wants_total: bool,
) -> Result<InvitationConnection, ApiError> {
    let admin = admin_scope(tenant)?;
    let states = filter.unwrap_or_default().state.map(|states| states.into_iter().map(Into::into).collect());
    let filter = store::organizations::InvitationFilter { states };
    let scope = CursorScope::of(("invitations", tenant.organization(), format!("{filter:?}")), OrderKind::Instant);
    let request = arguments.request(scope)?;
    let reader = tenant.store().read(&admin).await?;
    let page = reader.invitations().page(&filter, &request).await?;
    let total = if wants_total { Some(count(reader.invitations().count(&filter).await?)) } else { None };
    let page = with_cursors(page, &request, scope).map(|invitation| Invitation::new(tenant.clone(), invitation));
    Ok(InvitationConnection::new(page, total))
}
