use serde::{Deserialize, Serialize};

use super::code_of;
use crate::exposure::ExposureMeasure;
use crate::roles::{CareerPathway, RoleDefinition, Skill, Task, is_false, normalized_key};
use crate::stage::Stage;

/// A role of the library.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CanonicalRole {
    /// Names the role across editions, as `source:code`.
    pub key: String,
    /// What the role is called.
    pub title: String,
    /// The job family, such as "Engineering".
    pub family: String,
    /// The O*NET-SOC code of the occupation, such as `15-1252.00`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occupation_code: Option<String>,
    /// What the role is for, in a few sentences.
    pub summary: String,
    /// Other names of the role, for search.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternate_titles: Vec<String>,
    /// Share of time spent aligning with other roles, 0 to 0.8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordination_share: Option<f64>,
    /// The tools and technologies of the role.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub technology_stack: Vec<String>,
    /// The tasks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<CanonicalTask>,
    /// The skills, each with its canonical key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Skill>,
    /// The roles that people can go to from here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pathways: Vec<CareerPathway>,
    /// Published exposure measures of the occupation, side by side.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exposure: Vec<ExposureMeasure>,
    /// The words of credit that must travel with the role, where its source asks for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
}

/// A task of a canonical role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CanonicalTask {
    /// Names the task across editions, as `source:code`; roles may share it.
    pub key: String,
    /// What the task is called.
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
    /// The harm of getting it wrong, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consequence: Option<f64>,
}

impl CanonicalRole {
    /// The same role as an organization would run it, with headcount 1 and linked to the library throughout: the start
    /// of a role configuration.
    #[must_use]
    pub fn to_definition(&self) -> RoleDefinition {
        RoleDefinition {
            title: self.title.clone(),
            family: filled(&self.family),
            summary: filled(&self.summary),
            coordination_share: self.coordination_share,
            technology_stack: self.technology_stack.clone(),
            canonical_role: Some(self.key.clone()),
            tasks: self.tasks.iter().map(CanonicalTask::to_task).collect(),
            skills: self.skills.clone(),
            pathways: self.pathways.clone(),
            ..RoleDefinition::default()
        }
    }
}

impl CanonicalTask {
    /// The same task as an organization would have it, with the code as its own key and linked to the library.
    #[must_use]
    pub fn to_task(&self) -> Task {
        Task {
            key: normalized_key(code_of(&self.key)),
            title: self.title.clone(),
            description: self.description.clone(),
            rationale: self.rationale.clone(),
            stage: self.stage,
            stage_is_derived: self.stage_is_derived,
            time_share: self.time_share,
            consequence: self.consequence,
            canonical_task: Some(self.key.clone()),
        }
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// A combination of roles that the library suggests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LibraryCombination {
    /// Names the combination across editions, as `source:code`.
    pub key: String,
    /// What the combined role is called, such as "Platform Engineer".
    pub title: String,
    /// The keys of the canonical roles that it combines, at least two.
    pub roles: Vec<String>,
    /// Share of time that these roles spend aligning with each other, 0 to 0.8.
    pub coordination_share: f64,
    /// A productivity gain that somebody published for it, in percent, to set beside the computed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_productivity_percent: Option<f64>,
    /// What the combined role is for, in a few sentences.
    pub summary: String,
}

/// One edition of the library, and the content of its `edition.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Names the edition, such as `rolemark-2026.1`.
    pub key: String,
    /// What the edition is called.
    pub title: String,
    /// The source of its keys: the part before the colon.
    pub source: String,
    /// The day it was published, as `YYYY-MM-DD`.
    pub published_on: String,
    /// The licence of its content.
    pub license: String,
    /// The words of credit that must travel with its content.
    pub attribution: String,
}
