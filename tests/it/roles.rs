//! Role configurations: made, changed, published, archived, listed, scored.

mod archiving;
mod changing;
mod creating;
mod filters;
mod orders;
mod publishing;
mod score;
mod sets;
mod tasks;

use serde_json::{Value, json};

pub use archiving::{archived_roles_are_left_alone, archived_roles_come_back};
pub use changing::{
    lists_are_replaced_whole, null_clears_lists, omitted_fields_stay_and_null_clears, parallel_updates_have_one_winner,
    refused_update_changes_nothing, stale_revision_loses_nothing,
};
pub use creating::{
    created_role_has_defaults, created_role_has_every_field, external_id_is_unique_within_the_organization,
    role_is_made_from_a_canonical_role, role_is_not_made_from_an_unknown_canonical_role,
};
pub use filters::{filters_find_and_leave_out, refused_filters_say_so};
pub use orders::{every_order_runs_both_ways, roles_without_a_score_come_below_all};
pub use publishing::{
    deleting_a_draft_brings_the_version_back, draft_changes_after_publishing, never_published_role_is_deleted,
    nothing_new_is_not_published, published_version_is_immutable, versions_are_listed,
};
pub use score::{quadrants_follow_stage_and_consequence, reference_role_scores_55, shares_weigh_the_score};
pub use sets::{set_of_roles_is_made_at_once, set_with_a_fault_makes_nothing};
pub use tasks::{faults_of_a_task_name_their_fields, one_task_is_updated, unknown_task_is_not_found};

/// Everything that a role has and a client can set.
const EVERYTHING: &str = "externalId title family level summary headcount coordinationShare currentAiAdoption
    technologyStack canonicalRoleKey
    tasks { key title description rationale stage timeShare consequence canonicalTaskKey }
    skills { name trend priority automationRisk proficiency canonicalSkillKey }
    careerPathways { target monthsFrom monthsTo description skills }";

/// A role with every field set; the answer's `EVERYTHING` is the same.
fn full_role() -> Value {
    json!({
        "externalId": "HR-0042", "title": "Senior Ingenieurin – 后端", "family": "Engineering", "level": "Senior",
        "summary": "Runs the services.\nAnd is called at night.", "headcount": 3.5, "coordinationShare": 0.25,
        "currentAiAdoption": 0.125, "technologyStack": ["Rust", "PostgreSQL", "C++"],
        "canonicalRoleKey": "rolemark:backend-engineer",
        "tasks": [
            { "key": "incident-response", "title": "Incident response", "description": "At night.\tOn call.",
              "rationale": "Minutes matter.", "stage": "HUMAN", "timeShare": 0.5, "consequence": 0.875,
              "canonicalTaskKey": "rolemark:incident-response" },
            { "key": "queries", "title": "Queries", "description": null, "rationale": null, "stage": "AUTOMATED",
              "timeShare": 0.25, "consequence": 0, "canonicalTaskKey": null },
            { "key": "unsorted", "title": "Unsorted", "description": null, "rationale": null, "stage": null,
              "timeShare": 0.25, "consequence": 1, "canonicalTaskKey": null },
        ],
        "skills": [
            { "name": "Observability", "trend": "EMERGING", "priority": "HIGH", "automationRisk": 0.3,
              "proficiency": 5, "canonicalSkillKey": "rolemark:observability" },
            { "name": "Typing", "trend": "DECLINING", "priority": null, "automationRisk": null, "proficiency": null,
              "canonicalSkillKey": null },
        ],
        "careerPathways": [
            { "target": "Platform Engineer", "monthsFrom": 1, "monthsTo": 600, "description": "A long way.",
              "skills": ["Infrastructure design", "Patience"] },
            { "target": "Manager", "monthsFrom": 12, "monthsTo": 12, "description": null, "skills": [] },
        ],
    })
}

/// Tasks of these stages, without time shares.
pub fn tasks_of(stages: &[&str]) -> Value {
    let task = |(number, stage): (usize, &&str)| json!({ "title": format!("Task {number}"), "stage": stage });
    stages.iter().enumerate().map(task).collect()
}
