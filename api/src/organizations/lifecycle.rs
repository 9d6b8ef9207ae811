//! Renaming, closing and restoring an organization. Only its own admins do: no API key and no consultant has the right.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use store::{
    access::{Admin, Area, TenantScope},
    audit::AuditEntry,
    identity::organization_name,
    organizations::{GRACE_DAYS, OrganizationState, erased_after},
    tenant::TenantTx,
};

use super::Organization;
use crate::{
    graphql::{
        context::{ContextExt, RequestContext},
        error::ApiError,
        user_error::{Outcome, UserError, UserErrorCode},
    },
    identity::{audit_name, fault_code},
};

/// Most characters of a reason.
const REASON_MAXIMUM: usize = 1_000;

/// Input of renameOrganization
#[derive(InputObject)]
pub(crate) struct RenameOrganizationInput {
    /// Global identifier of the organization
    organization_id: ID,
    /// The new name, 1 to 200 characters
    name: String,
}

/// Input of closeOrganization
#[derive(InputObject)]
pub(crate) struct CloseOrganizationInput {
    /// Global identifier of the organization
    organization_id: ID,
    /// The organization's name, typed again to confirm
    name: String,
    /// Why, for the audit log; at most 1,000 characters
    reason: Option<String>,
}

/// Input of restoreOrganization
#[derive(InputObject)]
pub(crate) struct RestoreOrganizationInput {
    /// Global identifier of the organization
    organization_id: ID,
}

macro_rules! organization_payload {
    ($name:ident, $mutation:literal) => {
        #[doc = concat!("Answer of ", $mutation)]
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            /// The organization as it is now; null when there are errors
            organization: Option<Organization>,
            /// What is wrong with the input; nothing was changed then
            user_errors: Vec<UserError>,
        }

        impl From<Result<Organization, Vec<UserError>>> for $name {
            fn from(result: Result<Organization, Vec<UserError>>) -> Self {
                match result {
                    Ok(organization) => Self { organization: Some(organization), user_errors: Vec::new() },
                    Err(user_errors) => Self { organization: None, user_errors },
                }
            }
        }
    };
}

organization_payload!(RenameOrganizationPayload, "renameOrganization");
organization_payload!(CloseOrganizationPayload, "closeOrganization");
organization_payload!(RestoreOrganizationPayload, "restoreOrganization");

/// Mutations of organizations themselves.
#[derive(Default)]
pub(crate) struct LifecycleMutations;

#[Object]
impl LifecycleMutations {
    /// Gives an organization another name; for its admins
    async fn rename_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organization and its new name")] input: RenameOrganizationInput,
    ) -> Option<Result<RenameOrganizationPayload, ApiError>> {
        Some(rename(ctx.request(), input).await.map(Into::into))
    }

    /// Closes an organization: nobody but its admins enters it any more, and after 30 days it is erased for good; for its
    /// admins
    async fn close_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organization, and its name to confirm")] input: CloseOrganizationInput,
    ) -> Option<Result<CloseOrganizationPayload, ApiError>> {
        Some(close(ctx.request(), input).await.map(Into::into))
    }

    /// Brings back an organization that was closed; for its admins
    async fn restore_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organization")] input: RestoreOrganizationInput,
    ) -> Option<Result<RestoreOrganizationPayload, ApiError>> {
        Some(restore(ctx.request(), input).await.map(Into::into))
    }
}

/// The organization locked within a transaction.
struct Locked {
    scope: TenantScope<Admin>,
    tx: TenantTx<Admin>,
    state: OrganizationState,
}

async fn lock(request: &RequestContext, id: &ID) -> Outcome<Locked> {
    let Some(scope) = request.organization_scope::<Admin>(id, Area::Organization)? else {
        return Ok(Err(vec![UserError::not_found("organizationId")]));
    };
    let tx = request.store().begin(&scope).await?;
    match tx.organization_writer().locked().await? {
        Some(state) => Ok(Ok(Locked { scope, tx, state })),
        None => refuse(tx, UserError::not_found("organizationId")).await,
    }
}

async fn refuse<T>(tx: TenantTx<Admin>, error: UserError) -> Outcome<T> {
    tx.rollback().await?;
    Ok(Err(vec![error]))
}

