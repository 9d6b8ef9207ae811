//! Objects by their global identifier.

use async_graphql::{Context, ID, Interface, Object};
use domain::ids::{RoleConfigurationId, RoleVersionId};

use super::{
    context::ContextExt,
    error::ApiError,
    id::{GlobalId, Kind},
    tenant::Tenant,
};
use crate::{
    audit::AuditEvent,
    benchmark::{BenchmarkReceipt, BenchmarkRelease},
    consultancy::{ConsultantGrant, FirmAssignment},
    identity::{UserSession, Viewer},
    keys::ApiKey,
    library::CanonicalRole,
    organizations::{Invitation, Member, Organization},
    roles::{RoleConfiguration, RoleVersion},
    scenarios::Scenario,
};

/// An object with a global identifier
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Global identifier"))]
pub(crate) enum Node {
    ApiKey(ApiKey),
    AuditEvent(AuditEvent),
    BenchmarkReceipt(BenchmarkReceipt),
    BenchmarkRelease(BenchmarkRelease),
    CanonicalRole(CanonicalRole),
    ConsultantGrant(ConsultantGrant),
    FirmAssignment(FirmAssignment),
    Invitation(Invitation),
    Member(Member),
    Organization(Organization),
    RoleConfiguration(RoleConfiguration),
    RoleVersion(RoleVersion),
    Scenario(Scenario),
    UserSession(UserSession),
}

/// Most objects that one `nodes` gives.
const NODES_MAXIMUM: usize = 100;

/// Root fields that belong to no context.
#[derive(Default)]
pub(crate) struct NodeQueries;

#[Object]
impl NodeQueries {
    /// The object with this global identifier; null when it does not exist or is not visible
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global identifier")] id: ID,
    ) -> Option<Result<Node, ApiError>> {
        load(ctx, &id).await.transpose()
    }

    /// The objects with these global identifiers, in their order; null for those that do not exist or are not visible
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Up to 100 global identifiers")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, ApiError> {
        if ids.len() > NODES_MAXIMUM {
            let message = format!("ids has {} entries; ask for at most {NODES_MAXIMUM} at a time.", ids.len());
            return Err(ApiError::BadUserInput(message));
        }
        // At the same time, so that the loaders ask once for all of them.
        futures_util::future::try_join_all(ids.iter().map(|id| load(ctx, id))).await
    }

    /// The organization with this global identifier; null when it does not exist or is not visible
    async fn organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global identifier of the organization")] id: ID,
    ) -> Option<Result<Organization, ApiError>> {
        let tenant = super::id::organization_id(&id).and_then(|organization| ctx.request().tenant(organization));
        tenant.map(|tenant| tenant.map(Organization::new)).transpose()
    }

    /// The caller of the request; null when nobody is signed in
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        ctx.request().actor().ok().map(|actor| Viewer { actor: actor.clone() })
    }
}

async fn load(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>, ApiError> {
    let request = ctx.request();
    request.actor()?;
    match GlobalId::decode(id)? {
        GlobalId::Organization(organization) => {
            Ok(request.tenant(organization)?.map(|tenant| Organization::new(tenant).into()))
        }
        GlobalId::CanonicalRole(key) => Ok(CanonicalRole::load(ctx, &key).await?.map(Into::into)),
        GlobalId::BenchmarkRelease(key) => Ok(BenchmarkRelease::load(ctx, &key).await?.map(Into::into)),
        GlobalId::UserSession(session) => Ok(UserSession::load(request, session).await?.map(Into::into)),
        GlobalId::Tenant { kind, organization, id } => match request.tenant(organization)? {
            Some(tenant) => of_tenant(tenant, kind, id).await,
            None => Ok(None),
        },
    }
}

async fn of_tenant(tenant: Tenant, kind: Kind, id: uuid::Uuid) -> Result<Option<Node>, ApiError> {
    Ok(match kind {
        Kind::RoleConfiguration => RoleConfiguration::load(tenant, RoleConfigurationId(id)).await?.map(Into::into),
        Kind::RoleVersion => {
            let version = tenant.version_by_id(RoleVersionId(id)).await?;
            version.map(|version| RoleVersion::new(tenant, version).into())
        }
        Kind::Scenario => Scenario::load(tenant, id).await?.map(Into::into),
        Kind::ApiKey => ApiKey::load(&tenant, id).await?.map(Into::into),
        Kind::ConsultantGrant => ConsultantGrant::load(&tenant, id).await?.map(Into::into),
        Kind::FirmAssignment => FirmAssignment::load(&tenant, id).await?.map(Into::into),
        Kind::Invitation => Invitation::load(tenant, id).await?.map(Into::into),
        Kind::Member => Member::load(tenant, id).await?.map(Into::into),
        Kind::AuditEvent => AuditEvent::load(&tenant, id).await?.map(Into::into),
        Kind::BenchmarkReceipt => BenchmarkReceipt::load(&tenant, id).await?.map(Into::into),
    })
}
