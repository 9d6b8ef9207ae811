use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::assumptions::Assumptions;
use super::input::CombinationRole;
use crate::method::{COORDINATION_SHARE_MAXIMUM, Parameter};
use crate::stage::Stage;

/// One setting of every parameter, the shift of the coordination shares among them.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    pub(super) assumptions: Assumptions,
    /// Added to the coordination share of every role, which stays between 0 and its maximum.
    pub(super) coordination_shift: f64,
}

impl Setting {
    pub(super) const fn new(assumptions: Assumptions) -> Self {
        Self { assumptions, coordination_shift: 0.0 }
    }

    /// The same setting with one parameter at another value.
    pub(super) const fn with(mut self, parameter: Parameter, value: f64) -> Self {
        let Self { assumptions, coordination_shift } = &mut self;
        match parameter {
            Parameter::TauAtRisk => assumptions.tau_at_risk = value,
            Parameter::TauAiAssisted => assumptions.tau_ai_assisted = value,
            Parameter::TauAutomated => assumptions.tau_automated = value,
            Parameter::Adoption => assumptions.adoption = value,
            Parameter::HandoffRemoved => assumptions.handoff_removed = value,
            Parameter::DuplicateRemoved => assumptions.duplicate_removed = value,
            Parameter::Breadth => assumptions.breadth = value,
            Parameter::CoordinationShare => *coordination_shift = value,
        }
        self
    }
}

/// A checked combination, laid out so that it can be calculated many times.
pub(super) struct Model {
    pub(super) roles: Vec<ModelRole>,
    /// Sorted by group and, within a group, by role.
    pub(super) tasks: Vec<ModelTask>,
    /// The tasks with the same key, as ranges of `tasks`, in the order in which the keys occur first.
    pub(super) groups: Vec<Range<usize>>,
    /// Shared skills over all skills; 0 when there are none.
    pub(super) jaccard: f64,
    pub(super) jaccard_is_undefined: bool,
}

pub(super) struct ModelRole {
    pub(super) headcount: f64,
    coordination_share: f64,
    pub(super) current_adoption: f64,
}

pub(super) struct ModelTask {
    group: usize,
    /// The position of the role in the input.
    pub(super) role: usize,
    /// The position of the task in its role.
    pub(super) position: usize,
    /// The share of the role's task time; those of a role add up to 1.
    share: f64,
    pub(super) stage: Stage,
}

/// The hours of one setting, in full-time equivalents.
pub(super) struct Totals {
    pub(super) h0: f64,
    pub(super) coordination: f64,
    pub(super) h_ai: f64,
    pub(super) h1: f64,
    pub(super) duplicates_removed: f64,
    pub(super) coordination_removed: f64,
    pub(super) ai_saved: f64,
    pub(super) breadth_cost: f64,
    pub(super) breadth_factor: f64,
}

impl Totals {
    pub(super) fn gain(&self) -> f64 {
        self.h0 / self.h1 - 1.0
    }
}

impl Model {
    /// Lays out roles that have been validated.
    pub(super) fn new(roles: &[CombinationRole]) -> Self {
        let (jaccard, jaccard_is_undefined) = jaccard(roles);
        let tasks = model_tasks(roles);
        let groups = tasks.chunk_by(|a, b| a.group == b.group).scan(0, |start, group| {
            let range = *start..*start + group.len();
            *start = range.end;
            Some(range)
        });
        Self {
            groups: groups.collect(),
            tasks,
            roles: roles.iter().map(ModelRole::new).collect(),
            jaccard,
            jaccard_is_undefined,
        }
    }

    /// The greatest adoption today of all roles: an adoption to come is never below it.
    pub(super) fn adoption_floor(&self) -> f64 {
        self.roles.iter().map(|role| role.current_adoption).fold(0.0, f64::max)
    }

    pub(super) fn totals(&self, setting: &Setting) -> Totals {
        let Assumptions { handoff_removed, breadth, .. } = setting.assumptions;
        let h0: f64 = self.roles.iter().map(|role| role.headcount).sum();
        let coordination: f64 = self.roles.iter().map(|role| role.coordination_hours(setting)).sum();
        let work = self.work(setting);
        let coordination_removed = handoff_removed * coordination;
        let merged = coordination - coordination_removed + work.merged_with_ai;
        let breadth_factor = 1.0 + breadth * (1.0 - self.jaccard);
        Totals {
            h0,
            coordination,
            h_ai: coordination + work.with_ai,
            h1: breadth_factor * merged,
            duplicates_removed: work.removed,
            coordination_removed,
            ai_saved: work.ai_saved,
            breadth_cost: (breadth_factor - 1.0) * merged,
            breadth_factor,
        }
    }

