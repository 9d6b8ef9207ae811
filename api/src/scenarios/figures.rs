//! The plain figures of a combination.

use async_graphql::SimpleObject;
use domain::combination::{Assumptions, Interval, Quantiles, Stress, TransitionPoint, Waterfall};

use crate::roles::tidy;

/// Builds an object of numbers from a domain struct: each field tidied.
macro_rules! figures {
    ($(#[$doc:meta])* $name:ident from $source:ty { $($(#[$field_doc:meta])* $field:ident $(= $from:ident)?),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            $($(#[$field_doc])* $field: f64,)+
        }

        impl From<&$source> for $name {
            fn from(source: &$source) -> Self {
                Self { $($field: tidy(figures!(@field source $field $($from)?)),)+ }
            }
        }
    };
    (@field $source:ident $field:ident $from:ident) => { f64::from($source.$from) };
    (@field $source:ident $field:ident) => { f64::from($source.$field) };
}

figures! {
    /// From the full-time equivalents of today to those that the combined role needs
    CombinationWaterfall from Waterfall {
        /// Full-time equivalents today
        starting_fte,
        /// Duplicate work that falls away
        duplicates_removed,
        /// Coordination that falls away
        coordination_removed,
        /// Work that AI takes away
        ai_saved,
        /// What it costs to cover skills that are far apart
        breadth_cost,
        /// Full-time equivalents that are left
        ending_fte,
    }
}

figures! {
    /// Where the gain lies when each parameter moves between its low and its high value
    GainInterval from Interval {
        /// Lower end of the gain
        lower,
        /// Upper end of the gain
        upper,
    }
}

figures! {
    /// The gain if AI assistance cost time instead of saving it
    StressTest from Stress {
        /// Share of an AI-assisted task's time taken away; below 0 it is added
        tau_ai_assisted,
        /// The gain
        gain,
    }
}

figures! {
    /// The gain in a month of the transition
    TransitionMonth from TransitionPoint {
        /// Months since the start
        month,
        /// The gain; below 0 while people are still learning
        gain,
    }
}

figures! {
    /// The values that the figures were made with
    CombinationAssumptions from Assumptions {
        /// Share of the time of an at-risk task that AI takes away where it is used
        tau_at_risk,
        /// Share of the time of an AI-assisted task that AI takes away where it is used
        tau_ai_assisted,
        /// Share of the time of an automated task that AI takes away where it is used
        tau_automated,
        /// Share of the work for which AI will be used
        adoption,
        /// Share of the coordination that merging takes away
        handoff_removed,
        /// Share of the duplicate work that merging takes away
        duplicate_removed,
        /// What it costs to cover skills that are far apart
        breadth,
        /// Months until the full gain is reached
        ramp_months,
    }
}

/// Quantiles of the gain over random draws of all parameters
#[derive(SimpleObject)]
pub(crate) struct MonteCarloQuantiles {
    /// A tenth of the draws are below
    p10: f64,
    /// Half of the draws are below
    p50: f64,
    /// Nine tenths of the draws are below
    p90: f64,
    /// Seed of the random numbers
    seed: f64,
    /// Number of draws
    draws: usize,
}

impl From<Quantiles> for MonteCarloQuantiles {
    fn from(quantiles: Quantiles) -> Self {
        Self {
            p10: tidy(quantiles.p10),
            p50: tidy(quantiles.p50),
            p90: tidy(quantiles.p90),
            seed: quantiles.seed as f64,
            draws: quantiles.draws,
        }
    }
}
