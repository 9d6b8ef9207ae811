//! The weights and parameters of the method, as data: shown to users, versioned, never hidden in code.

use serde::Serialize;

use crate::stage::Stage;
use crate::text_enum::text_enum;

/// The version of the formulas, weights and base parameters in this crate.
pub const METHOD_VERSION: u32 = 1;

/// The greatest coordination share that a role may have.
pub const COORDINATION_SHARE_MAXIMUM: f64 = 0.8;
/// The coordination share of a role for which nobody has given one: an assumption, named as such in every answer.
pub const DEFAULT_COORDINATION_SHARE: f64 = 0.15;
/// The months that a transition takes unless a scenario says otherwise.
pub const DEFAULT_RAMP_MONTHS: u16 = 15;
/// The longest transition that a scenario may have, in months.
pub const RAMP_MONTHS_MAXIMUM: u16 = 60;
/// How much productivity is lost on the first day of a transition, as a share: an assumption.
pub const TRANSITION_DIP: f64 = 0.10;
/// The stress: AI makes assisted tasks 19 % slower (METR 2025, experienced developers on their own repositories).
pub const STRESS_TAU_AI_ASSISTED: f64 = -0.19;
/// How far given time shares may be from adding up to 1.
pub const SHARE_TOLERANCE: f64 = 0.001;

/// The weight of one stage in the AI impact score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StageWeight {
    /// The stage.
    pub stage: Stage,
    /// The weight, 0 to 1.
    pub weight: f64,
    /// The least weight that the evidence allows, 0 to 1.
    pub low: f64,
    /// The greatest weight that the evidence allows, 0 to 1.
    pub high: f64,
}

/// The weights of all stages, in the order of [`Stage::ALL`].
///
/// The anchors are the labels of the published automation rubric (Eloundou et al. 2023), T0 = 0 to T4 = 1 in steps of
/// 0.25: HUMAN lies between T0 and T1, AT_RISK is T2, AI_ASSISTED is T3, AUTOMATED is T4.
pub const STAGE_WEIGHTS: [StageWeight; 4] = [
    StageWeight { stage: Stage::Human, weight: 0.125, low: 0.0, high: 0.25 },
    StageWeight { stage: Stage::AtRisk, weight: 0.50, low: 0.40, high: 0.60 },
    StageWeight { stage: Stage::AiAssisted, weight: 0.75, low: 0.60, high: 0.85 },
    StageWeight { stage: Stage::Automated, weight: 1.00, low: 0.90, high: 1.00 },
];

text_enum! {
    /// A parameter of the combination model.
    Parameter {
        /// Share of time that AI saves on a task at risk, where it is adopted.
        TauAtRisk = "TAU_AT_RISK",
        /// Share of time that AI saves on an assisted task, where it is adopted.
        TauAiAssisted = "TAU_AI_ASSISTED",
        /// Share of time that AI saves on an automated task, where it is adopted.
        TauAutomated = "TAU_AUTOMATED",
        /// Share of the work for which AI will be used.
        Adoption = "ADOPTION",
        /// Share of the coordination time that disappears with the hand-offs.
        HandoffRemoved = "HANDOFF_REMOVED",
        /// Share of the duplicated work that disappears.
        DuplicateRemoved = "DUPLICATE_REMOVED",
        /// What the breadth of a combined role costs when its parts share no skill.
        Breadth = "BREADTH",
        /// A shift of the coordination share of every role, in interval and tornado. Not a setting.
        CoordinationShare = "COORDINATION_SHARE",
    }
}

impl Parameter {
    /// The row of [`PARAMETERS`] for this parameter.
    #[must_use]
    pub const fn definition(self) -> &'static ParameterDefinition {
        match self {
            Self::TauAtRisk => &PARAMETERS[0],
            Self::TauAiAssisted => &PARAMETERS[1],
            Self::TauAutomated => &PARAMETERS[2],
            Self::Adoption => &PARAMETERS[3],
            Self::HandoffRemoved => &PARAMETERS[4],
            Self::DuplicateRemoved => &PARAMETERS[5],
            Self::Breadth => &PARAMETERS[6],
            Self::CoordinationShare => &PARAMETERS[7],
        }
    }

    /// The name of the parameter as a field of an input, in camelCase.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::TauAtRisk => "tauAtRisk",
            Self::TauAiAssisted => "tauAiAssisted",
            Self::TauAutomated => "tauAutomated",
            Self::Adoption => "adoption",
            Self::HandoffRemoved => "handoffRemoved",
            Self::DuplicateRemoved => "duplicateRemoved",
            Self::Breadth => "breadth",
            Self::CoordinationShare => "coordinationShare",
        }
    }
}

