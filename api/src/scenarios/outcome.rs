//! The outcome of a combination as the schema has it.

use async_graphql::Object;
use domain::combination::CombinationOutcome;

use super::{
    figures::{CombinationAssumptions, CombinationWaterfall, GainInterval, StressTest, TransitionMonth},
    parts::{Bar, Duplicates, HoursOfRole, ScoreOfCombination, SkillOfCombination, TaskOfCombination},
};
use crate::roles::tidy;

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
