use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::axis::{Axis, AxisKind};
use super::contribution::{Contribution, averaged, contribution, log_ratio};
use super::policy::Policy;
use crate::roles::RoleDefinition;
use crate::text_enum::text_enum;

/// The tasks of its own that a combined role must have of each component, at least.
const OWN_TASKS: usize = 2;

text_enum! {
    /// Why a published role of an organization is not in its contribution.
    LeftOut {
        /// It is linked to no canonical role.
        NotLinked = "NOT_LINKED",
        /// The canonical role that it is linked to is not benchmarked.
        NotBenchmarked = "NOT_BENCHMARKED",
        /// No task of it has a stage and takes time.
        NotScoreable = "NOT_SCOREABLE",
        /// Too few of its canonical tasks have a stage (rule E2).
        TooFewTasks = "TOO_FEW_TASKS",
        /// Too few heads, over all configurations of the role: it would describe a person (rule E3).
        TooFewHeads = "TOO_FEW_HEADS",
    }
}

/// A role that is not in the contribution, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftOutRole {
    /// Its place in the list of roles that was given.
    pub position: usize,
    /// Its title.
    pub title: String,
    /// Why.
    pub why: LeftOut,
}

/// What an organization gives for one axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContributionRow {
    /// The key of the axis.
    pub axis: String,
    /// What it gives.
    pub contribution: Contribution,
}

/// Everything that an organization gives to a release. The builder and the preview both make it with
/// [`OrganizationContribution::of`], so that what is shown is what is sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrganizationContribution {
    /// One row for each axis, in the order of the axes.
    pub rows: Vec<ContributionRow>,
    /// The roles that are not in it, in the order of the roles.
    pub left_out: Vec<LeftOutRole>,
    /// Heads over all roles that were given.
    pub total_heads: f64,
    /// How many canonical roles have enough canonical tasks, whatever their heads (rule E2).
    pub qualified_roles: u32,
}

impl OrganizationContribution {
    /// The contribution of an organization with these published roles.
    ///
    /// `roles` are all of them, those without a link too: their heads count in the headcount ratio. Several roles linked
    /// to one canonical role make one row: heads are added and give the ratio, score and mix are means by heads, letters
    /// are those of the one with the most heads. A combination has a row if any of its components has one.
    #[must_use]
    pub fn of(roles: &[RoleDefinition], axes: &[Axis], policy: &Policy) -> Self {
        let total_heads = roles.iter().map(|role| role.headcount).filter(|heads| *heads > 0.0).sum();
        let mut made = Self { total_heads, ..Self::default() };
        let is_benchmarked = |key: &str| axes.iter().any(|axis| axis.kind == AxisKind::Role && axis.key == key);
        for (position, role) in roles.iter().enumerate() {
            match role.canonical_role.as_deref() {
                None => made.leave_out(position, role, LeftOut::NotLinked),
                Some(key) if !is_benchmarked(key) => made.leave_out(position, role, LeftOut::NotBenchmarked),
                Some(_) => {}
            }
        }
        for axis in axes.iter().filter(|axis| axis.kind == AxisKind::Role) {
            made.add_role(roles, axis, policy);
        }
        for axis in axes.iter().filter(|axis| axis.kind == AxisKind::Combination) {
            made.add_combination(roles, axes, axis, policy);
        }
        let place = |key: &str| axes.iter().position(|axis| axis.key == key);
        made.rows.sort_by_key(|row| place(&row.axis));
        made.left_out.sort_by_key(|role| role.position);
        made
    }

    /// The row of an axis.
    #[must_use]
    pub fn row(&self, axis: &str) -> Option<&Contribution> {
        self.rows.iter().find(|row| row.axis == axis).map(|row| &row.contribution)
    }

    fn leave_out(&mut self, position: usize, role: &RoleDefinition, why: LeftOut) {
        self.left_out.push(LeftOutRole { position, title: role.title.clone(), why });
    }

