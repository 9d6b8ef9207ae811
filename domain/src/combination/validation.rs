use std::collections::HashSet;

use super::assumptions::Assumptions;
use super::input::CombinationRole;
use crate::method::{COORDINATION_SHARE_MAXIMUM, Parameter, SHARE_TOLERANCE};
use crate::roles::{RoleLimits, check_number};
use crate::violations::{FieldPath, ViolationCode, Violations};

/// The most roles of one combination.
pub const COMBINED_ROLES_MAXIMUM: usize = 10;

/// Room for the rounding of sums, so that a sum at the very tolerance passes.
const ROUNDING: f64 = 1e-9;

/// Checks what a combination takes: 2 to [`COMBINED_ROLES_MAXIMUM`] roles; in each a headcount of 0.000001 to
/// 1,000,000, a coordination share of 0 to 0.8, an adoption today of 0 to 1, at least one task, no task key twice, and time shares for
/// all tasks or for none that add up to 1; assumptions in their ranges, and an adoption to come that is not below today's.
///
/// # Errors
/// The violations. Paths begin with `roles` or `assumptions`.
pub fn validate(roles: &[CombinationRole], assumptions: &Assumptions) -> Result<(), Violations> {
    let mut violations = assumptions.validate().err().unwrap_or_default();
    let path = FieldPath::ROOT.field("roles");
    let count = roles.len();
    if count < 2 {
        let message = format!("A combination takes at least two roles and was given {count}: add another.");
        violations.push(&path, ViolationCode::TooFew, message);
    }
    if count > COMBINED_ROLES_MAXIMUM {
        let message = format!("A combination takes at most {COMBINED_ROLES_MAXIMUM} roles and was given {count}.");
        violations.push(&path, ViolationCode::TooMany, message);
    }
    for (position, role) in roles.iter().take(COMBINED_ROLES_MAXIMUM).enumerate() {
        let role_path = path.position(position);
        check_head(role, &role_path, &mut violations);
        check_adoption(role, assumptions, &mut violations);
        check_keys(role, &role_path, &mut violations);
        check_shares(role, &role_path, &mut violations);
    }
    violations.into_result()
}

fn check_head(role: &CombinationRole, path: &FieldPath<'_>, violations: &mut Violations) {
    let name = &role.name;
    let headcount_range = RoleLimits::default().headcount;
    check_number(Some(role.headcount), "headcount", headcount_range, &path.field("headcount"), violations);
    let range = (0.0, COORDINATION_SHARE_MAXIMUM);
    let share_path = path.field("coordinationShare");
    check_number(Some(role.coordination_share), "coordination share", range, &share_path, violations);
    let adoption_path = path.field("currentAiAdoption");
    check_number(Some(role.current_adoption), "adoption today", (0.0, 1.0), &adoption_path, violations);
    if role.tasks.is_empty() {
        let message = format!("{name} has no task with a stage: give at least one task a stage.");
        violations.push(&path.field("tasks"), ViolationCode::Required, message);
    }
}

/// The adoption to come is not below what a role has today.
fn check_adoption(role: &CombinationRole, assumptions: &Assumptions, violations: &mut Violations) {
    let (today, to_come) = (role.current_adoption, assumptions.adoption);
    if to_come < today && today <= 1.0 {
        let name = &role.name;
        let highest = Parameter::Adoption.definition().high;
        let way_out = if today <= highest {
            format!("raise it to {today} or more")
        } else {
            format!("the model knows no adoption above {highest}, so a role that is past it cannot be combined")
        };
        let message = format!("The adoption to come is {to_come}, below the {today} of {name} today: {way_out}.");
        let path = FieldPath::ROOT.field("assumptions");
        violations.push(&path.field("adoption"), ViolationCode::OutOfRange, message);
    }
}

fn check_keys(role: &CombinationRole, path: &FieldPath<'_>, violations: &mut Violations) {
    let tasks_path = path.field("tasks");
    let mut seen = HashSet::new();
    for (position, task) in role.tasks.iter().enumerate() {
        if !seen.insert(task.own_key.as_str()) {
            let message =
                format!("The task key {:?} occurs twice in {}: change or remove one.", task.own_key, role.name);
            let task_path = tasks_path.position(position);
            violations.push(&task_path.field("key"), ViolationCode::DuplicateKey, message);
        }
    }
}

fn check_shares(role: &CombinationRole, path: &FieldPath<'_>, violations: &mut Violations) {
    let tasks_path = path.field("tasks");
    for (position, task) in role.tasks.iter().enumerate() {
        let task_path = tasks_path.position(position);
        // Shares that fill the place of tasks without a stage may be a hair over 1.
        let range = (0.0, 1.0 + SHARE_TOLERANCE);
        check_number(task.time_share, "time share of the task", range, &task_path.field("timeShare"), violations);
    }
    let given: Vec<f64> = role.tasks.iter().filter_map(|task| task.time_share).collect();
    let sum: f64 = given.iter().sum();
    let name = &role.name;
    if given.is_empty() {
        return;
    }
    if given.len() < role.tasks.len() {
        let message = format!("Some tasks of {name} have no time share: give one for every task, or for none.");
        violations.push(&tasks_path, ViolationCode::Required, message);
    } else if (sum - 1.0).abs() > SHARE_TOLERANCE + ROUNDING {
        let shown = (sum * 1e6).round() / 1e6;
        let message = format!("The time shares of {name} add up to {shown}: change them so that they add up to 1.");
        violations.push(&tasks_path, ViolationCode::SharesDoNotAddUp, message);
    }
}
