//! Chance, from a seed: the same draws for the same seed, whatever else was drawn.

use chrono::{DateTime, Utc};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};
use uuid::{Builder, Uuid};

/// What is drawn for; each has draws of its own, so that one does not shift another.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// The list of organizations.
    Plan,
    /// Who sees whom.
    Partners,
    /// The roles of one organization.
    Roles,
}

/// A source of chance.
pub(super) struct Draw(ChaCha8Rng);

impl Draw {
    /// The draws for a purpose, of which there may be many, such as one for each organization.
    pub(super) fn new(seed: u64, purpose: Purpose, number: usize) -> Self {
        let mut source = ChaCha8Rng::seed_from_u64(seed);
        source.set_stream(((purpose as u64) << 48) | number as u64);
        Self(source)
    }

    /// A number from 0 up to, but not, 1.
    pub(super) fn uniform(&mut self) -> f64 {
        const STEPS: f64 = (1_u64 << 53) as f64;
        (self.0.next_u64() >> 11) as f64 / STEPS
    }

    /// A number between two ends.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn whole(&mut self, low: i64, high: i64) -> i64 {
        let span = (high - low + 1).max(1) as f64;
        low + (self.uniform() * span) as i64
    }

    /// A place in a list of this length; 0 for an empty one.
    pub(super) fn place(&mut self, length: usize) -> usize {
        (self.uniform() * length as f64) as usize
    }

    /// Whether something of this probability happens.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// A number of the normal distribution, by Box and Muller.
    pub(super) fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        mean + deviation * radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// One of several words; empty if there are none.
    pub(super) fn word(&mut self, words: &[&'static str]) -> &'static str {
        let place = self.place(words.len());
        words.get(place).copied().unwrap_or_default()
    }

    /// A place in a list of weights, each as often as its weight says.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.uniform() * weights.iter().sum::<f64>();
        let reached = weights.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        reached.unwrap_or(weights.len().saturating_sub(1))
    }

    /// So many places of a list of weights, each at most once: those with the largest `u^(1/w)` (Efraimidis and Spirakis,
    /// 2006), in the order of the list.
    pub(super) fn sample(&mut self, weights: &[f64], number: usize) -> Vec<usize> {
        let mut keys: Vec<(f64, usize)> = Vec::with_capacity(weights.len());
        for (place, weight) in weights.iter().enumerate() {
            let key = self.uniform().max(f64::MIN_POSITIVE).ln() / weight.max(1e-9);
            keys.push((key, place));
        }
        keys.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut chosen: Vec<usize> = keys.into_iter().take(number).map(|(_, place)| place).collect();
        chosen.sort_unstable();
        chosen
    }

    /// Puts a list in any order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for place in (1..list.len()).rev() {
            let other = self.place(place + 1);
            list.swap(place, other);
        }
    }

    /// An identifier of UUID version 7, as if it had been made at an instant.
    pub(super) fn id(&mut self, at: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        self.0.fill_bytes(&mut random);
        let milliseconds = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
    }

    /// The salt of an audit entry.
    pub(super) fn salt(&mut self) -> [u8; 16] {
        let mut salt = [0; 16];
        self.0.fill_bytes(&mut salt);
        salt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_and_numbers_have_draws_of_their_own() {
        let first = |purpose, number| Draw::new(7, purpose, number).uniform();
        assert_eq!(first(Purpose::Roles, 3), first(Purpose::Roles, 3));
        assert_ne!(first(Purpose::Roles, 3), first(Purpose::Roles, 4));
        assert_ne!(first(Purpose::Roles, 0), first(Purpose::Plan, 0));
        assert_ne!(Draw::new(8, Purpose::Plan, 0).uniform(), first(Purpose::Plan, 0));
    }

    #[test]
    fn draws_have_the_distribution_that_was_asked_for() {
        let mut draw = Draw::new(1, Purpose::Plan, 0);
        let normal: Vec<f64> = (0..4_000).map(|_| draw.normal(2.0, 3.0)).collect();
        let mean = normal.iter().sum::<f64>() / 4_000.0;
        let variance = normal.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 4_000.0;
        assert!((mean - 2.0).abs() < 0.2 && (variance - 9.0).abs() < 0.9, "{mean} {variance}");
        let heavy = (0..4_000).filter(|_| draw.weighted(&[1.0, 3.0]) == 1).count();
        assert!((2_850..3_150).contains(&heavy), "{heavy}");
        let whole: Vec<i64> = (0..1_000).map(|_| draw.whole(-1, 1)).collect();
        assert!([-1, 0, 1].iter().all(|value| whole.contains(value)) && whole.iter().all(|value| value.abs() <= 1));
    }

    #[test]
    fn a_sample_has_each_place_once_and_prefers_weight() {
        let mut draw = Draw::new(1, Purpose::Plan, 0);
        let mut heavy = 0;
        for _ in 0..500 {
            let sample = draw.sample(&[9.0, 1.0, 1.0, 1.0], 2);
            assert!(sample.len() == 2 && sample[0] < sample[1], "{sample:?}");
            heavy += usize::from(sample[0] == 0);
        }
        assert!(heavy > 420, "{heavy}");
    }
}
