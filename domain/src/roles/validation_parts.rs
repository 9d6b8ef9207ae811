use std::collections::HashMap;

use super::definition::Task;
use super::key::normalized_key;
use super::skill::{CareerPathway, Skill};
use super::validation::Checker;
use crate::method::SHARE_TOLERANCE;
use crate::violations::{FieldPath, ViolationCode};

/// Room for the rounding of sums, so that a sum at the very tolerance passes.
const ROUNDING: f64 = 1e-9;

/// Finds names that occur twice in their normal form.
struct SeenKeys {
    /// The list that is gone through, as a field.
    list: &'static str,
    positions: HashMap<String, usize>,
}

impl SeenKeys {
    fn new(list: &'static str) -> Self {
        Self { list, positions: HashMap::new() }
    }

    /// Checks the normal form of one entry; `what` names the entry in messages.
    fn check(&mut self, key: String, position: usize, what: &str, path: &FieldPath<'_>, checker: &mut Checker<'_>) {
        if key.is_empty() {
            let message = format!("The {what} holds neither letter nor digit: add one.");
            checker.violations.push(path, ViolationCode::Malformed, message);
        } else if let Some(first) = self.positions.get(&key) {
            let list = self.list;
            let message =
                format!("The {what} occurs twice (\"{key}\", first at {list}.{first}): change or remove one.");
            checker.violations.push(path, ViolationCode::DuplicateKey, message);
        } else {
            self.positions.insert(key, position);
        }
    }
}

/// The text is short enough to be worth normalizing; a longer one has its own violation.
fn is_within(text: &str, maximum: usize) -> bool {
    text.chars().nth(maximum).is_none()
}

pub(super) fn check_tasks(tasks: &[Task], checker: &mut Checker<'_>) {
    let path = FieldPath::ROOT.field("tasks");
    checker.size(tasks.len(), checker.limits.tasks, "list of tasks", &path);
    let mut seen = SeenKeys::new("tasks");
    for (position, task) in tasks.iter().take(checker.limits.tasks).enumerate() {
        let task_path = path.position(position);
        check_task_key(task, position, &task_path, &mut seen, checker);
        check_task(task, &task_path, checker);
        if checker.violations.is_full() {
            return;
        }
    }
}

fn check_task_key(task: &Task, position: usize, path: &FieldPath<'_>, seen: &mut SeenKeys, checker: &mut Checker<'_>) {
    let key_path = path.field("key");
    checker.name(&task.key, "key of the task", &key_path);
    if is_within(&task.key, checker.limits.name_length) && !task.key.trim().is_empty() {
        seen.check(normalized_key(&task.key), position, "key of the task", &key_path, checker);
    }
}

fn check_task(task: &Task, path: &FieldPath<'_>, checker: &mut Checker<'_>) {
    checker.name(&task.title, "title of the task", &path.field("title"));
    checker.text(task.description.as_deref(), "description of the task", &path.field("description"));
    checker.text(task.rationale.as_deref(), "rationale of the task", &path.field("rationale"));
    checker.number(task.time_share, "time share of the task", (0.0, 1.0), &path.field("timeShare"));
    checker.number(task.consequence, "consequence of the task", (0.0, 1.0), &path.field("consequence"));
    checker.canonical_key(task.canonical_task.as_deref(), "canonical task", &path.field("canonicalTaskKey"));
}

/// Time shares are given for all tasks or for none, and add up to 1.
pub(super) fn check_shares(tasks: &[Task], checker: &mut Checker<'_>) {
    let path = FieldPath::ROOT.field("tasks");
    let given: Vec<f64> = tasks.iter().filter_map(|task| task.time_share).collect();
    if given.is_empty() {
        return;
    }
    if let Some(position) = tasks.iter().position(|task| task.time_share.is_none()) {
        let (missing, all) = (tasks.len() - given.len(), tasks.len());
        let message = format!("{missing} of {all} tasks have no time share: give one for every task, or for none.");
        let share_path = path.position(position);
        checker.violations.push(&share_path.field("timeShare"), ViolationCode::Required, message);
        return;
    }
    let sum: f64 = given.iter().sum();
    // A sum that is no number comes from a share that has its own violation.
    if (sum - 1.0).abs() > SHARE_TOLERANCE + ROUNDING {
        let shown = (sum * 1e6).round() / 1e6;
        let message = format!("The time shares of the tasks add up to {shown}: change them so that they add up to 1.");
        checker.violations.push(&path, ViolationCode::SharesDoNotAddUp, message);
    }
}

pub(super) fn check_skills(skills: &[Skill], checker: &mut Checker<'_>) {
    let path = FieldPath::ROOT.field("skills");
    checker.size(skills.len(), checker.limits.skills, "list of skills", &path);
    let mut seen = SeenKeys::new("skills");
    for (position, skill) in skills.iter().take(checker.limits.skills).enumerate() {
        check_skill(skill, position, &path.position(position), &mut seen, checker);
        if checker.violations.is_full() {
            return;
        }
    }
}

fn check_skill(skill: &Skill, position: usize, path: &FieldPath<'_>, seen: &mut SeenKeys, checker: &mut Checker<'_>) {
    let name_path = path.field("name");
    checker.name(&skill.name, "name of the skill", &name_path);
    if is_within(&skill.name, checker.limits.name_length) && !skill.name.trim().is_empty() {
        seen.check(normalized_key(&skill.name), position, "name of the skill", &name_path, checker);
    }
    checker.number(skill.automation_risk, "automation risk of the skill", (0.0, 1.0), &path.field("automationRisk"));
    let proficiency = skill.proficiency.map(f64::from);
    checker.number(proficiency, "proficiency of the skill", (1.0, 5.0), &path.field("proficiency"));
    checker.canonical_key(skill.canonical_skill.as_deref(), "canonical skill", &path.field("canonicalSkillKey"));
}

pub(super) fn check_pathways(pathways: &[CareerPathway], checker: &mut Checker<'_>) {
    let path = FieldPath::ROOT.field("careerPathways");
    checker.size(pathways.len(), checker.limits.pathways, "list of pathways", &path);
    for (position, pathway) in pathways.iter().take(checker.limits.pathways).enumerate() {
        check_pathway(pathway, &path.position(position), checker);
        if checker.violations.is_full() {
            return;
        }
    }
}

fn check_pathway(pathway: &CareerPathway, path: &FieldPath<'_>, checker: &mut Checker<'_>) {
    checker.name(&pathway.target, "target of the pathway", &path.field("target"));
    let range = (1.0, f64::from(checker.limits.pathway_months));
    checker.number(Some(pathway.months_from.into()), "first month of the pathway", range, &path.field("monthsFrom"));
    checker.number(Some(pathway.months_to.into()), "last month of the pathway", range, &path.field("monthsTo"));
    if pathway.months_from > pathway.months_to {
        let CareerPathway { months_from, months_to, .. } = pathway;
        let message = format!("The pathway ends after {months_to} months but begins after {months_from}: swap them.");
        checker.violations.push(&path.field("monthsTo"), ViolationCode::OutOfRange, message);
    }
    checker.text(pathway.description.as_deref(), "description of the pathway", &path.field("description"));
    let skills_path = path.field("skills");
    checker.size(pathway.skills.len(), checker.limits.pathway_skills, "list of skills of the pathway", &skills_path);
    for (position, skill) in pathway.skills.iter().take(checker.limits.pathway_skills).enumerate() {
        checker.name(skill, "skill of the pathway", &skills_path.position(position));
    }
}
