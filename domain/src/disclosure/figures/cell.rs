use serde::{Deserialize, Serialize};

use super::parts::{ContributorBand, HeadcountRatio, Rounding, ScoreFigures, SkillShare, StageFigure, TaskMix};
use super::quantiles::Shape;
use crate::disclosure::policy::Policy;
use crate::disclosure::totals::Centre;

/// What is shown of a cell: noisy, rounded and bounded. It comes from [`super::release_figures`], or from the text that was
/// published.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedCell {
    figures: Figures,
}

/// The layout of the published text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Figures {
    pub(super) contributors: ContributorBand,
    pub(super) score: Option<ScoreFigures>,
    pub(super) stage_mix: Vec<StageFigure>,
    pub(super) tasks: Vec<TaskMix>,
    pub(super) skills: Vec<SkillShare>,
    pub(super) headcount_ratio: Option<HeadcountRatio>,
    pub(super) rounding: Rounding,
    pub(super) shape: Option<Shape>,
}

/// A text that is no published cell.
#[derive(Debug, thiserror::Error)]
#[error("the published figures cannot be read: {0}")]
pub struct UnreadableCell(#[from] serde_json::Error);

impl ReleasedCell {
    pub(super) const fn new(figures: Figures) -> Self {
        Self { figures }
    }

    /// What stands in the table of published cells.
    ///
    /// # Errors
    /// The text was not made by [`ReleasedCell::to_json`].
    pub fn from_published_json(text: &str) -> Result<Self, UnreadableCell> {
        Ok(Self { figures: serde_json::from_str(text)? })
    }

    /// The text for the table of published cells: without spaces, its fields in one order.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.figures).unwrap_or_default()
    }

    /// Between which counts the number of contributors lies.
    #[must_use]
    pub const fn contributors(&self) -> ContributorBand {
        self.figures.contributors
    }

    /// The AI impact scores; nothing for a combination.
    #[must_use]
    pub const fn score(&self) -> Option<&ScoreFigures> {
        self.figures.score.as_ref()
    }

    /// The shares of the stages in the time of the role, in the order of [`crate::stage::Stage::ALL`]; empty below 20
    /// contributors.
    #[must_use]
    pub fn stage_mix(&self) -> &[StageFigure] {
        &self.figures.stage_mix
    }

    /// The tasks in the order of the axis; empty below 30 contributors.
    #[must_use]
    pub fn tasks(&self) -> &[TaskMix] {
        &self.figures.tasks
    }

    /// The skills in the order of the axis; empty below 30 contributors.
    #[must_use]
    pub fn skills(&self) -> &[SkillShare] {
        &self.figures.skills
    }

    /// The headcount ratio; nothing below 30 contributors and for a combination.
    #[must_use]
    pub const fn headcount_ratio(&self) -> Option<&HeadcountRatio> {
        self.figures.headcount_ratio.as_ref()
    }

    /// How coarsely the values are rounded.
    #[must_use]
    pub const fn rounding(&self) -> Rounding {
        self.figures.rounding
    }

    /// The shape of the scores, from the cell's noisy histogram; nothing below 250 contributors. That of all contributors
    /// is what the quantiles of smaller cells are modelled with.
    #[must_use]
    pub const fn shape(&self) -> Option<&Shape> {
        self.figures.shape.as_ref()
    }
}

impl Centre {
    /// The centre for the next release: what is published for all contributors, and the first centre for what is not.
    #[must_use]
    pub fn after(policy: &Policy, all: Option<&ReleasedCell>) -> Self {
        let first = Self::first(policy);
        let score = all.and_then(ReleasedCell::score).map(|score| (score.mean * 1_000.0).round() as i64);
        let ratio = all.and_then(ReleasedCell::headcount_ratio);
        let ratio = ratio.map(|ratio| (ratio.geometric_mean.log2() * 1_000.0).round() as i64);
        Self { score: score.unwrap_or(first.score), ratio: ratio.unwrap_or(first.ratio) }
    }
}
