//! Making role configurations.

use std::{collections::HashSet, sync::Arc};

use async_graphql::ID;
use domain::roles::{RoleDefinition, RoleLimits};
use serde_json::json;
use store::{
    StoreError,
    access::{Area, TenantScope, Write},
    audit::AuditEntry,
    roles::NewRole,
};

use super::{
    inputs::{CreateRoleConfigurationFromCanonicalRoleInput, CreateRoleConfigurationsInput, RoleConfigurationInput},
    types::RoleConfiguration,
};
use crate::graphql::{
    context::RequestContext,
    error::ApiError,
    id::{GlobalId, Kind},
    user_error::{Outcome, UserError, UserErrorCode, from_violations},
};

/// Most roles that one mutation makes.
const ROLES_MAXIMUM: usize = 100;
/// Most characters of an external identifier.
const EXTERNAL_ID_MAXIMUM: usize = 200;

pub(super) async fn create_one(
    request: &RequestContext,
    organization: &ID,
    input: RoleConfigurationInput,
) -> Outcome<RoleConfiguration> {
    let Some(scope) = request.organization_scope(organization, Area::Import)? else {
        return Ok(Err(vec![UserError::not_found("organizationId")]));
    };
    create_single(request, &scope, new_role(input), "role").await
}

pub(super) async fn create_from_canonical(
    request: &RequestContext,
    input: CreateRoleConfigurationFromCanonicalRoleInput,
) -> Outcome<RoleConfiguration> {
    let Some(scope) = request.organization_scope(&input.organization_id, Area::Import)? else {
        return Ok(Err(vec![UserError::not_found("organizationId")]));
    };
    request.library_reader()?;
    let Some(canonical) = request.library().load_one(input.canonical_role_key.clone()).await? else {
        return Ok(Err(vec![UserError::not_found("canonicalRoleKey")]));
    };
    let from_library = canonical.role.to_definition();
    let definition = RoleDefinition {
        title: input.title.map_or(from_library.title, |title| title.trim().to_owned()),
        level: input.level,
        headcount: input.headcount.unwrap_or(1.0),
        ..from_library
    };
    let new = NewRole { external_id: input.external_id, definition };
    create_single(request, &scope, new, "").await
}

async fn create_single(
    request: &RequestContext,
    scope: &TenantScope<Write>,
    new: NewRole,
    path: &str,
) -> Outcome<RoleConfiguration> {
    let mut roles = match create(request, scope, vec![(path.to_owned(), new)]).await? {
        Ok(roles) => roles,
        Err(errors) => return Ok(Err(errors)),
    };
    roles.pop().map(Ok).ok_or(ApiError::Internal)
}

pub(super) async fn create_many(
    request: &RequestContext,
    input: CreateRoleConfigurationsInput,
) -> Outcome<Vec<RoleConfiguration>> {
    let Some(scope) = request.organization_scope(&input.organization_id, Area::Import)? else {
        return Ok(Err(vec![UserError::not_found("organizationId")]));
    };
    let count = input.roles.len();
    if count == 0 || count > ROLES_MAXIMUM {
        let code = if count == 0 { UserErrorCode::TooFew } else { UserErrorCode::TooMany };
        let message = format!("roles has {count} entries; send 1 to {ROLES_MAXIMUM} at a time");
        return Ok(Err(vec![UserError::at("roles", code, message)]));
    }
    let new = input.roles.into_iter().enumerate();
    create(request, &scope, new.map(|(index, role)| (format!("roles.{index}"), new_role(role))).collect()).await
}

fn new_role(input: RoleConfigurationInput) -> NewRole {
    let external_id = input.external_id.clone();
    NewRole { external_id, definition: input.into() }
}

/// Checks and makes roles, each with the path of its input, in one transaction.
async fn create(
    request: &RequestContext,
    scope: &TenantScope<Write>,
    new: Vec<(String, NewRole)>,
) -> Outcome<Vec<RoleConfiguration>> {
    let mut errors = faults(request, &new).await?;
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let is_outside = |role: &NewRole| !scope.rights().allows_family(role.definition.family.as_deref());
    errors.extend(new.iter().filter(|(_, role)| is_outside(role)).map(|(path, _)| outside_families(path)));
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let tx = request.store().begin(scope).await?;
    let external_ids: Vec<&str> = new.iter().filter_map(|(_, role)| role.external_id.as_deref()).collect();
    let taken = tx.reader().roles().taken_external_ids(&external_ids).await?;
    for (path, role) in &new {
        errors.extend(role.external_id.as_ref().filter(|id| taken.contains(*id)).map(|_| external_id_taken(path)));
    }
    if !errors.is_empty() {
        tx.rollback().await?;
        return Ok(Err(errors));
    }
    let first_path = new.first().map(|(path, _)| path.clone()).unwrap_or_default();
    let roles = match tx.role_writer().create(new.into_iter().map(|(_, role)| role).collect()).await {
        Ok(roles) => roles,
        // Somebody else took it since it was looked for.
        Err(StoreError::Taken(_)) => {
            tx.rollback().await?;
            return Ok(Err(vec![external_id_taken(&first_path)]));
        }
        Err(error) => return Err(error.into()),
    };
    tx.commit(created_entry(scope, &roles)).await?;
    let tenant = request.fresh_tenant(scope);
    Ok(Ok(roles.into_iter().map(|role| RoleConfiguration::new(tenant.clone(), Arc::new(role))).collect()))
}

