//! A role next to a canonical role.

use std::sync::Arc;

use async_graphql::{Context, Object};
use domain::comparison::{
    Comparison, SkillComparison, SkillProposal, StageShareDifference, TaskAlignment, TaskProposal, TaskReference,
    UnmatchedTask,
};
use store::library::LibraryRole;

use super::{
    enums::{AlignmentBasis, ExposureName, SkillPriority, Stage},
    score::{AiImpactScore, tidy},
};
use crate::{
    benchmark::{BenchmarkSegmentInput, RoleBenchmarkPosition, place},
    graphql::{error::ApiError, tenant::Tenant},
    library::CanonicalRole,
};

pub(crate) struct RoleComparison {
    pub(super) comparison: Comparison,
    pub(super) canonical: Arc<LibraryRole>,
    pub(super) tenant: Tenant,
}

/// A role next to a canonical role
#[Object]
impl RoleComparison {
    /// The canonical role
    async fn canonical_role(&self) -> CanonicalRole {
        CanonicalRole(Arc::clone(&self.canonical))
    }

    /// Score of the organization's role
    async fn own_score(&self) -> Option<AiImpactScore> {
        self.comparison.own_score.clone().map(AiImpactScore)
    }

    /// Score of the canonical role
    async fn canonical_score(&self) -> Option<AiImpactScore> {
        self.comparison.canonical_score.clone().map(AiImpactScore)
    }

    /// Own score minus canonical score, in points; null when one of them is missing
    async fn score_difference(&self) -> Option<f64> {
        self.comparison.score_difference.map(tidy)
    }

    /// The stage mixes side by side
    async fn stage_mix_difference(&self) -> Vec<StageDifference<'_>> {
        self.comparison.stage_mix_difference.iter().map(StageDifference).collect()
    }

    /// Each task of either role with its counterpart
    async fn alignments(&self) -> Vec<Alignment<'_>> {
        self.comparison.alignments.iter().map(Alignment).collect()
    }

    /// Tasks of the canonical role that no task of the role is known to match
    async fn missing_tasks(&self) -> Vec<Unmatched<'_>> {
        self.comparison.missing_tasks.iter().map(Unmatched).collect()
    }

    /// Tasks of the role that no canonical task is known to match
    async fn additional_tasks(&self) -> Vec<Unmatched<'_>> {
        self.comparison.additional_tasks.iter().map(Unmatched).collect()
    }

    /// Emerging skills of the canonical role that the role has
    async fn emerging_skills_present(&self) -> Vec<ComparedSkill<'_>> {
        self.comparison.emerging_skills_present.iter().map(ComparedSkill).collect()
    }

    /// Emerging skills of the canonical role that the role lacks
    async fn emerging_skills_absent(&self) -> Vec<ComparedSkill<'_>> {
        self.comparison.emerging_skills_absent.iter().map(ComparedSkill).collect()
    }

    /// Declining skills of the canonical role that the role still relies on
    async fn declining_skills_relied_on(&self) -> Vec<ComparedSkill<'_>> {
        self.comparison.declining_skills_relied_on.iter().map(ComparedSkill).collect()
    }

    /// Published exposure measures of the canonical role's occupation, side by side; they disagree
    async fn exposure(&self) -> Vec<ExposureMeasure<'_>> {
        self.comparison.exposure.iter().map(ExposureMeasure).collect()
    }

    /// Where the role stands in the benchmark of the canonical role, beside the edition; null when there is no such release
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
        let role = (self.canonical.role.key.as_str(), self.comparison.own_score.clone());
        place(ctx, &self.tenant, role, (segment, release.as_deref())).await.transpose()
    }

    /// Version of the method that made the figures
    async fn method_version(&self) -> u32 {
        self.comparison.method_version
    }
}

pub(crate) struct StageDifference<'a>(&'a StageShareDifference);

/// The time shares of one stage, side by side
#[Object(name = "StageShareDifference")]
impl StageDifference<'_> {
    /// The stage
    async fn stage(&self) -> Stage {
        self.0.stage.into()
    }

    /// Share of the role's time, 0 to 1
    async fn own_share(&self) -> f64 {
        tidy(self.0.own)
    }

    /// Share of the canonical role's time, 0 to 1
    async fn canonical_share(&self) -> f64 {
        tidy(self.0.canonical)
    }

    /// Own share minus canonical share, -1 to 1
    async fn difference(&self) -> f64 {
        tidy(self.0.difference)
    }
}

