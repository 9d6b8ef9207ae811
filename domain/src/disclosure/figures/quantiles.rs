use serde::{Deserialize, Serialize};

use crate::disclosure::totals::BINS;

/// The points of a bin.
const BIN_POINTS: f64 = 100.0 / BINS as f64;

/// Where quantiles lie, in standard deviations from the mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Shape {
    /// One value in ten is below.
    pub p10: f64,
    /// One value in four is below.
    pub p25: f64,
    /// Half of the values are below.
    pub p50: f64,
    /// Three values in four are below.
    pub p75: f64,
    /// Nine values in ten are below.
    pub p90: f64,
}

impl Shape {
    /// The standard normal distribution.
    pub const NORMAL: Self = Self { p10: -1.281_552, p25: -0.674_490, p50: 0.0, p75: 0.674_490, p90: 1.281_552 };

    /// The five quantiles of a distribution of this shape.
    pub(super) fn at(&self, mean: f64, sd: f64) -> [f64; 5] {
        [self.p10, self.p25, self.p50, self.p75, self.p90].map(|z| mean + z * sd)
    }
}

/// A distribution over bins of 5 points, made of noisy counts.
#[derive(Clone, Debug)]
pub(super) struct Histogram([f64; BINS]);

impl Histogram {
    /// The distribution that is nearest to noisy shares: all are lowered by one amount, and those below 0 are 0, such that
    /// they add up to 1 (projection on the simplex; Duchi et al. 2008). To cut at 0 alone would fatten the tails.
    pub(super) fn nearest(noisy: [f64; BINS]) -> Self {
        let mut sorted = noisy;
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        let mut sum = 0.0;
        let mut lowered = 0.0;
        for (place, share) in sorted.into_iter().enumerate() {
            sum += share;
            let amount = (sum - 1.0) / (place + 1) as f64;
            if share > amount {
                lowered = amount;
            }
        }
        Self(noisy.map(|share| (share - lowered).max(0.0)))
    }

    /// P10, P25, P50, P75 and P90, interpolated within their bin.
    pub(super) fn quantiles(&self) -> [f64; 5] {
        [0.1, 0.25, 0.5, 0.75, 0.9].map(|share| self.quantile(share))
    }

    fn quantile(&self, share: f64) -> f64 {
        let mut below = 0.0;
        for (bin, part) in self.0.into_iter().enumerate() {
            if part > 0.0 && below + part >= share {
                return BIN_POINTS * (bin as f64 + (share - below) / part);
            }
            below += part;
        }
        100.0
    }

    /// Its shape; nothing if all of it lies in one place.
    pub(super) fn shape(&self) -> Option<Shape> {
        let middle = |bin: usize| BIN_POINTS * (bin as f64 + 0.5);
        let mean: f64 = self.0.iter().enumerate().map(|(bin, share)| share * middle(bin)).sum();
        let spread: f64 = self.0.iter().enumerate().map(|(bin, share)| share * (middle(bin) - mean).powi(2)).sum();
        // The spread within a bin adds to that between them.
        let sd = (spread + BIN_POINTS * BIN_POINTS / 12.0).sqrt();
        // Three digits, so that the text that is published reads back as the same shape.
        let [p10, p25, p50, p75, p90] =
            self.quantiles().map(|points| (1_000.0 * (points - mean) / sd).round() / 1_000.0);
        (spread > 0.0).then_some(Shape { p10, p25, p50, p75, p90 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_distribution_adds_up_to_one() {
        let mut noisy = [0.0; BINS];
        noisy[3] = 0.5;
        noisy[4] = 0.45;
        noisy[9] = -0.2;
        noisy[10] = 0.15;
        let Histogram(shares) = Histogram::nearest(noisy);
        // 0.1 too much, taken evenly from the three.
        for (bin, share) in [(3, 0.5 - 0.1 / 3.0), (4, 0.45 - 0.1 / 3.0), (10, 0.15 - 0.1 / 3.0), (9, 0.0), (0, 0.0)] {
            assert!((shares[bin] - share).abs() < 1e-12, "{bin}");
        }
    }

    #[test]
    fn quantiles_are_interpolated_within_a_bin() {
        let mut shares = [0.0; BINS];
        shares[8] = 0.5;
        shares[10] = 0.5;
        let histogram = Histogram::nearest(shares);
        let expected = [41.0, 42.5, 45.0, 52.5, 54.0];
        for (quantile, expected) in histogram.quantiles().into_iter().zip(expected) {
            assert!((quantile - expected).abs() < 1e-9, "{quantile} is not {expected}");
        }
        let shape = histogram.shape().unwrap();
        // Mean 47.5; variance 25 between bins and 25/12 within.
        assert!((shape.p50 - -2.5 / (25.0_f64 + 25.0 / 12.0).sqrt()).abs() < 1e-3);
        let [_, p25, ..] = shape.at(47.5, (25.0_f64 + 25.0 / 12.0).sqrt());
        assert!((p25 - 42.5).abs() < 0.01);
    }

    #[test]
    fn one_place_has_no_shape() {
        let mut shares = [0.0; BINS];
        shares[8] = 3.0;
        assert_eq!(Histogram::nearest(shares).shape(), None);
        assert!(Histogram::nearest([0.0; BINS]).shape().is_some());
    }
}
