//! What an organization gives, from its roles.

use domain::disclosure::{
    Atom, Axis, Contribution, GroupMember, LeftOut, OrganizationContribution, Policy, contribution, group_contribution,
};
use domain::library::LibraryCombination;
use domain::roles::{RoleDefinition, Skill, Task, Trend};
use domain::stage::Stage;

use crate::fixtures::canonical_backend;

/// A role with the tasks of the library's Backend Engineer and a headcount.
fn backend(headcount: f64) -> RoleDefinition {
    RoleDefinition { headcount, ..canonical_backend().to_definition() }
}

fn axis() -> Axis {
    Axis::of_role(&canonical_backend(), &Policy::default())
}

fn of(roles: &[RoleDefinition]) -> OrganizationContribution {
    OrganizationContribution::of(roles, &[axis()], &Policy::default())
}

fn reasons(roles: &[RoleDefinition]) -> Vec<LeftOut> {
    of(roles).left_out.into_iter().map(|role| role.why).collect()
}

#[test]
fn a_role_is_sent_as_whole_numbers_and_letters() {
    let sent = contribution(&backend(5.0), &axis(), 40.0).unwrap();
    // The reference role scores 55; an eighth of all heads is 2^-3.
    assert_eq!((sent.heads_milli, sent.score, sent.ratio), (5_000, 55_000, -3_000));
    assert_eq!(sent.mix, [400_000, 0, 400_000, 200_000]);
    assert_eq!((sent.tasks.as_str(), sent.skills.as_str()), ("HHHHAAAAUU", "1111111111"));
    assert_eq!(sent.values(), "55000|-3000|400000|0|400000|200000|HHHHAAAAUU|1111111111");
}

#[test]
fn tasks_and_skills_count_where_they_are_linked() {
    let mut role = backend(5.0);
    role.tasks[0].canonical_task = None;
    role.tasks[1].stage = None;
    role.tasks[2].canonical_task = role.tasks[9].canonical_task.clone();
    role.skills.retain(|skill| skill.trend != Trend::Declining);
    role.skills.push(Skill::new("Boilerplate coding", Trend::Stable));
    let sent = contribution(&role, &axis(), 40.0).unwrap();
    // Two tasks are linked to the last key: the first of them counts.
    assert_eq!((sent.tasks.as_str(), sent.skills.as_str()), ("---HAAAAUH", "1111100001"));
}

#[test]
fn what_has_no_score_is_not_sent() {
    let mut role = backend(5.0);
    role.tasks.iter_mut().for_each(|task| task.stage = None);
    assert_eq!(contribution(&role, &axis(), 40.0), None);
    assert_eq!(contribution(&backend(0.0), &axis(), 40.0), None);
    assert_eq!(contribution(&backend(f64::NAN), &axis(), 40.0), None);
}

#[test]
fn every_role_that_is_left_out_is_named() {
    let unlinked = RoleDefinition { canonical_role: None, ..backend(4.0) };
    let other = RoleDefinition { canonical_role: Some("rolemark:other".to_owned()), ..backend(4.0) };
    let mut unscored = backend(4.0);
    unscored.tasks.iter_mut().for_each(|task| task.stage = None);
    let mut short = backend(4.0);
    short.tasks.truncate(4);
    let roles = [unlinked, other, unscored, short, backend(2.9)];
    let expected = [
        LeftOut::NotLinked,
        LeftOut::NotBenchmarked,
        LeftOut::NotScoreable,
        LeftOut::TooFewTasks,
        LeftOut::TooFewHeads,
    ];
    assert_eq!(reasons(&roles), expected);
    let made = of(&roles);
    // The last one has enough tasks all the same.
    assert_eq!((made.rows.len(), made.qualified_roles), (0, 1));
    assert!((made.total_heads - 18.9).abs() < 1e-9);
    assert_eq!(reasons(&[backend(3.0)]), []);
}