/// What is known about one parameter: its base value, its range and where they come from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ParameterDefinition {
    /// The parameter.
    pub name: Parameter,
    /// The low end of the range that interval and tornado go through.
    pub low: f64,
    /// The value that is used unless a scenario says otherwise.
    pub base: f64,
    /// The high end of the range that interval and tornado go through.
    pub high: f64,
    /// The least value that a scenario may set; for a parameter that is no setting, the least shift.
    pub minimum: f64,
    /// The greatest value that a scenario may set; for a parameter that is no setting, the greatest shift.
    pub maximum: f64,
    /// Whether a scenario may set it.
    pub is_overridable: bool,
    /// Where the values come from; "assumption" where there is no evidence.
    pub basis: &'static str,
    /// What the parameter means.
    pub description: &'static str,
}

/// A parameter that a scenario may set, anywhere between its low and its high.
const fn setting(
    name: Parameter,
    range: [f64; 3],
    basis: &'static str,
    description: &'static str,
) -> ParameterDefinition {
    let [low, base, high] = range;
    ParameterDefinition { name, low, base, high, minimum: low, maximum: high, is_overridable: true, basis, description }
}

/// All parameters of the combination model, in the order of [`Parameter::ALL`]. The time saved on HUMAN tasks is 0, an assumption.
pub const PARAMETERS: [ParameterDefinition; 8] = [
    setting(
        Parameter::TauAtRisk,
        [0.0, 0.10, 0.21],
        "assumption: half of an assisted task",
        "Share of time that AI saves on a task at risk, where it is adopted.",
    ),
    setting(
        Parameter::TauAiAssisted,
        [0.06, 0.21, 0.32],
        "Field experiments with 4,867 developers: 26.08 % more tasks (SE 10.3); an experiment at Google: about 21 % less time.",
        "Share of time that AI saves on an assisted task, where it is adopted.",
    ),
    setting(
        Parameter::TauAutomated,
        [0.21, 0.56, 0.89],
        "Peng et al. 2023: 55.8 % less time, confidence interval 21 to 89 % (one task).",
        "Share of time that AI saves on an automated task, where it is adopted.",
    ),
    setting(
        Parameter::Adoption,
        [0.50, 0.75, 0.90],
        "DORA 2024: 75.9 % of respondents use AI for part of their work.",
        "Share of the work for which AI will be used; never below what a role uses today.",
    ),
    setting(
        Parameter::HandoffRemoved,
        [0.32, 0.50, 0.60],
        "Cataldo 2008; Herbsleb and Mockus 2003 (both measured elapsed time, not effort).",
        "Share of the coordination time that disappears with the hand-offs.",
    ),
    setting(
        Parameter::DuplicateRemoved,
        [0.25, 0.50, 0.75],
        "assumption",
        "Share of the work done twice that disappears.",
    ),
    setting(
        Parameter::Breadth,
        [0.0, 0.10, 0.20],
        "assumption: a cost must exist",
        "What the breadth of a combined role costs when its parts share no skill, as a share of its hours.",
    ),
    ParameterDefinition {
        name: Parameter::CoordinationShare,
        low: -0.05,
        base: 0.0,
        high: 0.05,
        minimum: -0.05,
        maximum: 0.05,
        is_overridable: false,
        basis: "assumption",
        description: "Shift of the coordination share of every role, for interval and tornado; the share itself is an input of each role.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_parameters_is_in_order_and_consistent() {
        for parameter in Parameter::ALL {
            let row = parameter.definition();
            assert_eq!(row.name, parameter);
            assert!(row.low <= row.base && row.base <= row.high, "{parameter}");
            assert!(!row.basis.is_empty() && !row.description.is_empty(), "{parameter}");
        }
    }
}
