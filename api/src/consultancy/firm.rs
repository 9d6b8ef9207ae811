//! A firm's side: the clients that have let it in, and who of its staff enters which.

use std::collections::HashMap;

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use domain::ids::{FirmAssignmentId, OrganizationId};
use serde_json::json;
use store::{
    StoreError,
    access::{Admin, Area, TenantScope},
    audit::AuditEntry,
};

use super::{inputs::AssignConsultantInput, types::grant_id};
use crate::{
    graphql::{
        connection::{connection, count, with_cursors},
        context::RequestContext,
        error::ApiError,
        id::{GlobalId, Kind, organization_id, tenant_id},
        page::{CursorScope, OrderKind, PageArguments},
        tenant::Tenant,
        user_error::{Outcome, UserError, UserErrorCode},
    },
    identity::AccessLevel,
    organizations::Member,
};

/// Most members that one client has assigned.
const ASSIGNED_MAXIMUM: u64 = 50;

#[derive(Clone)]
pub(crate) struct FirmAssignment {
    /// The firm.
    tenant: Tenant,
    assignment: store::consultancy::FirmAssignment,
}

impl FirmAssignment {
    /// The assignment with this identifier; hidden from all but the firm's admins.
    pub(crate) async fn load(tenant: &Tenant, id: uuid::Uuid) -> Result<Option<Self>, ApiError> {
        let organization = tenant.organization();
        let Ok(admin) = tenant.scope().actor().scope::<Admin>(organization, Area::Access) else { return Ok(None) };
        let assignment = tenant.read_as(&admin).await?.assignments().by_id(FirmAssignmentId(id)).await?;
        Ok(assignment.map(|assignment| Self { tenant: tenant.clone(), assignment }))
    }

    fn global_id(&self) -> ID {
        let (organization, id) = (self.tenant.organization(), self.assignment.id.0);
        GlobalId::Tenant { kind: Kind::FirmAssignment, organization, id }.encode()
    }
}

/// A member of a firm who may enter a client, as long as the member stays and the client lets the firm in
#[Object]
impl FirmAssignment {
    /// Global identifier
    pub(crate) async fn id(&self) -> ID {
        self.global_id()
    }

    /// The member of the firm; null once the membership has ended, and with it the assignment
    async fn member(&self) -> Option<Member> {
        self.assignment.member.clone().map(|member| Member::new(self.tenant.clone(), member))
    }

    /// Global identifier of the client, an organization
    async fn client_organization_id(&self) -> ID {
        GlobalId::Organization(self.assignment.client).encode()
    }

    /// When the member was assigned
    async fn assigned_at(&self) -> DateTime<Utc> {
        self.assignment.assigned_at
    }

    /// When the assignment was ended; null while it lasts
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.assignment.ended_at
    }
}

#[derive(Clone)]
pub(crate) struct FirmClient {
    client: store::consultancy::FirmClient,
    assignments: Vec<FirmAssignment>,
}

connection!(FirmClient, FirmClientConnection, FirmClientEdge, "clients of a firm", total_count);

/// An organization that has let a firm in, and how far
#[Object]
impl FirmClient {
    /// Global identifier of the client, an organization
    async fn organization_id(&self) -> ID {
        GlobalId::Organization(self.client.organization).encode()
    }

    /// Name of the client
    async fn name(&self) -> &str {
        &self.client.name
    }

    /// Global identifier of the client's grant, with which declineConsultantGrant gives it back
    async fn grant_id(&self) -> ID {
        grant_id(self.client.organization, self.client.grant)
    }

    /// What the grant allows
    async fn access_level(&self) -> AccessLevel {
        self.client.level.into()
    }

    /// Families of roles that the grant is limited to; null for all
    async fn families(&self) -> Option<&[String]> {
        self.client.families.as_deref()
    }

    /// Why the client lends access
    async fn reason(&self) -> &str {
        &self.client.reason
    }

    /// When the client lent access
    async fn granted_at(&self) -> DateTime<Utc> {
        self.client.granted_at
    }

    /// When the grant ends by itself
    async fn expires_at(&self) -> DateTime<Utc> {
        self.client.expires_at
    }

    /// Members of the firm who may enter the client, in the order in which they were assigned
    async fn assignments(&self) -> &[FirmAssignment] {
        &self.assignments
    }
}

