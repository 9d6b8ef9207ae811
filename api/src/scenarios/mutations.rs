//! Saving, copying, renaming and deleting scenarios.

use async_graphql::{Context, ID, MaybeUndefined, Object, SimpleObject};
use domain::ids::ScenarioId;
use serde_json::json;
use store::{
    access::{Area, TenantScope, Write},
    audit::AuditEntry,
    scenarios::NewScenario,
};

use super::{
    inputs::{CreateScenarioInput, DeleteScenarioInput, DuplicateScenarioInput, UpdateScenarioInput},
    model::{outcome, overrides, resolve},
    types::Scenario,
};
use crate::graphql::{
    context::{ContextExt, RequestContext},
    error::ApiError,
    id::{GlobalId, Kind},
    user_error::{Outcome, UserError, UserErrorCode},
};

const NAME_MAXIMUM: usize = 200;
const DESCRIPTION_MAXIMUM: usize = 4_000;

macro_rules! scenario_payload {
    ($name:ident, $mutation:literal) => {
        #[doc = concat!("Answer of ", $mutation)]
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            /// The scenario; null when there are errors
            scenario: Option<Scenario>,
            /// What is wrong with the input; nothing was changed then
            user_errors: Vec<UserError>,
        }

        impl From<Result<Scenario, Vec<UserError>>> for $name {
            fn from(result: Result<Scenario, Vec<UserError>>) -> Self {
                match result {
                    Ok(scenario) => Self { scenario: Some(scenario), user_errors: Vec::new() },
                    Err(user_errors) => Self { scenario: None, user_errors },
                }
            }
        }
    };
}

scenario_payload!(CreateScenarioPayload, "createScenario");
scenario_payload!(UpdateScenarioPayload, "updateScenario");
scenario_payload!(DuplicateScenarioPayload, "duplicateScenario");

/// Answer of deleteScenario
#[derive(Default, SimpleObject)]
pub(crate) struct DeleteScenarioPayload {
    /// Identifier of the deleted scenario; null when there are errors
    deleted_scenario_id: Option<ID>,
    /// What is wrong with the input; nothing was deleted then
    user_errors: Vec<UserError>,
}

/// Mutations of scenarios.
#[derive(Default)]
pub(crate) struct ScenarioMutations;

#[Object]
impl ScenarioMutations {
    /// Saves a combination as a scenario
    async fn create_scenario(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The roles, the assumptions and the name")] input: CreateScenarioInput,
    ) -> Option<Result<CreateScenarioPayload, ApiError>> {
        Some(create(ctx.request(), input).await.map(Into::into))
    }

    /// Changes name and description of a scenario
    async fn update_scenario(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes")] input: UpdateScenarioInput,
    ) -> Option<Result<UpdateScenarioPayload, ApiError>> {
        Some(update(ctx.request(), input).await.map(Into::into))
    }

    /// Copies a scenario under another name
    async fn duplicate_scenario(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The scenario and the name of the copy")] input: DuplicateScenarioInput,
    ) -> Option<Result<DuplicateScenarioPayload, ApiError>> {
        Some(duplicate(ctx.request(), input).await.map(Into::into))
    }

    /// Deletes a scenario
    async fn delete_scenario(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The scenario")] input: DeleteScenarioInput,
    ) -> Option<Result<DeleteScenarioPayload, ApiError>> {
        Some(delete(ctx.request(), input).await)
    }
}

/// What is wrong with a name and a description.
fn faults(name: Option<&str>, description: Option<&str>) -> Vec<UserError> {
    let mut errors = Vec::new();
    if let Some(name) = name {
        let length = name.chars().count();
        if name.trim().is_empty() {
            errors.push(UserError::at("name", UserErrorCode::Required, "name is empty; give the scenario a name"));
        } else if length > NAME_MAXIMUM {
            let message = format!("name has {length} characters; use at most {NAME_MAXIMUM}");
            errors.push(UserError::at("name", UserErrorCode::TooLong, message));
        }
        if name.chars().any(char::is_control) {
            let message = "name holds a control character; remove it";
            errors.push(UserError::at("name", UserErrorCode::ControlCharacter, message));
        }
    }
    let Some(description) = description else { return errors };
    let length = description.chars().count();
    if length > DESCRIPTION_MAXIMUM {
        let message = format!("description has {length} characters; use at most {DESCRIPTION_MAXIMUM}");
        errors.push(UserError::at("description", UserErrorCode::TooLong, message));
    }
    if description.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        let message = "description holds a control character; remove it";
        errors.push(UserError::at("description", UserErrorCode::ControlCharacter, message));
    }
    errors
}

fn entry(scope: &TenantScope<Write>, action: &'static str, id: ScenarioId, payload: serde_json::Value) -> AuditEntry {
    let organization = scope.organization();
    let id = GlobalId::Tenant { kind: Kind::Scenario, organization, id: id.0 }.encode();
    AuditEntry::new(action, "Scenario", Some(id.0), payload)
}

/// A scenario as the audit log has it before or after.
fn audited(scenario: &store::scenarios::Scenario) -> serde_json::Value {
    let roles: Vec<_> = scenario.sources.iter().map(|source| source.role.name.as_str()).collect();
    json!({
        "name": scenario.name, "description": scenario.description, "roles": roles,
        "assumptions": scenario.assumptions, "gain": scenario.gain,
    })
}

