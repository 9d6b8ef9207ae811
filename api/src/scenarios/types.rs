//! Scenarios as the schema has them.

use std::{collections::BTreeSet, sync::Arc};

use async_graphql::{Context, Enum, ID, Object};
use chrono::{DateTime, Utc};
use store::scenarios::SourceOrigin;

use super::{model, outcome::RoleCombinationOutcome};
use crate::{
    benchmark::{BenchmarkSegmentInput, RoleCombinationBenchmark, combination_of},
    graphql::{
        connection::connection,
        context::ContextExt,
        error::ApiError,
        id::{GlobalId, Kind},
        tenant::Tenant,
    },
    library::CanonicalRole,
    organizations::Organization,
    roles::{RoleConfiguration, tidy},
};

/// How far a scenario is on its way to a decision
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "store::scenarios::ScenarioState")]
pub(crate) enum ScenarioState {
    /// Being worked on
    Draft,
    /// Put forward for a decision
    Proposed,
    /// Decided
    Approved,
}

#[derive(Clone)]
pub(crate) struct Scenario {
    pub(super) tenant: Tenant,
    pub(super) scenario: Arc<store::scenarios::Scenario>,
}

connection!(Scenario, ScenarioConnection, ScenarioEdge, "scenarios", total_count);

impl Scenario {
    pub(crate) fn new(tenant: Tenant, scenario: store::scenarios::Scenario) -> Self {
        Self { tenant, scenario: Arc::new(scenario) }
    }

    /// The scenario with this identifier, if there is one.
    pub(crate) async fn load(tenant: Tenant, id: uuid::Uuid) -> Result<Option<Self>, ApiError> {
        let scenario = tenant.read().await?.scenarios().by_id(domain::ids::ScenarioId(id)).await?;
        Ok(scenario.map(|scenario| Self::new(tenant, scenario)))
    }

    pub(super) fn global_id(&self) -> ID {
        let organization = self.tenant.organization();
        GlobalId::Tenant { kind: Kind::Scenario, organization, id: self.scenario.id.0 }.encode()
    }

    /// The outcome, made again from what was saved.
    pub(super) fn computed(&self) -> Result<domain::combination::CombinationOutcome, ApiError> {
        match model::outcome(&self.scenario.sources, &self.scenario.assumptions) {
            Ok((_, outcome)) => Ok(outcome),
            Err(errors) => {
                tracing::error!(?errors, "a saved scenario cannot be computed");
                Err(ApiError::Internal)
            }
        }
    }
}

/// A saved combination with its assumptions, made from the roles as they were when it was saved
#[Object]
impl Scenario {
    /// Global identifier
    pub(crate) async fn id(&self) -> ID {
        self.global_id()
    }

    /// Organization that keeps the scenario
    async fn organization(&self) -> Organization {
        Organization::new(self.tenant.clone())
    }

    /// Name
    async fn name(&self) -> &str {
        &self.scenario.name
    }

    /// Description
    async fn description(&self) -> Option<&str> {
        self.scenario.description.as_deref()
    }

    /// How far it is on its way to a decision
    async fn state(&self) -> ScenarioState {
        self.scenario.state.into()
    }

    /// Counts the changes; an update names the revision that it was made from
    async fn revision(&self) -> i32 {
        self.scenario.revision
    }

    /// Gain in output per hour when it was saved: 0.35 means +35 %
    async fn gain(&self) -> f64 {
        tidy(self.scenario.gain)
    }

    /// Version of the method that it was made with
    async fn method_version(&self) -> i32 {
        self.scenario.method_version
    }

    /// The roles that it was made from
    async fn sources(&self) -> Vec<SourceOfScenario> {
        let sources = 0..self.scenario.sources.len();
        sources.map(|index| SourceOfScenario { scenario: self.clone(), index }).collect()
    }

    /// Whether any of its roles has changed since it was saved
    async fn has_changed_sources(&self, ctx: &Context<'_>) -> Option<Result<bool, ApiError>> {
        Some(self.any_source_changed(ctx).await)
    }

    /// The whole outcome, made from the roles as they were
    async fn outcome(&self) -> Option<Result<RoleCombinationOutcome, ApiError>> {
        Some(self.computed().map(RoleCombinationOutcome))
    }

    /// What share of a peer group runs the combined role already, where the canonical roles, own ones by their link, are
    /// those of a combination of the library; null where they are not, or without such a release
    async fn benchmark(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Organizations to look at; when left out, those of the organization's own industry and size if \
                          both it and its segment are verified, else all contributors"
        )]
        segment: Option<BenchmarkSegmentInput>,
        #[graphql(desc = "Key of the release, such as 2026-Q3; the newest when left out")] release: Option<String>,
    ) -> Option<Result<RoleCombinationBenchmark, ApiError>> {
        self.read_benchmark(ctx, segment, release.as_deref()).await.transpose()
    }

    /// When it was saved
    async fn created_at(&self) -> DateTime<Utc> {
        self.scenario.created_at
    }

    /// When it was last changed
    async fn updated_at(&self) -> DateTime<Utc> {
        self.scenario.updated_at
    }
}