/// A page of the clients that let a firm in.
pub(crate) async fn firm_clients(
    tenant: &Tenant,
    arguments: &PageArguments,
    wants_total: bool,
) -> Result<FirmClientConnection, ApiError> {
    let organization = tenant.organization();
    let admin = tenant.scope().actor().scope::<Admin>(organization, Area::Access).map_err(ApiError::insufficient)?;
    let scope = CursorScope::of(("firmClients", organization), OrderKind::Instant);
    let request = arguments.request(scope)?;
    let page = tenant.store().firm_clients(&admin, &request).await?;
    let total = if wants_total { Some(count(tenant.store().count_firm_clients(&admin).await?)) } else { None };
    let clients: Vec<OrganizationId> = page.items.iter().map(|(_, client)| client.organization).collect();
    let mut assigned: HashMap<OrganizationId, Vec<FirmAssignment>> = HashMap::new();
    for assignment in tenant.read_as(&admin).await?.assignments().to_clients(&clients).await? {
        assigned.entry(assignment.client).or_default().push(FirmAssignment { tenant: tenant.clone(), assignment });
    }
    let page = with_cursors(page, &request, scope).map(|client| {
        let assignments = assigned.remove(&client.organization).unwrap_or_default();
        FirmClient { client, assignments }
    });
    Ok(FirmClientConnection::new(page, total))
}

pub(super) async fn assign(request: &RequestContext, input: AssignConsultantInput) -> Outcome<FirmAssignment> {
    let Some(scope) = request.organization_scope::<Admin>(&input.organization_id, Area::Access)? else {
        return Ok(Err(vec![UserError::not_found("organizationId")]));
    };
    let client = organization_id(&input.client_organization_id)?;
    let (of_member, member) = tenant_id(&input.member_id, Kind::Member)?;
    // Before the transaction, which would hold one connection while it waits for another.
    let mut errors = Vec::new();
    if !request.store().is_client_of(&scope, client).await? {
        errors.push(UserError::not_found("clientOrganizationId"));
    }
    let is_here = of_member == scope.organization();
    let member = if is_here { request.store().read(&scope).await?.members().by_id(member).await? } else { None };
    let Some(member) = member.filter(|_| errors.is_empty()) else {
        if errors.is_empty() {
            errors.push(UserError::not_found("memberId"));
        }
        return Ok(Err(errors));
    };
    keep(request, &scope, client, &member).await
}

async fn keep(
    request: &RequestContext,
    scope: &TenantScope<Admin>,
    client: OrganizationId,
    member: &store::organizations::Member,
) -> Outcome<FirmAssignment> {
    let tx = request.store().begin(scope).await?;
    if tx.reader().assignments().count_to_client(client).await? >= ASSIGNED_MAXIMUM {
        tx.rollback().await?;
        let message = format!("{ASSIGNED_MAXIMUM} members are assigned to the client; end one assignment first");
        return Ok(Err(vec![UserError::at("clientOrganizationId", UserErrorCode::TooMany, message)]));
    }
    match tx.assign(member, client).await {
        Ok(assignment) => {
            let assignment = FirmAssignment { tenant: request.fresh_tenant(scope), assignment };
            tx.commit(entry("firmAssignment.create", &assignment)).await?;
            request.store().forget_callers(scope.organization());
            Ok(Ok(assignment))
        }
        Err(StoreError::Taken(_)) => {
            tx.rollback().await?;
            let message = "the member is assigned to the client already";
            Ok(Err(vec![UserError::at("memberId", UserErrorCode::Taken, message)]))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn unassign(request: &RequestContext, id: &ID) -> Outcome<FirmAssignment> {
    let Some((scope, id)) = request.object_scope::<Admin>(id, Kind::FirmAssignment, Area::Access)? else {
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    let id = FirmAssignmentId(id);
    let tx = request.store().begin(&scope).await?;
    let is_ended = tx.unassign(id).await?;
    let Some(assignment) = tx.reader().assignments().by_id(id).await? else {
        tx.rollback().await?;
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    if !is_ended {
        tx.rollback().await?;
        let message = "the assignment has ended already";
        return Ok(Err(vec![UserError::at("id", UserErrorCode::WrongState, message)]));
    }
    let assignment = FirmAssignment { tenant: request.fresh_tenant(&scope), assignment };
    tx.commit(entry("firmAssignment.end", &assignment)).await?;
    request.store().forget_callers(scope.organization());
    Ok(Ok(assignment))
}

fn entry(action: &'static str, assignment: &FirmAssignment) -> AuditEntry {
    let of = &assignment.assignment;
    let organization = assignment.tenant.organization();
    let member = of
        .member
        .as_ref()
        .map(|member| GlobalId::Tenant { kind: Kind::Member, organization, id: member.id.0 }.encode().0);
    let client = GlobalId::Organization(of.client).encode().0;
    let payload = json!({ "memberId": member, "clientOrganizationId": client });
    AuditEntry::new(action, "FirmAssignment", Some(assignment.global_id().0), payload)
}
