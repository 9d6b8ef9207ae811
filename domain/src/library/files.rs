use serde::Deserialize;

use super::canonical::{CanonicalRole, CanonicalTask, LibraryCombination};
use super::canonical_key;
use crate::roles::{CareerPathway, Priority, Skill, Trend, normalized_key};
use crate::stage::Stage;

/// The content of a file `roles/<key>.toml`. Keys are bare codes; the source of the edition is put before them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleFile {
    /// The code of the role.
    pub key: String,
    /// What the role is called.
    pub title: String,
    /// The job family.
    pub family: String,
    /// The O*NET-SOC code of the occupation.
    pub occupation_code: Option<String>,
    /// What the role is for, in a few sentences.
    pub summary: String,
    /// Other names of the role.
    #[serde(default)]
    pub alternate_titles: Vec<String>,
    /// Share of time spent aligning with other roles, 0 to 0.8.
    pub coordination_share: Option<f64>,
    /// The tools and technologies of the role.
    #[serde(default)]
    pub technology_stack: Vec<String>,
    /// The tasks.
    #[serde(default)]
    pub tasks: Vec<TaskEntry>,
    /// The skills.
    #[serde(default)]
    pub skills: Vec<SkillEntry>,
    /// The roles that people can go to from here.
    #[serde(default)]
    pub pathways: Vec<PathwayEntry>,
}

/// A `[[tasks]]` table of a role file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskEntry {
    /// The code of the task; roles may share it.
    pub key: String,
    /// What the task is called.
    pub title: String,
    /// What the task is.
    pub description: Option<String>,
    /// Why it has its stage.
    pub rationale: Option<String>,
    /// How far it is along the automation journey.
    pub stage: Option<Stage>,
    /// The harm of getting it wrong, 0 to 1.
    pub consequence: Option<f64>,
    /// Share of the role's task time, 0 to 1.
    pub time_share: Option<f64>,
}

/// A `[[skills]]` table of a role file. Its key is its name in normal form.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkillEntry {
    /// What the skill is called.
    pub name: String,
    /// Where the demand for it goes.
    pub trend: Trend,
    /// How much it matters for the role.
    pub priority: Option<Priority>,
    /// How likely AI takes the skill over, 0 to 1.
    pub automation_risk: Option<f64>,
    /// The level that the role asks for, 1 to 5.
    pub proficiency: Option<u8>,
}

/// A `[[pathways]]` table of a role file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathwayEntry {
    /// The title of the role to go to.
    pub target: String,
    /// The months that it takes at least.
    pub months_from: u16,
    /// The months that it takes at most.
    pub months_to: u16,
    /// What the way is like.
    pub description: Option<String>,
    /// The skills to gain on the way.
    #[serde(default)]
    pub skills: Vec<String>,
}

/// The content of `combinations.toml`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CombinationsFile {
    /// The combinations.
    #[serde(default)]
    pub combinations: Vec<CombinationEntry>,
}

/// A `[[combinations]]` table. Keys are bare codes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CombinationEntry {
    /// The code of the combination.
    pub key: String,
    /// What the combined role is called.
    pub title: String,
    /// The codes of the roles that it combines.
    pub roles: Vec<String>,
    /// Share of time that these roles spend aligning with each other, 0 to 0.8.
    pub coordination_share: f64,
    /// A productivity gain that somebody published for it, in percent.
    pub published_productivity_percent: Option<f64>,
    /// What the combined role is for.
    pub summary: String,
}

impl RoleFile {
    /// The canonical role of this file, unchecked, with the source put before its keys.
    #[must_use]
    pub fn into_canonical(self, source: &str) -> CanonicalRole {
        CanonicalRole {
            key: canonical_key(source, &self.key),
            title: self.title,
            family: self.family,
            occupation_code: self.occupation_code,
            summary: self.summary,
            alternate_titles: self.alternate_titles,
            coordination_share: self.coordination_share,
            technology_stack: self.technology_stack,
            tasks: self.tasks.into_iter().map(|task| task.into_canonical(source)).collect(),
            skills: self.skills.into_iter().map(|skill| skill.into_skill(source)).collect(),
            pathways: self.pathways.into_iter().map(PathwayEntry::into_pathway).collect(),
            exposure: Vec::new(),
            attribution: None,
        }
    }
}

impl TaskEntry {
    fn into_canonical(self, source: &str) -> CanonicalTask {
        CanonicalTask {
            key: canonical_key(source, &self.key),
            title: self.title,
            description: self.description,
            rationale: self.rationale,
            stage: self.stage,
            stage_is_derived: false,
            time_share: self.time_share,
            consequence: self.consequence,
        }
    }
}

impl SkillEntry {
    fn into_skill(self, source: &str) -> Skill {
        let canonical_skill = Some(canonical_key(source, &normalized_key(&self.name)));
        Skill {
            name: self.name,
            trend: self.trend,
            priority: self.priority,
            automation_risk: self.automation_risk,
            proficiency: self.proficiency,
            canonical_skill,
        }
    }
}

impl PathwayEntry {
    fn into_pathway(self) -> CareerPathway {
        CareerPathway {
            target: self.target,
            months_from: self.months_from,
            months_to: self.months_to,
            description: self.description,
            skills: self.skills,
        }
    }
}

impl CombinationEntry {
    /// The combination of this entry, unchecked, with the source put before its keys.
    #[must_use]
    pub fn into_combination(self, source: &str) -> LibraryCombination {
        LibraryCombination {
            key: canonical_key(source, &self.key),
            title: self.title,
            roles: self.roles.iter().map(|role| canonical_key(source, role)).collect(),
            coordination_share: self.coordination_share,
            published_productivity_percent: self.published_productivity_percent,
            summary: self.summary,
        }
    }
}