#[test]
fn configurations_of_one_role_are_one_row() {
    let automated = |headcount: f64| {
        let mut role = backend(headcount);
        role.tasks.iter_mut().for_each(|task| task.stage = Some(Stage::Automated));
        role
    };
    let made = of(&[backend(1.0), automated(2.0), RoleDefinition { headcount: 5.0, ..RoleDefinition::default() }]);
    let sent = made.row("rolemark:backend-engineer").unwrap();
    // (55 + 2 * 100) / 3 = 85; 3 of 8 heads; 400,000 / 3 is 133,333.
    assert_eq!((sent.heads_milli, sent.score, sent.ratio), (3_000, 85_000, -1_415));
    assert_eq!((sent.mix, sent.tasks.as_str()), ([133_333, 0, 133_333, 733_333], "UUUUUUUUUU"));
}

#[test]
fn a_group_gives_the_mean_of_its_organizations() {
    let part = |heads_milli, score, tasks: &str| Contribution {
        heads_milli,
        score,
        ratio: -3_000,
        mix: [1_000_000, 0, 0, 0],
        tasks: tasks.to_owned(),
        skills: String::new(),
    };
    let segment = |index| Atom::from_index(index).unwrap().segment();
    let member = |id, index, contribution| GroupMember { id, segment: segment(index), contribution };
    let members = [
        member(9, 1, part(3_000, 10_000, "H")),
        member(4, 2, part(6_000, 50_001, "R")),
        member(3, 3, part(6_000, 50_000, "A")),
    ];
    // (3 * 10,000 + 6 * 50,001 + 6 * 50,000) / 15 = 42,000.4.
    let (at, sent) = group_contribution(&members).unwrap();
    assert_eq!((at, sent.score, sent.heads_milli, sent.tasks.as_str()), (segment(3), 42_000, 15_000, "A"));
    assert_eq!(group_contribution::<u8>(&[]), None);
}

fn component(key: &str, tasks: &[&str]) -> Axis {
    Axis { key: key.to_owned(), tasks: tasks.iter().map(|task| (*task).to_owned()).collect(), ..axis() }
}

fn running(canonical_role: &str, headcount: f64, tasks: &[&str]) -> RoleDefinition {
    let task =
        |key: &&str| Task { canonical_task: Some((*key).to_owned()), stage: Some(Stage::Human), ..Task::default() };
    RoleDefinition {
        headcount,
        canonical_role: Some(canonical_role.to_owned()),
        tasks: tasks.iter().map(task).collect(),
        ..RoleDefinition::default()
    }
}

#[test]
fn a_combined_role_has_a_quarter_of_each_component() {
    let combination = LibraryCombination {
        key: "c:both".to_owned(),
        title: String::new(),
        roles: vec!["c:a".to_owned(), "c:b".to_owned()],
        coordination_share: 0.1,
        published_productivity_percent: None,
        summary: String::new(),
    };
    let a = ["a:1", "a:2", "a:3", "a:4", "a:5", "a:6", "a:7", "a:8", "a:9", "both"];
    let axes = [
        Axis::of_combination(&combination),
        component("c:a", &a),
        component("c:b", &["b:1", "b:2", "b:3", "b:4", "both"]),
    ];
    let combined = |roles: &[RoleDefinition]| {
        let made = OrganizationContribution::of(roles, &axes, &Policy::default());
        made.row("c:both").map(|row| (row.skills.clone(), row.heads_milli))
    };
    let plain = running("c:a", 4.0, &a);
    assert_eq!(combined(std::slice::from_ref(&plain)), Some(("0".to_owned(), 4_000)));
    // Nine of its own: three are needed; of four, two.
    let enough = ["a:1", "a:2", "a:3", "b:1", "b:2", "both"];
    assert_eq!(combined(&[running("c:b", 3.0, &enough)]), Some(("1".to_owned(), 3_000)));
    assert_eq!(combined(&[running("c:b", 3.0, &enough[1..]), plain.clone()]), Some(("0".to_owned(), 7_000)));
    // Two heads would describe persons.
    assert_eq!(combined(&[running("x:y", 2.0, &enough), plain.clone()]), Some(("0".to_owned(), 4_000)));
    assert_eq!(combined(&[running("x:y", 3.0, &enough), plain]), Some(("1".to_owned(), 4_000)));
    // Without a component there is no row.
    assert_eq!(combined(&[running("x:y", 3.0, &enough)]), None);
}
