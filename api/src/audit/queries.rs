//! Reading the audit log.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use store::{
    access::{Admin, Area, TenantScope},
    audit::AuditFilter,
};

use super::types::{AuditEvent, AuditEventConnection};
use crate::{
    graphql::{
        connection::{count, with_cursors},
        error::ApiError,
        page::{CursorScope, OrderKind, PageArguments, is_storable},
        tenant::Tenant,
    },
    roles::refuse_text,
};

/// Which entries of the audit log are wanted; all that are given must hold
#[derive(Debug, Default, InputObject)]
pub(crate) struct AuditEventFilter {
    /// This action, such as roleConfiguration.publish
    action: Option<String>,
    /// This kind of object, such as RoleConfiguration
    object_type: Option<String>,
    /// The object with this global identifier
    object_id: Option<String>,
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
    for text in [&filter.action, &filter.object_type, &filter.object_id].into_iter().flatten() {
        refuse_text(text)?;
    }
    for instant in [&filter.from, &filter.until].into_iter().flatten() {
        if !is_storable(instant) {
            return Err(ApiError::BadUserInput("An instant lies in the years 1 to 9999.".to_owned()));
        }
    }
    let filter = AuditFilter {
        action: filter.action,
        object_type: filter.object_type,
        object_id: filter.object_id,
        actor: None,
        grant: None,
        from: filter.from,
        until: filter.until,
    };
    let reader = tenant.read_as(&admin).await?;
    let page = reader.audit_log().page(&filter, &request).await?;
    let total = if wants_total { Some(count(reader.audit_log().count(&filter).await?)) } else { None };
    let organization = tenant.organization();
    let page = with_cursors(page, &request, scope).map(|event| AuditEvent { organization, event });
    Ok(AuditEventConnection::new(page, total))
}

impl AuditEvent {
    /// The entry with this identifier; hidden from all but admins.
    pub(crate) async fn load(tenant: &Tenant, id: uuid::Uuid) -> Result<Option<Self>, ApiError> {
        let Ok(admin) = admin_scope(tenant) else { return Ok(None) };
        let event = tenant.read_as(&admin).await?.audit_log().by_id(id).await?;
        Ok(event.map(|event| Self { organization: tenant.organization(), event }))
    }
}