async fn create(request: &RequestContext, input: CreateScenarioInput) -> Outcome<Scenario> {
    let Some(scope) = request.organization_scope(&input.organization_id, Area::Scenarios)? else {
        return Ok(Err(vec![UserError::not_found("organizationId")]));
    };
    let mut errors = faults(Some(&input.name), input.description.as_deref());
    let tenant = request.tenant(scope.organization())?;
    let sources = match resolve(request, tenant.as_ref(), &input.roles).await? {
        Ok(resolved) => resolved.sources,
        Err(more) => {
            errors.extend(more);
            return Ok(Err(errors));
        }
    };
    let assumptions = overrides(input.assumptions);
    let gain = match outcome(&sources, &assumptions) {
        Ok((_, outcome)) => outcome.gain,
        Err(more) => {
            errors.extend(more);
            return Ok(Err(errors));
        }
    };
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let new =
        NewScenario { name: input.name.trim().to_owned(), description: input.description, assumptions, sources, gain };
    save(request, &scope, "scenario.create", new).await
}

/// Keeps a new scenario.
async fn save(
    request: &RequestContext,
    scope: &TenantScope<Write>,
    action: &'static str,
    new: NewScenario,
) -> Outcome<Scenario> {
    let tx = request.store().begin(scope).await?;
    let scenario = match tx.scenario_writer().create(new).await {
        Ok(scenario) => scenario,
        // A role was deleted since it was read.
        Err(store::StoreError::Reference(_)) => {
            tx.rollback().await?;
            return Ok(Err(vec![UserError::not_found("roles")]));
        }
        Err(error) => return Err(error.into()),
    };
    let entry = entry(scope, action, scenario.id, json!({ "after": audited(&scenario) }));
    tx.commit(entry).await?;
    Ok(Ok(Scenario::new(request.fresh_tenant(scope), scenario)))
}

async fn update(request: &RequestContext, input: UpdateScenarioInput) -> Outcome<Scenario> {
    let Some((scope, id)) = request.object_scope(&input.id, Kind::Scenario, Area::Scenarios)? else {
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    let new_description = match &input.description {
        MaybeUndefined::Value(description) => Some(description.as_str()),
        MaybeUndefined::Null | MaybeUndefined::Undefined => None,
    };
    let errors = faults(input.name.as_deref(), new_description);
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let tx = request.store().begin(&scope).await?;
    let Some(before) = tx.scenario_writer().locked(ScenarioId(id)).await? else {
        tx.rollback().await?;
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    if before.revision != input.expected_revision {
        tx.rollback().await?;
        let message = format!(
            "expectedRevision is {}, but the scenario is at revision {}: read it again and repeat the change",
            input.expected_revision, before.revision
        );
        return Ok(Err(vec![UserError::at("expectedRevision", UserErrorCode::StaleRevision, message)]));
    }
    let name = input.name.map_or_else(|| before.name.clone(), |name| name.trim().to_owned());
    let mut description = before.description.clone();
    input.description.update_to(&mut description);
    let payload = json!({ "changes": {
        "name": { "before": before.name, "after": name },
        "description": { "before": before.description, "after": description },
    }});
    let entry = entry(&scope, "scenario.update", before.id, payload);
    let after = tx.scenario_writer().rename(before, name, description).await?;
    tx.commit(entry).await?;
    Ok(Ok(Scenario::new(request.fresh_tenant(&scope), after)))
}

async fn duplicate(request: &RequestContext, input: DuplicateScenarioInput) -> Outcome<Scenario> {
    let Some((scope, id)) = request.object_scope(&input.id, Kind::Scenario, Area::Scenarios)? else {
        return Ok(Err(vec![UserError::not_found("id")]));
    };
    let errors = faults(Some(&input.name), None);
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let original = request.store().read(&scope).await?.scenarios().by_id(ScenarioId(id)).await?;
    let Some(original) = original else { return Ok(Err(vec![UserError::not_found("id")])) };
    let new = NewScenario {
        name: input.name.trim().to_owned(),
        description: original.description,
        assumptions: original.assumptions,
        sources: original.sources,
        gain: original.gain,
    };
    save(request, &scope, "scenario.duplicate", new).await
}

async fn delete(request: &RequestContext, input: DeleteScenarioInput) -> Result<DeleteScenarioPayload, ApiError> {
    let not_found =
        || DeleteScenarioPayload { deleted_scenario_id: None, user_errors: vec![UserError::not_found("id")] };
    let Some((scope, id)) = request.object_scope(&input.id, Kind::Scenario, Area::Scenarios)? else {
        return Ok(not_found());
    };
    let tx = request.store().begin(&scope).await?;
    let Some(scenario) = tx.scenario_writer().locked(ScenarioId(id)).await? else {
        tx.rollback().await?;
        return Ok(not_found());
    };
    tx.scenario_writer().delete(scenario.id).await?;
    let payload = json!({ "before": audited(&scenario) });
    tx.commit(entry(&scope, "scenario.delete", scenario.id, payload)).await?;
    Ok(DeleteScenarioPayload { deleted_scenario_id: Some(input.id), user_errors: vec![] })
}