impl Scenario {
    async fn read_benchmark(
        &self,
        ctx: &Context<'_>,
        segment: Option<BenchmarkSegmentInput>,
        release: Option<&str>,
    ) -> Result<Option<RoleCombinationBenchmark>, ApiError> {
        ctx.request().library_reader()?;
        let keys = self.scenario.sources.iter().map(|source| canonical_key(&self.tenant, source));
        let keys = futures_util::future::try_join_all(keys).await?;
        let Some(roles) = keys.into_iter().collect::<Option<BTreeSet<String>>>() else { return Ok(None) };
        if roles.len() < self.scenario.sources.len() {
            return Ok(None);
        }
        let Some(combination) = combination_of(ctx, &roles).await? else { return Ok(None) };
        let peer_group = match segment {
            Some(segment) => segment.peer_group()?,
            None => self.tenant.own_peer_group().await?,
        };
        RoleCombinationBenchmark::load(ctx, &combination.key, peer_group, release).await
    }

    async fn any_source_changed(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        let changed = self.scenario.sources.iter().map(|source| has_changed(ctx, &self.tenant, source));
        // At the same time, so that the loaders ask once for all of them.
        let changed = futures_util::future::try_join_all(changed).await?;
        Ok(changed.into_iter().any(|changed| changed))
    }
}

pub(crate) struct SourceOfScenario {
    scenario: Scenario,
    index: usize,
}

impl SourceOfScenario {
    fn source(&self) -> Option<&store::scenarios::ScenarioSource> {
        self.scenario.scenario.sources.get(self.index)
    }
}

/// A role that a scenario was made from
#[Object(name = "ScenarioSource")]
impl SourceOfScenario {
    /// Title of the role when the scenario was saved
    async fn title(&self) -> Option<&str> {
        self.source().map(|source| source.role.name.as_str())
    }

    /// Full-time equivalents that went in
    async fn headcount(&self) -> Option<f64> {
        self.source().map(|source| source.role.headcount)
    }

    /// The role configuration as it is now; null for a canonical role
    async fn role_configuration(&self) -> Option<Result<RoleConfiguration, ApiError>> {
        let SourceOrigin::Role { id, .. } = self.source()?.origin else { return None };
        RoleConfiguration::load(self.scenario.tenant.clone(), id).await.transpose()
    }

    /// Number of the published version that went in; null for a draft or a canonical role
    async fn version_number(&self) -> Option<i32> {
        match self.source()?.origin {
            SourceOrigin::Role { version, .. } => version,
            SourceOrigin::Canonical { .. } => None,
        }
    }

    /// The canonical role as it is now; null for a role of the organization
    async fn canonical_role(&self, ctx: &Context<'_>) -> Option<Result<CanonicalRole, ApiError>> {
        let SourceOrigin::Canonical { key, .. } = &self.source()?.origin else { return None };
        CanonicalRole::load(ctx, key).await.transpose()
    }

    /// Whether the role has changed since the scenario was saved, so that the outcome would be another one; of a
    /// published version, whether there is a newer one
    async fn has_changed(&self, ctx: &Context<'_>) -> Option<Result<bool, ApiError>> {
        Some(has_changed(ctx, &self.scenario.tenant, self.source()?).await)
    }
}

/// The canonical role that a source is, or is linked to now.
async fn canonical_key(tenant: &Tenant, source: &store::scenarios::ScenarioSource) -> Result<Option<String>, ApiError> {
    Ok(match &source.origin {
        SourceOrigin::Canonical { key, .. } => Some(key.clone()),
        SourceOrigin::Role { id, .. } => {
            tenant.role(*id).await?.and_then(|role| role.definition.canonical_role.clone())
        }
    })
}

async fn has_changed(
    ctx: &Context<'_>,
    tenant: &Tenant,
    source: &store::scenarios::ScenarioSource,
) -> Result<bool, ApiError> {
    Ok(match &source.origin {
        SourceOrigin::Role { id, version, .. } => match (tenant.role(*id).await?, version) {
            (None, _) => true,
            (Some(role), Some(version)) => role.published_number != Some(*version),
            (Some(role), None) => source.differs_from(&role.definition),
        },
        SourceOrigin::Canonical { key, edition_digest } => match ctx.request().library().load_one(key.clone()).await? {
            None => true,
            Some(role) if role.edition_digest == *edition_digest => false,
            Some(role) => source.differs_from(&role.role.to_definition()),
        },
    })
}
