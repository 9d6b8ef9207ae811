//! The parts of a combination: tasks, skills, roles, and what each parameter does.

use async_graphql::Object;
use domain::combination::{CombinedScore, CombinedSkill, DuplicateGroup, MergedTask, RoleHours, TornadoBar};

use crate::{
    library::Parameter,
    roles::{Stage, StageShare, tidy},
};

pub(crate) struct Bar<'a>(pub(super) &'a TornadoBar);

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

pub(crate) struct ScoreOfCombination<'a>(pub(super) &'a CombinedScore);

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

pub(crate) struct TaskOfCombination<'a>(pub(super) &'a MergedTask);

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

pub(crate) struct Duplicates<'a>(pub(super) &'a DuplicateGroup);

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

pub(crate) struct SkillOfCombination<'a>(pub(super) &'a CombinedSkill);

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

pub(crate) struct HoursOfRole<'a>(pub(super) &'a RoleHours);

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
