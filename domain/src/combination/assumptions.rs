use serde::{Deserialize, Serialize};

use crate::method::{DEFAULT_RAMP_MONTHS, Parameter, RAMP_MONTHS_MAXIMUM};
use crate::roles::check_number;
use crate::stage::Stage;
use crate::violations::{FieldPath, Violations};

/// The values that the combination model calculates with. [`Parameter::definition`] gives ranges and evidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assumptions {
    /// Share of time that AI saves on a task at risk, where it is adopted, 0 to 0.21.
    pub tau_at_risk: f64,
    /// Share of time that AI saves on an assisted task, where it is adopted, 0.06 to 0.32.
    pub tau_ai_assisted: f64,
    /// Share of time that AI saves on an automated task, where it is adopted, 0.21 to 0.89.
    pub tau_automated: f64,
    /// Share of the work for which AI will be used, 0.50 to 0.90.
    pub adoption: f64,
    /// Share of the coordination time that disappears, 0.32 to 0.60.
    pub handoff_removed: f64,
    /// Share of the work done twice that disappears, 0.25 to 0.75.
    pub duplicate_removed: f64,
    /// What breadth costs when no skill is shared, as a share of hours, 0 to 0.20.
    pub breadth: f64,
    /// The months that the transition takes, 1 to 60.
    pub ramp_months: u16,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self::base()
    }
}

impl Assumptions {
    /// The base values of the method.
    #[must_use]
    pub const fn base() -> Self {
        Self {
            tau_at_risk: Parameter::TauAtRisk.definition().base,
            tau_ai_assisted: Parameter::TauAiAssisted.definition().base,
            tau_automated: Parameter::TauAutomated.definition().base,
            adoption: Parameter::Adoption.definition().base,
            handoff_removed: Parameter::HandoffRemoved.definition().base,
            duplicate_removed: Parameter::DuplicateRemoved.definition().base,
            breadth: Parameter::Breadth.definition().base,
            ramp_months: DEFAULT_RAMP_MONTHS,
        }
    }

    /// The value of a parameter; nothing for the one that is no setting.
    #[must_use]
    pub const fn value(&self, parameter: Parameter) -> Option<f64> {
        match parameter {
            Parameter::TauAtRisk => Some(self.tau_at_risk),
            Parameter::TauAiAssisted => Some(self.tau_ai_assisted),
            Parameter::TauAutomated => Some(self.tau_automated),
            Parameter::Adoption => Some(self.adoption),
            Parameter::HandoffRemoved => Some(self.handoff_removed),
            Parameter::DuplicateRemoved => Some(self.duplicate_removed),
            Parameter::Breadth => Some(self.breadth),
            Parameter::CoordinationShare => None,
        }
    }

    /// The share of time that AI saves on a task of a stage, where it is adopted; 0 for HUMAN, an assumption.
    #[must_use]
    pub const fn tau(&self, stage: Stage) -> f64 {
        match stage {
            Stage::Human => 0.0,
            Stage::AtRisk => self.tau_at_risk,
            Stage::AiAssisted => self.tau_ai_assisted,
            Stage::Automated => self.tau_automated,
        }
    }

    /// Checks that every value is in its range. Paths begin with `assumptions`.
    ///
    /// # Errors
    /// The violations.
    pub fn validate(&self) -> Result<(), Violations> {
        let mut violations = Violations::default();
        let path = FieldPath::ROOT.field("assumptions");
        for parameter in Parameter::ALL {
            let row = parameter.definition();
            let range = (row.minimum, row.maximum);
            let field = parameter.field();
            check_number(self.value(parameter), field, range, &path.field(field), &mut violations);
        }
        let ramp_range = (1.0, f64::from(RAMP_MONTHS_MAXIMUM));
        let ramp_months = Some(f64::from(self.ramp_months));
        check_number(ramp_months, "rampMonths", ramp_range, &path.field("rampMonths"), &mut violations);
        violations.into_result()
    }
}

/// What a scenario sets in place of the base values; the rest stays at its base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AssumptionOverrides {
    /// In place of [`Assumptions::tau_at_risk`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tau_at_risk: Option<f64>,
    /// In place of [`Assumptions::tau_ai_assisted`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tau_ai_assisted: Option<f64>,
    /// In place of [`Assumptions::tau_automated`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tau_automated: Option<f64>,
    /// In place of [`Assumptions::adoption`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adoption: Option<f64>,
    /// In place of [`Assumptions::handoff_removed`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handoff_removed: Option<f64>,
    /// In place of [`Assumptions::duplicate_removed`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_removed: Option<f64>,
    /// In place of [`Assumptions::breadth`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breadth: Option<f64>,
    /// In place of [`Assumptions::ramp_months`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ramp_months: Option<u16>,
}

impl AssumptionOverrides {
    /// The base values with these in their place.
    ///
    /// # Errors
    /// The values outside of their ranges. Paths begin with `assumptions`.
    pub fn apply(&self) -> Result<Assumptions, Violations> {
        let base = Assumptions::base();
        let assumptions = Assumptions {
            tau_at_risk: self.tau_at_risk.unwrap_or(base.tau_at_risk),
            tau_ai_assisted: self.tau_ai_assisted.unwrap_or(base.tau_ai_assisted),
            tau_automated: self.tau_automated.unwrap_or(base.tau_automated),
            adoption: self.adoption.unwrap_or(base.adoption),
            handoff_removed: self.handoff_removed.unwrap_or(base.handoff_removed),
            duplicate_removed: self.duplicate_removed.unwrap_or(base.duplicate_removed),
            breadth: self.breadth.unwrap_or(base.breadth),
            ramp_months: self.ramp_months.unwrap_or(base.ramp_months),
        };
        assumptions.validate().map(|()| assumptions)
    }
}
