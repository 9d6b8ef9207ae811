//! Disclosure control: what the rules decide, what the noise is like, and what a reader could tell.

mod contributions;
mod decisions;
mod figures;
mod history;
mod noise;
mod reading;
mod reconstruction;
mod sums;
mod world;
