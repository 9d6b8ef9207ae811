//! From what a client sent to the roles of a combination.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use async_graphql::ID;
use domain::{
    combination::{
        AssumptionOverrides, Assumptions, CombinationOutcome, CombinationRole, MONTE_CARLO_DRAWS, Quantiles, combine,
        monte_carlo,
    },
    ids::{RoleConfigurationId, RoleVersionId},
    library::LibraryCombination,
    roles::RoleDefinition,
};
use store::{
    library::LibraryRole,
    roles::{RoleConfiguration, RoleVersion},
    scenarios::{ScenarioSource, SourceOrigin},
};

use super::inputs::{AssumptionsInput, CombinedRoleInput, MonteCarloInput};
use crate::graphql::{
    compute::off_thread,
    context::RequestContext,
    error::ApiError,
    id::{Kind, tenant_id},
    tenant::Tenant,
    user_error::{Outcome, UserError, UserErrorCode, from_violations},
};

/// The roles of a combination, and the suggestion of the library whose coordination share stands in for a missing one.
pub(super) struct Resolved {
    pub(super) sources: Vec<ScenarioSource>,
    pub(super) suggestion: Option<LibraryCombination>,
}

/// What one input names.
enum Named {
    Draft(RoleConfigurationId),
    Version(RoleVersionId),
    Canonical(String),
}

impl Named {
    /// The input field that names it.
    fn field(&self) -> &'static str {
        match self {
            Self::Draft(_) => "roleConfigurationId",
            Self::Version(_) => "roleVersionId",
            Self::Canonical(_) => "canonicalRoleKey",
        }
    }
}

/// Everything that the inputs name, read in one statement for each kind.
struct Found {
    drafts: HashMap<RoleConfigurationId, Arc<RoleConfiguration>>,
    versions: HashMap<RoleVersionId, Arc<RoleVersion>>,
    canonical: HashMap<String, Arc<LibraryRole>>,
}

/// Most roles that are looked up at all; the domain says how many may be combined.
const INPUTS_MAXIMUM: usize = 50;

