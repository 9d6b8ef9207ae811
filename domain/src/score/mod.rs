//! The AI impact score: how much of a role's time is spent on tasks that AI does or helps with, 0 to 100.

mod change;
mod shares;

use serde::{Deserialize, Serialize};

pub use change::{ChangeKind, ScoreChange, TaskChange, trend};

use self::shares::scored_tasks;
pub(crate) use self::shares::{ScoredTask, ScoredTasks};
use crate::method::METHOD_VERSION;
use crate::roles::Task;
use crate::stage::Stage;

/// The AI impact score of a role, with what it is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The score, 0 to 100.
    pub value: f64,
    /// The score with the least weights that the evidence allows.
    pub low: f64,
    /// The score with the greatest weights that the evidence allows.
    pub high: f64,
    /// How the scored tasks are spread over the stages: always all four, in the order of [`Stage::ALL`].
    pub stage_mix: Vec<StageShare>,
    /// Whether the time shares were unknown and therefore taken as equal.
    pub shares_are_equal: bool,
    /// How many tasks have no stage and were left out.
    pub unscored_tasks: usize,
    /// What each scored task gives to the score, in the order of the tasks.
    pub contributions: Vec<ScoreContribution>,
    /// The version of the method that made this score.
    pub method_version: u32,
}

/// How much of a role is in one stage.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageShare {
    /// The stage.
    pub stage: Stage,
    /// How many tasks are in it.
    pub count: usize,
    /// Their share of the time of all scored tasks, 0 to 1.
    pub time_share: f64,
}

/// What one task gives to the score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreContribution {
    /// The key of the task.
    pub task_key: String,
    /// Its stage.
    pub stage: Stage,
    /// The weight of the stage, 0 to 1.
    pub weight: f64,
    /// Its share of the time of all scored tasks, 0 to 1.
    pub time_share: f64,
    /// Its part of the score; all parts add up to the score.
    pub points: f64,
}

/// The AI impact score of a list of tasks; nothing if no task with a stage takes any time.
///
/// `S = 100 * sum(share * weight) / sum(share)` over the tasks that have a stage. If any of them has no time share, all
/// shares are taken as equal, exactly 1/n, and the answer says so.
#[must_use]
pub fn score(tasks: &[Task]) -> Option<Score> {
    let scored = scored_tasks(tasks)?;
    Some(Score {
        value: scored.weighted(Stage::weight),
        low: scored.weighted(Stage::low),
        high: scored.weighted(Stage::high),
        stage_mix: scored.stage_mix(),
        shares_are_equal: scored.shares_are_equal,
        unscored_tasks: tasks.len() - scored.tasks.len(),
        contributions: scored.tasks.iter().map(|task| contribution(task, scored.total)).collect(),
        method_version: METHOD_VERSION,
    })
}

/// The value of [`score`] alone, for lists in which nothing else is shown.
#[must_use]
pub fn score_value(tasks: &[Task]) -> Option<f64> {
    scored_tasks(tasks).map(|scored| scored.weighted(Stage::weight))
}

fn contribution(task: &ScoredTask<'_>, total: f64) -> ScoreContribution {
    let weight = task.stage.weight();
    let time_share = task.share / total;
    ScoreContribution {
        task_key: task.key.to_owned(),
        stage: task.stage,
        weight,
        time_share,
        points: 100.0 * time_share * weight,
    }
}
