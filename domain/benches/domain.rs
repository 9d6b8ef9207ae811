//! What the answers cost: `cargo bench -p rolemark-domain`.
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use divan::{Bencher, black_box};
use domain::combination::{Assumptions, CombinationRole, CombinationTask, combine, monte_carlo};
use domain::comparison::compare;
use domain::library::{CanonicalRole, CanonicalTask};
use domain::roles::{RoleDefinition, RoleLimits, Skill, Task, Trend};
use domain::score::{score, score_value};
use domain::similarity::Prepared;
use domain::stage::Stage;

fn main() {
    divan::main();
}

const TITLES: [&str; 12] = [
    "System architecture design",
    "Scalability planning",
    "AI model integration",
    "Incident response",
    "Performance optimization",
    "Security implementation",
    "Database schema design",
    "Third-party integrations",
    "API endpoint implementation",
    "Database queries",
    "Monitoring and alerting",
    "Developer support tickets",
];

const fn stage(position: usize) -> Stage {
    Stage::ALL[position % 4]
}

fn tasks() -> Vec<Task> {
    let task = |(position, title): (usize, &&str)| Task {
        key: format!("own-{position}"),
        title: format!("{title} for our products"),
        stage: Some(stage(position)),
        ..Task::default()
    };
    TITLES.iter().enumerate().map(task).collect()
}

fn definition() -> RoleDefinition {
    let skills = TITLES.iter().map(|title| Skill::new(*title, Trend::Stable)).collect();
    RoleDefinition { title: "Backend Engineer".into(), tasks: tasks(), skills, ..RoleDefinition::default() }
}

fn canonical() -> CanonicalRole {
    let task = |(position, title): (usize, &&str)| CanonicalTask {
        key: format!("rolemark:task-{position}"),
        title: (*title).into(),
        stage: Some(stage(position)),
        ..CanonicalTask::default()
    };
    let skills = TITLES.iter().map(|title| Skill::new(*title, Trend::Emerging)).collect();
    CanonicalRole { tasks: TITLES.iter().enumerate().map(task).take(10).collect(), skills, ..CanonicalRole::default() }
}

fn roles() -> [CombinationRole; 2] {
    [0, 6].map(|first| CombinationRole {
        name: format!("Role {first}"),
        headcount: 1.0,
        coordination_share: 0.2,
        coordination_share_is_assumed: false,
        current_adoption: 0.0,
        tasks: (first..first + 10).map(|n| CombinationTask::new(format!("task-{n}"), stage(n), None)).collect(),
        skills: (first..first + 10).map(|n| format!("Skill {n}").as_str().into()).collect(),
        unscored_tasks: 0,
    })
}

#[divan::bench]
fn score_of_12_tasks(bencher: Bencher) {
    let tasks = tasks();
    bencher.bench(|| score(black_box(&tasks)));
}

#[divan::bench]
fn score_value_of_12_tasks(bencher: Bencher) {
    let tasks = tasks();
    bencher.bench(|| score_value(black_box(&tasks)));
}

#[divan::bench]
fn combine_2_roles_with_interval(bencher: Bencher) {
    let roles = roles();
    bencher.bench(|| combine(black_box(&roles), &Assumptions::base()).unwrap());
}

#[divan::bench]
fn monte_carlo_10_000(bencher: Bencher) {
    let roles = roles();
    bencher.bench(|| monte_carlo(black_box(&roles), &Assumptions::base(), 42, 10_000).unwrap());
}

#[divan::bench]
fn compare_12_with_10_tasks(bencher: Bencher) {
    let (own, canonical) = (definition(), canonical());
    bencher.bench(|| compare(black_box(&own), &canonical));
}

#[divan::bench]
fn validate_12_tasks(bencher: Bencher) {
    let role = definition();
    bencher.bench(|| black_box(&role).validate(&RoleLimits::default()));
}

#[divan::bench]
fn similarity_of_two_prepared_titles(bencher: Bencher) {
    let (a, b) = (Prepared::new("Respond to production incidents"), Prepared::new("Incident response"));
    bencher.bench(|| black_box(&a).similarity(&b));
}

/// The most that one comparison can be asked for: 200 long titles without a word in common with 20 others.
#[divan::bench]
fn compare_200_with_20_long_titles(bencher: Bencher) {
    let title = |seed: usize| (0..24).map(|n| format!("anal{:x} ", seed * 7_919 + n * 104_729)).collect::<String>();
    let own = RoleDefinition {
        tasks: (0..200).map(|n| Task { key: format!("k{n}"), title: title(n), ..Task::default() }).collect(),
        ..RoleDefinition::default()
    };
    let task = |n: usize| CanonicalTask { key: format!("s:c{n}"), title: title(n + 500), ..CanonicalTask::default() };
    let canonical = CanonicalRole { tasks: (0..20).map(task).collect(), ..CanonicalRole::default() };
    bencher.bench(|| compare(black_box(&own), &canonical));
}
