//! Canonical roles, editions and combinations as the schema has them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use domain::{
    library::CanonicalTask,
    stage::{DEFAULT_CONSEQUENCE, quadrant},
};
use store::library::LibraryRole;

use crate::{
    benchmark::{BenchmarkSegmentInput, RoleBenchmark, peer_group},
    graphql::{connection::connection, context::ContextExt, error::ApiError, id::GlobalId},
    roles::{AiImpactScore, CareerPathway, ExposureMeasure, Quadrant, RoleSkill, SkillTrend, Stage},
};

#[derive(Clone)]
pub(crate) struct CanonicalRole(pub(crate) Arc<LibraryRole>);

connection!(CanonicalRole, CanonicalRoleConnection, CanonicalRoleEdge, "canonical roles", total_count);

impl CanonicalRole {
    /// The canonical role with this key, if an edition has it and the caller may read the library.
    pub(crate) async fn load(ctx: &Context<'_>, key: &str) -> Result<Option<Self>, ApiError> {
        ctx.request().library_reader()?;
        Ok(ctx.request().library().load_one(key.to_owned()).await?.map(Self))
    }
}

/// A role of the Platform Roles Library, the same for everybody
#[Object]
impl CanonicalRole {
    /// Global identifier
    pub(crate) async fn id(&self) -> ID {
        GlobalId::CanonicalRole(self.0.role.key.clone()).encode()
    }

    /// Key, source and code, stable across editions, such as rolemark:backend-engineer
    async fn key(&self) -> &str {
        &self.0.role.key
    }

    /// Edition that the role is in
    async fn edition_key(&self) -> &str {
        &self.0.edition_key
    }

    /// Title of the role
    async fn title(&self) -> &str {
        &self.0.role.title
    }

    /// Job family, such as Engineering
    async fn family(&self) -> &str {
        &self.0.role.family
    }

    /// Occupation code of O*NET-SOC 2019, such as 15-1252.00
    async fn occupation_code(&self) -> Option<&str> {
        self.0.role.occupation_code.as_deref()
    }

    /// What the role is for
    async fn summary(&self) -> &str {
        &self.0.role.summary
    }

    /// Other titles of the same role
    async fn alternate_titles(&self) -> &[String] {
        &self.0.role.alternate_titles
    }

    /// Share of time spent aligning with other roles, 0 to 0.8
    async fn coordination_share(&self) -> Option<f64> {
        self.0.role.coordination_share
    }

    /// Tools and technologies of the role
    async fn technology_stack(&self) -> &[String] {
        &self.0.role.technology_stack
    }

    /// Tasks of the role
    async fn tasks(&self, #[graphql(desc = "Only tasks of this stage")] stage: Option<Stage>) -> Vec<TaskOfRole<'_>> {
        let stage = stage.map(domain::stage::Stage::from);
        let tasks = self.0.role.tasks.iter();
        tasks.filter(|task| stage.is_none() || task.stage == stage).map(TaskOfRole).collect()
    }

    /// Skills of the role
    async fn skills(
        &self,
        #[graphql(desc = "Only skills of this trend")] trend: Option<SkillTrend>,
    ) -> Vec<RoleSkill<'_>> {
        let trend = trend.map(domain::roles::Trend::from);
        let skills = self.0.role.skills.iter();
        skills.filter(|skill| trend.is_none_or(|trend| skill.trend == trend)).map(RoleSkill).collect()
    }

    /// Roles that people can go to from here
    async fn career_pathways(&self) -> Vec<CareerPathway<'_>> {
        self.0.role.pathways.iter().map(CareerPathway).collect()
    }

    /// Published exposure measures of the occupation, side by side; they disagree
    async fn exposure(&self) -> Vec<ExposureMeasure<'_>> {
        self.0.role.exposure.iter().map(ExposureMeasure).collect()
    }

    /// The role's benchmark, made of what organizations contribute; null when there is no such release
    async fn benchmark(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Organizations to compare with; all contributors when left out")] segment: Option<
            BenchmarkSegmentInput,
        >,
        #[graphql(desc = "Key of the release, such as 2026-Q3; the newest when left out")] release: Option<String>,
    ) -> Option<Result<RoleBenchmark, ApiError>> {
        let peer_group = match peer_group(segment) {
            Ok(peer_group) => peer_group,
            Err(error) => return Some(Err(error)),
        };
        RoleBenchmark::load(ctx, &self.0.role.key, peer_group, release.as_deref()).await.transpose()
    }

    /// AI impact score; null when no task has a stage
    async fn score(&self) -> Option<AiImpactScore> {
        domain::score::score(&self.0.role.to_definition().tasks).map(AiImpactScore)
    }
}

pub(crate) struct TaskOfRole<'a>(&'a CanonicalTask);

/// A task of a canonical role
#[Object(name = "CanonicalTask")]
impl TaskOfRole<'_> {
    /// Key, source and code, stable across editions, such as rolemark:incident-response
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// What the task is called
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What is done
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Why the task stands at its stage
    async fn rationale(&self) -> Option<&str> {
        self.0.rationale.as_deref()
    }

    /// How far the task is along the automation journey; null for an imported task without a label
    async fn stage(&self) -> Option<Stage> {
        self.0.stage.map(Into::into)
    }

    /// Whether the stage was derived from an automation label and not chosen by a person
    async fn is_stage_derived(&self) -> bool {
        self.0.stage_is_derived
    }

    /// Share of the role's task time, 0 to 1; null means equal shares
    async fn time_share(&self) -> Option<f64> {
        self.0.time_share
    }

    /// Harm of getting it wrong, 0 to 1
    async fn consequence(&self) -> f64 {
        self.0.consequence.unwrap_or(DEFAULT_CONSEQUENCE)
    }

    /// What to do about the task; null without a stage
    async fn quadrant(&self) -> Option<Quadrant> {
        let stage = self.0.stage?;
        Some(quadrant(stage, self.0.consequence.unwrap_or(DEFAULT_CONSEQUENCE)).into())
    }
}