    fn work(&self, setting: &Setting) -> Work {
        let mut work = Work::default();
        for group in &self.groups {
            let tasks = self.tasks.get(group.clone()).unwrap_or_default();
            let (hours, removed) = self.group_hours(tasks, setting);
            let kept = kept_share(hours, removed);
            work.removed += removed;
            for task in tasks {
                let hours = self.hours(task, setting);
                let factor = self.time_factor(task, setting);
                work.with_ai += hours * factor;
                work.merged_with_ai += hours * kept * factor;
                work.ai_saved += hours * kept * (1.0 - factor);
            }
        }
        work
    }

    /// The hours of the tasks with one key, and how many of them are removed as done twice.
    ///
    /// Several tasks of one role count as one: they are parts of the work, not repetitions of it.
    pub(super) fn group_hours(&self, tasks: &[ModelTask], setting: &Setting) -> (f64, f64) {
        let of_role = |part: &[ModelTask]| part.iter().map(|task| self.hours(task, setting)).sum::<f64>();
        let parts = tasks.chunk_by(|a, b| a.role == b.role).map(of_role);
        let (sum, greatest) = parts.fold((0.0, 0.0), |(sum, greatest), part| (sum + part, f64::max(greatest, part)));
        (sum, setting.assumptions.duplicate_removed * (sum - greatest))
    }

    /// The hours of a task before anything changes.
    pub(super) fn hours(&self, task: &ModelTask, setting: &Setting) -> f64 {
        let task_hours = |role: &ModelRole| role.headcount - role.coordination_hours(setting);
        self.roles.get(task.role).map_or(0.0, task_hours) * task.share
    }

    /// What remains of a task's time with the AI to come, as a share of its time with the AI of today.
    pub(super) fn time_factor(&self, task: &ModelTask, setting: &Setting) -> f64 {
        let today = self.roles.get(task.role).map_or(0.0, |role| role.current_adoption);
        let tau = setting.assumptions.tau(task.stage);
        (1.0 - setting.assumptions.adoption * tau) / (1.0 - today * tau)
    }
}

/// The share of a group's hours that is left after duplicates.
pub(super) fn kept_share(hours: f64, removed: f64) -> f64 {
    if hours > 0.0 { 1.0 - removed / hours } else { 1.0 }
}

#[derive(Default)]
struct Work {
    with_ai: f64,
    merged_with_ai: f64,
    removed: f64,
    ai_saved: f64,
}

impl ModelRole {
    const fn new(role: &CombinationRole) -> Self {
        Self {
            headcount: role.headcount,
            coordination_share: role.coordination_share,
            current_adoption: role.current_adoption,
        }
    }

    pub(super) fn coordination_hours(&self, setting: &Setting) -> f64 {
        let share = (self.coordination_share + setting.coordination_shift).clamp(0.0, COORDINATION_SHARE_MAXIMUM);
        self.headcount * share
    }
}

fn model_tasks(roles: &[CombinationRole]) -> Vec<ModelTask> {
    let mut groups: HashMap<&str, usize> = HashMap::new();
    let mut tasks = Vec::new();
    for (role_position, role) in roles.iter().enumerate() {
        let sum = role.tasks.iter().filter_map(|task| task.time_share).sum::<f64>();
        let equal_share = 1.0 / role.tasks.len() as f64;
        for (position, task) in role.tasks.iter().enumerate() {
            let next = groups.len();
            tasks.push(ModelTask {
                group: *groups.entry(task.key.as_str()).or_insert(next),
                role: role_position,
                position,
                share: task.time_share.map_or(equal_share, |share| share / sum),
                stage: task.stage,
            });
        }
    }
    // Stable, so that roles and tasks stay in order within a group.
    tasks.sort_by_key(|task| task.group);
    tasks
}

/// The skills that all roles share over the skills that any of them has, and whether there are none at all.
fn jaccard(roles: &[CombinationRole]) -> (f64, bool) {
    let holders = skill_holders(roles);
    let shared = holders.values().filter(|holders| holders.len() == roles.len()).count();
    if holders.is_empty() { (0.0, true) } else { (shared as f64 / holders.len() as f64, false) }
}

/// The positions of the roles that have each skill.
pub(super) fn skill_holders(roles: &[CombinationRole]) -> BTreeMap<&str, Vec<usize>> {
    let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, role) in roles.iter().enumerate() {
        for skill in &role.skills {
            let positions = holders.entry(&skill.key).or_default();
            if positions.last() != Some(&position) {
                positions.push(position);
            }
        }
    }
    holders
}
