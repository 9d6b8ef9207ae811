use super::cell::{Figures, ReleasedCell};
use super::parts::{ContributorBand, HeadcountRatio, Rounding, ScoreFigures, SkillShare, StageFigure, TaskMix};
use super::quantiles::{Histogram, Shape};
use super::rounding::{Grid, four_digits};
use crate::disclosure::axis::{Axis, AxisKind};
use crate::disclosure::contribution::MIX_TOTAL;
use crate::disclosure::noise::{Draws, Statistic};
use crate::disclosure::policy::Policy;
use crate::disclosure::totals::{BINS, Centre, RawFigure};
use crate::stage::Stage;

/// Why a cell cannot be released. A builder that asks [`crate::disclosure::decide`] first and draws for every statistic
/// never sees it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReleasable {
    /// Fewer contributors than a cell of this axis needs.
    #[error("too few contributors")]
    TooFew,
    /// A statistic has no noise.
    #[error("no draw for {0}")]
    MissingDraw(String),
}

/// What may be shown of exact sums: each with its noise, then means, quantiles, shares and margins made of the noisy sums
/// alone, rounded and bounded by the count.
///
/// `shape` is that of the role's cell of all contributors ([`ReleasedCell::shape`]) in the same release. Where there is
/// none the normal distribution is used; from 250 contributors on the cell has its own.
///
/// # Errors
/// See [`NotReleasable`].
pub fn release_figures(
    policy: &Policy,
    axis: &Axis,
    centre: Centre,
    shape: Option<&Shape>,
    totals: &RawFigure,
    draws: &Draws,
) -> Result<ReleasedCell, NotReleasable> {
    let contributors = u32::try_from(totals.contributors).unwrap_or(0);
    if contributors < axis.publishes_from(policy).max(1) {
        return Err(NotReleasable::TooFew);
    }
    let grid = Grid::new(policy, contributors);
    let cell = Cell { policy, axis, centre, totals, draws, contributors, grid };
    cell.figures(shape.unwrap_or(&Shape::NORMAL)).map(ReleasedCell::new)
}

struct Cell<'a> {
    policy: &'a Policy,
    axis: &'a Axis,
    centre: Centre,
    totals: &'a RawFigure,
    draws: &'a Draws,
    contributors: u32,
    grid: Grid,
}

