//! The rules and the arithmetic of Rolemark, as pure functions.
//!
//! Nothing here reads a file, a clock, the environment or a source of randomness; what varies comes in as an argument,
//! so that the same input gives the same answer anywhere. The formulas are those of method version 1
//! ([`method::METHOD_VERSION`]); each answer that carries a computed figure carries the version that made it.
//!
//! | module | what it holds |
//! |---|---|
//! | [`ids`] | identifiers |
//! | [`stage`] | automation stages, labels and quadrants |
//! | [`method`] | the weights and parameters of the method, as data |
//! | [`roles`] | role definitions and their validation |
//! | [`score`] | the AI impact score and its trend |
//! | [`combination`] | what happens when roles are combined |
//! | [`comparison`] | a role, or those of a consultant's clients, next to a canonical role |
//! | [`consultancy`] | what a consultant grant says |
//! | [`disclosure`] | what the benchmark may publish, and the noise on it |
//! | [`library`] | the Platform Roles Library and its files |
//! | [`exposure`] | published measures of exposure to language models |
//! | [`similarity`] | how alike two task titles are |
//! | [`violations`] | what is wrong with an input |
#![deny(missing_docs)]

mod text_enum;

pub mod combination;
pub mod comparison;
pub mod consultancy;
pub mod disclosure;
pub mod exposure;
pub mod ids;
pub mod library;
pub mod method;
pub mod roles;
pub mod score;
pub mod similarity;
pub mod stage;
pub mod violations;

pub use text_enum::UnknownValue;
