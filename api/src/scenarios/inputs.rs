//! What clients send to combine roles.

use async_graphql::{ID, InputObject};
use domain::combination::{AssumptionOverrides, RoleOverrides};

/// A role that goes into a combination: exactly one of its three identifiers is given
#[derive(Clone, InputObject)]
pub(crate) struct CombinedRoleInput {
    /// A role configuration: its draft
    pub(super) role_configuration_id: Option<ID>,
    /// A published version of a role configuration
    pub(super) role_version_id: Option<ID>,
    /// Key of a canonical role, such as rolemark:devops-engineer
    pub(super) canonical_role_key: Option<String>,
    /// Full-time equivalents, greater than 0, in place of the role's own
    headcount: Option<f64>,
    /// Share of time spent aligning with the other roles, 0 to 0.8, in place of the role's own
    coordination_share: Option<f64>,
    /// Share of the work for which AI is used today, 0 to 1, in place of the role's own
    current_ai_adoption: Option<f64>,
}

/// Assumptions of a combination; what is left out is the method's base value
#[derive(Clone, Default, InputObject)]
pub(crate) struct AssumptionsInput {
    /// Share of the time of an at-risk task that AI takes away where it is used, 0 to 0.21
    tau_at_risk: Option<f64>,
    /// Share of the time of an AI-assisted task that AI takes away where it is used, 0.06 to 0.32
    tau_ai_assisted: Option<f64>,
    /// Share of the time of an automated task that AI takes away where it is used, 0.21 to 0.89
    tau_automated: Option<f64>,
    /// Share of the work for which AI will be used, 0.5 to 0.9
    adoption: Option<f64>,
    /// Share of the coordination that merging takes away, 0.32 to 0.6
    handoff_removed: Option<f64>,
    /// Share of the duplicate work that merging takes away, 0.25 to 0.75
    duplicate_removed: Option<f64>,
    /// What it costs to cover skills that are far apart, 0 to 0.2
    breadth: Option<f64>,
    /// Months until the full gain is reached, 1 to 60; 15 when left out
    ramp_months: Option<i32>,
}

/// A Monte Carlo simulation beside the model's own interval
#[derive(Clone, Copy, InputObject)]
pub(crate) struct MonteCarloInput {
    /// Seed of the random numbers, 0 to 2147483647: the same seed gives the same answer
    pub(super) seed: i32,
    /// Number of draws, 100 to 100,000; 10,000 when left out
    pub(super) draws: Option<i32>,
}

/// Input of simulateRoleCombination
#[derive(InputObject)]
pub(crate) struct SimulateRoleCombinationInput {
    /// Organization whose roles are combined; not needed when all roles are canonical
    pub(super) organization_id: Option<ID>,
    /// The roles, 2 to 10
    pub(super) roles: Vec<CombinedRoleInput>,
    /// Assumptions that differ from the method's
    pub(super) assumptions: Option<AssumptionsInput>,
    /// A Monte Carlo simulation, if one is wanted
    pub(super) monte_carlo: Option<MonteCarloInput>,
}

/// Input of createScenario
#[derive(InputObject)]
pub(crate) struct CreateScenarioInput {
    /// Organization that keeps the scenario
    pub(super) organization_id: ID,
    /// Name, 1 to 200 characters
    pub(super) name: String,
    /// Description, up to 4,000 characters
    pub(super) description: Option<String>,
    /// The roles, 2 to 10
    pub(super) roles: Vec<CombinedRoleInput>,
    /// Assumptions that differ from the method's
    pub(super) assumptions: Option<AssumptionsInput>,
}

/// Input of updateScenario: what is left out stays as it is
#[derive(InputObject)]
pub(crate) struct UpdateScenarioInput {
    /// The scenario
    pub(super) id: ID,
    /// The revision that the change was made from
    pub(super) expected_revision: i32,
    /// Name, 1 to 200 characters
    pub(super) name: Option<String>,
    /// Description, up to 4,000 characters; null clears
    pub(super) description: async_graphql::MaybeUndefined<String>,
}

/// Input of duplicateScenario
#[derive(InputObject)]
pub(crate) struct DuplicateScenarioInput {
    /// The scenario to copy
    pub(super) id: ID,
    /// Name of the copy, 1 to 200 characters
    pub(super) name: String,
}

/// Input of deleteScenario
#[derive(InputObject)]
pub(crate) struct DeleteScenarioInput {
    /// The scenario
    pub(super) id: ID,
}

impl CombinedRoleInput {
    pub(super) fn overrides(&self) -> RoleOverrides {
        RoleOverrides {
            headcount: self.headcount,
            coordination_share: self.coordination_share,
            current_adoption: self.current_ai_adoption,
        }
    }
}

impl From<AssumptionsInput> for AssumptionOverrides {
    fn from(input: AssumptionsInput) -> Self {
        Self {
            tau_at_risk: input.tau_at_risk,
            tau_ai_assisted: input.tau_ai_assisted,
            tau_automated: input.tau_automated,
            adoption: input.adoption,
            handoff_removed: input.handoff_removed,
            duplicate_removed: input.duplicate_removed,
            breadth: input.breadth,
            // What does not fit is out of range, which validation says with the field's name.
            ramp_months: input.ramp_months.map(|months| u16::try_from(months).unwrap_or(u16::MAX)),
        }
    }
}
