use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Score, ScoreContribution, score};
use crate::roles::{Task, normalized_key};
use crate::stage::Stage;
use crate::text_enum::text_enum;

/// Changes of fewer points than this are rounding, not causes.
const POINTS_MINIMUM: f64 = 1e-9;

text_enum! {
    /// What happened to a task between two versions of a role.
    ChangeKind {
        /// It has another stage.
        StageChanged = "STAGE_CHANGED",
        /// It is scored now and was not before.
        Added = "ADDED",
        /// It was scored before and is not now.
        Removed = "REMOVED",
        /// It has the same stage and another share of the time.
        TimeShareChanged = "TIME_SHARE_CHANGED",
    }
}

/// How the AI impact score went from one version of a role to another, both under the same method version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreChange {
    /// The score before, 0 to 100.
    pub before: f64,
    /// The score after, 0 to 100.
    pub after: f64,
    /// Points gained, from -100 to 100.
    pub delta_points: f64,
    /// The same in percent of the score before; nothing if that was 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta_relative_percent: Option<f64>,
    /// What caused it, the strongest first; the points of all causes add up to `delta_points`.
    pub causes: Vec<TaskChange>,
    /// The version of the method that made both scores.
    pub method_version: u32,
}

/// What one task did to the score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskChange {
    /// The key of the task.
    pub task_key: String,
    /// What happened to it.
    pub kind: ChangeKind,
    /// Its stage before; nothing if it was not scored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Stage>,
    /// Its stage after; nothing if it is not scored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Stage>,
    /// The points that the score gained by it.
    pub points: f64,
}

/// The change of the score between two versions of the same role; nothing if either has no score.
///
/// Tasks are matched by key in its normal form. A task's points are `share' * (100 w' - S) - share * (100 w - S)` with `S`
/// the score before, so that they add up to the change and an added task counts by how far it lies from the score.
#[must_use]
pub fn trend(before: &[Task], after: &[Task]) -> Option<ScoreChange> {
    let (before, after) = (score(before)?, score(after)?);
    let delta_points = after.value - before.value;
    Some(ScoreChange {
        before: before.value,
        after: after.value,
        delta_points,
        delta_relative_percent: (before.value > 0.0).then(|| 100.0 * delta_points / before.value),
        causes: causes(&before, &after),
        method_version: after.method_version,
    })
}

fn causes(before: &Score, after: &Score) -> Vec<TaskChange> {
    let mut earlier: HashMap<String, &ScoreContribution> = HashMap::new();
    for contribution in &before.contributions {
        earlier.insert(normalized_key(&contribution.task_key), contribution);
    }
    let mut changes = Vec::new();
    for contribution in &after.contributions {
        let matched = earlier.remove(&normalized_key(&contribution.task_key));
        changes.push(task_change(matched, Some(contribution), before.value));
    }
    changes.extend(earlier.into_values().map(|contribution| task_change(Some(contribution), None, before.value)));
    let mut causes: Vec<TaskChange> = changes.into_iter().flatten().collect();
    causes.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()).then_with(|| a.task_key.cmp(&b.task_key)));
    causes
}

fn task_change(
    before: Option<&ScoreContribution>,
    after: Option<&ScoreContribution>,
    score_before: f64,
) -> Option<TaskChange> {
    let centred = |contribution: Option<&ScoreContribution>| {
        contribution.map_or(0.0, |given| given.time_share * (100.0 * given.weight - score_before))
    };
    let points = centred(after) - centred(before);
    let task_key = after.or(before)?.task_key.clone();
    let (before, after) = (before.map(|given| given.stage), after.map(|given| given.stage));
    let kind = match (before, after) {
        (Some(before), Some(after)) if before == after => ChangeKind::TimeShareChanged,
        (Some(_), Some(_)) => ChangeKind::StageChanged,
        (None, _) => ChangeKind::Added,
        (_, None) => ChangeKind::Removed,
    };
    (points.abs() >= POINTS_MINIMUM).then_some(TaskChange { task_key, kind, before, after, points })
}
