//! The outcome of a combination as the schema has it.

use async_graphql::{Object, SimpleObject};
use domain::combination::{
    Assumptions, CombinationOutcome, CombinedScore, CombinedSkill, DuplicateGroup, Interval, MergedTask, Quantiles,
    RoleHours, Stress, TornadoBar, TransitionPoint, Waterfall,
};

use crate::{
    library::Parameter,
    roles::{Stage, StageShare, tidy},
};

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

pub(crate) struct RoleCombinationOutcome(pub(crate) CombinationOutcome);

/// What happens when the roles are combined. The gain is output per hour at unchanged output: +35 % means 26 % fewer
/// hours. The figures are reproducible, not proven
#[Object]
impl RoleCombinationOutcome {
    /// Gain in output per hour: 0.35 means +35 %
    async fn gain(&self) -> f64 {
        tidy(self.0.gain)
    }

    /// The part of the gain that AI gives with the roles kept apart; (1 + gain) = (1 + AI part) (1 + merging part)
    async fn gain_from_ai(&self) -> f64 {
        tidy(self.0.gain_from_ai)
    }

    /// The part of the gain that merging the roles gives
    async fn gain_from_merging(&self) -> f64 {
        tidy(self.0.gain_from_merging)
    }

    /// The gain in percent, rounded to whole percents
    async fn gain_percent(&self) -> f64 {
        (self.0.gain * 100.0).round()
    }

    /// Share of the hours that fall away, 0 to 1
    async fn hours_saved_share(&self) -> f64 {
        tidy(self.0.hours_saved_share)
    }

    /// Full-time equivalents freed
    async fn fte_freed(&self) -> f64 {
        tidy(self.0.fte_freed)
    }

    /// Where the gain lies when the parameters move within their ranges
    async fn interval(&self) -> GainInterval {
        (&self.0.interval).into()
    }

    /// What each parameter alone does to the gain, the widest first
    async fn tornado(&self) -> Vec<Bar<'_>> {
        self.0.tornado.iter().map(Bar).collect()
    }

    /// From the full-time equivalents of today to those that are left
    async fn waterfall(&self) -> CombinationWaterfall {
        (&self.0.waterfall).into()
    }

    /// The gain if AI assistance cost time
    async fn stress(&self) -> StressTest {
        (&self.0.stress).into()
    }

    /// The gain month by month until it is reached in full
    async fn transition(&self) -> Vec<TransitionMonth> {
        self.0.transition.iter().map(Into::into).collect()
    }

    /// How alike the skills of the roles are, 0 to 1 (Jaccard index)
    async fn skill_similarity(&self) -> f64 {
        tidy(self.0.jaccard)
    }

    /// Whether no role has skills, so that their likeness is not known and counts as 0
    async fn is_skill_similarity_undefined(&self) -> bool {
        self.0.jaccard_is_undefined
    }

    /// What the work is multiplied by for covering skills that are far apart, 1 or more
    async fn breadth_factor(&self) -> f64 {
        tidy(self.0.breadth_factor)
    }

    /// Full-time equivalents of coordination today
    async fn coordination_fte(&self) -> f64 {
        tidy(self.0.coordination_hours)
    }

    /// Full-time equivalents needed with AI and the roles kept apart
    async fn fte_with_ai_alone(&self) -> f64 {
        tidy(self.0.h_ai)
    }

    /// Score of the combined role, each task weighted by its hours
    async fn score(&self) -> ScoreOfCombination<'_> {
        ScoreOfCombination(&self.0.score)
    }

    /// Tasks of the combined role
    async fn tasks(&self) -> Vec<TaskOfCombination<'_>> {
        self.0.tasks.iter().map(TaskOfCombination).collect()
    }

    /// Work that more than one role does
    async fn duplicate_groups(&self) -> Vec<Duplicates<'_>> {
        self.0.duplicate_groups.iter().map(Duplicates).collect()
    }

    /// Skills that every role has
    async fn shared_skills(&self) -> Vec<SkillOfCombination<'_>> {
        self.0.shared_skills.iter().map(SkillOfCombination).collect()
    }

    /// Skills that any role has
    async fn skills(&self) -> Vec<SkillOfCombination<'_>> {
        self.0.all_skills.iter().map(SkillOfCombination).collect()
    }

    /// What went in, role by role
    async fn roles(&self) -> Vec<HoursOfRole<'_>> {
        self.0.roles.iter().map(HoursOfRole).collect()
    }

    /// The values that the figures were made with
    async fn assumptions(&self) -> CombinationAssumptions {
        (&self.0.assumptions).into()
    }

    /// Version of the method that made the figures
    async fn method_version(&self) -> u32 {
        self.0.method_version
    }
}

pub(crate) struct Bar<'a>(&'a TornadoBar);

