//! Changing, publishing, archiving and deleting role configurations.
//!
//! Each change locks the role, compares the revision that the caller has seen with the one there is, changes the row and
//! keeps it together with its audit entry.

use std::sync::Arc;

use async_graphql::ID;
use domain::{ids::RoleConfigurationId, roles::normalized_key};
use serde_json::{Value, json};
use store::{
    StoreError,
    access::{Area, TenantScope, Write},
    audit::AuditEntry,
    roles::RoleStatus,
    tenant::TenantTx,
};

use super::{
    creation::{definition_faults, external_id_fault, external_id_taken, outside_families, unknown_canonical_roles},
    inputs::{
        PublishRoleConfigurationInput, RoleConfigurationRevisionInput, UpdateRoleConfigurationInput,
        UpdateRoleTaskInput,
    },
    merge::{changes, merge_task, merged, put},
    payloads::DeleteRoleConfigurationDraftPayload,
    types::{RoleConfiguration, RoleVersion},
};
use crate::graphql::{
    context::RequestContext,
    error::ApiError,
    id::{GlobalId, Kind},
    user_error::{Outcome, UserError, UserErrorCode},
};

type Record = store::roles::RoleConfiguration;

/// Most characters of a publication note.
const NOTE_MAXIMUM: usize = 4_000;

/// A role locked within a transaction, at the revision that the caller has seen.
struct Locked {
    scope: TenantScope<Write>,
    tx: TenantTx<Write>,
    role: Record,
}

