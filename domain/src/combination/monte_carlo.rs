use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};
use serde::{Deserialize, Serialize};

use super::assumptions::Assumptions;
use super::input::CombinationRole;
use super::model::{Model, Setting};
use super::sensitivity::range;
use super::validation::validate;
use crate::method::Parameter;
use crate::violations::{FieldPath, ViolationCode, Violations};

/// The draws of a simulation unless a caller says otherwise.
pub const MONTE_CARLO_DRAWS: usize = 10_000;
/// The most draws of a simulation.
pub const MONTE_CARLO_DRAWS_MAXIMUM: usize = 100_000;

/// The spread of the gain when all parameters vary at once.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantiles {
    /// One draw in ten is at most this.
    pub p10: f64,
    /// Half of the draws are at most this.
    pub p50: f64,
    /// Nine draws in ten are at most this.
    pub p90: f64,
    /// The seed that gives the same answer again.
    pub seed: u64,
    /// How many draws there were.
    pub draws: usize,
}

/// Simulates the gain of a combination; the same seed and draws give the same answer on any machine.
///
/// Each draw takes every parameter of [`Parameter::ALL`], in that order, from a triangular distribution over its range with
/// its peak at the given assumption (for the coordination shares one shift for all roles, its peak at 0), by the inverse of
/// the distribution function. Adoption is kept at or above the greatest adoption today; shifted coordination shares stay
/// within 0 to 0.8. Quantiles are interpolated linearly between the sorted draws. The generator is ChaCha20, its key the
/// seed in little-endian order followed by zeros; a number in 0..1 is made of the upper 53 bits of 64.
///
/// # Errors
/// What [`validate`] finds; draws that are not 1 to [`MONTE_CARLO_DRAWS_MAXIMUM`].
pub fn monte_carlo(
    roles: &[CombinationRole],
    assumptions: &Assumptions,
    seed: u64,
    draws: usize,
) -> Result<Quantiles, Violations> {
    let mut violations = validate(roles, assumptions).err().unwrap_or_default();
    if !(1..=MONTE_CARLO_DRAWS_MAXIMUM).contains(&draws) {
        let message = format!("The number of draws is {draws}: give 1 to {MONTE_CARLO_DRAWS_MAXIMUM}.");
        violations.push(&FieldPath::ROOT.field("draws"), ViolationCode::OutOfRange, message);
    }
    violations.into_result()?;
    let gains = simulate(&Model::new(roles), assumptions, seed, draws);
    let at = |share| quantile(&gains, share);
    Ok(Quantiles { p10: at(0.1), p50: at(0.5), p90: at(0.9), seed, draws })
}

/// The gains of all draws, sorted.
fn simulate(model: &Model, assumptions: &Assumptions, seed: u64, draws: usize) -> Vec<f64> {
    let mut generator = generator(seed);
    let distributions = Parameter::ALL.map(|parameter| {
        let (low, high) = range(model, parameter);
        (parameter, Triangular { low, peak: assumptions.value(parameter).unwrap_or(0.0), high })
    });
    let draw = |_| {
        let mut setting = Setting::new(*assumptions);
        for (parameter, distribution) in &distributions {
            setting = setting.with(*parameter, distribution.at(uniform(&mut generator)));
        }
        model.totals(&setting).gain()
    };
    let mut gains: Vec<f64> = (0..draws).map(draw).collect();
    gains.sort_unstable_by(f64::total_cmp);
    gains
}

/// Written out here, because the seeding of integers is a library's own choice and may change with it.
fn generator(seed: u64) -> ChaCha20Rng {
    let mut key = [0; 32];
    for (place, byte) in key.iter_mut().zip(seed.to_le_bytes()) {
        *place = byte;
    }
    ChaCha20Rng::from_seed(key)
}

fn uniform(generator: &mut ChaCha20Rng) -> f64 {
    const STEPS: f64 = (1_u64 << 53) as f64;
    (generator.next_u64() >> 11) as f64 / STEPS
}

struct Triangular {
    low: f64,
    peak: f64,
    high: f64,
}

impl Triangular {
    /// The inverse of the distribution function, for a share of 0 to 1.
    fn at(&self, share: f64) -> f64 {
        let Self { low, peak, high } = *self;
        let width = high - low;
        if width <= 0.0 {
            low
        } else if share * width < peak - low {
            low + (share * width * (peak - low)).sqrt()
        } else {
            high - ((1.0 - share) * width * (high - peak)).sqrt()
        }
    }
}

/// The value below which a share of the sorted values lies, with linear interpolation.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let position = share * (sorted.len().saturating_sub(1)) as f64;
    let below = sorted.get(position.floor() as usize).copied().unwrap_or(f64::NAN);
    let above = sorted.get(position.ceil() as usize).copied().unwrap_or(below);
    below + (above - below) * position.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_triangular_distribution_has_its_peak_where_it_should() {
        let triangular = Triangular { low: 0.5, peak: 0.75, high: 0.9 };
        assert!((triangular.at(0.0) - 0.5).abs() < 1e-12);
        assert!((triangular.at(1.0) - 0.9).abs() < 1e-12);
        assert!((triangular.at(0.25 / 0.4) - 0.75).abs() < 1e-12);
        let at_the_edge = Triangular { low: 0.0, peak: 0.2, high: 0.2 };
        assert!((at_the_edge.at(1.0) - 0.2).abs() < 1e-12);
        assert_eq!(Triangular { low: 0.8, peak: 0.8, high: 0.8 }.at(0.3), 0.8);
    }

    #[test]
    fn quantiles_are_interpolated() {
        let values = [0.0, 1.0, 2.0, 3.0, 4.0];
        assert!((quantile(&values, 0.1) - 0.4).abs() < 1e-12);
        assert!((quantile(&values, 0.5) - 2.0).abs() < 1e-12);
        assert!((quantile(&[7.0], 0.9) - 7.0).abs() < 1e-12);
    }

    #[test]
    fn numbers_lie_between_zero_and_one() {
        let mut generator = generator(7);
        for _ in 0..1_000 {
            assert!((0.0..1.0).contains(&uniform(&mut generator)));
        }
    }
}
