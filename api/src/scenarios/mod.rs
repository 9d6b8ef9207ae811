//! Combinations of roles: simulated, saved as scenarios, compared.

mod comparison;
mod figures;
mod inputs;
mod model;
mod mutations;
mod outcome;
mod parts;
mod queries;
mod types;

pub(crate) use mutations::ScenarioMutations;
pub(crate) use queries::{ScenarioFilter, ScenarioOrder, ScenarioQueries, scenarios};
pub(crate) use types::{Scenario, ScenarioConnection};
