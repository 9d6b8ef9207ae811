//! A change of members or invitations: made within a transaction, and kept with its audit entry or given up.

use serde_json::Value;
use store::{
    access::{Admin, TenantScope},
    audit::AuditEntry,
    tenant::TenantTx,
};
use uuid::Uuid;

use crate::graphql::{
    error::ApiError,
    id::object_name,
    user_error::{Outcome, UserError},
};

/// What was written, and the entry to keep it with; or why nothing was.
pub(super) type Change<T> = Result<Result<(T, AuditEntry), UserError>, ApiError>;

/// Keeps what was written, or gives it up.
pub(super) async fn finish<T>(tx: TenantTx<Admin>, change: Result<(T, AuditEntry), UserError>) -> Outcome<T> {
    match change {
        Ok((value, entry)) => {
            tx.commit(entry).await?;
            Ok(Ok(value))
        }
        Err(error) => {
            tx.rollback().await?;
            Ok(Err(vec![error]))
        }
    }
}

/// The audit entry of a change of an object of the scope's organization.
pub(super) fn entry(
    scope: &TenantScope<Admin>,
    action: &'static str,
    object_type: &'static str,
    id: Uuid,
    payload: Value,
) -> AuditEntry {
    AuditEntry::new(action, object_type, object_name(scope.organization(), object_type, id), payload)
}
