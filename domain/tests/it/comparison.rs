use domain::comparison::{AlignmentBasis, compare};
use domain::exposure::{ExposureMeasure, ExposureName};
use domain::roles::{RoleDefinition, Skill, Trend};
use domain::stage::Stage::{AiAssisted, AtRisk, Automated, Human};

use crate::fixtures::{assert_close, canonical_backend, definition, task};

fn own() -> RoleDefinition {
    let mut role = definition("Server Developer", &[], &["Observability", "Boilerplate coding", "LLM orchestration"]);
    let mut linked = task("our-design", Human);
    linked.canonical_task = Some("rolemark:system-architecture-design".into());
    let mut other_source = task("database-queries", AtRisk);
    other_source.canonical_task = Some("onet:15-1252.00/8823".into());
    let mut proposed = task("x-1", AiAssisted);
    proposed.title = "Respond to production incidents".into();
    let mut elsewhere = task("y-1", Automated);
    elsewhere.title = "Scalability planning".into();
    elsewhere.canonical_task = Some("rolemark:cloud-architecture".into());
    let mut alone = task("z-1", Human);
    alone.title = "Hire juniors".into();
    role.tasks = vec![linked, other_source, proposed, elsewhere, alone];
    role
}

#[test]
fn tasks_are_aligned_by_link_then_key_then_title() {
    let comparison = compare(&own(), &canonical_backend());
    let basis_of = |key: &str| {
        let row = comparison.alignments.iter().find(|row| row.own_task.as_ref().is_some_and(|own| own.key == key));
        row.map(|row| (row.basis, row.canonical_task.as_ref().map(|task| task.key.as_str()))).unwrap()
    };
    assert_eq!(basis_of("our-design"), (AlignmentBasis::Linked, Some("rolemark:system-architecture-design")));
    assert_eq!(basis_of("database-queries"), (AlignmentBasis::SameKey, Some("rolemark:database-queries")));
    assert_eq!(basis_of("x-1"), (AlignmentBasis::Proposed, Some("rolemark:incident-response")));
    assert_eq!(basis_of("y-1"), (AlignmentBasis::Unmatched, None), "it is linked to another task of that source");
    assert_eq!(basis_of("z-1"), (AlignmentBasis::Unmatched, None));
    assert_eq!(comparison.alignments.len(), 12);
    let queries = comparison.alignments.iter().find(|row| row.basis == AlignmentBasis::SameKey).unwrap();
    assert_eq!(queries.stage_difference, Some(-0.5));
    assert_eq!(queries.confidence, Some(1.0));
}

#[test]
fn a_proposal_is_not_taken_for_a_match() {
    let comparison = compare(&own(), &canonical_backend());
    assert_eq!(comparison.missing_tasks.len(), 8);
    let incident = comparison.missing_tasks.iter().find(|row| row.task.key == "rolemark:incident-response").unwrap();
    let proposal = incident.proposal.as_ref().unwrap();
    assert_eq!(proposal.task.key, "x-1");
    assert!((0.5..1.0).contains(&proposal.confidence));
    let additional: Vec<_> =
        comparison.additional_tasks.iter().map(|row| (row.task.key.as_str(), row.proposal.is_some())).collect();
    assert_eq!(additional, [("x-1", true), ("y-1", false), ("z-1", false)]);
}

#[test]
fn scores_and_stages_are_set_side_by_side() {
    let mut canonical = canonical_backend();
    let measure = ExposureMeasure { name: ExposureName::Gpt4Beta, value: 0.6, source: "GPTs are GPTs".into() };
    canonical.exposure = vec![measure.clone()];
    let comparison = compare(&own(), &canonical);
    assert_close(comparison.own_score.unwrap().value, 50.0, 1e-9, "own");
    assert_close(comparison.score_difference.unwrap(), -5.0, 1e-9, "difference");
    let human = comparison.stage_mix_difference[0];
    assert_close(human.difference, 0.0, 1e-12, "HUMAN");
    assert_close(comparison.stage_mix_difference[1].difference, 0.2, 1e-12, "AT_RISK");
    assert_eq!(comparison.exposure, [measure]);
}

#[test]
fn skills_are_matched_by_link_or_name_and_else_proposed() {
    let mut role = own();
    let mut linked = Skill::new("Designing for many machines", Trend::Stable);
    linked.canonical_skill = Some("rolemark:distributed-systems-design".into());
    role.skills.push(linked);
    let comparison = compare(&role, &canonical_backend());
    let present: Vec<_> = comparison.emerging_skills_present.iter().map(|skill| skill.name.as_str()).collect();
    assert_eq!(present, ["Distributed systems design"]);
    assert_eq!(comparison.emerging_skills_absent.len(), 4);
    let llm = comparison.emerging_skills_absent.iter().find(|skill| skill.name.starts_with("LLM")).unwrap();
    assert_eq!(llm.proposal.as_ref().unwrap().own_name, "LLM orchestration");
    let declining: Vec<_> = comparison.declining_skills_relied_on.iter().map(|skill| skill.name.as_str()).collect();
    assert_eq!(declining, ["Boilerplate coding"]);
}

#[test]
fn the_library_role_itself_differs_in_nothing() {
    let canonical = canonical_backend();
    let comparison = compare(&canonical.to_definition(), &canonical);
    assert!(comparison.missing_tasks.is_empty() && comparison.additional_tasks.is_empty());
    assert!(comparison.alignments.iter().all(|row| row.basis == AlignmentBasis::Linked));
    assert_eq!(comparison.score_difference, Some(0.0));
    assert!(comparison.emerging_skills_absent.is_empty());
}

#[test]
fn an_empty_role_has_no_score_to_compare() {
    let comparison = compare(&RoleDefinition::default(), &canonical_backend());
    assert_eq!((comparison.own_score, comparison.score_difference), (None, None));
    assert!(comparison.stage_mix_difference.is_empty());
    assert_eq!(comparison.missing_tasks.len(), 10);
}
