//! What a role is made of: the part that a draft and a version have in common.

use std::sync::Arc;

use async_graphql::{Context, Object};
use domain::{
    comparison::compare,
    roles::{RoleDefinition, Skill, Task},
    stage::DEFAULT_CONSEQUENCE,
};

use store::library::LibraryRole;

use super::{
    comparison::RoleComparison,
    enums::{Quadrant, SkillPriority, SkillTrend, Stage},
    score::AiImpactScore,
};
use crate::{
    benchmark::{BenchmarkSegmentInput, RoleBenchmarkPosition, place},
    graphql::{compute::off_thread, error::ApiError, tenant::Tenant},
    library::CanonicalRole,
};

/// The definition, held by the draft or the version that it belongs to.
#[derive(Clone)]
pub(super) enum Held {
    Draft(Arc<store::roles::RoleConfiguration>),
    Version(Arc<store::roles::RoleVersion>),
}

impl Held {
    fn definition(&self) -> &RoleDefinition {
        match self {
            Self::Draft(role) => &role.definition,
            Self::Version(version) => &version.definition,
        }
    }
}

/// The fields of a role's definition, merged into the draft and the version.
#[derive(Clone)]
pub(crate) struct DefinitionFields(pub(super) Held, pub(super) Tenant);

#[Object]
impl DefinitionFields {
    /// Title of the role
    async fn title(&self) -> &str {
        &self.0.definition().title
    }

    /// Job family, such as Engineering
    async fn family(&self) -> Option<&str> {
        self.0.definition().family.as_deref()
    }

    /// Level, such as Senior
    async fn level(&self) -> Option<&str> {
        self.0.definition().level.as_deref()
    }

    /// What the role is for
    async fn summary(&self) -> Option<&str> {
        self.0.definition().summary.as_deref()
    }

    /// Full-time equivalents in the role, greater than 0
    async fn headcount(&self) -> f64 {
        self.0.definition().headcount
    }

    /// Share of time spent aligning with the other roles of a combination, 0 to 0.8
    async fn coordination_share(&self) -> Option<f64> {
        self.0.definition().coordination_share
    }

    /// Share of the work for which AI is used today, 0 to 1
    async fn current_ai_adoption(&self) -> Option<f64> {
        self.0.definition().current_ai_adoption
    }

    /// Tools and technologies of the role
    async fn technology_stack(&self) -> &[String] {
        &self.0.definition().technology_stack
    }

    /// Canonical role that this role is linked to
    async fn canonical_role(&self, ctx: &Context<'_>) -> Option<Result<CanonicalRole, ApiError>> {
        let key = self.0.definition().canonical_role.as_deref()?;
        CanonicalRole::load(ctx, key).await.transpose()
    }

    /// Key of the canonical role that this role is linked to
    async fn canonical_role_key(&self) -> Option<&str> {
        self.0.definition().canonical_role.as_deref()
    }

    /// Tasks in the organization's order
    async fn tasks(&self, #[graphql(desc = "Only tasks of this stage")] stage: Option<Stage>) -> Vec<RoleTask<'_>> {
        let stage = stage.map(domain::stage::Stage::from);
        let tasks = self.0.definition().tasks.iter();
        tasks.filter(|task| stage.is_none() || task.stage == stage).map(RoleTask).collect()
    }