pub(super) async fn resolve(
    request: &RequestContext,
    tenant: Option<&Tenant>,
    inputs: &[CombinedRoleInput],
) -> Outcome<Resolved> {
    if inputs.len() > INPUTS_MAXIMUM {
        let message = format!("roles has {} entries; combine 2 to 10", inputs.len());
        return Ok(Err(vec![UserError::at("roles", UserErrorCode::TooMany, message)]));
    }
    let mut errors = Vec::new();
    let mut named = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.iter().enumerate() {
        match name(tenant, input, index)? {
            Ok(name) => named.push(name),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let found = find(request, tenant, &named).await?;
    let mut definitions = Vec::with_capacity(named.len());
    for (index, name) in named.iter().enumerate() {
        match found.source(name) {
            Some(source) => definitions.push(source),
            None => errors.push(UserError::not_found(&format!("roles.{index}.{}", name.field()))),
        }
    }
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let suggestion = suggestion(request, &definitions).await?;
    let share = suggestion.as_ref().map(|suggestion| suggestion.coordination_share);
    let sources = definitions.into_iter().zip(inputs);
    let sources =
        sources.map(|((origin, definition), input)| ScenarioSource::new(origin, &definition, input.overrides(), share));
    Ok(Ok(Resolved { sources: sources.collect(), suggestion }))
}

/// What an input names: exactly one of the three identifiers, of this organization.
fn name(
    tenant: Option<&Tenant>,
    input: &CombinedRoleInput,
    index: usize,
) -> Result<Result<Named, UserError>, ApiError> {
    let of_tenant = |id: &ID, kind| -> Result<Option<uuid::Uuid>, ApiError> {
        let (organization, id) = tenant_id(id, kind)?;
        Ok(tenant.filter(|tenant| tenant.organization() == organization).map(|_| id))
    };
    let missing = |field: &str| UserError::not_found(&format!("roles.{index}.{field}"));
    Ok(match (&input.role_configuration_id, &input.role_version_id, &input.canonical_role_key) {
        (Some(id), None, None) => match of_tenant(id, Kind::RoleConfiguration)? {
            Some(id) => Ok(Named::Draft(RoleConfigurationId(id))),
            None => Err(missing("roleConfigurationId")),
        },
        (None, Some(id), None) => match of_tenant(id, Kind::RoleVersion)? {
            Some(id) => Ok(Named::Version(RoleVersionId(id))),
            None => Err(missing("roleVersionId")),
        },
        (None, None, Some(key)) => Ok(Named::Canonical(key.clone())),
        _ => {
            let message =
                format!("roles.{index}: give exactly one of roleConfigurationId, roleVersionId and canonicalRoleKey");
            Err(UserError::at(&format!("roles.{index}"), UserErrorCode::Malformed, message))
        }
    })
}

async fn find(request: &RequestContext, tenant: Option<&Tenant>, named: &[Named]) -> Result<Found, ApiError> {
    let drafts: Vec<_> =
        named.iter().filter_map(|name| if let Named::Draft(id) = name { Some(*id) } else { None }).collect();
    let versions: Vec<_> =
        named.iter().filter_map(|name| if let Named::Version(id) = name { Some(*id) } else { None }).collect();
    let keys: Vec<_> = named
        .iter()
        .filter_map(|name| if let Named::Canonical(key) = name { Some(key.clone()) } else { None })
        .collect();
    let mut found = Found { drafts: HashMap::new(), versions: HashMap::new(), canonical: HashMap::new() };
    if let Some(tenant) = tenant {
        if !drafts.is_empty() {
            found.drafts = tenant.roles(drafts).await?;
        }
        if !versions.is_empty() {
            found.versions = tenant.versions_by_ids(versions).await?;
        }
    }
    if !keys.is_empty() {
        request.library_reader()?;
        found.canonical = request.library().load_many(keys).await?;
    }
    Ok(found)
}

impl Found {
    fn source(&self, name: &Named) -> Option<(SourceOrigin, RoleDefinition)> {
        Some(match name {
            Named::Draft(id) => {
                let role = self.drafts.get(id)?;
                let origin = SourceOrigin::Role { id: role.id, version: None, revision: role.revision };
                (origin, role.definition.clone())
            }
            Named::Version(id) => {
                let version = self.versions.get(id)?;
                let origin = SourceOrigin::Role { id: version.role, version: Some(version.number), revision: 0 };
                (origin, version.definition.clone())
            }
            Named::Canonical(key) => {
                let role = self.canonical.get(key)?;
                let origin = SourceOrigin::Canonical { key: key.clone(), edition_digest: role.edition_digest.clone() };
                (origin, role.role.to_definition())
            }
        })
    }
}

/// The combination that the library suggests for exactly these canonical roles, own ones by their link.
async fn suggestion(
    request: &RequestContext,
    definitions: &[(SourceOrigin, RoleDefinition)],
) -> Result<Option<LibraryCombination>, ApiError> {
    let keys: Option<BTreeSet<String>> =
        definitions.iter().map(|(_, definition)| definition.canonical_role.clone()).collect();
    match keys {
        Some(keys) if keys.len() == definitions.len() => Ok(request.store().library().combination_of(&keys).await?),
        _ => Ok(None),
    }
}

/// The outcome of a combination, or what is wrong with its input.
pub(super) fn outcome(
    sources: &[ScenarioSource],
    overrides: &AssumptionOverrides,
) -> Result<(Assumptions, CombinationOutcome), Vec<UserError>> {
    let assumptions = overrides.apply().map_err(|violations| from_violations(&[], &violations))?;
    let roles: Vec<CombinationRole> = sources.iter().map(|source| source.role.clone()).collect();
    let outcome = combine(&roles, &assumptions).map_err(|violations| from_violations(&[], &violations))?;
    Ok((assumptions, outcome))
}

/// Random draws keep a core busy for milliseconds.
pub(super) async fn draw(
    sources: &[ScenarioSource],
    assumptions: Assumptions,
    input: MonteCarloInput,
) -> Outcome<Quantiles> {
    let fault = |field: &str, message: String| {
        let field = format!("monteCarlo.{field}");
        Ok(Err(vec![UserError::at(&field, UserErrorCode::OutOfRange, message)]))
    };
    let Ok(seed) = u64::try_from(input.seed) else {
        return fault("seed", format!("seed is {}; give 0 to 2147483647", input.seed));
    };
    let draws = match input.draws.map(usize::try_from) {
        None => MONTE_CARLO_DRAWS,
        Some(Ok(draws)) if (100..=domain::combination::MONTE_CARLO_DRAWS_MAXIMUM).contains(&draws) => draws,
        Some(_) => return fault("draws", "draws is out of range; give 100 to 100,000".to_owned()),
    };
    let roles: Vec<CombinationRole> = sources.iter().map(|source| source.role.clone()).collect();
    let drawn = off_thread(move || monte_carlo(&roles, &assumptions, seed, draws)).await?;
    Ok(drawn.map_err(|violations| from_violations(&[], &violations)))
}

/// The assumptions that differ from the method's.
pub(super) fn overrides(input: Option<AssumptionsInput>) -> AssumptionOverrides {
    input.map(Into::into).unwrap_or_default()
}
