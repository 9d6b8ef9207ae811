//! Reproducible chance.

use domain::disclosure::RandomBits;
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};

/// A seeded source of bits.
pub struct Bits(ChaCha20Rng);

impl RandomBits for Bits {
    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
}

impl Bits {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }

    /// A number of 0 to below 1.
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.uniform() * limit as f64) as usize
    }

    pub fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// A draw of the standard normal distribution (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// A score in thousandths of a point, as scores of organizations are spread: around 50, standard deviation 15.
    pub fn score(&mut self) -> i64 {
        ((50.0 + 15.0 * self.normal()) * 1_000.0).round().clamp(0.0, 100_000.0) as i64
    }

    /// A place in a list of weights.
    pub fn pick(&mut self, weights: &[f64]) -> usize {
        let mut rest = self.uniform() * weights.iter().sum::<f64>();
        let found = weights.iter().position(|weight| {
            rest -= weight;
            rest < 0.0
        });
        found.unwrap_or(weights.len() - 1)
    }
}
