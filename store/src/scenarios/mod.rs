//! Scenarios: saved combinations of roles with their assumptions.

mod filter;
mod reads;
mod record;
mod writes;

pub use filter::{ScenarioFilter, ScenarioOrder, ScenarioOrderField};
pub use reads::Scenarios;
pub use record::{NewScenario, Scenario, ScenarioSource, ScenarioState, SourceOrigin};
pub use writes::ScenarioWriter;