    /// Skills in the organization's order
    async fn skills(
        &self,
        #[graphql(desc = "Only skills of this trend")] trend: Option<SkillTrend>,
    ) -> Vec<RoleSkill<'_>> {
        let trend = trend.map(domain::roles::Trend::from);
        let skills = self.0.definition().skills.iter();
        skills.filter(|skill| trend.is_none_or(|trend| skill.trend == trend)).map(RoleSkill).collect()
    }

    /// Roles that people can go to from here
    async fn career_pathways(&self) -> Vec<CareerPathway<'_>> {
        self.0.definition().pathways.iter().map(CareerPathway).collect()
    }

    /// AI impact score; null when no task has a stage
    async fn score(&self) -> Option<AiImpactScore> {
        domain::score::score(&self.0.definition().tasks).map(AiImpactScore)
    }

    /// Comparison with a canonical role; null when there is no such canonical role
    async fn comparison(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Key of the canonical role; by default the one that the role is linked to")]
        canonical_role_key: Option<String>,
    ) -> Option<Result<RoleComparison, ApiError>> {
        let own = self.0.definition();
        let key = canonical_role_key.as_deref().or(own.canonical_role.as_deref())?;
        let role = match CanonicalRole::load(ctx, key).await {
            Ok(role) => role?.0,
            Err(error) => return Some(Err(error)),
        };
        Some(compared(&self.0, &self.1, role).await)
    }

    /// Where the role stands in the benchmark of the canonical role that it is linked to; null without a link, or when there
    /// is no such release
    async fn benchmark(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Organizations to compare with; when left out, those of the organization's own industry and \
                          size if both it and its segment are verified, else all contributors"
        )]
        segment: Option<BenchmarkSegmentInput>,
        #[graphql(desc = "Key of the release, such as 2026-Q3; the newest when left out")] release: Option<String>,
    ) -> Option<Result<RoleBenchmarkPosition, ApiError>> {
        let own = self.0.definition();
        let role = (own.canonical_role.as_deref()?, domain::score::score(&own.tasks));
        place(ctx, &self.1, role, (segment, release.as_deref())).await.transpose()
    }
}

/// Pairs of tasks up to which a comparison takes well under a millisecond.
const QUICK_PAIRS: usize = 1_000;

async fn compared(held: &Held, tenant: &Tenant, canonical: Arc<LibraryRole>) -> Result<RoleComparison, ApiError> {
    let pairs = held.definition().tasks.len() * canonical.role.tasks.len();
    let comparison = if pairs <= QUICK_PAIRS {
        compare(held.definition(), &canonical.role)
    } else {
        let (held, canonical) = (held.clone(), Arc::clone(&canonical));
        off_thread(move || compare(held.definition(), &canonical.role)).await?
    };
    Ok(RoleComparison { comparison, canonical, tenant: tenant.clone() })
}

pub(crate) struct RoleTask<'a>(pub(crate) &'a Task);

/// A unit of work of a role
#[Object]
impl RoleTask<'_> {
    /// Names the task within its role
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

    /// Share of the role's task time, 0 to 1; null when no task of the role has one, which means equal shares
    async fn time_share(&self) -> Option<f64> {
        self.0.time_share
    }

    /// Harm of getting it wrong, 0 to 1; 0.4 unless the organization set it
    async fn consequence(&self) -> f64 {
        self.0.consequence.unwrap_or(DEFAULT_CONSEQUENCE)
    }

    /// What to do about the task; null without a stage
    async fn quadrant(&self) -> Option<Quadrant> {
        self.0.quadrant().map(Into::into)
    }

    /// Key of the canonical task that this task is linked to
    async fn canonical_task_key(&self) -> Option<&str> {
        self.0.canonical_task.as_deref()
    }
}

pub(crate) struct RoleSkill<'a>(pub(crate) &'a Skill);

/// A skill of a role
#[Object]
impl RoleSkill<'_> {
    /// What the skill is called
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Where the need for it is going
    async fn trend(&self) -> SkillTrend {
        self.0.trend.into()
    }

    /// How urgent it is to build it
    async fn priority(&self) -> Option<SkillPriority> {
        self.0.priority.map(Into::into)
    }

    /// How likely AI takes the skill over, 0 to 1
    async fn automation_risk(&self) -> Option<f64> {
        self.0.automation_risk
    }

    /// Expected proficiency, 1 to 5
    async fn proficiency(&self) -> Option<u8> {
        self.0.proficiency
    }

    /// Key of the canonical skill that this skill is linked to
    async fn canonical_skill_key(&self) -> Option<&str> {
        self.0.canonical_skill.as_deref()
    }
}

pub(crate) struct CareerPathway<'a>(pub(crate) &'a domain::roles::CareerPathway);

/// A role that people can go to from here
#[Object]
impl CareerPathway<'_> {
    /// Title of the role at the end of the pathway
    async fn target(&self) -> &str {
        &self.0.target
    }

    /// Least number of months that it takes
    async fn months_from(&self) -> u16 {
        self.0.months_from
    }

    /// Greatest number of months that it takes
    async fn months_to(&self) -> u16 {
        self.0.months_to
    }

    /// What the pathway is like
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Skills to build on the way
    async fn skills(&self) -> &[String] {
        &self.0.skills
    }
}
