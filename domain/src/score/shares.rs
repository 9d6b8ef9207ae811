use super::StageShare;
use crate::roles::Task;
use crate::stage::Stage;

/// A task that has a stage.
pub(crate) struct ScoredTask<'a> {
    pub(crate) key: &'a str,
    pub(crate) stage: Stage,
    /// The share as given, or 1 for every task when the shares are equal.
    pub(crate) share: f64,
}

/// The tasks that have a stage, with the shares to weigh them by.
pub(crate) struct ScoredTasks<'a> {
    pub(crate) tasks: Vec<ScoredTask<'a>>,
    pub(crate) shares_are_equal: bool,
    /// The sum of the shares, greater than 0.
    pub(crate) total: f64,
}

/// Leaves out the tasks without a stage; nothing if the rest takes no time.
pub(super) fn scored_tasks(tasks: &[Task]) -> Option<ScoredTasks<'_>> {
    let labelled = || tasks.iter().filter_map(|task| task.stage.map(|stage| (task, stage)));
    let shares_are_equal = labelled().any(|(task, _)| !task.time_share.is_some_and(is_usable));
    let scored = labelled().map(|(task, stage)| {
        let share = if shares_are_equal { 1.0 } else { task.time_share.unwrap_or(1.0) };
        ScoredTask { key: &task.key, stage, share }
    });
    ScoredTasks::new(scored.collect(), shares_are_equal)
}

/// A share that validation would let pass, as far as the score depends on it.
fn is_usable(share: f64) -> bool {
    (0.0..=1.0).contains(&share)
}

impl<'a> ScoredTasks<'a> {
    /// The tasks with their sum; nothing if they take no time.
    pub(crate) fn new(tasks: Vec<ScoredTask<'a>>, shares_are_equal: bool) -> Option<Self> {
        let total = tasks.iter().map(|task| task.share).sum::<f64>();
        (total > 0.0).then_some(Self { tasks, shares_are_equal, total })
    }

    /// `100 * sum(share * weight) / sum(share)` for a weight of the stages, 0 to 100.
    pub(crate) fn weighted(&self, weight: impl Fn(Stage) -> f64) -> f64 {
        let sum = self.tasks.iter().map(|task| task.share * weight(task.stage)).sum::<f64>();
        // Rounding could otherwise give a hair more than 100.
        (100.0 * sum / self.total).clamp(0.0, 100.0)
    }

    /// Count and share of time of every stage.
    pub(crate) fn stage_mix(&self) -> Vec<StageShare> {
        let of_stage = |stage| {
            let tasks = self.tasks.iter().filter(move |task| task.stage == stage);
            let (count, sum) = tasks.fold((0, 0.0), |(count, sum), task| (count + 1, sum + task.share));
            StageShare { stage, count, time_share: sum / self.total }
        };
        Stage::ALL.into_iter().map(of_stage).collect()
    }
}
