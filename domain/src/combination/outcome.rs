use serde::{Deserialize, Serialize};

use super::assumptions::Assumptions;
use crate::method::Parameter;
use crate::score::StageShare;
use crate::stage::Stage;

/// What a combination comes to, with all that it takes to recompute it by hand.
///
/// Hours are in full-time equivalents. Gains are output per hour at unchanged output, as a share: 0.35 is +35 %, which is
/// 26 % fewer hours. The figures are reproducible, not proven.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CombinationOutcome {
    /// The version of the method that made this outcome.
    pub method_version: u32,
    /// The parameters that were used.
    pub assumptions: Assumptions,
    /// H0: the hours before.
    pub h0: f64,
    /// C: the part of H0 spent on coordination between the roles.
    pub coordination_hours: f64,
    /// H_ai: the hours with AI, roles kept apart.
    pub h_ai: f64,
    /// H1: the hours with AI, roles merged.
    pub h1: f64,
    /// J: the skills that all roles share over the skills that any of them has, 0 to 1.
    pub jaccard: f64,
    /// Whether no role has a skill, so that J is undefined and taken as 0.
    pub jaccard_is_undefined: bool,
    /// B: what the breadth of the combined role multiplies its hours by, 1 or more.
    pub breadth_factor: f64,
    /// G = H0/H1 - 1: the gain in productivity.
    pub gain: f64,
    /// G_ai = H0/H_ai - 1: the part that AI gives alone.
    pub gain_from_ai: f64,
    /// G_merge = H_ai/H1 - 1: the part that merging gives; `(1 + G) = (1 + G_ai)(1 + G_merge)`.
    pub gain_from_merging: f64,
    /// 1 - H1/H0: the share of hours saved.
    pub hours_saved_share: f64,
    /// H0 - H1: the full-time equivalents that are freed.
    pub fte_freed: f64,
    /// The way from H0 to H1, step by step.
    pub waterfall: Waterfall,
    /// How far off the gain may be.
    pub interval: Interval,
    /// What each parameter alone does to the gain, the strongest first.
    pub tornado: Vec<TornadoBar>,
    /// The gain if AI slowed assisted tasks down.
    pub stress: Stress,
    /// The gain month by month, from 0 to the end of the ramp.
    pub transition: Vec<TransitionPoint>,
    /// The AI impact score of the combined role.
    pub score: CombinedScore,
    /// The tasks of the combined role.
    pub tasks: Vec<MergedTask>,
    /// Those tasks that came from more than one role.
    pub duplicate_groups: Vec<DuplicateGroup>,
    /// The skills that all roles share, in the order of their keys.
    pub shared_skills: Vec<CombinedSkill>,
    /// The skills that any role has, in the order of their keys.
    pub all_skills: Vec<CombinedSkill>,
    /// What each role brings, in the order of the input.
    pub roles: Vec<RoleHours>,
}

/// The way from H0 to H1: `starting - duplicates - coordination - AI + breadth = ending`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waterfall {
    /// H0.
    pub starting_fte: f64,
    /// Taken off: work that was done twice.
    pub duplicates_removed: f64,
    /// Taken off: coordination between the roles.
    pub coordination_removed: f64,
    /// Taken off: what AI saves on the work that is left.
    pub ai_saved: f64,
    /// Put on: what the breadth of the combined role costs.
    pub breadth_cost: f64,
    /// H1.
    pub ending_fte: f64,
}

/// The range of the gain when the parameters vary independently within their ranges.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The gain less the root of the summed squares of what each parameter alone takes from it.
    pub lower: f64,
    /// The gain plus the root of the summed squares of what each parameter alone adds to it.
    pub upper: f64,
}

/// The gain with one parameter at either end of its range and the others as they are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TornadoBar {
    /// The parameter.
    pub parameter: Parameter,
    /// Its low value; for [`Parameter::CoordinationShare`] the shift.
    pub low_value: f64,
    /// Its high value; for [`Parameter::CoordinationShare`] the shift.
    pub high_value: f64,
    /// The gain at the low value.
    pub gain_at_low: f64,
    /// The gain at the high value.
    pub gain_at_high: f64,
}

/// The gain if AI slowed assisted tasks down, as METR measured in 2025.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stress {
    /// The share of time that AI saves on assisted tasks: negative, it costs time.
    pub tau_ai_assisted: f64,
    /// The gain.
    pub gain: f64,
}

/// The gain in one month of the transition.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransitionPoint {
    /// Months since the roles were combined.
    pub month: u16,
    /// The gain, negative at first.
    pub gain: f64,
}

/// The AI impact score of the combined role, weighted by the hours that are left once duplicates are gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CombinedScore {
    /// The score, 0 to 100.
    pub value: f64,
    /// The score with the least weights that the evidence allows.
    pub low: f64,
    /// The score with the greatest weights that the evidence allows.
    pub high: f64,
    /// How the tasks are spread over the stages: always all four, in the order of [`Stage::ALL`].
    pub stage_mix: Vec<StageShare>,
}

/// A task of the combined role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MergedTask {
    /// The key that its parts share.
    pub key: String,
    /// The title of the part with the most hours.
    pub title: String,
    /// The stage of the part with the most hours.
    pub stage: Stage,
    /// The names of the roles that it comes from.
    pub roles: Vec<String>,
    /// The hours before.
    pub hours_before: f64,
    /// The hours that disappear because the work was done twice.
    pub duplicate_removed: f64,
    /// The hours after merge and AI, before the cost of breadth, which falls on the role as a whole.
    pub hours_after: f64,
    /// The tasks that it is made of.
    pub parts: Vec<TaskPart>,
}

/// A task of one role that became part of a task of the combined role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskPart {
    /// The position of the role in the input, from 0.
    pub role: usize,
    /// The key of the task within its role.
    pub own_key: String,
    /// What the task is called there.
    pub title: String,
    /// Its stage there.
    pub stage: Stage,
    /// The hours before: `n (1 - k) share`.
    pub hours_before: f64,
    /// The hours once duplicates are gone.
    pub hours_merged: f64,
    /// What AI leaves of the time: f.
    pub time_factor: f64,
    /// The hours after merge and AI.
    pub hours_after: f64,
}

/// Work that more than one role does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DuplicateGroup {
    /// The key that the tasks share.
    pub key: String,
    /// The title of the part with the most hours.
    pub title: String,
    /// The names of the roles.
    pub roles: Vec<String>,
    /// The hours of all of them before.
    pub hours_before: f64,
    /// The hours that disappear.
    pub removed: f64,
}

/// A skill of the combined role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CombinedSkill {
    /// The key that the roles' skills share.
    pub key: String,
    /// What the first role that has it calls it.
    pub name: String,
    /// The names of the roles that have it.
    pub roles: Vec<String>,
}

/// What one role brings into a combination.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoleHours {
    /// What the role is called.
    pub name: String,
    /// Its full-time equivalents: n.
    pub headcount: f64,
    /// Its coordination share: k.
    pub coordination_share: f64,
    /// Whether nobody has given the coordination share.
    pub coordination_share_is_assumed: bool,
    /// Share of its work for which AI is used today: p0.
    pub current_adoption: f64,
    /// Its hours of coordination: n k.
    pub coordination_hours: f64,
    /// Its hours of tasks: n (1 - k).
    pub task_hours: f64,
    /// Whether its time shares were unknown and therefore taken as equal.
    pub shares_are_equal: bool,
    /// How many of its tasks have no stage and were left out.
    pub unscored_tasks: usize,
}
