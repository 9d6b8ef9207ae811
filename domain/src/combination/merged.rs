use super::input::{CombinationRole, CombinationTask};
use super::model::{Model, ModelTask, Setting, kept_share, skill_holders};
use super::outcome::{CombinedScore, CombinedSkill, DuplicateGroup, MergedTask, TaskPart};
use crate::score::{ScoredTask, ScoredTasks};
use crate::stage::Stage;

/// The tasks of the combined role, in the order in which their keys occur first.
pub(super) fn merged_tasks(model: &Model, roles: &[CombinationRole], setting: &Setting) -> Vec<MergedTask> {
    let groups = model.groups.iter().filter_map(|group| model.tasks.get(group.clone()));
    groups.filter_map(|tasks| merged_task(model, tasks, roles, setting)).collect()
}

fn merged_task(model: &Model, tasks: &[ModelTask], roles: &[CombinationRole], setting: &Setting) -> Option<MergedTask> {
    let (hours_before, duplicate_removed) = model.group_hours(tasks, setting);
    let kept = kept_share(hours_before, duplicate_removed);
    let part = |task: &ModelTask| {
        let hours_before = model.hours(task, setting);
        let time_factor = model.time_factor(task, setting);
        let CombinationTask { own_key, title, .. } = input_task(task, roles)?.clone();
        let (hours_merged, hours_after) = (hours_before * kept, hours_before * kept * time_factor);
        let (role, stage) = (task.role, task.stage);
        Some(TaskPart { role, own_key, title, stage, hours_before, hours_merged, time_factor, hours_after })
    };
    let parts: Vec<TaskPart> = tasks.iter().filter_map(part).collect();
    let leading = leading_part(&parts)?;
    Some(MergedTask {
        key: input_task(tasks.first()?, roles)?.key.clone(),
        title: leading.title.clone(),
        stage: leading.stage,
        roles: role_names(parts.iter().map(|part| part.role), roles),
        hours_before,
        duplicate_removed,
        hours_after: parts.iter().map(|part| part.hours_after).sum(),
        parts,
    })
}

fn input_task<'a>(task: &ModelTask, roles: &'a [CombinationRole]) -> Option<&'a CombinationTask> {
    roles.get(task.role)?.tasks.get(task.position)
}

/// The part with the most hours. Of equals the one that is less far along, then the first title of the alphabet, so that
/// the order of the roles does not matter.
fn leading_part(parts: &[TaskPart]) -> Option<&TaskPart> {
    let rank = |a: &&TaskPart, b: &&TaskPart| {
        let by_hours = b.hours_before.total_cmp(&a.hours_before);
        by_hours.then_with(|| a.stage.cmp(&b.stage)).then_with(|| a.title.cmp(&b.title))
    };
    parts.iter().min_by(rank)
}

/// The names of roles given by position, each position once.
fn role_names(positions: impl Iterator<Item = usize>, roles: &[CombinationRole]) -> Vec<String> {
    let mut positions: Vec<usize> = positions.collect();
    positions.dedup();
    positions.into_iter().filter_map(|position| roles.get(position)).map(|role| role.name.clone()).collect()
}

/// The tasks that came from more than one role.
pub(super) fn duplicate_groups(tasks: &[MergedTask]) -> Vec<DuplicateGroup> {
    let duplicates = tasks.iter().filter(|task| task.roles.len() > 1);
    let group = |task: &MergedTask| DuplicateGroup {
        key: task.key.clone(),
        title: task.title.clone(),
        roles: task.roles.clone(),
        hours_before: task.hours_before,
        removed: task.duplicate_removed,
    };
    duplicates.map(group).collect()
}

/// The skills of the combined role, in the order of their keys.
pub(super) fn all_skills(roles: &[CombinationRole]) -> Vec<CombinedSkill> {
    let name_of = |key: &str| {
        let mut skills = roles.iter().flat_map(|role| &role.skills);
        skills.find(|skill| skill.key == key).map_or_else(|| key.to_owned(), |skill| skill.name.clone())
    };
    let holders = skill_holders(roles).into_iter();
    let skill = |(key, positions): (&str, Vec<usize>)| CombinedSkill {
        key: key.to_owned(),
        name: name_of(key),
        roles: role_names(positions.into_iter(), roles),
    };
    holders.map(skill).collect()
}

/// The AI impact score of the combined role, weighted by the hours of its parts once duplicates are gone.
pub(super) fn combined_score(tasks: &[MergedTask]) -> CombinedScore {
    let parts = tasks.iter().flat_map(|task| &task.parts);
    let scored = parts.map(|part| ScoredTask { key: &part.own_key, stage: part.stage, share: part.hours_merged });
    let scored = ScoredTasks::new(scored.collect(), false);
    let value = |weight: fn(Stage) -> f64| scored.as_ref().map_or(0.0, |scored| scored.weighted(weight));
    let mut stage_mix = scored.as_ref().map(ScoredTasks::stage_mix).unwrap_or_default();
    for share in &mut stage_mix {
        share.count = tasks.iter().filter(|task| task.stage == share.stage).count();
    }
    CombinedScore { value: value(Stage::weight), low: value(Stage::low), high: value(Stage::high), stage_mix }
}
