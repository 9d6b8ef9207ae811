//! Published measures of how exposed an occupation is to language models, side by side: they disagree, and none is
//! "the" truth.

use serde::{Deserialize, Serialize};

use crate::text_enum::text_enum;

text_enum! {
    /// Which measure a value is of.
    ExposureName {
        /// "GPTs are GPTs", alpha, labels given by GPT-4: direct exposure only.
        Gpt4Alpha = "GPT4_ALPHA",
        /// "GPTs are GPTs", beta, labels given by GPT-4: exposure through tools counts half.
        Gpt4Beta = "GPT4_BETA",
        /// "GPTs are GPTs", gamma, labels given by GPT-4: exposure through tools counts in full.
        Gpt4Gamma = "GPT4_GAMMA",
        /// Alpha, labels given by people.
        HumanAlpha = "HUMAN_ALPHA",
        /// Beta, labels given by people.
        HumanBeta = "HUMAN_BETA",
        /// Gamma, labels given by people.
        HumanGamma = "HUMAN_GAMMA",
        /// Observed exposure of the Anthropic Economic Index: from real use, imported and not recomputed.
        ObservedExposure = "OBSERVED_EXPOSURE",
    }
}

/// One measure of an occupation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExposureMeasure {
    /// Which measure it is.
    pub name: ExposureName,
    /// The value, 0 (not exposed) to 1.
    pub value: f64,
    /// Where the value comes from, such as the publication and its date.
    pub source: String,
}

text_enum! {
    /// How exposed a task is to language models, by the rubric of Eloundou et al. 2023.
    ExposureLabel {
        /// Not exposed.
        E0 = "E0",
        /// Exposed to a language model alone.
        E1 = "E1",
        /// Exposed to a language model with tools built on it.
        E2 = "E2",
    }
}

impl ExposureLabel {
    /// What the label counts in alpha, beta and gamma.
    #[must_use]
    pub const fn exposure(self) -> Exposure {
        match self {
            Self::E0 => Exposure { alpha: 0.0, beta: 0.0, gamma: 0.0 },
            Self::E1 => Exposure { alpha: 1.0, beta: 1.0, gamma: 1.0 },
            Self::E2 => Exposure { alpha: 0.0, beta: 0.5, gamma: 1.0 },
        }
    }
}

text_enum! {
    /// How a task belongs to its occupation, as O*NET has it.
    TaskType {
        /// Most people in the occupation do it, and it matters.
        Core = "CORE",
        /// Fewer do it, or it matters less.
        Supplemental = "SUPPLEMENTAL",
        /// O*NET does not say.
        Unspecified = "UNSPECIFIED",
    }
}

impl TaskType {
    /// What a task of this type weighs in its occupation: 2 for a core task, else 1.
    #[must_use]
    pub const fn weight(self) -> f64 {
        match self {
            Self::Core => 2.0,
            Self::Supplemental | Self::Unspecified => 1.0,
        }
    }

    /// The type from the column "Task Type" of O*NET or of the label file; anything but "Core" and "Supplemental" is
    /// unspecified.
    #[must_use]
    pub fn from_column(text: &str) -> Self {
        match text.trim() {
            "Core" => Self::Core,
            "Supplemental" => Self::Supplemental,
            _ => Self::Unspecified,
        }
    }
}

/// The three exposure figures of Eloundou et al. 2023, each 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    /// Direct exposure only.
    pub alpha: f64,
    /// Exposure through tools counts half.
    pub beta: f64,
    /// Exposure through tools counts in full.
    pub gamma: f64,
}

/// The exposure of an occupation from the labels of its tasks: their mean, weighted by [`TaskType::weight`]; nothing
/// without tasks.
///
/// This reproduces the published occupation table of "GPTs are GPTs" from its label file with that file's own task types.
#[must_use]
pub fn occupation_exposure(tasks: &[(TaskType, ExposureLabel)]) -> Option<Exposure> {
    let total: f64 = tasks.iter().map(|(task_type, _)| task_type.weight()).sum();
    let mean = |part: fn(Exposure) -> f64| {
        let weighted = tasks.iter().map(|(task_type, label)| task_type.weight() * part(label.exposure()));
        weighted.sum::<f64>() / total
    };
    (total > 0.0).then(|| Exposure {
        alpha: mean(|exposure| exposure.alpha),
        beta: mean(|exposure| exposure.beta),
        gamma: mean(|exposure| exposure.gamma),
    })
}
