use serde::{Deserialize, Serialize};

use crate::exposure::ExposureMeasure;
use crate::roles::Priority;
use crate::score::Score;
use crate::stage::Stage;
use crate::text_enum::text_enum;

/// A role of an organization next to a canonical role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The version of the method that made both scores.
    pub method_version: u32,
    /// The score of the organization's role; nothing without a task that has a stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_score: Option<Score>,
    /// The score of the canonical role; nothing without a task that has a stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical_score: Option<Score>,
    /// Own score minus canonical score, in points from -100 to 100; nothing if either is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score_difference: Option<f64>,
    /// The shares of time by stage, all four in the order of [`Stage::ALL`]; empty if either score is missing.
    pub stage_mix_difference: Vec<StageShareDifference>,
    /// All tasks of both roles: in the order of the canonical tasks, then the own tasks that none of them goes with.
    pub alignments: Vec<TaskAlignment>,
    /// Canonical tasks that the own role does not have; some of them with a proposal to look at.
    pub missing_tasks: Vec<UnmatchedTask>,
    /// Own tasks that the canonical role does not have; some of them with a proposal to look at.
    pub additional_tasks: Vec<UnmatchedTask>,
    /// Emerging skills of the canonical role that the own role has.
    pub emerging_skills_present: Vec<SkillComparison>,
    /// Emerging skills of the canonical role that the own role lacks.
    pub emerging_skills_absent: Vec<SkillComparison>,
    /// Declining skills of the canonical role that the own role still has.
    pub declining_skills_relied_on: Vec<SkillComparison>,
    /// Published exposure measures of the canonical role's occupation, side by side.
    pub exposure: Vec<ExposureMeasure>,
}

/// The share of time in one stage, own and canonical.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageShareDifference {
    /// The stage.
    pub stage: Stage,
    /// The share of the own role's time, 0 to 1.
    pub own: f64,
    /// The share of the canonical role's time, 0 to 1.
    pub canonical: f64,
    /// Own minus canonical, -1 to 1.
    pub difference: f64,
}

text_enum! {
    /// Why two tasks stand side by side.
    AlignmentBasis {
        /// The own task is linked to the canonical task.
        Linked = "LINKED",
        /// The own task has the canonical task's code as its key.
        SameKey = "SAME_KEY",
        /// Their titles are alike. A person has to confirm it.
        Proposed = "PROPOSED",
        /// The task stands alone.
        Unmatched = "UNMATCHED",
    }
}

/// A task as a comparison names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskReference {
    /// The key: of an own task within its role, of a canonical task its canonical key.
    pub key: String,
    /// What the task is called.
    pub title: String,
    /// Its stage, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
}

/// An own and a canonical task side by side, or either of them alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskAlignment {
    /// The own task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_task: Option<TaskReference>,
    /// The canonical task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical_task: Option<TaskReference>,
    /// Why they stand side by side.
    pub basis: AlignmentBasis,
    /// How sure it is that they are the same work, 0 to 1; nothing for a task alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// Weight of the own stage minus weight of the canonical stage, -1 to 1; nothing unless both have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage_difference: Option<f64>,
}

/// A task that the other role does not have for certain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnmatchedTask {
    /// The task.
    pub task: TaskReference,
    /// A task of the other role that may be the same work, for a person to confirm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<TaskProposal>,
}

/// A task that may be the same work as another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskProposal {
    /// The task.
    pub task: TaskReference,
    /// How alike the titles are, [`PROPOSAL_THRESHOLD`](super::PROPOSAL_THRESHOLD) to 1.
    pub confidence: f64,
}

/// A skill of the canonical role, and what the own role has of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SkillComparison {
    /// The key of the canonical skill: its canonical key, or its name in normal form.
    pub key: String,
    /// What the library calls it.
    pub name: String,
    /// How much it matters for the canonical role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// What the own role calls it; nothing if it does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_name: Option<String>,
    /// For a skill that is absent, an own skill that may be the same, for a person to confirm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<SkillProposal>,
}

/// An own skill that may be the same as a canonical one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SkillProposal {
    /// What the own role calls it.
    pub own_name: String,
    /// How alike the names are, [`PROPOSAL_THRESHOLD`](super::PROPOSAL_THRESHOLD) to 1.
    pub confidence: f64,
}
