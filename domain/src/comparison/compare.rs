use super::alignment::align;
use super::outcome::{
    AlignmentBasis, Comparison, StageShareDifference, TaskAlignment, TaskProposal, TaskReference, UnmatchedTask,
};
use super::skills::OwnSkills;
use crate::library::{CanonicalRole, CanonicalTask};
use crate::method::METHOD_VERSION;
use crate::roles::{RoleDefinition, Task, Trend};
use crate::score::{Score, score};

/// Sets a role of an organization next to a canonical role.
///
/// A task is the canonical task that it is linked to; without a link to the same source, the one whose code is its key.
/// The rest is only proposed, by how alike the titles are ([`similarity`](crate::similarity::similarity), at least
/// [`PROPOSAL_THRESHOLD`](super::PROPOSAL_THRESHOLD)), and therefore stands in the lists of missing and additional tasks.
#[must_use]
pub fn compare(own: &RoleDefinition, canonical: &CanonicalRole) -> Comparison {
    let canonical_tasks: Vec<Task> = canonical.tasks.iter().map(CanonicalTask::to_task).collect();
    let own_score = score(&own.tasks);
    let canonical_score = score(&canonical_tasks);
    let scores = own_score.as_ref().zip(canonical_score.as_ref());
    let alignments = align(&own.tasks, &canonical.tasks);
    let own_skills = OwnSkills::new(&own.skills);
    let emerging = own_skills.compare(&canonical.skills, Trend::Emerging);
    let (emerging_skills_present, emerging_skills_absent) =
        emerging.into_iter().partition(|skill| skill.own_name.is_some());
    let mut declining_skills_relied_on = own_skills.compare(&canonical.skills, Trend::Declining);
    declining_skills_relied_on.retain(|skill| skill.own_name.is_some());
    Comparison {
        method_version: METHOD_VERSION,
        score_difference: scores.map(|(own, canonical)| own.value - canonical.value),
        stage_mix_difference: scores.map(stage_mix_difference).unwrap_or_default(),
        missing_tasks: unmatched(&alignments, |row| (row.canonical_task.as_ref(), row.own_task.as_ref())),
        additional_tasks: unmatched(&alignments, |row| (row.own_task.as_ref(), row.canonical_task.as_ref())),
        alignments,
        own_score,
        canonical_score,
        emerging_skills_present,
        emerging_skills_absent,
        declining_skills_relied_on,
        exposure: canonical.exposure.clone(),
    }
}

fn stage_mix_difference((own, canonical): (&Score, &Score)) -> Vec<StageShareDifference> {
    let both = own.stage_mix.iter().zip(&canonical.stage_mix);
    let difference = both.map(|(own, canonical)| StageShareDifference {
        stage: own.stage,
        own: own.time_share,
        canonical: canonical.time_share,
        difference: own.time_share - canonical.time_share,
    });
    difference.collect()
}

/// The tasks of one side that stand alone or next to a mere proposal; `sides` gives that side first.
fn unmatched(
    alignments: &[TaskAlignment],
    sides: impl Fn(&TaskAlignment) -> (Option<&TaskReference>, Option<&TaskReference>),
) -> Vec<UnmatchedTask> {
    let is_open = |row: &&TaskAlignment| matches!(row.basis, AlignmentBasis::Proposed | AlignmentBasis::Unmatched);
    let unmatched = |row: &TaskAlignment| {
        let (task, other) = sides(row);
        let proposal = other.cloned().zip(row.confidence);
        Some(UnmatchedTask {
            task: task?.clone(),
            proposal: proposal.map(|(task, confidence)| TaskProposal { task, confidence }),
        })
    };
    alignments.iter().filter(is_open).filter_map(unmatched).collect()
}