pub(crate) struct ComparedTask<'a>(&'a TaskReference);

/// A task named in a comparison
#[Object(name = "ComparedTask")]
impl ComparedTask<'_> {
    /// Key of the task
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// What the task is called
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Stage of the task
    async fn stage(&self) -> Option<Stage> {
        self.0.stage.map(Into::into)
    }
}

pub(crate) struct Alignment<'a>(&'a TaskAlignment);

/// A task of one role with its counterpart in the other
#[Object(name = "TaskAlignment")]
impl Alignment<'_> {
    /// Task of the role; null when only the canonical role has it
    async fn own_task(&self) -> Option<ComparedTask<'_>> {
        self.0.own_task.as_ref().map(ComparedTask)
    }

    /// Task of the canonical role; null when only the role has it
    async fn canonical_task(&self) -> Option<ComparedTask<'_>> {
        self.0.canonical_task.as_ref().map(ComparedTask)
    }

    /// How the two were matched
    async fn basis(&self) -> AlignmentBasis {
        self.0.basis.into()
    }

    /// How sure the match is, 0 to 1; null without one
    async fn confidence(&self) -> Option<f64> {
        self.0.confidence.map(tidy)
    }

    /// Weight of the own stage minus weight of the canonical one, -1 to 1
    async fn stage_difference(&self) -> Option<f64> {
        self.0.stage_difference.map(tidy)
    }
}

pub(crate) struct Unmatched<'a>(&'a UnmatchedTask);

/// A task without a known counterpart
#[Object(name = "UnmatchedTask")]
impl Unmatched<'_> {
    /// The task
    async fn task(&self) -> ComparedTask<'_> {
        ComparedTask(&self.0.task)
    }

    /// A counterpart proposed by the likeness of texts, for a person to confirm
    async fn proposal(&self) -> Option<ProposedTask<'_>> {
        self.0.proposal.as_ref().map(ProposedTask)
    }
}

pub(crate) struct ProposedTask<'a>(&'a TaskProposal);

/// A counterpart proposed by the likeness of texts
#[Object(name = "TaskProposal")]
impl ProposedTask<'_> {
    /// The task proposed
    async fn task(&self) -> ComparedTask<'_> {
        ComparedTask(&self.0.task)
    }

    /// How alike the texts are, 0 to 1
    async fn confidence(&self) -> f64 {
        tidy(self.0.confidence)
    }
}

pub(crate) struct ComparedSkill<'a>(&'a SkillComparison);

/// A skill of the canonical role, looked for in the role
#[Object(name = "SkillComparison")]
impl ComparedSkill<'_> {
    /// Key of the canonical skill
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// What the canonical skill is called
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// How urgent it is to build it
    async fn priority(&self) -> Option<SkillPriority> {
        self.0.priority.map(Into::into)
    }

    /// What the organization calls the skill; null when the role lacks it
    async fn own_name(&self) -> Option<&str> {
        self.0.own_name.as_deref()
    }

    /// A skill of the role that may be the same, for a person to confirm
    async fn proposal(&self) -> Option<ProposedSkill<'_>> {
        self.0.proposal.as_ref().map(ProposedSkill)
    }
}

pub(crate) struct ProposedSkill<'a>(&'a SkillProposal);

/// A skill of the role that may be the same as the canonical one
#[Object(name = "SkillProposal")]
impl ProposedSkill<'_> {
    /// What the organization calls the skill
    async fn own_name(&self) -> &str {
        &self.0.own_name
    }

    /// How alike the names are, 0 to 1
    async fn confidence(&self) -> f64 {
        tidy(self.0.confidence)
    }
}

pub(crate) struct ExposureMeasure<'a>(pub(crate) &'a domain::exposure::ExposureMeasure);

/// A published measure of exposure to AI
#[Object]
impl ExposureMeasure<'_> {
    /// Which measure it is
    async fn name(&self) -> ExposureName {
        self.0.name.into()
    }

    /// The measure, 0 to 1
    async fn value(&self) -> f64 {
        self.0.value
    }

    /// Where it comes from
    async fn source(&self) -> &str {
        &self.0.source
    }
}
