use crate::disclosure::policy::{Policy, RoundingStep};

/// The quantile of the normal distribution that leaves 2.5 % above it.
const Z_95: f64 = 1.96;

/// How values of a cell are rounded and bounded, and what their margins are.
///
/// Bounds and margins are computed from the least count with the same band and detail: the exact one would otherwise be
/// readable from them. So a margin is at least as wide as that of the exact count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) step: RoundingStep,
    /// The least count with the same band and detail.
    count: f64,
    /// Noise of a mean at that count, in units.
    noise: f64,
    certainty_margin: f64,
}

impl Grid {
    pub(super) fn new(policy: &Policy, contributors: u32) -> Self {
        let disclosed = policy.disclosed_count(contributors);
        Self {
            step: policy.rounding_for(contributors),
            count: f64::from(disclosed),
            noise: policy.mean_noise(disclosed),
            certainty_margin: f64::from(policy.certainty_margin),
        }
    }

    /// A score in points, rounded, within 0 to 100.
    pub(super) fn score(&self, points: f64) -> f64 {
        to_multiple(points, f64::from(self.step.score_points)).clamp(0.0, 100.0)
    }

    /// A log2 in thousandths, rounded, not positive.
    pub(super) fn log_ratio(&self, millis: f64) -> f64 {
        to_multiple(millis, f64::from(self.step.ratio_millis)).min(0.0)
    }

    /// A share, rounded, and as far from 0 and 1 as two contributors are; the bounds are rounded inwards.
    pub(super) fn share(&self, share: f64) -> f64 {
        let step = f64::from(self.step.share_percent.max(1));
        // A hair less, for a quotient that is whole but for the error of division.
        let low = ((100.0 * self.certainty_margin / self.count / step - 1e-9).ceil() * step).clamp(step, 50.0);
        to_multiple(100.0 * share, step).clamp(low, 100.0 - low) / 100.0
    }

    /// Margin of a mean in points, from the variance of the scores in squared units and the size of a unit in points.
    pub(super) fn score_margin(&self, variance: f64, unit: f64) -> f64 {
        upwards(self.margin(variance, unit, f64::from(self.step.score_points)), 0.1)
    }

    /// Margin of a mean log2 in thousandths.
    pub(super) fn log_ratio_margin(&self, variance: f64, unit: f64) -> f64 {
        self.margin(variance, unit, f64::from(self.step.ratio_millis))
    }

    /// Margin of a share that was published.
    pub(super) fn share_margin(&self, share: f64) -> f64 {
        upwards(self.margin(share * (1.0 - share), 1.0, f64::from(self.step.share_percent) / 100.0), 0.001)
    }

    /// `1.96 sqrt(noise^2 + sampling^2 + rounding^2 / 12)`, in the measure of `unit` and `step`.
    fn margin(&self, variance: f64, unit: f64, step: f64) -> f64 {
        let noise = self.noise * unit;
        let sampling = variance * unit * unit / self.count;
        Z_95 * (noise * noise + sampling + step * step / 12.0).sqrt()
    }
}

fn to_multiple(value: f64, step: f64) -> f64 {
    // Adding zero makes -0 a plain one.
    (value / step).round() * step + 0.0
}

/// The next multiple of 0.1 or 0.001 from below, as the nearest number to its decimal text.
fn upwards(value: f64, step: f64) -> f64 {
    let steps = 1.0 / step;
    (value * steps - 1e-9).ceil() / steps.round()
}

/// Rounds to four significant digits.
pub(super) fn four_digits(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 0.0;
    }
    let scale = 10_f64.powi(3 - value.log10().floor() as i32);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(contributors: u32) -> Grid {
        Grid::new(&Policy::default(), contributors)
    }

    #[test]
    fn shares_never_tell_of_none_or_of_all() {
        for contributors in 20..3_000 {
            let grid = grid(contributors);
            let least = 2.0 / f64::from(contributors);
            for share in [-3.0, 0.0, 0.001, 0.999, 1.0, 7.0] {
                let shown = grid.share(share);
                assert!(least - 1e-9 <= shown && shown <= 1.0 - least + 1e-9, "{shown} of {contributors}");
                let percent = shown * 100.0 / f64::from(grid.step.share_percent);
                assert!((percent - percent.round()).abs() < 1e-9 && shown > 0.0 && shown < 1.0);
            }
        }
        let shown = |contributors, share| grid(contributors).share(share);
        assert_eq!([shown(20, 0.0), shown(30, 1.0), shown(50, 0.0), shown(100, 0.0)], [0.1, 0.9, 0.04, 0.02]);
        assert_eq!([shown(250, 0.0), shown(5_000, 1.0), shown(30, 0.523)], [0.01, 0.99, 0.5]);
    }

    #[test]
    fn margins_are_those_of_the_formula() {
        // n = 30: noise 1.414, sampling 2.739, rounding 0.577 points.
        assert_eq!(grid(30).score_margin(0.25, 30.0), 6.2);
        // The same for every count of the band, so that it does not tell the count.
        assert_eq!(grid(49).score_margin(0.25, 30.0), 6.2);
        // n = 100: noise 2, sampling 4, rounding 0.29 percentage points.
        assert_eq!(grid(100).share_margin(0.2), 0.088);
    }

    #[test]
    fn numbers_keep_four_digits() {
        assert_eq!([0.012_345_6, 0.5, 1.0, 0.0, -1.0].map(four_digits), [0.01235, 0.5, 1.0, 0.0, 0.0]);
    }
}