impl Cell<'_> {
    fn figures(&self, shape: &Shape) -> Result<Figures, NotReleasable> {
        let is_role = self.axis.kind == AxisKind::Role;
        let histogram = if is_role && self.has(self.policy.histogram_from) { Some(self.histogram()?) } else { None };
        let has_mix = is_role && self.has(self.policy.quartiles_from);
        let has_details = self.has(self.policy.details_from);
        let step = self.grid.step;
        Ok(Figures {
            contributors: ContributorBand::of(self.policy, self.contributors),
            score: if is_role { Some(self.score(shape, histogram.as_ref())?) } else { None },
            stage_mix: if has_mix { self.stage_mix()? } else { Vec::new() },
            tasks: if has_details { self.tasks()? } else { Vec::new() },
            skills: if has_details { self.skills()? } else { Vec::new() },
            headcount_ratio: if is_role && has_details { Some(self.headcount_ratio()?) } else { None },
            rounding: Rounding { score_points: step.score_points, share_percent: step.share_percent },
            shape: histogram.and_then(|histogram| histogram.shape()),
        })
    }

    const fn has(&self, from: u32) -> bool {
        self.contributors >= from
    }

    /// The noisy mean of a statistic in units, from its exact sum in the same: the only way to an exact sum.
    fn noisy_mean(&self, statistic: Statistic, sum: f64) -> Result<f64, NotReleasable> {
        let missing = || NotReleasable::MissingDraw(statistic.text(self.axis));
        let draw = self.draws.get(statistic).ok_or_else(missing)?;
        let noisy = sum + self.policy.noise_factor(self.contributors) * draw.units();
        Ok(noisy / f64::from(self.contributors))
    }

    /// The variance of a cell in squared units, within what is plausible, from noisy moments.
    fn variance(&self, mean: f64, second_moment: f64) -> f64 {
        let (least, most) = self.policy.variance_range;
        (second_moment - mean * mean).max(least).min(most)
    }

    fn score(&self, shape: &Shape, histogram: Option<&Histogram>) -> Result<ScoreFigures, NotReleasable> {
        let clamp = self.policy.score_clamp as f64;
        let unit = clamp / 1_000.0;
        let mean = self.noisy_mean(Statistic::Mean, self.totals.score as f64 / clamp)?;
        let points = self.centre.score as f64 / 1_000.0 + unit * mean;
        let has_quartiles = self.has(self.policy.quartiles_from);
        let variance = if has_quartiles {
            let squares = self.totals.score_squared as f64 / (clamp * clamp);
            self.variance(mean, self.noisy_mean(Statistic::SecondMoment, squares)?)
        } else {
            // No second moment is published here, so the margin cannot be made of one.
            self.policy.prior_sd * self.policy.prior_sd
        };
        let modelled = || shape.at(points, unit * variance.sqrt());
        let quantiles = histogram.map_or_else(modelled, Histogram::quantiles);
        let [p10, p25, p50, p75, p90] = quantiles.map(|points| Some(self.grid.score(points)));
        let quartile = |value: Option<f64>| value.filter(|_| has_quartiles);
        let tail = |value: Option<f64>| value.filter(|_| self.has(self.policy.tails_from));
        Ok(ScoreFigures {
            mean: self.grid.score(points),
            margin_of_error: self.grid.score_margin(variance, unit),
            p10: tail(p10),
            p25: quartile(p25),
            p50: quartile(p50),
            p75: quartile(p75),
            p90: tail(p90),
            is_modelled: histogram.is_none(),
        })
    }

    fn histogram(&self) -> Result<Histogram, NotReleasable> {
        let mut noisy = [0.0; BINS];
        for (bin, (share, count)) in noisy.iter_mut().zip(self.totals.histogram).enumerate() {
            *share = self.noisy_mean(Statistic::Histogram(bin as u8), count as f64)?;
        }
        Ok(Histogram::nearest(noisy))
    }

    fn stage_mix(&self) -> Result<Vec<StageFigure>, NotReleasable> {
        let sums = self.totals.mix.map(|sum| sum as f64 / MIX_TOTAL as f64);
        self.stage_figures(sums, Statistic::Mix)
    }

    fn tasks(&self) -> Result<Vec<TaskMix>, NotReleasable> {
        let of_task = |(place, key): (usize, &String)| {
            let sums = self.totals.tasks.get(place).copied().unwrap_or_default().map(|count| count as f64);
            let mix = self.stage_figures(sums, |stage| Statistic::Task(place as u16, stage))?;
            Ok(TaskMix { key: key.clone(), mix })
        };
        self.axis.tasks.iter().enumerate().map(of_task).collect()
    }

    fn stage_figures(
        &self,
        sums: [f64; 4],
        statistic: impl Fn(Stage) -> Statistic,
    ) -> Result<Vec<StageFigure>, NotReleasable> {
        let of_stage = |(stage, sum)| {
            let share = self.grid.share(self.noisy_mean(statistic(stage), sum)?);
            Ok(StageFigure { stage, share, margin_of_error: self.grid.share_margin(share) })
        };
        Stage::ALL.into_iter().zip(sums).map(of_stage).collect()
    }

    fn skills(&self) -> Result<Vec<SkillShare>, NotReleasable> {
        let of_skill = |(place, key): (usize, &String)| {
            let count = self.totals.skills.get(place).copied().unwrap_or(0) as f64;
            let share = self.grid.share(self.noisy_mean(Statistic::Skill(place as u16), count)?);
            Ok(SkillShare { key: key.clone(), share, margin_of_error: self.grid.share_margin(share) })
        };
        self.axis.skills.iter().enumerate().map(of_skill).collect()
    }

    fn headcount_ratio(&self) -> Result<HeadcountRatio, NotReleasable> {
        let unit = self.policy.ratio_clamp as f64;
        let mean = self.noisy_mean(Statistic::Ratio, self.totals.ratio as f64 / unit)?;
        let squares = self.totals.ratio_squared as f64 / (unit * unit);
        let variance = self.variance(mean, self.noisy_mean(Statistic::RatioSecondMoment, squares)?);
        let millis = self.centre.ratio as f64 + unit * mean;
        let ratio = |millis: f64| (self.grid.log_ratio(millis) / 1_000.0).exp2();
        let [_, p25, p50, p75, _] = Shape::NORMAL.at(millis, unit * variance.sqrt()).map(|at| four_digits(ratio(at)));
        let mean = ratio(millis);
        let factor = (self.grid.log_ratio_margin(variance, unit) / 1_000.0).exp2();
        let margin_of_error = four_digits(mean * (factor - 1.0));
        Ok(HeadcountRatio { geometric_mean: four_digits(mean), p25, p50, p75, margin_of_error })
    }
}
