use serde::{Deserialize, Serialize};

use crate::method::DEFAULT_COORDINATION_SHARE;
use crate::roles::{RoleDefinition, Skill, Task, normalized_key};
use crate::stage::Stage;

/// A role that goes into a combination.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CombinationRole {
    /// What the role is called.
    pub name: String,
    /// Full-time equivalents, greater than 0.
    pub headcount: f64,
    /// Share of time spent aligning with the other roles of the combination, 0 to 0.8.
    pub coordination_share: f64,
    /// Whether nobody has given the coordination share, so that it is [`DEFAULT_COORDINATION_SHARE`].
    #[serde(default)]
    pub coordination_share_is_assumed: bool,
    /// Share of the work for which AI is used today, 0 to 1.
    pub current_adoption: f64,
    /// The tasks that have a stage, at least one.
    pub tasks: Vec<CombinationTask>,
    /// The skills.
    pub skills: Vec<CombinationSkill>,
    /// How many tasks have no stage and were left out.
    #[serde(default)]
    pub unscored_tasks: usize,
}

/// A task of a role that goes into a combination.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CombinationTask {
    /// Tasks with the same key are the same work: the canonical task where linked, otherwise the own key.
    pub key: String,
    /// The key of the task within its role. Several tasks of a role may be linked to one canonical task.
    pub own_key: String,
    /// What the task is called.
    pub title: String,
    /// How far it is along the automation journey.
    pub stage: Stage,
    /// Share of the role's task time, 0 to 1; given for all tasks of a role or for none, which means equal shares.
    pub time_share: Option<f64>,
}

impl CombinationTask {
    /// A task whose key is also its title, for callers that have no more.
    #[must_use]
    pub fn new(key: impl Into<String>, stage: Stage, time_share: Option<f64>) -> Self {
        let key = key.into();
        Self { own_key: key.clone(), title: key.clone(), key, stage, time_share }
    }
}

/// A skill of a role that goes into a combination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CombinationSkill {
    /// Skills with the same key are the same: the canonical skill where linked, otherwise the name in its normal form.
    pub key: String,
    /// What the skill is called.
    pub name: String,
}

impl From<&Skill> for CombinationSkill {
    fn from(skill: &Skill) -> Self {
        Self { key: skill.group_key(), name: skill.name.clone() }
    }
}

impl From<&str> for CombinationSkill {
    fn from(name: &str) -> Self {
        Self { key: normalized_key(name), name: name.to_owned() }
    }
}

/// What a scenario sets in place of what a role says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoleOverrides {
    /// In place of [`RoleDefinition::headcount`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headcount: Option<f64>,
    /// In place of [`RoleDefinition::coordination_share`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordination_share: Option<f64>,
    /// In place of [`RoleDefinition::current_ai_adoption`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_adoption: Option<f64>,
}

impl CombinationRole {
    /// The role as it goes into a combination.
    ///
    /// Tasks without a stage are left out and counted; the time shares of the others are scaled up to fill their place.
    /// A coordination share that neither the scenario nor the role gives is [`DEFAULT_COORDINATION_SHARE`] and marked as
    /// assumed; an adoption today that neither gives is 0.
    #[must_use]
    pub fn from_definition(definition: &RoleDefinition, overrides: &RoleOverrides) -> Self {
        let coordination_share = overrides.coordination_share.or(definition.coordination_share);
        let tasks = combination_tasks(&definition.tasks);
        Self {
            name: definition.title.clone(),
            headcount: overrides.headcount.unwrap_or(definition.headcount),
            coordination_share: coordination_share.unwrap_or(DEFAULT_COORDINATION_SHARE),
            coordination_share_is_assumed: coordination_share.is_none(),
            current_adoption: overrides.current_adoption.or(definition.current_ai_adoption).unwrap_or(0.0),
            unscored_tasks: definition.tasks.len() - tasks.len(),
            tasks,
            skills: definition.skills.iter().map(CombinationSkill::from).collect(),
        }
    }
}

fn combination_tasks(tasks: &[Task]) -> Vec<CombinationTask> {
    let scale = share_scale(tasks);
    let combination_task = |task: &Task| {
        Some(CombinationTask {
            key: task.group_key(),
            own_key: task.effective_key(),
            title: task.title.clone(),
            stage: task.stage?,
            time_share: task.time_share.map(|share| share * scale),
        })
    };
    tasks.iter().filter_map(combination_task).collect()
}

/// What the shares of the tasks with a stage are multiplied by, so that they add up to what all shares add up to: a sum
/// that is wrong stays wrong and is found by validation.
fn share_scale(tasks: &[Task]) -> f64 {
    let all: f64 = tasks.iter().filter_map(|task| task.time_share).sum();
    let with_stage: f64 = tasks.iter().filter(|task| task.stage.is_some()).filter_map(|task| task.time_share).sum();
    if with_stage > 0.0 { all / with_stage } else { 1.0 }
}
