use serde::{Deserialize, Serialize};

use super::key::normalized_key;
use crate::text_enum::text_enum;

text_enum! {
    /// Where the demand for a skill goes.
    Trend {
        /// Demand grows.
        Emerging = "EMERGING",
        /// Demand stays.
        Stable = "STABLE",
        /// Demand shrinks.
        Declining = "DECLINING",
    }
}

text_enum! {
    /// How much a skill matters for the role.
    Priority {
        /// It comes first.
        High = "HIGH",
        /// It comes after the first ones.
        Medium = "MEDIUM",
        /// It can wait.
        Low = "LOW",
    }
}

/// A skill of a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Skill {
    /// What the skill is called, 1 to 200 characters.
    pub name: String,
    /// Where the demand for it goes.
    pub trend: Trend,
    /// How much it matters for the role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// How likely AI takes the skill over, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automation_risk: Option<f64>,
    /// The level that the role asks for, from 1 (aware) to 5 (expert).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proficiency: Option<u8>,
    /// The canonical skill that this one corresponds to, such as `rolemark:observability`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical_skill: Option<String>,
}

impl Skill {
    /// A skill of which only name and trend are known.
    #[must_use]
    pub fn new(name: impl Into<String>, trend: Trend) -> Self {
        Self {
            name: name.into(),
            trend,
            priority: None,
            automation_risk: None,
            proficiency: None,
            canonical_skill: None,
        }
    }

    /// The key under which skills of different roles count as the same: the canonical skill where linked,
    /// otherwise the name in its normal form.
    #[must_use]
    pub fn group_key(&self) -> String {
        self.canonical_skill.clone().unwrap_or_else(|| normalized_key(&self.name))
    }
}

/// A role that people can go to from another one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CareerPathway {
    /// The title of the role to go to, 1 to 200 characters.
    pub target: String,
    /// The months that it takes at least, 1 to 600.
    pub months_from: u16,
    /// The months that it takes at most, `months_from` to 600.
    pub months_to: u16,
    /// What the way is like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The skills to gain on the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
}
