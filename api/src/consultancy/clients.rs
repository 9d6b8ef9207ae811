//! A consultant's side: the organizations that let the caller in.

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use domain::ids::{ConsultantGrantId, OrganizationId};
use store::access::{Actor, Level, Via};

use super::types::grant_id;
use crate::{
    graphql::{
        connection::{connection, count, with_cursors},
        context::RequestContext,
        error::ApiError,
        id::GlobalId,
        in_memory::page_by_name,
        page::{CursorScope, OrderKind, PageArguments},
        tenant::Tenant,
    },
    identity::AccessLevel,
    organizations::Organization,
};

#[derive(Clone)]
pub(crate) struct Client {
    tenant: Tenant,
    grant: ConsultantGrantId,
    firm: Option<(OrganizationId, Option<String>)>,
}

connection!(Client, ClientConnection, ClientEdge, "clients", total_count);

/// An organization that lets the caller in as a consultant, by the widest grant that the caller can use
#[Object]
impl Client {
    /// The organization; all that the grant allows can be asked of it
    async fn organization(&self) -> Organization {
        Organization::new(self.tenant.clone())
    }

    /// Global identifier of the grant, with which declineConsultantGrant gives it back
    async fn grant_id(&self) -> ID {
        grant_id(self.tenant.organization(), self.grant)
    }

    /// What the grant allows
    async fn access_level(&self) -> AccessLevel {
        self.tenant.scope().rights().highest().unwrap_or(Level::Read).into()
    }

    /// Families of roles that the grant is limited to, in lower case; null for all
    async fn families(&self) -> Option<&[String]> {
        self.tenant.scope().rights().families()
    }

    /// When the grant ends by itself
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.tenant.scope().entry().until
    }

    /// Global identifier of the firm on whose behalf the caller uses the grant; null for a grant of the caller's own
    async fn firm_id(&self) -> Option<ID> {
        self.firm.as_ref().map(|(firm, _)| GlobalId::Organization(*firm).encode())
    }

    /// Name of that firm
    async fn firm_name(&self) -> Option<&str> {
        self.firm.as_ref().and_then(|(_, name)| name.as_deref())
    }
}

/// A page of the caller's clients. They are known since the caller was authenticated: nothing is read here.
pub(crate) fn clients(
    request: &RequestContext,
    actor: &Actor,
    arguments: &PageArguments,
) -> Result<ClientConnection, ApiError> {
    let scope = CursorScope::of(("clients", actor.id()), OrderKind::Text);
    let page_request = arguments.request(scope)?;
    let mut clients = Vec::new();
    for entry in actor.entries() {
        let Via::Grant { grant, firm } = entry.via else { continue };
        let Some(tenant) = request.tenant(entry.organization)? else { continue };
        let firm = firm.map(|firm| (firm, name_of(actor, firm)));
        clients.push((entry.organization_name.to_lowercase(), entry.organization.0, Client { tenant, grant, firm }));
    }
    let total = count(clients.len() as u64);
    let page = with_cursors(page_by_name(clients, &page_request), &page_request, scope);
    Ok(ClientConnection::new(page, Some(total)))
}

/// The firm's name: whoever acts for a firm can enter it.
fn name_of(actor: &Actor, firm: OrganizationId) -> Option<String> {
    actor.entries().find(|entry| entry.organization == firm).map(|entry| entry.organization_name.clone())
}
