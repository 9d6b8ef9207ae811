//! How far a task is along the automation journey, and what to do about it.

use crate::method::{STAGE_WEIGHTS, StageWeight};
use crate::text_enum::text_enum;

/// The consequence that a task has when nobody has said otherwise: 0 to 1, the harm of getting it wrong.
pub const DEFAULT_CONSEQUENCE: f64 = 0.4;

/// Tasks whose stage weighs less than this are protected.
const AUGMENT_FROM_WEIGHT: f64 = 0.4;
/// Tasks whose stage weighs this or more are automated, or monitored.
const AUTOMATE_FROM_WEIGHT: f64 = 0.9;
/// Automated tasks whose consequence is this or more are monitored.
const MONITOR_FROM_CONSEQUENCE: f64 = 0.6;

text_enum! {
    /// How far a task is along the automation journey.
    Stage {
        /// People do it; AI adds little.
        Human = "HUMAN",
        /// People do it; AI begins to take parts of it.
        AtRisk = "AT_RISK",
        /// AI does much of it; people steer and check.
        AiAssisted = "AI_ASSISTED",
        /// AI does it; people see to the exceptions.
        Automated = "AUTOMATED",
    }
}

impl Stage {
    /// The row of the method's table for this stage.
    #[must_use]
    pub const fn weights(self) -> StageWeight {
        match self {
            Self::Human => STAGE_WEIGHTS[0],
            Self::AtRisk => STAGE_WEIGHTS[1],
            Self::AiAssisted => STAGE_WEIGHTS[2],
            Self::Automated => STAGE_WEIGHTS[3],
        }
    }

    /// The weight of this stage in the AI impact score, 0 to 1.
    #[must_use]
    pub const fn weight(self) -> f64 {
        self.weights().weight
    }

    /// The least weight that the evidence allows, 0 to 1.
    #[must_use]
    pub const fn low(self) -> f64 {
        self.weights().low
    }

    /// The greatest weight that the evidence allows, 0 to 1.
    #[must_use]
    pub const fn high(self) -> f64 {
        self.weights().high
    }
}

text_enum! {
    /// A label of the published automation rubric (Eloundou et al. 2023, "GPTs are GPTs"): how much of a task
    /// language models could do alone.
    AutomationLabel {
        /// No exposure.
        T0 = "T0",
        /// Up to half of the task.
        T1 = "T1",
        /// From half of the task to 90 % of it.
        T2 = "T2",
        /// 90 % of the task or more, with people checking.
        T3 = "T3",
        /// All of the task, without people.
        T4 = "T4",
    }
}

impl AutomationLabel {
    /// The stage that an imported task gets from its label, to be marked as derived.
    #[must_use]
    pub const fn stage(self) -> Stage {
        match self {
            Self::T0 | Self::T1 => Stage::Human,
            Self::T2 => Stage::AtRisk,
            Self::T3 => Stage::AiAssisted,
            Self::T4 => Stage::Automated,
        }
    }
}

impl From<AutomationLabel> for Stage {
    fn from(label: AutomationLabel) -> Self {
        label.stage()
    }
}

text_enum! {
    /// What to do about a task.
    Quadrant {
        /// Let AI do it.
        Automate = "AUTOMATE",
        /// Give people AI to do it with.
        Augment = "AUGMENT",
        /// Keep it with people.
        Protect = "PROTECT",
        /// Let AI do it, and watch the quality: an error would do harm.
        Monitor = "MONITOR",
    }
}

/// The quadrant of a task from its stage and its consequence (0 to 1, the harm of getting it wrong).
///
/// With `w` the weight of the stage: `w < 0.4` PROTECT; `0.4 <= w < 0.9` AUGMENT; `w >= 0.9` AUTOMATE when the
/// consequence is below 0.6 and MONITOR from 0.6 on. A consequence that is no number is MONITOR, the careful side.
#[must_use]
pub fn quadrant(stage: Stage, consequence: f64) -> Quadrant {
    let weight = stage.weight();
    if weight < AUGMENT_FROM_WEIGHT {
        Quadrant::Protect
    } else if weight < AUTOMATE_FROM_WEIGHT {
        Quadrant::Augment
    } else if consequence < MONITOR_FROM_CONSEQUENCE {
        Quadrant::Automate
    } else {
        Quadrant::Monitor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_weights_is_in_the_order_of_the_stages() {
        for stage in Stage::ALL {
            assert_eq!(stage.weights().stage, stage);
            assert!(stage.low() <= stage.weight() && stage.weight() <= stage.high());
        }
        assert_eq!(Stage::ALL.map(Stage::weight), [0.125, 0.5, 0.75, 1.0]);
    }

    #[test]
    fn a_quadrant_follows_from_weight_and_consequence() {
        assert_eq!(quadrant(Stage::Human, 0.9), Quadrant::Protect);
        assert_eq!(quadrant(Stage::AtRisk, 0.9), Quadrant::Augment);
        assert_eq!(quadrant(Stage::AiAssisted, 0.0), Quadrant::Augment);
        assert_eq!(quadrant(Stage::Automated, DEFAULT_CONSEQUENCE), Quadrant::Automate);
        assert_eq!(quadrant(Stage::Automated, 0.599), Quadrant::Automate);
        assert_eq!(quadrant(Stage::Automated, 0.6), Quadrant::Monitor);
        assert_eq!(quadrant(Stage::Automated, f64::NAN), Quadrant::Monitor);
    }

    #[test]
    fn labels_become_stages() {
        let stages = AutomationLabel::ALL.map(AutomationLabel::stage);
        assert_eq!(stages, [Stage::Human, Stage::Human, Stage::AtRisk, Stage::AiAssisted, Stage::Automated]);
    }

    #[test]
    fn values_have_one_text() {
        assert_eq!("AI_ASSISTED".parse::<Stage>(), Ok(Stage::AiAssisted));
        assert_eq!(serde_json::to_string(&Stage::AtRisk).unwrap(), "\"AT_RISK\"");
        let unknown = "assisted".parse::<Stage>().unwrap_err().to_string();
        assert_eq!(unknown, "\"assisted\" is no Stage; use one of HUMAN, AT_RISK, AI_ASSISTED, AUTOMATED");
    }
}
