use domain::roles::Task;
use domain::score::{ChangeKind, score, score_value, trend};
use domain::stage::Stage::{self, AiAssisted, AtRisk, Automated, Human};

use crate::fixtures::{BACKEND, assert_close, task, tasks, tasks_of};

fn assert_score(counts: &[(Stage, usize)], value: f64, low: f64, high: f64) {
    let tasks = tasks_of(counts);
    let score = score(&tasks).unwrap();
    assert_close(score.value, value, 1e-9, "value");
    assert_close(score.low, low, 1e-9, "low");
    assert_close(score.high, high, 1e-9, "high");
    assert_eq!(score_value(&tasks), Some(score.value));
}

#[test]
fn the_reference_page_scores_55() {
    assert_score(&[(Human, 4), (AiAssisted, 4), (Automated, 2)], 55.0, 42.0, 64.0);
    assert_eq!(score_value(&tasks(&BACKEND)), Some(55.0), "exactly, with equal shares");
}

#[test]
fn other_reference_scores() {
    assert_score(&[(Human, 4), (AtRisk, 1), (AiAssisted, 3), (Automated, 2)], 52.5, 40.0, 61.5);
    assert_score(&[(Human, 10)], 12.5, 0.0, 25.0);
    assert_score(&[(Automated, 10)], 100.0, 90.0, 100.0);
}

#[test]
fn a_score_says_what_it_is_made_of() {
    let mut list = tasks(&BACKEND);
    list.push(Task { key: "unlabelled".into(), ..Task::default() });
    let score = score(&list).unwrap();
    assert_eq!(score.value, 55.0);
    assert!(score.shares_are_equal);
    assert_eq!(score.unscored_tasks, 1);
    assert_eq!(score.method_version, 1);
    let mix: Vec<_> = score.stage_mix.iter().map(|share| (share.stage, share.count, share.time_share)).collect();
    assert_eq!(mix, [(Human, 4, 0.4), (AtRisk, 0, 0.0), (AiAssisted, 4, 0.4), (Automated, 2, 0.2)]);
    let points: f64 = score.contributions.iter().map(|part| part.points).sum();
    assert_close(points, score.value, 1e-9, "sum of points");
    assert_eq!(score.contributions[9].task_key, "database-queries");
    assert_close(score.contributions[9].points, 10.0, 1e-9, "points of an automated task");
}

#[test]
fn given_shares_weigh_the_tasks() {
    let with = |stage, share| Task { time_share: Some(share), ..task("t", stage) };
    let list = [with(Human, 0.5), with(Automated, 0.25), Task { time_share: Some(0.25), ..Task::default() }];
    let score = score(&list).unwrap();
    assert!(!score.shares_are_equal);
    assert_close(score.value, 100.0 * (0.5 * 0.125 + 0.25) / 0.75, 1e-9, "value");
    assert_close(score.contributions[0].time_share, 2.0 / 3.0, 1e-12, "share of the scored time");
}

#[test]
fn without_scored_time_there_is_no_score() {
    assert_eq!(score(&[]), None);
    assert_eq!(score_value(&[Task::default()]), None);
    assert_eq!(score_value(&[Task { time_share: Some(0.0), ..task("t", Human) }]), None);
}

#[test]
fn shares_that_validation_would_refuse_are_taken_as_unknown() {
    for share in [f64::NAN, f64::INFINITY, -1.0] {
        let list = [Task { time_share: Some(share), ..task("a", Human) }, task("b", Automated)];
        let score = score(&list).unwrap();
        assert!(score.shares_are_equal);
        assert_close(score.value, 56.25, 1e-9, "value");
    }
}

#[test]
fn one_task_from_at_risk_to_assisted_is_two_and_a_half_points() {
    let mut before = tasks(&BACKEND);
    before[7].stage = Some(AtRisk);
    let change = trend(&before, &tasks(&BACKEND)).unwrap();
    assert_close(change.delta_points, 2.5, 1e-9, "points");
    assert_close(change.delta_relative_percent.unwrap(), 4.761_904_762, 1e-6, "percent");
    assert_eq!(change.causes.len(), 1);
    let cause = &change.causes[0];
    assert_eq!((cause.before, cause.after), (Some(AtRisk), Some(AiAssisted)));
    assert_eq!((cause.task_key.as_str(), cause.kind), ("third-party-integrations", ChangeKind::StageChanged));
    assert_close(cause.points, 2.5, 1e-9, "points of the cause");
}

#[test]
fn causes_add_up_when_tasks_come_and_go() {
    let before = tasks(&BACKEND);
    let mut after = tasks(&BACKEND[1..]);
    after.push(task("prompt-library", Automated));
    after[0].stage = Some(AtRisk);
    let change = trend(&before, &after).unwrap();
    let sum: f64 = change.causes.iter().map(|cause| cause.points).sum();
    assert_close(sum, change.delta_points, 1e-9, "sum of causes");
    let kinds: Vec<_> = change.causes.iter().map(|cause| (cause.task_key.as_str(), cause.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("prompt-library", ChangeKind::Added),
            ("system-architecture-design", ChangeKind::Removed),
            ("scalability-planning", ChangeKind::StageChanged),
        ]
    );
}

#[test]
fn an_added_task_counts_by_how_far_it_lies_from_the_score() {
    let before = tasks_of(&[(Human, 1), (Automated, 1)]);
    let mut after = before.clone();
    after.push(task("new", Automated));
    let change = trend(&before, &after).unwrap();
    let added = change.causes.iter().find(|cause| cause.kind == ChangeKind::Added).unwrap();
    assert_close(added.points, change.delta_points, 1e-9, "the whole change is the new task's");
    assert_eq!(trend(&[], &after), None);
}
