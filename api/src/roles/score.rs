//! The AI impact score and how it was made.

use async_graphql::Object;
use domain::score::{Score, ScoreContribution};

use super::enums::Stage;

/// A computed figure without the last digits of binary arithmetic: 55, not 55.00000000000001.
pub(crate) fn tidy(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

pub(crate) struct AiImpactScore(pub(crate) Score);

/// How far a role's work is along the automation journey, and how the figure was made
#[Object]
impl AiImpactScore {
    /// The score, 0 to 100: 100 times the mean of the stages' weights, weighted by time share
    async fn value(&self) -> f64 {
        tidy(self.0.value)
    }

    /// The score with the low end of each stage's weight, 0 to 100
    async fn low(&self) -> f64 {
        tidy(self.0.low)
    }

    /// The score with the high end of each stage's weight, 0 to 100
    async fn high(&self) -> f64 {
        tidy(self.0.high)
    }

    /// How the tasks and their time are spread over the four stages
    async fn stage_mix(&self) -> Vec<StageShare> {
        self.0.stage_mix.iter().cloned().map(StageShare).collect()
    }

    /// Whether no task has a time share, so that all count the same
    async fn is_equally_shared(&self) -> bool {
        self.0.shares_are_equal
    }

    /// Number of tasks without a stage, which the score leaves out
    async fn unscored_task_count(&self) -> usize {
        self.0.unscored_tasks
    }

    /// What each task adds to the score; their points sum to the score
    async fn contributions(&self) -> Vec<ContributionOfTask<'_>> {
        self.0.contributions.iter().map(ContributionOfTask).collect()
    }

    /// Version of the method that made the figure
    async fn method_version(&self) -> u32 {
        self.0.method_version
    }
}

pub(crate) struct StageShare(pub(crate) domain::score::StageShare);

/// The tasks of one stage
#[Object]
impl StageShare {
    /// The stage
    async fn stage(&self) -> Stage {
        self.0.stage.into()
    }

    /// Number of tasks in the stage
    async fn count(&self) -> usize {
        self.0.count
    }

    /// Share of the role's task time in the stage, 0 to 1
    async fn time_share(&self) -> f64 {
        tidy(self.0.time_share)
    }
}

pub(crate) struct ContributionOfTask<'a>(&'a ScoreContribution);

/// What one task adds to the score
#[Object(name = "ScoreContribution")]
impl ContributionOfTask<'_> {
    /// Key of the task within its role
    async fn task_key(&self) -> &str {
        &self.0.task_key
    }

    /// Stage of the task
    async fn stage(&self) -> Stage {
        self.0.stage.into()
    }

    /// Weight of the stage, 0 to 1
    async fn weight(&self) -> f64 {
        self.0.weight
    }

    /// Share of the scored time, 0 to 1
    async fn time_share(&self) -> f64 {
        tidy(self.0.time_share)
    }

    /// Points that the task adds to the score
    async fn points(&self) -> f64 {
        tidy(self.0.points)
    }
}
