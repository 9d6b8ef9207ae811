//! The noise on every published statistic: which statistics there are, and exact draws.

mod draws;
mod gaussian;
mod statistic;

pub use draws::{Draw, Draws};
pub use gaussian::{DiscreteGaussian, RandomBits};
pub use statistic::{Statistic, statistics};

/// How many steps of the grid of draws make one unit of noise.
pub const GRID: u32 = 1_000;
