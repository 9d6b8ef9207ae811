//! Reading the audit log.

use async_graphql::{Enum, ID, InputObject};
use chrono::{DateTime, Utc};
use domain::ids::ConsultantGrantId;
use store::{
    access::{Admin, Area, TenantScope},
    audit::AuditFilter,
};
use uuid::Uuid;

use super::types::{AuditEvent, AuditEventConnection};
use crate::{
    graphql::{
        connection::{count, with_cursors},
        error::ApiError,
        id::{Kind, tenant_id},
        page::{CursorScope, OrderKind, PageArguments, is_storable},
        tenant::Tenant,
    },
    roles::refuse_text,
};

/// What kind of caller acted
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "store::audit::ActorKind")]
pub(crate) enum AuditActorKind {
    /// A person who signed in
    User,
    /// A program with an API key
    ApiKey,
    /// Somebody at the command line, or the server by itself
    Operator,
}

/// Which entries of the audit log are wanted; all that are given must hold
#[derive(Debug, Default, InputObject)]
pub(crate) struct AuditEventFilter {
    /// This action, such as roleConfiguration.publish
    action: Option<String>,
    /// This kind of object, such as RoleConfiguration
    object_type: Option<String>,
    /// The object with this global identifier
    object_id: Option<String>,
    /// What this user or API key did, by the actorId of entries
    actor_id: Option<String>,
    /// What this kind of caller did
    actor_kind: Option<AuditActorKind>,
    /// What was done under the consultant grant with this global identifier
    grant_id: Option<ID>,
    /// What was done in this request
    request_id: Option<String>,
    /// Not before this instant
    from: Option<DateTime<Utc>>,
    /// Before this instant
    until: Option<DateTime<Utc>>,
}

/// The right to read the audit log.
fn admin_scope(tenant: &Tenant) -> Result<TenantScope<Admin>, ApiError> {
    tenant.scope().actor().scope::<Admin>(tenant.organization(), Area::Audit).map_err(ApiError::insufficient)
}

/// A page of the audit log.
pub(crate) async fn audit_events(
    tenant: &Tenant,
    filter: Option<AuditEventFilter>,
    arguments: &PageArguments,
    wants_total: bool,
) -> Result<AuditEventConnection, ApiError> {
    let admin = admin_scope(tenant)?;
    let filter = filter.unwrap_or_default();
    let scope = CursorScope::of(("audit", tenant.organization(), format!("{filter:?}")), OrderKind::Number);
    let request = arguments.request(scope)?;
    let filter = checked(filter, tenant)?;
    let reader = tenant.store().read(&admin).await?;
    let page = reader.audit_log().page(&filter, &request).await?;
    let total = if wants_total { Some(count(reader.audit_log().count(&filter).await?)) } else { None };
    let page = with_cursors(page, &request, scope).map(|event| AuditEvent { tenant: tenant.clone(), event });
    Ok(AuditEventConnection::new(page, total))
}

/// What the store is asked for.
fn checked(filter: AuditEventFilter, tenant: &Tenant) -> Result<AuditFilter, ApiError> {
    for text in [&filter.action, &filter.object_type, &filter.object_id, &filter.request_id].into_iter().flatten() {
        refuse_text(text)?;
    }
    for instant in [&filter.from, &filter.until].into_iter().flatten() {
        if !is_storable(instant) {
            return Err(ApiError::BadUserInput("An instant lies in the years 1 to 9999.".to_owned()));
        }
    }
    let actor = filter.actor_id.as_deref().map(Uuid::try_parse).transpose();
    let actor = actor.map_err(|_| ApiError::BadUserInput("actorId is not that of an entry.".to_owned()))?;
    Ok(AuditFilter {
        action: filter.action,
        object_type: filter.object_type,
        object_id: filter.object_id,
        actor,
        actor_kind: filter.actor_kind.map(Into::into),
        request_id: filter.request_id,
        grant: filter.grant_id.map(|id| grant(&id, tenant)).transpose()?,
        from: filter.from,
        until: filter.until,
    })
}

/// The grant with this identifier; one of another organization lets nobody in here, as nobody's does.
fn grant(id: &ID, tenant: &Tenant) -> Result<ConsultantGrantId, ApiError> {
    let (organization, grant) = tenant_id(id, Kind::ConsultantGrant)?;
    Ok(ConsultantGrantId(if organization == tenant.organization() { grant } else { Uuid::nil() }))
}

impl AuditEvent {
    /// The entry with this identifier; hidden from all but admins.
    pub(crate) async fn load(tenant: &Tenant, id: uuid::Uuid) -> Result<Option<Self>, ApiError> {
        let Ok(admin) = admin_scope(tenant) else { return Ok(None) };
        let event = tenant.read_as(&admin).await?.audit_log().by_id(id).await?;
        Ok(event.map(|event| Self { tenant: tenant.clone(), event }))
    }
}
