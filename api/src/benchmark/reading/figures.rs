//! Published figures as the schema has them: made of a [`ReleasedCell`](domain::disclosure::ReleasedCell) and of nothing
//! else.

use async_graphql::{Enum, SimpleObject};
use domain::disclosure::{ContributorBand, HeadcountRatio, Rounding, ScoreFigures, SkillShare, StageFigure, TaskMix};

use crate::roles::{Stage, tidy};

/// Why a figure is not shown
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub(crate) enum WithheldReason {
    /// The rules do not allow it to be shown to you. There is no other reason, so that nothing can be told from it
    Withheld,
}

/// Where the figures come from
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub(crate) enum BenchmarkSource {
    /// From what organizations contribute
    Contributions,
    /// From a synthetic world, made to look at
    SyntheticWorld,
}

/// How many organizations contributed, as a band
#[derive(SimpleObject)]
pub(crate) struct BenchmarkContributors {
    /// At least so many
    from: u32,
    /// At most so many; null for the last band
    to: Option<u32>,
}

impl From<ContributorBand> for BenchmarkContributors {
    fn from(ContributorBand { from, to }: ContributorBand) -> Self {
        Self { from, to }
    }
}

/// AI impact scores of a peer group, 0 to 100. There is no least and no greatest one
#[derive(SimpleObject)]
pub(crate) struct BenchmarkScore {
    /// The mean
    mean: f64,
    /// Half of the width of the 95 % interval of the mean, in points
    margin_of_error: f64,
    /// One score in ten is below; null below 100 contributors
    p10: Option<f64>,
    /// One score in four is below; null below 20 contributors
    p25: Option<f64>,
    /// Half of the scores are below; null below 20 contributors
    p50: Option<f64>,
    /// Three scores in four are below; null below 20 contributors
    p75: Option<f64>,
    /// Nine scores in ten are below; null below 100 contributors
    p90: Option<f64>,
    /// Whether the quantiles are modelled from mean, spread and the shape of all contributors
    is_modelled: bool,
}

impl From<&ScoreFigures> for BenchmarkScore {
    fn from(score: &ScoreFigures) -> Self {
        Self {
            mean: tidy(score.mean),
            margin_of_error: tidy(score.margin_of_error),
            p10: score.p10.map(tidy),
            p25: score.p25.map(tidy),
            p50: score.p50.map(tidy),
            p75: score.p75.map(tidy),
            p90: score.p90.map(tidy),
            is_modelled: score.is_modelled,
        }
    }
}

/// The share of a stage in a peer group
#[derive(SimpleObject)]
pub(crate) struct BenchmarkStageShare {
    /// The stage
    stage: Stage,
    /// Its share, above 0 and below 1. The shares carry noise one by one and need not add up to 1
    share: f64,
    /// Half of the width of the 95 % interval of the share
    margin_of_error: f64,
}

impl From<&StageFigure> for BenchmarkStageShare {
    fn from(figure: &StageFigure) -> Self {
        Self { stage: figure.stage.into(), share: tidy(figure.share), margin_of_error: tidy(figure.margin_of_error) }
    }
}

/// In which stages a peer group runs a canonical task
#[derive(SimpleObject)]
pub(crate) struct BenchmarkTask {
    /// Key of the canonical task
    key: String,
    /// Share of each stage among all contributors; those that do not run the task are in none
    stage_mix: Vec<BenchmarkStageShare>,
}

impl From<&TaskMix> for BenchmarkTask {
    fn from(task: &TaskMix) -> Self {
        Self { key: task.key.clone(), stage_mix: task.mix.iter().map(Into::into).collect() }
    }
}

/// How many organizations of a peer group have a canonical skill
#[derive(SimpleObject)]
pub(crate) struct BenchmarkSkill {
    /// Key of the canonical skill
    key: String,
    /// Share of the contributors that have it, above 0 and below 1
    share: f64,
    /// Half of the width of the 95 % interval of the share
    margin_of_error: f64,
}

impl From<&SkillShare> for BenchmarkSkill {
    fn from(skill: &SkillShare) -> Self {
        Self { key: skill.key.clone(), share: tidy(skill.share), margin_of_error: tidy(skill.margin_of_error) }
    }
}

/// People in the role over all people of the organization, 0 to 1
#[derive(SimpleObject)]
pub(crate) struct BenchmarkHeadcountRatio {
    /// The geometric mean
    geometric_mean: f64,
    /// How far the 95 % interval of the geometric mean reaches upwards
    margin_of_error: f64,
    /// One ratio in four is below; modelled
    p25: f64,
    /// Half of the ratios are below; modelled
    p50: f64,
    /// Three ratios in four are below; modelled
    p75: f64,
}

impl From<&HeadcountRatio> for BenchmarkHeadcountRatio {
    fn from(ratio: &HeadcountRatio) -> Self {
        Self {
            geometric_mean: tidy(ratio.geometric_mean),
            margin_of_error: tidy(ratio.margin_of_error),
            p25: tidy(ratio.p25),
            p50: tidy(ratio.p50),
            p75: tidy(ratio.p75),
        }
    }
}

/// How coarsely figures are rounded
#[derive(SimpleObject)]
pub(crate) struct BenchmarkRounding {
    /// Scores, to multiples of so many points
    score_points: u32,
    /// Shares, to multiples of so many percentage points
    share_percent: u32,
}

impl From<Rounding> for BenchmarkRounding {
    fn from(rounding: Rounding) -> Self {
        Self { score_points: rounding.score_points, share_percent: rounding.share_percent }
    }
}
