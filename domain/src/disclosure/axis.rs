use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::policy::Policy;
use crate::library::{CanonicalRole, LibraryCombination};
use crate::text_enum::text_enum;

/// The one skill of a combination's axis: whether the combined role is run.
pub const COMBINED: &str = "combined";

text_enum! {
    /// What a benchmark is about.
    AxisKind {
        /// A canonical role.
        Role = "ROLE",
        /// A combination that the library suggests: only how many run it.
        Combination = "COMBINATION",
    }
}

/// What is counted for a role in a release, frozen for it: the order of its tasks and skills gives the letters of a
/// contribution their meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Axis {
    /// The key of the canonical role or of the combination.
    pub key: String,
    /// Which of both.
    pub kind: AxisKind,
    /// The keys of the canonical tasks, in order.
    pub tasks: Vec<String>,
    /// The keys of the canonical skills, in order.
    pub skills: Vec<String>,
    /// The keys of the canonical roles that a combination is made of; none for a role.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<String>,
}

impl Axis {
    /// The axis of a canonical role: all of its tasks, and its first 40 canonical skills.
    #[must_use]
    pub fn of_role(role: &CanonicalRole, policy: &Policy) -> Self {
        let mut seen = HashSet::new();
        let tasks = role.tasks.iter().map(|task| &task.key).filter(|key| seen.insert(*key)).cloned().collect();
        let mut seen = HashSet::new();
        let skills = role.skills.iter().filter_map(|skill| skill.canonical_skill.as_ref());
        let skills = skills.filter(|key| seen.insert(*key)).take(policy.skills_max as usize).cloned().collect();
        Self { key: role.key.clone(), kind: AxisKind::Role, tasks, skills, components: Vec::new() }
    }

    /// The axis of a combination: no tasks, and the one skill [`COMBINED`].
    #[must_use]
    pub fn of_combination(combination: &LibraryCombination) -> Self {
        Self {
            key: combination.key.clone(),
            kind: AxisKind::Combination,
            tasks: Vec::new(),
            skills: vec![COMBINED.to_owned()],
            components: combination.roles.clone(),
        }
    }

    /// The least count of contributors at which a cell of this axis has anything to publish.
    #[must_use]
    pub fn publishes_from(&self, policy: &Policy) -> u32 {
        self.kind.publishes_from(policy)
    }
}

impl AxisKind {
    /// The least count of contributors at which a cell has anything to publish: 10 for a role, 30 for a combination.
    #[must_use]
    pub fn publishes_from(self, policy: &Policy) -> u32 {
        match self {
            Self::Role => policy.k_min,
            Self::Combination => policy.k_min.max(policy.details_from),
        }
    }
}
