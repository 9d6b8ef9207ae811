use super::assumptions::Assumptions;
use super::input::CombinationRole;
use super::merged::{all_skills, combined_score, duplicate_groups, merged_tasks};
use super::model::{Model, ModelRole, Setting, Totals};
use super::outcome::{CombinationOutcome, RoleHours, Waterfall};
use super::sensitivity::{interval, stress, tornado, transition};
use super::validation::validate;
use crate::method::METHOD_VERSION;
use crate::violations::Violations;

/// Combines roles into one. The formulas stand at the top of this [module](super).
///
/// Every parameter of interval and tornado goes through its range alone, the others at the given assumptions. Adoption
/// does not go below the greatest adoption today of any role, and the shifted coordination share stays within 0 to 0.8.
///
/// # Errors
/// What [`validate`] finds.
pub fn combine(roles: &[CombinationRole], assumptions: &Assumptions) -> Result<CombinationOutcome, Violations> {
    validate(roles, assumptions)?;
    Ok(outcome(&Model::new(roles), roles, &Setting::new(*assumptions)))
}

fn outcome(model: &Model, roles: &[CombinationRole], setting: &Setting) -> CombinationOutcome {
    let totals = model.totals(setting);
    let gain = totals.gain();
    let tornado = tornado(model, setting);
    let tasks = merged_tasks(model, roles, setting);
    let all_skills = all_skills(roles);
    CombinationOutcome {
        method_version: METHOD_VERSION,
        assumptions: setting.assumptions,
        h0: totals.h0,
        coordination_hours: totals.coordination,
        h_ai: totals.h_ai,
        h1: totals.h1,
        jaccard: model.jaccard,
        jaccard_is_undefined: model.jaccard_is_undefined,
        breadth_factor: totals.breadth_factor,
        gain,
        gain_from_ai: totals.h0 / totals.h_ai - 1.0,
        gain_from_merging: totals.h_ai / totals.h1 - 1.0,
        hours_saved_share: 1.0 - totals.h1 / totals.h0,
        fte_freed: totals.h0 - totals.h1,
        waterfall: waterfall(&totals),
        interval: interval(gain, &tornado),
        tornado,
        stress: stress(model, setting),
        transition: transition(gain, setting.assumptions.ramp_months),
        score: combined_score(&tasks),
        duplicate_groups: duplicate_groups(&tasks),
        tasks,
        shared_skills: all_skills.iter().filter(|skill| skill.roles.len() == roles.len()).cloned().collect(),
        all_skills,
        roles: role_hours(model, roles, setting),
    }
}

const fn waterfall(totals: &Totals) -> Waterfall {
    Waterfall {
        starting_fte: totals.h0,
        duplicates_removed: totals.duplicates_removed,
        coordination_removed: totals.coordination_removed,
        ai_saved: totals.ai_saved,
        breadth_cost: totals.breadth_cost,
        ending_fte: totals.h1,
    }
}

fn role_hours(model: &Model, roles: &[CombinationRole], setting: &Setting) -> Vec<RoleHours> {
    let hours = |(role, laid_out): (&CombinationRole, &ModelRole)| {
        let coordination_hours = laid_out.coordination_hours(setting);
        RoleHours {
            name: role.name.clone(),
            headcount: role.headcount,
            coordination_share: role.coordination_share,
            coordination_share_is_assumed: role.coordination_share_is_assumed,
            current_adoption: role.current_adoption,
            coordination_hours,
            task_hours: role.headcount - coordination_hours,
            shares_are_equal: role.tasks.iter().all(|task| task.time_share.is_none()),
            unscored_tasks: role.unscored_tasks,
        }
    };
    roles.iter().zip(&model.roles).map(hours).collect()
}
