use domain::roles::{CareerPathway, RoleDefinition, RoleLimits, Skill, Task, Trend};
use domain::stage::Stage::Human;
use domain::violations::{VIOLATIONS_MAXIMUM, Violation, ViolationCode};

use crate::fixtures::{BACKEND, BACKEND_SKILLS, definition, task};

fn violations(change: impl Fn(&mut RoleDefinition)) -> Vec<Violation> {
    let mut role = definition("Backend Engineer", &BACKEND, &BACKEND_SKILLS);
    change(&mut role);
    role.validate(&RoleLimits::default()).err().unwrap_or_default().0
}

#[track_caller]
fn assert_one(change: impl Fn(&mut RoleDefinition), path: &str, code: ViolationCode) {
    let found: Vec<_> = violations(change).iter().map(|violation| (violation.path.join("."), violation.code)).collect();
    assert_eq!(found, [(path.to_owned(), code)]);
}

#[test]
fn a_good_role_passes() {
    assert_eq!(violations(|_| ()), []);
    assert_eq!(violations(|role| role.summary = Some("Line one.\r\n\tLine two, ünïcode, データ.".into())), []);
    assert_eq!(violations(|role| role.headcount = 1_000_000.0), []);
    let spread = |sum: f64| {
        move |role: &mut RoleDefinition| {
            role.tasks.iter_mut().for_each(|task| task.time_share = Some(sum / 10.0));
        }
    };
    assert_eq!(violations(spread(1.0)), []);
    assert_eq!(violations(spread(0.999)), []);
    assert_eq!(violations(spread(1.001)), []);
}

#[test]
fn texts_are_checked() {
    use ViolationCode::{ControlCharacter, Malformed, Required, TooLong};
    assert_one(|role| role.title = " ".into(), "title", Required);
    assert_one(|role| role.title = "é".repeat(201), "title", TooLong);
    assert_eq!(violations(|role| role.title = "é".repeat(200)), []);
    assert_one(|role| role.title = "a\0b".into(), "title", ControlCharacter);
    assert_one(|role| role.title = "a\nb".into(), "title", ControlCharacter);
    assert_one(|role| role.family = Some("a\u{7f}".into()), "family", ControlCharacter);
    assert_one(|role| role.summary = Some("a\u{1b}[2J".into()), "summary", ControlCharacter);
    assert_one(|role| role.tasks[2].rationale = Some("x".repeat(4_001)), "tasks.2.rationale", TooLong);
    assert_one(|role| role.tasks[2].description = Some("a\0".into()), "tasks.2.description", ControlCharacter);
    assert_one(|role| role.tasks[2].key = "!!!".into(), "tasks.2.key", Malformed);
    assert_one(|role| role.technology_stack = vec!["Rust".into(), String::new()], "technologyStack.1", Required);
    assert_one(|role| role.canonical_role = Some("Backend".into()), "canonicalRoleKey", Malformed);
    assert_one(|role| role.tasks[0].canonical_task = Some("x".into()), "tasks.0.canonicalTaskKey", Malformed);
    assert_one(|role| role.skills[0].canonical_skill = Some("x:".into()), "skills.0.canonicalSkillKey", Malformed);
}

#[test]
fn numbers_are_checked() {
    use ViolationCode::{OutOfRange, Required, SharesDoNotAddUp};
    for headcount in [0.0, -1.0, f64::MIN_POSITIVE, f64::NAN, f64::INFINITY, 1_000_000.1, 1e300] {
        assert_one(|role| role.headcount = headcount, "headcount", OutOfRange);
    }
    assert_one(|role| role.coordination_share = Some(0.81), "coordinationShare", OutOfRange);
    assert_one(|role| role.current_ai_adoption = Some(f64::NAN), "currentAiAdoption", OutOfRange);
    assert_one(|role| role.tasks[1].consequence = Some(-0.1), "tasks.1.consequence", OutOfRange);
    assert_one(|role| role.tasks[1].time_share = Some(0.1), "tasks.0.timeShare", Required);
    let uneven = |role: &mut RoleDefinition| role.tasks.iter_mut().for_each(|task| task.time_share = Some(0.097));
    assert_one(uneven, "tasks", SharesDoNotAddUp);
    assert!(violations(uneven)[0].message.contains("add up to 0.97:"), "{}", violations(uneven)[0].message);
    assert_one(|role| role.skills[1].automation_risk = Some(1.1), "skills.1.automationRisk", OutOfRange);
    assert_one(|role| role.skills[1].proficiency = Some(6), "skills.1.proficiency", OutOfRange);
    let pathway = |from, to| CareerPathway {
        target: "Architect".into(),
        months_from: from,
        months_to: to,
        ..CareerPathway::default()
    };
    assert_one(|role| role.pathways = vec![pathway(18, 12)], "careerPathways.0.monthsTo", OutOfRange);
    assert_one(|role| role.pathways = vec![pathway(0, 12)], "careerPathways.0.monthsFrom", OutOfRange);
    assert_one(|role| role.pathways = vec![pathway(1, 601)], "careerPathways.0.monthsTo", OutOfRange);
}

#[test]
fn keys_and_names_are_unique_in_their_normal_form() {
    use ViolationCode::DuplicateKey;
    assert_one(|role| role.tasks[4].key = "Incident  Response".into(), "tasks.4.key", DuplicateKey);
    assert_one(|role| role.skills[2].name = "observability!".into(), "skills.9.name", DuplicateKey);
    let languages = ["C", "C++", "C#", "F#", ".NET"].map(|name| Skill::new(name, Trend::Stable));
    assert_eq!(violations(|role| role.skills = languages.to_vec()), []);
}

#[test]
fn lists_have_limits() {
    use ViolationCode::TooMany;
    let many_tasks = |role: &mut RoleDefinition| {
        role.tasks = (0..201).map(|position| task(&format!("task-{position}"), Human)).collect();
    };
    assert_one(many_tasks, "tasks", TooMany);
    let many_skills = |role: &mut RoleDefinition| {
        role.skills = (0..201).map(|position| Skill::new(format!("Skill {position}"), Trend::Stable)).collect();
    };
    assert_one(many_skills, "skills", TooMany);
    assert_one(|role| role.technology_stack = vec!["Rust".into(); 101], "technologyStack", TooMany);
}

#[test]
fn all_violations_come_at_once_up_to_a_maximum() {
    let found = violations(|role| {
        role.title.clear();
        role.headcount = -1.0;
        role.skills[0].proficiency = Some(0);
    });
    assert_eq!(found.len(), 3);
    let found = violations(|role| role.tasks = vec![Task::default(); 150]);
    assert_eq!(found.len(), VIOLATIONS_MAXIMUM);
    assert_eq!(found[0].code.as_str(), "REQUIRED");
}

#[test]
fn a_message_names_the_field_the_problem_and_the_way_out() {
    let found = violations(|role| role.tasks[3].time_share = Some(1.5));
    assert_eq!(found[0].path, ["tasks", "3", "timeShare"]);
    assert_eq!(found[0].message, "The time share of the task is 1.5: give a number from 0 to 1.");
    let found = violations(|role| role.headcount = -1e300);
    assert_eq!(found[0].message, "The headcount is -1e300: give a number from 0.000001 to 1000000.");
}
