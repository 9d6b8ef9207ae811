//! What an attacker computes from many trials, and how sure the test can be of it.

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The standard deviation around a known centre.
pub fn sd_around(values: &[f64], centre: f64) -> f64 {
    mean(&values.iter().map(|value| (value - centre).powi(2)).collect::<Vec<_>>()).sqrt()
}

pub fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (mean_a, mean_b) = (mean(a), mean(b));
    let products: Vec<f64> = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).collect();
    mean(&products) / (sd_around(a, mean_a) * sd_around(b, mean_b))
}

/// R of the best linear estimate, from pairs of a target's value and what the attacker saw of it.
pub fn remaining(targets: &[f64], seen: &[f64]) -> f64 {
    (1.0 - correlation(targets, seen).powi(2)).max(0.0).sqrt()
}

/// The standard error of [`remaining`], by the delta method: that of a correlation is `(1 - r^2) / sqrt(n)`.
pub fn remaining_error(r: f64, trials: usize) -> f64 {
    let correlation = (1.0 - r * r).max(0.0).sqrt();
    correlation * r / (trials as f64).sqrt()
}

/// The normal distribution function (Abramowitz and Stegun 7.1.26, off by at most 1.5e-7).
pub fn normal_below(z: f64) -> f64 {
    let x = z.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let coefficients = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    let tail = 0.5 * coefficients.into_iter().fold(0.0, |sum, part| (sum + part) * t) * (-x * x).exp();
    if z > 0.0 { 1.0 - tail } else { tail }
}

/// The Kolmogorov-Smirnov test against a normal distribution around 0: how likely a sample is at least as far from it.
pub fn ks_probability(values: &[f64], sd: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len() as f64;
    let distance = sorted.iter().enumerate().map(|(place, value)| {
        let expected = normal_below(value / sd);
        (expected - place as f64 / count).abs().max(((place + 1) as f64 / count - expected).abs())
    });
    let lambda = distance.fold(0.0, f64::max) * (count.sqrt() + 0.12 + 0.11 / count.sqrt());
    let term = |k: i32| f64::from(if k % 2 == 0 { -2 } else { 2 }) * (-2.0 * f64::from(k * k) * lambda * lambda).exp();
    (1..100).map(term).sum::<f64>().clamp(0.0, 1.0)
}
