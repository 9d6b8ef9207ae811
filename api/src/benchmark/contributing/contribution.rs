//! What is sent to a release, the same in the preview and in a receipt.

use async_graphql::{Context, Object, SimpleObject};
use domain::{
    disclosure::{AxisKind, MIX_TOTAL},
    stage::Stage as DomainStage,
};
use store::benchmark::contributing::{SentContribution, SentRow, SentTask};

use crate::{
    benchmark::segments::OrganizationSegment,
    graphql::{context::ContextExt, error::ApiError},
    roles::{Stage, tidy},
};

/// Thousandths are what is sent.
const MILLI: f64 = 1_000.0;

#[derive(Clone)]
pub(crate) struct BenchmarkContribution(pub(super) SentContribution);

/// Everything that an organization gives to a release of the benchmark. There is no text of its own in it, and nothing about
/// a person
#[Object]
impl BenchmarkContribution {
    /// What kind of organization it is; null in a preview as long as none is declared
    async fn segment(&self) -> Option<OrganizationSegment> {
        self.0.segment.map(Into::into)
    }

    /// What is given for each canonical role, in the order of their keys
    async fn roles(&self) -> Vec<ContributedRole<'_>> {
        self.rows(AxisKind::Role).map(ContributedRole).collect()
    }

    /// What is given for each combination that the library suggests and that has one of these roles
    async fn combinations(&self) -> Vec<ContributedCombination<'_>> {
        self.rows(AxisKind::Combination).map(ContributedCombination).collect()
    }
}

impl BenchmarkContribution {
    fn rows(&self, kind: AxisKind) -> impl Iterator<Item = &SentRow> {
        self.0.rows.iter().filter(move |row| row.kind == kind)
    }
}

pub(crate) struct ContributedRole<'a>(&'a SentRow);

/// What an organization gives to a release for one canonical role; several configurations of it are given as one
#[Object]
impl ContributedRole<'_> {
    /// Key of the canonical role
    async fn canonical_role_key(&self) -> &str {
        &self.0.key
    }

    /// Title of the canonical role; null if no current edition has it
    async fn title(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        let role = ctx.request().library().load_one(self.0.key.clone()).await;
        role.map(|role| role.map(|role| role.role.title.clone())).map_err(Into::into).transpose()
    }

    /// Heads in the role. No figure is made of them: they weigh organizations of one owner against each other
    async fn headcount(&self) -> f64 {
        self.0.heads_milli as f64 / MILLI
    }

    /// AI impact score, 0 to 100, to a thousandth
    async fn ai_impact_score(&self) -> f64 {
        tidy(self.0.score as f64 / MILLI)
    }

    /// Share of the task time in each stage, to a millionth
    async fn stage_mix(&self) -> Vec<ContributedStageShare> {
        let shares = DomainStage::ALL.into_iter().zip(self.0.mix);
        let share = |(stage, share): (DomainStage, i64)| ContributedStageShare {
            stage: stage.into(),
            time_share: tidy(share as f64 / MIX_TOTAL as f64),
        };
        shares.map(share).collect()
    }

    /// The canonical tasks of the role, and how far along each is
    async fn tasks(&self) -> Vec<ContributedTask> {
        self.0.tasks.iter().map(ContributedTask::from).collect()
    }

    /// Keys of the canonical skills that the role has, of at most 40 that are counted
    async fn skills(&self) -> Vec<&str> {
        self.0.skills.iter().filter(|skill| skill.is_held).map(|skill| skill.key.as_str()).collect()
    }

    /// Keys of the canonical skills that are counted and that the role does not have
    async fn missing_skills(&self) -> Vec<&str> {
        self.0.skills.iter().filter(|skill| !skill.is_held).map(|skill| skill.key.as_str()).collect()
    }

    /// Heads of the role over the heads of all published roles, 0 to 1; sent as its binary logarithm, to a thousandth
    async fn headcount_ratio(&self) -> f64 {
        tidy((self.0.ratio as f64 / MILLI).exp2())
    }
}

/// Share of a role's time in a stage, as it is sent
#[derive(SimpleObject)]
pub(crate) struct ContributedStageShare {
    /// The stage
    stage: Stage,
    /// Share of the role's task time in the stage, 0 to 1
    time_share: f64,
}

/// How far along a canonical task is, as it is sent
#[derive(SimpleObject)]
pub(crate) struct ContributedTask {
    /// Key of the canonical task
    canonical_task_key: String,
    /// Its stage; null if the role does not run the task, or its stage is not known
    stage: Option<Stage>,
}

impl From<&SentTask> for ContributedTask {
    fn from(task: &SentTask) -> Self {
        Self { canonical_task_key: task.key.clone(), stage: task.stage.map(Into::into) }
    }
}

pub(crate) struct ContributedCombination<'a>(&'a SentRow);

/// What an organization gives to a release for one combination of the library
#[Object]
impl ContributedCombination<'_> {
    /// Key of the combination
    async fn combination_key(&self) -> &str {
        &self.0.key
    }

    /// Title of the combination; null if no current edition has it
    async fn title(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        let combination = ctx.request().store().library().combination(&self.0.key).await;
        combination.map(|combination| combination.map(|found| found.title)).map_err(Into::into).transpose()
    }

    /// Whether one of the organization's roles has enough tasks of each of the roles combined
    async fn is_run(&self) -> bool {
        self.0.skills.iter().any(|skill| skill.is_held)
    }
}