    fn add_role(&mut self, roles: &[RoleDefinition], axis: &Axis, policy: &Policy) {
        let mut parts = Vec::new();
        let linked = |role: &&RoleDefinition| role.canonical_role.as_deref() == Some(axis.key.as_str());
        for (position, role) in roles.iter().enumerate().filter(|(_, role)| linked(role)) {
            match contribution(role, axis, self.total_heads) {
                None => self.leave_out(position, role, LeftOut::NotScoreable),
                Some(_) if canonical_tasks(role).len() < policy.role_tasks as usize => {
                    self.leave_out(position, role, LeftOut::TooFewTasks);
                }
                Some(part) => parts.push((position, part)),
            }
        }
        let Some(merged) = merged(&parts, self.total_heads) else { return };
        self.qualified_roles += 1;
        if merged.heads_milli < i64::from(policy.role_headcount) * 1_000 {
            for (position, _) in parts {
                self.leave_out(position, &roles[position], LeftOut::TooFewHeads);
            }
            return;
        }
        self.rows.push(ContributionRow { axis: axis.key.clone(), contribution: merged });
    }

    fn add_combination(&mut self, roles: &[RoleDefinition], axes: &[Axis], axis: &Axis, policy: &Policy) {
        let heads: i64 = axis.components.iter().filter_map(|key| self.row(key)).map(|row| row.heads_milli).sum();
        let Some(components) = components(axis, axes) else { return };
        if heads <= 0 {
            return;
        }
        let enough_heads = |role: &&RoleDefinition| role.headcount >= f64::from(policy.role_headcount);
        let is_combined = roles.iter().filter(enough_heads).any(|role| runs_all(role, &components));
        let skills = if is_combined { "1" } else { "0" }.to_owned();
        let contribution =
            Contribution { heads_milli: heads, score: 0, ratio: 0, mix: [0; 4], tasks: String::new(), skills };
        self.rows.push(ContributionRow { axis: axis.key.clone(), contribution });
    }
}

/// The canonical tasks of a role that have a stage.
fn canonical_tasks(role: &RoleDefinition) -> HashSet<&str> {
    let staged = role.tasks.iter().filter(|task| task.stage.is_some());
    staged.filter_map(|task| task.canonical_task.as_deref()).collect()
}

/// Several configurations of one role as one; nothing without any.
fn merged(parts: &[(usize, Contribution)], total_heads: f64) -> Option<Contribution> {
    let all: Vec<&Contribution> = parts.iter().map(|(_, part)| part).collect();
    let most = all.iter().map(|part| part.heads_milli).max()?;
    let first = all.iter().find(|part| part.heads_milli == most)?;
    let mut merged = averaged(&all, first);
    merged.ratio = log_ratio(merged.heads_milli, (total_heads * 1_000.0).round() as i64);
    Some(merged)
}

/// The tasks that each component shares with no other one; nothing if a component is unknown or none has such tasks.
fn components<'a>(axis: &Axis, axes: &'a [Axis]) -> Option<Vec<HashSet<&'a str>>> {
    let tasks = |key: &String| {
        let found = axes.iter().find(|axis| axis.kind == AxisKind::Role && &axis.key == key);
        found.map(|axis| axis.tasks.iter().map(String::as_str).collect::<HashSet<_>>())
    };
    let all = axis.components.iter().map(tasks).collect::<Option<Vec<_>>>()?;
    let is_shared = |task: &str| all.iter().filter(|tasks| tasks.contains(task)).count() > 1;
    let own: Vec<HashSet<_>> =
        all.iter().map(|tasks| tasks.iter().copied().filter(|task| !is_shared(task)).collect()).collect();
    own.iter().any(|tasks| !tasks.is_empty()).then_some(own)
}

/// Whether a role has a quarter of the own tasks of each component, and at least two of each if there are so many.
fn runs_all(role: &RoleDefinition, components: &[HashSet<&str>]) -> bool {
    let linked: HashSet<&str> = role.tasks.iter().filter_map(|task| task.canonical_task.as_deref()).collect();
    components.iter().all(|own| {
        let needed = own.len().div_ceil(4).max(OWN_TASKS).min(own.len());
        own.intersection(&linked).count() >= needed
    })
}