fn created_entry(scope: &TenantScope<Write>, roles: &[store::roles::RoleConfiguration]) -> AuditEntry {
    let id = |role: &store::roles::RoleConfiguration| {
        let organization = scope.organization();
        GlobalId::Tenant { kind: Kind::RoleConfiguration, organization, id: role.id.0 }.encode().0
    };
    let made: Vec<_> = roles
        .iter()
        .map(|role| json!({ "id": id(role), "externalId": role.external_id, "after": role.definition }))
        .collect();
    let object = if let [role] = roles { Some(id(role)) } else { None };
    AuditEntry::new("roleConfiguration.create", "RoleConfiguration", object, json!({ "created": made }))
}

/// Everything that is wrong with the roles, as far as it can be told without the organization's rows.
async fn faults(request: &RequestContext, new: &[(String, NewRole)]) -> Result<Vec<UserError>, ApiError> {
    let mut errors = Vec::new();
    let mut external_ids = HashSet::new();
    for (path, role) in new {
        if let Some(external_id) = &role.external_id {
            errors.extend(external_id_fault(path, external_id));
            if !external_ids.insert(external_id) {
                errors.push(external_id_taken(path));
            }
        }
        errors.extend(definition_faults(path, &role.definition));
    }
    let keys = new.iter().filter_map(|(path, role)| Some((path.as_str(), role.definition.canonical_role.as_deref()?)));
    errors.extend(unknown_canonical_roles(request, keys.collect()).await?);
    Ok(errors)
}

/// What is wrong with a definition.
pub(super) fn definition_faults(path: &str, definition: &RoleDefinition) -> Vec<UserError> {
    let prefix: Vec<&str> = path.split('.').filter(|step| !step.is_empty()).collect();
    match definition.validate(&RoleLimits::default()) {
        Ok(()) => Vec::new(),
        Err(violations) => from_violations(&prefix, &violations),
    }
}

/// Links to canonical roles that are in no edition.
pub(super) async fn unknown_canonical_roles(
    request: &RequestContext,
    links: Vec<(&str, &str)>,
) -> Result<Vec<UserError>, ApiError> {
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let known = request.library().load_many(links.iter().map(|(_, key)| (*key).to_owned())).await?;
    let unknown = links.into_iter().filter(|(_, key)| !known.contains_key(*key));
    Ok(unknown.map(|(path, _)| UserError::not_found(&below(path, "canonicalRoleKey"))).collect())
}

/// What is wrong with an external identifier.
pub(super) fn external_id_fault(path: &str, external_id: &str) -> Option<UserError> {
    let field = below(path, "externalId");
    let length = external_id.chars().count();
    if length == 0 || length > EXTERNAL_ID_MAXIMUM {
        let message = format!("externalId has {length} characters; give 1 to {EXTERNAL_ID_MAXIMUM}, or leave it out");
        return Some(UserError::at(&field, UserErrorCode::OutOfRange, message));
    }
    let has_control = external_id.chars().any(char::is_control);
    has_control.then(|| {
        let message = "externalId holds a control character; remove it";
        UserError::at(&field, UserErrorCode::ControlCharacter, message)
    })
}

pub(super) fn external_id_taken(path: &str) -> UserError {
    let message = "externalId is in use by another role of the organization; use another one";
    UserError::at(&below(path, "externalId"), UserErrorCode::Taken, message)
}

/// A consultant whose grant is limited to families neither adds nor moves a role outside them.
pub(super) fn outside_families(path: &str) -> UserError {
    let message = "family is not one of those that your grant is limited to; use one of them";
    UserError::at(&below(path, "family"), UserErrorCode::Forbidden, message)
}

fn below(path: &str, field: &str) -> String {
    if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") }
}
