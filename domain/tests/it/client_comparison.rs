use domain::comparison::{ClientFigures, client_figures};
use domain::roles::{RoleDefinition, Task};
use domain::score::{Score, score};
use domain::stage::Stage::{self, AiAssisted, AtRisk, Automated, Human};

use crate::fixtures::{BACKEND, assert_close, definition, task};

fn role(headcount: f64, tasks: &[(&str, Stage)]) -> RoleDefinition {
    RoleDefinition { headcount, ..definition("A role", tasks, &[]) }
}

fn library() -> Score {
    score(&role(1.0, &BACKEND).tasks).unwrap()
}

fn figures(roles: &[RoleDefinition]) -> ClientFigures {
    client_figures(roles, Some(&library())).unwrap()
}

#[test]
fn the_same_role_is_at_distance_zero() {
    for headcount in [1.0, 3.5, 7.3, 1e-6] {
        let same = figures(&[role(headcount, &BACKEND)]);
        assert_eq!((same.score, same.score_distance, same.stage_mix_distance), (Some(55.0), Some(0.0), Some(0.0)));
        assert_eq!(same.stage_mix, library().stage_mix);
        assert_eq!((same.role_count, same.scored_role_count, same.headcount), (1, 1, headcount));
    }
}

#[test]
fn roles_count_by_their_headcount() {
    // 12.5 with 3 people and 100 with 1.
    let both = figures(&[role(3.0, &[("a", Human), ("b", Human)]), role(1.0, &[("c", Automated)])]);
    assert_close(both.score.unwrap(), (3.0 * 12.5 + 100.0) / 4.0, 1e-12, "score");
    assert_close(both.score_distance.unwrap(), 34.375 - 55.0, 1e-12, "score_distance");
    let mix: Vec<_> = both.stage_mix.iter().map(|share| (share.stage, share.count, share.time_share)).collect();
    assert_eq!(mix, [(Human, 2, 0.75), (AtRisk, 0, 0.0), (AiAssisted, 0, 0.0), (Automated, 1, 0.25)]);
    // The library has 0.4, 0, 0.4, 0.2.
    assert_close(both.stage_mix_distance.unwrap(), (0.35 + 0.0 + 0.4 + 0.05) / 2.0, 1e-12, "stage_mix_distance");
    assert_close(both.headcount, 4.0, 1e-12, "headcount");
}

#[test]
fn nothing_in_common_is_at_distance_one() {
    let library = score(&role(1.0, &[("a", Human)]).tasks).unwrap();
    let far = client_figures(&[role(2.0, &[("b", Automated)])], Some(&library)).unwrap();
    assert_eq!((far.score_distance, far.stage_mix_distance), (Some(87.5), Some(1.0)));
}

#[test]
fn roles_without_a_score_count_as_heads_only() {
    let mut unlabelled = role(9.0, &[]);
    unlabelled.tasks = vec![Task { key: "a".into(), title: "A".into(), ..Task::default() }];
    let mixed = figures(&[unlabelled.clone(), role(1.0, &BACKEND), role(5.0, &[])]);
    assert_eq!((mixed.role_count, mixed.scored_role_count, mixed.headcount), (3, 1, 15.0));
    assert_eq!((mixed.score, mixed.score_distance), (Some(55.0), Some(0.0)));
    let none = figures(&[unlabelled]);
    assert_eq!((none.score, none.score_distance, none.stage_mix_distance), (None, None, None));
    assert!(none.stage_mix.is_empty());
    assert_eq!(client_figures(&[], Some(&library())), None);
}

#[test]
fn a_task_without_a_stage_is_left_out() {
    let mut partly = role(1.0, &BACKEND);
    partly.tasks.push(task("unlabelled", Human));
    partly.tasks[10].stage = None;
    let partly = figures(&[partly]);
    assert_eq!((partly.score_distance, partly.stage_mix_distance), (Some(0.0), Some(0.0)));
}

#[test]
fn without_a_score_in_the_library_there_is_no_distance() {
    let alone = client_figures(&[role(1.0, &BACKEND)], None).unwrap();
    assert_eq!((alone.score, alone.score_distance, alone.stage_mix_distance), (Some(55.0), None, None));
}