/// Locks a role that may be changed.
async fn lock(request: &RequestContext, id: &ID, expected_revision: i32) -> Outcome<Locked> {
    let Some((scope, role_id)) = request.object_scope(id, Kind::RoleConfiguration, Area::Roles)? else {
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    let tx = request.store().begin(&scope).await?;
    let Some(role) = tx.role_writer().locked(RoleConfigurationId(role_id)).await? else {
        return refuse(tx, UserError::not_found("id")).await;
    };
    if role.revision != expected_revision {
        let message = format!(
            "expectedRevision is {expected_revision}, but the role is at revision {}: read it again and repeat the change",
            role.revision
        );
        return refuse(tx, UserError::at("expectedRevision", UserErrorCode::StaleRevision, message)).await;
    }
    Ok(Ok(Locked { scope, tx, role }))
}

async fn refuse<T>(tx: TenantTx<Write>, error: UserError) -> Outcome<T> {
    tx.rollback().await?;
    Ok(Err(vec![error]))
}

fn archived() -> UserError {
    let message = "the role configuration is archived; restore it first";
    UserError::at("id", UserErrorCode::WrongState, message)
}

impl Locked {
    fn entry(&self, action: &'static str, payload: Value) -> AuditEntry {
        entry(&self.scope, self.role.id, action, payload)
    }
}

fn entry(scope: &TenantScope<Write>, id: RoleConfigurationId, action: &'static str, payload: Value) -> AuditEntry {
    let id = GlobalId::Tenant { kind: Kind::RoleConfiguration, organization: scope.organization(), id: id.0 }.encode();
    AuditEntry::new(action, "RoleConfiguration", Some(id.0), payload)
}

/// How the status changed, for the audit log.
fn status_change(before: RoleStatus, after: RoleStatus) -> Value {
    json!({ "before": before.as_str(), "after": after.as_str() })
}

fn answer(request: &RequestContext, scope: &TenantScope<Write>, role: Record) -> RoleConfiguration {
    RoleConfiguration::new(request.fresh_tenant(scope), Arc::new(role))
}

pub(super) async fn update(
    request: &RequestContext,
    mut input: UpdateRoleConfigurationInput,
) -> Outcome<RoleConfiguration> {
    // Before the lock: a transaction that waits for a second connection could wait for itself.
    let link = input.canonical_role_key.as_opt_ref().flatten().map(|key| ("", key.as_str()));
    let unknown = unknown_canonical_roles(request, link.into_iter().collect()).await?;
    if !unknown.is_empty() {
        return Ok(Err(unknown));
    }
    let locked = match lock(request, &input.id, input.expected_revision).await? {
        Ok(locked) => locked,
        Err(errors) => return Ok(Err(errors)),
    };
    let mut external_id = locked.role.external_id.clone();
    put(&mut external_id, std::mem::take(&mut input.external_id));
    let definition = merged(&locked.role.definition, input);
    save(request, locked, definition, external_id).await
}

pub(super) async fn update_task(request: &RequestContext, input: UpdateRoleTaskInput) -> Outcome<RoleConfiguration> {
    let locked = match lock(request, &input.id, input.expected_revision).await? {
        Ok(locked) => locked,
        Err(errors) => return Ok(Err(errors)),
    };
    let key = normalized_key(&input.key);
    let mut definition = locked.role.definition.clone();
    let Some(task) = definition.tasks.iter_mut().find(|task| task.key == key) else {
        let message = format!("key: the role has no task '{key}'");
        return refuse(locked.tx, UserError::at("key", UserErrorCode::NotFound, message)).await;
    };
    merge_task(task, input);
    let external_id = locked.role.external_id.clone();
    let saved = save(request, locked, definition, external_id).await?;
    Ok(saved.map_err(|errors| errors.into_iter().map(of_one_task).collect()))
}

/// A fault of a task in the role's list is one of the input, which has that task only.
fn of_one_task(mut error: UserError) -> UserError {
    if let Some(path) = &mut error.field
        && path.get(1).is_some_and(|step| step == "tasks")
        && path.len() > 3
    {
        path.drain(1..3);
    }
    error
}

/// Checks and keeps a changed draft.
async fn save(
    request: &RequestContext,
    locked: Locked,
    definition: domain::roles::RoleDefinition,
    external_id: Option<String>,
) -> Outcome<RoleConfiguration> {
    if locked.role.status == RoleStatus::Archived {
        return refuse(locked.tx, archived()).await;
    }
    let mut errors = definition_faults("", &definition);
    errors.extend(external_id.as_deref().and_then(|external_id| external_id_fault("", external_id)));
    if !errors.is_empty() {
        locked.tx.rollback().await?;
        return Ok(Err(errors));
    }
    let mut changes = changes(&locked.role.definition, &definition);
    if external_id != locked.role.external_id
        && let Some(changes) = changes.as_object_mut()
    {
        let change = json!({ "before": locked.role.external_id, "after": external_id });
        changes.insert("externalId".to_owned(), change);
    }
    let entry = locked.entry("roleConfiguration.update", json!({ "changes": changes }));
    let Locked { scope, tx, role } = locked;
    match tx.role_writer().change(role, definition, external_id).await {
        Ok(role) => {
            tx.commit(entry).await?;
            Ok(Ok(answer(request, &scope, role)))
        }
        Err(StoreError::Taken(_)) => refuse(tx, external_id_taken("")).await,
        Err(StoreError::OutsideFamilies) => refuse(tx, outside_families("")).await,
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn publish(
    request: &RequestContext,
    input: PublishRoleConfigurationInput,
) -> Outcome<(RoleConfiguration, RoleVersion)> {
    if let Some(error) = input.note.as_deref().and_then(note_fault) {
        return Ok(Err(vec![error]));
    }
    let locked = match lock(request, &input.id, input.expected_revision).await? {
        Ok(locked) => locked,
        Err(errors) => return Ok(Err(errors)),
    };
    if locked.role.status == RoleStatus::Archived {
        return refuse(locked.tx, archived()).await;
    }
    if !locked.role.has_unpublished_changes() {
        let message = "there is nothing to publish: the draft is the version in force";
        return refuse(locked.tx, UserError::at("id", UserErrorCode::WrongState, message)).await;
    }
    let Locked { scope, tx, role } = locked;
    let (status, number) = (role.status, role.published_number);
    let (role, version) = tx.role_writer().publish(role, input.note).await?;
    let payload = json!({
        "changes": {
            "status": status_change(status, role.status),
            "publishedVersion": { "before": number, "after": version.number },
        },
        "version": version.number, "note": version.note, "revision": role.revision,
    });
    tx.commit(entry(&scope, role.id, "roleConfiguration.publish", payload)).await?;
    let tenant = request.fresh_tenant(&scope);
    let version = RoleVersion::new(tenant.clone(), Arc::new(version));
    Ok(Ok((RoleConfiguration::new(tenant, Arc::new(role)), version)))
}

fn note_fault(note: &str) -> Option<UserError> {
    let length = note.chars().count();
    if length > NOTE_MAXIMUM {
        let message = format!("note has {length} characters; use at most {NOTE_MAXIMUM}");
        return Some(UserError::at("note", UserErrorCode::TooLong, message));
    }
    let has_control = note.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
    has_control.then(|| {
        let message = "note holds a control character; remove it";
        UserError::at("note", UserErrorCode::ControlCharacter, message)
    })
}

pub(super) async fn archive(
    request: &RequestContext,
    input: RoleConfigurationRevisionInput,
) -> Outcome<RoleConfiguration> {
    let locked = match lock(request, &input.id, input.expected_revision).await? {
        Ok(locked) => locked,
        Err(errors) => return Ok(Err(errors)),
    };
    if locked.role.status == RoleStatus::Archived {
        let message = "the role configuration is archived already";
        return refuse(locked.tx, UserError::at("id", UserErrorCode::WrongState, message)).await;
    }
    let Locked { scope, tx, role } = locked;
    let status = role.status;
    let role = tx.role_writer().archive(role).await?;
    let payload = json!({ "changes": { "status": status_change(status, role.status) } });
    tx.commit(entry(&scope, role.id, "roleConfiguration.archive", payload)).await?;
    Ok(Ok(answer(request, &scope, role)))
}

pub(super) async fn restore(
    request: &RequestContext,
    input: RoleConfigurationRevisionInput,
) -> Outcome<RoleConfiguration> {
    let locked = match lock(request, &input.id, input.expected_revision).await? {
        Ok(locked) => locked,
        Err(errors) => return Ok(Err(errors)),
    };
    if locked.role.status != RoleStatus::Archived {
        let message = "the role configuration is not archived";
        return refuse(locked.tx, UserError::at("id", UserErrorCode::WrongState, message)).await;
    }
    let Locked { scope, tx, role } = locked;
    let status = role.status;
    let role = tx.role_writer().restore(role).await?;
    let payload = json!({ "changes": { "status": status_change(status, role.status) } });
    tx.commit(entry(&scope, role.id, "roleConfiguration.restore", payload)).await?;
    Ok(Ok(answer(request, &scope, role)))
}

pub(super) async fn delete_draft(
    request: &RequestContext,
    input: RoleConfigurationRevisionInput,
) -> Result<DeleteRoleConfigurationDraftPayload, ApiError> {
    let failed = |user_errors| DeleteRoleConfigurationDraftPayload { user_errors, ..Default::default() };
    let locked = match lock(request, &input.id, input.expected_revision).await? {
        Ok(locked) => locked,
        Err(errors) => return Ok(failed(errors)),
    };
    if locked.role.status == RoleStatus::Archived {
        locked.tx.rollback().await?;
        return Ok(failed(vec![archived()]));
    }
    let Some(number) = locked.role.published_number else { return delete_role(locked, input.id).await };
    let key = (locked.role.id, number);
    let version = locked.tx.reader().roles().versions_by_number(&[key]).await?.remove(&key);
    let version = version.ok_or(ApiError::Internal)?;
    let payload = json!({ "changes": changes(&locked.role.definition, &version.definition), "version": number });
    let entry = locked.entry("roleConfiguration.deleteDraft", payload);
    let Locked { scope, tx, role } = locked;
    let role = tx.role_writer().reset_to(role, &version).await?;
    tx.commit(entry).await?;
    let role_configuration = Some(answer(request, &scope, role));
    Ok(DeleteRoleConfigurationDraftPayload { role_configuration, ..Default::default() })
}

/// Deletes a role that was never published.
async fn delete_role(locked: Locked, id: ID) -> Result<DeleteRoleConfigurationDraftPayload, ApiError> {
    let entry = locked.entry("roleConfiguration.delete", json!({ "before": locked.role.definition }));
    match locked.tx.role_writer().delete(locked.role.id).await {
        Ok(()) => {
            locked.tx.commit(entry).await?;
            let deleted_role_configuration_id = Some(id);
            Ok(DeleteRoleConfigurationDraftPayload { deleted_role_configuration_id, ..Default::default() })
        }
        Err(StoreError::Reference(_)) => {
            locked.tx.rollback().await?;
            let message = "a scenario was made from this role; delete the scenario first, or archive the role";
            let user_errors = vec![UserError::at("id", UserErrorCode::InUse, message)];
            Ok(DeleteRoleConfigurationDraftPayload { user_errors, ..Default::default() })
        }
        Err(error) => Err(error.into()),
    }
}
