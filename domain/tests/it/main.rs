//! Tests of the domain's public functions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod attacks;
mod client_comparison;
mod combination;
mod combination_input;
mod comparison;
mod disclosure;
mod exposure;
mod fixtures;
mod golden_vectors;
mod library;
mod properties;
mod score;
mod validation;
