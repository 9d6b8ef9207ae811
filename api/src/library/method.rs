//! The weights and parameters of the method, as data.

use async_graphql::{Enum, Object};
use domain::method::{METHOD_VERSION, PARAMETERS, ParameterDefinition, STAGE_WEIGHTS, StageWeight};

use crate::roles::Stage;

/// A parameter of the combination model
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "domain::method::Parameter")]
pub(crate) enum Parameter {
    /// Share of the time of an at-risk task that AI takes away where it is used
    TauAtRisk,
    /// Share of the time of an AI-assisted task that AI takes away where it is used
    TauAiAssisted,
    /// Share of the time of an automated task that AI takes away where it is used
    TauAutomated,
    /// Share of the work for which AI will be used
    Adoption,
    /// Share of the coordination between the roles that merging takes away
    HandoffRemoved,
    /// Share of the duplicate work that merging takes away
    DuplicateRemoved,
    /// What it costs to cover skills that are far apart
    Breadth,
    /// Shift of every role's coordination share
    CoordinationShare,
}

pub(crate) struct Method;

/// The method behind every computed figure: its weights and parameters
#[Object]
impl Method {
    /// Version of the method
    async fn version(&self) -> u32 {
        METHOD_VERSION
    }

    /// Weights of the stages in the AI impact score
    async fn stage_weights(&self) -> Vec<WeightOfStage> {
        STAGE_WEIGHTS.iter().map(WeightOfStage).collect()
    }

    /// Parameters of the combination model
    async fn parameters(&self) -> Vec<DefinitionOfParameter> {
        PARAMETERS.iter().map(DefinitionOfParameter).collect()
    }
}

pub(crate) struct WeightOfStage(&'static StageWeight);

/// Weight of a stage in the AI impact score
#[Object(name = "StageWeight")]
impl WeightOfStage {
    /// The stage
    async fn stage(&self) -> Stage {
        self.0.stage.into()
    }

    /// Weight, 0 to 1
    async fn weight(&self) -> f64 {
        self.0.weight
    }

    /// Low end of the weight, 0 to 1
    async fn low(&self) -> f64 {
        self.0.low
    }

    /// High end of the weight, 0 to 1
    async fn high(&self) -> f64 {
        self.0.high
    }
}

pub(crate) struct DefinitionOfParameter(&'static ParameterDefinition);

/// A parameter of the combination model with its range and its basis
#[Object(name = "ParameterDefinition")]
impl DefinitionOfParameter {
    /// The parameter
    async fn parameter(&self) -> Parameter {
        self.0.name.into()
    }

    /// Low value, used for the interval
    async fn low(&self) -> f64 {
        self.0.low
    }

    /// Value unless a scenario says otherwise
    async fn base(&self) -> f64 {
        self.0.base
    }

    /// High value, used for the interval
    async fn high(&self) -> f64 {
        self.0.high
    }

    /// Whether a scenario may set another value between the low and the high one
    async fn is_overridable(&self) -> bool {
        self.0.is_overridable
    }

    /// Where the values come from
    async fn basis(&self) -> &str {
        self.0.basis
    }

    /// What the parameter stands for
    async fn description(&self) -> &str {
        self.0.description
    }
}
