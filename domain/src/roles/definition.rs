use serde::{Deserialize, Serialize};

use super::key::normalized_key;
use super::skill::{CareerPathway, Skill};
use crate::stage::{DEFAULT_CONSEQUENCE, Quadrant, Stage, quadrant};

/// A role as one organization runs it.
///
/// Any value can be built; [`RoleDefinition::validate`] says whether it may be kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoleDefinition {
    /// What the role is called, 1 to 200 characters.
    pub title: String,
    /// The job family, such as "Engineering".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// The level, such as "Senior".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// What the role is for, in a few sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Full-time equivalents in the role, greater than 0 (at least 0.000001), at most 1,000,000; 1 unless given.
    pub headcount: f64,
    /// Share of time spent aligning with the other roles of a combination, 0 to 0.8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordination_share: Option<f64>,
    /// Share of the work for which AI is used today, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_ai_adoption: Option<f64>,
    /// The tools and technologies of the role.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub technology_stack: Vec<String>,
    /// The canonical role that this one corresponds to, such as `rolemark:backend-engineer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_role: Option<String>,
    /// The tasks, in the order in which the organization shows them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
    /// The skills, in the order in which the organization shows them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Skill>,
    /// The roles that people can go to from here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pathways: Vec<CareerPathway>,
}

impl Default for RoleDefinition {
    fn default() -> Self {
        Self {
            title: String::new(),
            family: None,
            level: None,
            summary: None,
            headcount: 1.0,
            coordination_share: None,
            current_ai_adoption: None,
            technology_stack: Vec::new(),
            canonical_role: None,
            tasks: Vec::new(),
            skills: Vec::new(),
            pathways: Vec::new(),
        }
    }
}

impl RoleDefinition {
    /// The same role with every task key in its normal form, made from the title where it is missing.
    ///
    /// Two tasks that get the same key stay so: [`RoleDefinition::validate`] names them.
    #[must_use]
    pub fn with_normalized_keys(mut self) -> Self {
        for task in &mut self.tasks {
            task.key = task.effective_key();
        }
        self
    }
}

/// A unit of work of a role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Task {
    /// Names the task within its role; compared in its normal form ([`normalized_key`]).
    pub key: String,
    /// What the task is called, 1 to 200 characters.
    pub title: String,
    /// What the task is, in a few sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Why it has its stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rationale: Option<String>,
    /// How far it is along the automation journey; nothing for an imported task without a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Whether the stage was derived from an automation label and not chosen by a person.
    #[serde(skip_serializing_if = "is_false")]
    pub stage_is_derived: bool,
    /// Share of the role's task time, 0 to 1; given for all tasks of a role or for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_share: Option<f64>,
    /// The harm of getting it wrong, 0 to 1; [`DEFAULT_CONSEQUENCE`] unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consequence: Option<f64>,
    /// The canonical task that this one corresponds to, such as `rolemark:incident-response`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_task: Option<String>,
}

impl Task {
    /// The key in its normal form, made from the title when there is none.
    #[must_use]
    pub fn effective_key(&self) -> String {
        let key = normalized_key(&self.key);
        if key.is_empty() { normalized_key(&self.title) } else { key }
    }

    /// The key under which tasks of different roles count as the same work: the canonical task where linked,
    /// otherwise the organization's own key in its normal form.
    #[must_use]
    pub fn group_key(&self) -> String {
        self.canonical_task.clone().unwrap_or_else(|| self.effective_key())
    }

    /// What to do about the task; nothing without a stage. See [`quadrant`].
    #[must_use]
    pub fn quadrant(&self) -> Option<Quadrant> {
        self.stage.map(|stage| quadrant(stage, self.consequence.unwrap_or(DEFAULT_CONSEQUENCE)))
    }
}

/// Whether a flag is not set, so that JSON leaves it out.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(crate) const fn is_false(flag: &bool) -> bool {
    !*flag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_holds_only_what_was_given() {
        let role = RoleDefinition {
            title: "Backend Engineer".into(),
            tasks: vec![Task { key: "a".into(), title: "A".into(), stage: Some(Stage::Human), ..Task::default() }],
            ..RoleDefinition::default()
        };
        let json = serde_json::to_string(&role).unwrap();
        assert_eq!(
            json,
            r#"{"title":"Backend Engineer","headcount":1.0,"tasks":[{"key":"a","title":"A","stage":"HUMAN"}]}"#
        );
        assert_eq!(serde_json::from_str::<RoleDefinition>(&json).unwrap(), role);
        assert_eq!(serde_json::from_str::<RoleDefinition>("{}").unwrap(), RoleDefinition::default());
    }

    #[test]
    fn a_missing_key_comes_from_the_title() {
        let tasks = vec![
            Task { title: "Incident response".into(), ..Task::default() },
            Task { key: "My Key".into(), title: "Other".into(), ..Task::default() },
        ];
        let role = RoleDefinition { tasks, ..RoleDefinition::default() }.with_normalized_keys();
        assert_eq!(role.tasks[0].key, "incident-response");
        assert_eq!(role.tasks[1].key, "my-key");
    }

    #[test]
    fn a_task_has_a_quadrant_once_it_has_a_stage() {
        let task = Task { stage: Some(Stage::Automated), consequence: Some(0.8), ..Task::default() };
        assert_eq!(task.quadrant(), Some(Quadrant::Monitor));
        assert_eq!(Task { consequence: None, ..task }.quadrant(), Some(Quadrant::Automate));
        assert_eq!(Task::default().quadrant(), None);
    }
}
