use std::fmt;

use serde::{Deserialize, Serialize};

use crate::disclosure::policy::Policy;
use crate::stage::Stage;

/// Between which counts the number of contributors lies; the exact one is never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContributorBand {
    /// The least count.
    pub from: u32,
    /// The greatest count; nothing for the last band.
    pub to: Option<u32>,
}

impl ContributorBand {
    /// The band of a count.
    #[must_use]
    pub fn of(policy: &Policy, contributors: u32) -> Self {
        let from = policy.bands.iter().copied().filter(|from| *from <= contributors).max();
        let next = policy.bands.iter().copied().filter(|from| *from > contributors).min();
        Self { from: from.unwrap_or(0), to: next.map(|from| from - 1) }
    }
}

/// `10-24`, and `1000+` for the last band.
impl fmt::Display for ContributorBand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            Some(to) => write!(formatter, "{}-{to}", self.from),
            None => write!(formatter, "{}+", self.from),
        }
    }
}

/// The AI impact scores of a cell, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ScoreFigures {
    /// The mean.
    pub mean: f64,
    /// Half of the width of the mean's 95 % interval: noise, sampling and rounding together, in points.
    pub margin_of_error: f64,
    /// One score in ten is below, from 100 contributors on.
    pub p10: Option<f64>,
    /// One score in four is below, from 20 contributors on.
    pub p25: Option<f64>,
    /// Half of the scores are below, from 20 contributors on.
    pub p50: Option<f64>,
    /// Three scores in four are below, from 20 contributors on.
    pub p75: Option<f64>,
    /// Nine scores in ten are below, from 100 contributors on.
    pub p90: Option<f64>,
    /// Whether the quantiles come from mean, spread and the shape of all contributors, and not from the cell's own histogram.
    pub is_modelled: bool,
}

/// The share of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct StageFigure {
    /// The stage.
    pub stage: Stage,
    /// Its share: of the time in a stage mix, of all contributors for a task. Never 0 or 1. The shares of a mix carry noise
    /// one by one and need not add up to 1.
    pub share: f64,
    /// Half of the width of its 95 % interval, as a share.
    pub margin_of_error: f64,
}

/// In which stages a task is run. Contributors that do not run it are in none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TaskMix {
    /// The key of the canonical task.
    pub key: String,
    /// The share of each stage among all contributors, in the order of [`Stage::ALL`].
    pub mix: Vec<StageFigure>,
}

/// How many contributors have a skill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct SkillShare {
    /// The key of the canonical skill.
    pub key: String,
    /// The share of the contributors that have it. Never 0 or 1.
    pub share: f64,
    /// Half of the width of its 95 % interval, as a share.
    pub margin_of_error: f64,
}

/// Heads in the role over all heads of the organization, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct HeadcountRatio {
    /// The geometric mean.
    pub geometric_mean: f64,
    /// One ratio in four is below; modelled.
    pub p25: f64,
    /// Half of the ratios are below; modelled.
    pub p50: f64,
    /// Three ratios in four are below; modelled.
    pub p75: f64,
    /// How far the 95 % interval of the geometric mean reaches upwards; downwards it reaches less far, since it is even in
    /// the logarithm.
    pub margin_of_error: f64,
}

/// How coarsely the values are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rounding {
    /// Scores, to multiples of so many points.
    pub score_points: u32,
    /// Shares, to multiples of so many percentage points.
    pub share_percent: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_shown_as_its_band() {
        let text = |count| ContributorBand::of(&Policy::default(), count).to_string();
        assert_eq!([10, 24, 25, 49].map(text), ["10-24", "10-24", "25-49", "25-49"]);
        assert_eq!(
            [99, 100, 250, 999, 1_000, 70_000].map(text),
            ["50-99", "100-249", "250-999", "250-999", "1000+", "1000+"]
        );
    }
}