/// What one parameter alone does to the gain
#[Object(name = "TornadoBar")]
impl Bar<'_> {
    /// The parameter
    async fn parameter(&self) -> Parameter {
        self.0.parameter.into()
    }

    /// Low value of the parameter
    async fn low_value(&self) -> f64 {
        tidy(self.0.low_value)
    }

    /// High value of the parameter
    async fn high_value(&self) -> f64 {
        tidy(self.0.high_value)
    }

    /// Gain at the low value
    async fn gain_at_low(&self) -> f64 {
        tidy(self.0.gain_at_low)
    }

    /// Gain at the high value
    async fn gain_at_high(&self) -> f64 {
        tidy(self.0.gain_at_high)
    }
}

pub(crate) struct ScoreOfCombination<'a>(&'a CombinedScore);

/// Score of a combined role
#[Object(name = "CombinedScore")]
impl ScoreOfCombination<'_> {
    /// The score, 0 to 100
    async fn value(&self) -> f64 {
        tidy(self.0.value)
    }

    /// The score with the low end of each stage's weight
    async fn low(&self) -> f64 {
        tidy(self.0.low)
    }

    /// The score with the high end of each stage's weight
    async fn high(&self) -> f64 {
        tidy(self.0.high)
    }

    /// How the tasks and their time are spread over the stages
    async fn stage_mix(&self) -> Vec<StageShare> {
        self.0.stage_mix.iter().cloned().map(StageShare).collect()
    }
}

pub(crate) struct TaskOfCombination<'a>(&'a MergedTask);

/// A task of a combined role
#[Object(name = "MergedTask")]
impl TaskOfCombination<'_> {
    /// Key under which tasks of different roles count as the same work
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// What the task is called
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Stage of the task
    async fn stage(&self) -> Stage {
        self.0.stage.into()
    }

    /// Titles of the roles that it comes from
    async fn roles(&self) -> &[String] {
        &self.0.roles
    }

    /// Full-time equivalents today
    async fn fte_before(&self) -> f64 {
        tidy(self.0.hours_before)
    }

    /// Full-time equivalents of duplicate work that fall away
    async fn duplicate_fte_removed(&self) -> f64 {
        tidy(self.0.duplicate_removed)
    }

    /// Full-time equivalents after merging and with AI
    async fn fte_after(&self) -> f64 {
        tidy(self.0.hours_after)
    }
}

pub(crate) struct Duplicates<'a>(&'a DuplicateGroup);

/// Work that more than one role does
#[Object(name = "DuplicateGroup")]
impl Duplicates<'_> {
    /// Key under which the tasks count as the same work
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// What the work is called
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Titles of the roles that do it
    async fn roles(&self) -> &[String] {
        &self.0.roles
    }

    /// Full-time equivalents today
    async fn fte_before(&self) -> f64 {
        tidy(self.0.hours_before)
    }

    /// Full-time equivalents that fall away
    async fn fte_removed(&self) -> f64 {
        tidy(self.0.removed)
    }
}

pub(crate) struct SkillOfCombination<'a>(&'a CombinedSkill);

/// A skill of a combined role
#[Object(name = "CombinedSkill")]
impl SkillOfCombination<'_> {
    /// Key under which skills of different roles count as the same
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// What the skill is called
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Titles of the roles that have it
    async fn roles(&self) -> &[String] {
        &self.0.roles
    }
}

pub(crate) struct HoursOfRole<'a>(&'a RoleHours);

/// What one role brought into a combination
#[Object(name = "CombinedRole")]
impl HoursOfRole<'_> {
    /// Title of the role
    async fn title(&self) -> &str {
        &self.0.name
    }

    /// Full-time equivalents
    async fn headcount(&self) -> f64 {
        self.0.headcount
    }

    /// Share of time spent aligning with the other roles, 0 to 0.8
    async fn coordination_share(&self) -> f64 {
        self.0.coordination_share
    }

    /// Whether nobody gave the coordination share, so that it is the method's
    async fn is_coordination_share_assumed(&self) -> bool {
        self.0.coordination_share_is_assumed
    }

    /// Share of the work for which AI is used today, 0 to 1
    async fn current_ai_adoption(&self) -> f64 {
        self.0.current_adoption
    }

    /// Full-time equivalents spent aligning
    async fn coordination_fte(&self) -> f64 {
        tidy(self.0.coordination_hours)
    }

    /// Full-time equivalents spent on tasks
    async fn task_fte(&self) -> f64 {
        tidy(self.0.task_hours)
    }

    /// Whether no task has a time share, so that all count the same
    async fn is_equally_shared(&self) -> bool {
        self.0.shares_are_equal
    }

    /// Number of tasks without a stage, which are left out
    async fn unscored_task_count(&self) -> usize {
        self.0.unscored_tasks
    }
}