/// Keeps the change, and answers with the organization as it is from now on.
async fn keep(
    request: &RequestContext,
    (scope, tx): (TenantScope<Admin>, TenantTx<Admin>),
    action: &'static str,
    payload: Value,
    state: OrganizationState,
) -> Outcome<Organization> {
    let id = audit_name(scope.organization());
    tx.commit(AuditEntry::new(action, "Organization", id, payload)).await?;
    let scope = request.store().organization_changed(&scope, &state);
    Ok(Ok(Organization::new(request.fresh_tenant(&scope))))
}

async fn rename(request: &RequestContext, input: RenameOrganizationInput) -> Outcome<Organization> {
    let locked = match lock(request, &input.organization_id).await? {
        Ok(locked) => locked,
        Err(errors) => return Ok(Err(errors)),
    };
    let name = match organization_name(&input.name) {
        Ok(name) => name,
        Err(fault) => {
            return refuse(locked.tx, UserError::at(fault.field, fault_code(fault.kind), fault.message)).await;
        }
    };
    if locked.state.closed_at.is_some() {
        let message = "the organization is closed; restore it first";
        return refuse(locked.tx, UserError::at("organizationId", UserErrorCode::WrongState, message)).await;
    }
    let Locked { scope, tx, state } = locked;
    let payload = json!({ "changes": { "name": { "before": state.name, "after": name } } });
    let state = tx.organization_writer().rename(state, name).await?;
    keep(request, (scope, tx), "organization.rename", payload, state).await
}

async fn close(request: &RequestContext, input: CloseOrganizationInput) -> Outcome<Organization> {
    let locked = match lock(request, &input.organization_id).await? {
        Ok(locked) => locked,
        Err(errors) => return Ok(Err(errors)),
    };
    let fault = input.reason.as_deref().and_then(reason_fault).or_else(|| close_fault(&locked.state, &input.name));
    if let Some(fault) = fault {
        return refuse(locked.tx, fault).await;
    }
    let Locked { scope, tx, state } = locked;
    let state = tx.organization_writer().close(state).await?;
    let payload = json!({
        "changes": { "closedAt": change(None, state.closed_at) },
        "erasedAfter": state.closed_at.map(erased_after),
        "reason": input.reason,
    });
    keep(request, (scope, tx), "organization.close", payload, state).await
}

async fn restore(request: &RequestContext, input: RestoreOrganizationInput) -> Outcome<Organization> {
    let locked = match lock(request, &input.organization_id).await? {
        Ok(locked) => locked,
        Err(errors) => return Ok(Err(errors)),
    };
    if locked.state.closed_at.is_none() {
        let message = "the organization is open";
        return refuse(locked.tx, UserError::at("organizationId", UserErrorCode::WrongState, message)).await;
    }
    let Locked { scope, tx, state } = locked;
    let payload = json!({ "changes": { "closedAt": change(state.closed_at, None) } });
    let state = tx.organization_writer().restore(state).await?;
    keep(request, (scope, tx), "organization.restore", payload, state).await
}

fn change(before: Option<DateTime<Utc>>, after: Option<DateTime<Utc>>) -> Value {
    json!({ "before": before, "after": after })
}

/// Why the organization cannot be closed like this.
fn close_fault(state: &OrganizationState, typed: &str) -> Option<UserError> {
    if state.closed_at.is_some() {
        let message = "the organization is closed already";
        return Some(UserError::at("organizationId", UserErrorCode::WrongState, message));
    }
    (typed.trim() != state.name).then(|| {
        let message = format!(
            "name is not the organization's: type it as it stands there; {GRACE_DAYS} days after closing, all is erased"
        );
        UserError::at("name", UserErrorCode::NotConfirmed, message)
    })
}

fn reason_fault(reason: &str) -> Option<UserError> {
    let length = reason.chars().count();
    if length > REASON_MAXIMUM {
        let message = format!("reason has {length} characters; use at most {REASON_MAXIMUM}");
        return Some(UserError::at("reason", UserErrorCode::TooLong, message));
    }
    let has_control = reason.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
    has_control.then(|| {
        let message = "reason holds a control character; remove it";
        UserError::at("reason", UserErrorCode::ControlCharacter, message)
    })
}
