//! The noise is what the design says: its spread, its centre and its form (attack test T26).

use domain::disclosure::{DiscreteGaussian, Policy, Statistic};

use super::world::Bits;

const DRAWS: usize = 20_000;

fn sample(distribution: DiscreteGaussian, seed: u64) -> Vec<f64> {
    let mut bits = Bits::new(seed);
    (0..DRAWS).map(|_| distribution.draw(&mut bits) as f64).collect()
}

fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / values.len() as f64).sqrt())
}

/// The normal distribution function (Abramowitz and Stegun 7.1.26, off by at most 1.5e-7).
fn normal_below(z: f64) -> f64 {
    let x = z.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let coefficients = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    let tail = 0.5 * coefficients.into_iter().fold(0.0, |sum, part| (sum + part) * t) * (-x * x).exp();
    if z > 0.0 { 1.0 - tail } else { tail }
}

/// The Kolmogorov-Smirnov test against a normal distribution around 0: how likely a sample is at least as far from it.
fn ks_probability(values: &[f64], sd: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len() as f64;
    // A value stands for all reals that round to it: compare in the middle of its step.
    let mut distance: f64 = 0.0;
    for (place, value) in sorted.iter().enumerate() {
        let expected = normal_below(value / sd);
        distance =
            distance.max((expected - place as f64 / count).abs()).max(((place + 1) as f64 / count - expected).abs());
    }
    let lambda = distance * (count.sqrt() + 0.12 + 0.11 / count.sqrt());
    let term = |k: i32| f64::from(if k % 2 == 0 { -2 } else { 2 }) * (-2.0 * f64::from(k * k) * lambda * lambda).exp();
    (1..100).map(term).sum::<f64>().clamp(0.0, 1.0)
}

#[test]
fn noise_is_calibrated() {
    let policy = Policy::default();
    let cases = [
        (Statistic::Mean.common_noise(&policy), 1_000.0),
        (Statistic::Skill(0).own_noise(&policy), 1_000.0),
        (Statistic::SecondMoment.own_noise(&policy), 500_000_f64.sqrt()),
        (Statistic::RatioSecondMoment.common_noise(&policy), 500_000_f64.sqrt()),
    ];
    for (seed, (distribution, expected)) in cases.into_iter().enumerate() {
        let values = sample(distribution, seed as u64 + 1);
        let (mean, sd) = mean_and_sd(&values);
        assert!((sd / expected - 1.0).abs() < 0.03, "sd {sd} for {expected}");
        assert!(mean.abs() < 0.03 * expected, "mean {mean} for {expected}");
        let probability = ks_probability(&values, expected);
        assert!(probability > 0.001, "p = {probability} for {expected}");
    }
}

#[test]
fn the_test_itself_notices_other_noise() {
    let values = sample(DiscreteGaussian::new(1_000_000), 1);
    assert!(ks_probability(&values, 1_050.0) < 0.001);
    let shifted: Vec<f64> = values.iter().map(|value| value + 50.0).collect();
    assert!(ks_probability(&shifted, 1_000.0) < 0.001);
    assert!((normal_below(1.96) - 0.975).abs() < 1e-4 && (normal_below(-1.0) - 0.158_655).abs() < 1e-5);
}

#[test]
fn two_components_have_the_variance_of_both() {
    let policy = Policy::default();
    let (common, own) =
        (sample(Statistic::Mean.common_noise(&policy), 5), sample(Statistic::Mean.own_noise(&policy), 6));
    let both: Vec<f64> = common.iter().zip(&own).map(|(common, own)| common + own).collect();
    let (mean, sd) = mean_and_sd(&both);
    let expected = 1_000.0 * policy.sum_noise(10);
    assert!((sd / expected - 1.0).abs() < 0.03 && mean.abs() < 0.03 * expected);
    assert!(ks_probability(&both, expected) > 0.001);
    let product: f64 = common.iter().zip(&own).map(|(common, own)| common * own).sum();
    assert!((product / DRAWS as f64 / 1e6).abs() < 0.03, "the components are correlated");
}

#[test]
fn narrow_noise_has_the_exact_probabilities() {
    // For variance 2 the probability of x is in proportion to exp(-x^2 / 4).
    let values = sample(DiscreteGaussian::new(2), 7);
    let weight = |x: i32| (-f64::from(x * x) / 4.0).exp();
    let total: f64 = (-40..=40).map(weight).sum();
    let mut chi_squared = 0.0;
    for x in -5..=5 {
        let expected = DRAWS as f64 * weight(x) / total;
        let found = values.iter().filter(|value| **value == f64::from(x)).count() as f64;
        chi_squared += (found - expected).powi(2) / expected;
    }
    // The 99.9 % point for 10 degrees of freedom.
    assert!(chi_squared < 29.6, "{chi_squared}");
}
