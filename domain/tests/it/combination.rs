use domain::combination::{
    Assumptions, CombinationOutcome, CombinationRole, CombinationTask, RoleOverrides, combine, monte_carlo,
};
use domain::method::Parameter;
use domain::roles::Task;
use domain::stage::Stage::{self, AiAssisted, Automated, Human};

use crate::fixtures::{
    BACKEND, BACKEND_SKILLS, DEVOPS, DEVOPS_SKILLS, assert_close, backend, canonical_backend, data, definition, devops,
};

fn base(roles: &[CombinationRole]) -> CombinationOutcome {
    combine(roles, &Assumptions::base()).unwrap()
}

#[track_caller]
fn assert_figures(outcome: &CombinationOutcome, expected: [f64; 15]) {
    let waterfall = &outcome.waterfall;
    let figures = [
        ("H0", outcome.h0),
        ("C", outcome.coordination_hours),
        ("H_ai", outcome.h_ai),
        ("H1", outcome.h1),
        ("J", outcome.jaccard),
        ("B", outcome.breadth_factor),
        ("duplicates", waterfall.duplicates_removed),
        ("coordination", waterfall.coordination_removed),
        ("AI", waterfall.ai_saved),
        ("breadth", -waterfall.breadth_cost),
        ("G", outcome.gain),
        ("G_ai", outcome.gain_from_ai),
        ("G_merge", outcome.gain_from_merging),
        ("FTE freed", outcome.fte_freed),
        ("hours saved", outcome.hours_saved_share),
    ];
    for ((name, figure), expected) in figures.into_iter().zip(expected) {
        assert_close(figure, expected, 1e-6, name);
    }
}

#[track_caller]
fn assert_sensitivity(outcome: &CombinationOutcome, interval: [f64; 2], tornado: &[(Parameter, f64, f64)]) {
    assert_close(outcome.interval.lower, interval[0], 5e-5, "lower");
    assert_close(outcome.interval.upper, interval[1], 5e-5, "upper");
    assert_eq!(outcome.tornado.len(), tornado.len());
    for (parameter, low, high) in tornado {
        let bar = outcome.tornado.iter().find(|bar| bar.parameter == *parameter).unwrap();
        assert_close(bar.gain_at_low, *low, 5e-5, parameter.as_str());
        assert_close(bar.gain_at_high, *high, 5e-5, parameter.as_str());
    }
}

#[test]
fn backend_and_devops_make_a_platform_engineer() {
    let outcome = base(&[backend(0.2), devops()]);
    assert_figures(
        &outcome,
        [
            2.0, 0.4, 1.7378, 1.479_783, 0.357_143, 1.064_286, 0.16, 0.2, 0.2496, -0.089_383, 0.351_55, 0.150_88,
            0.174_361, 0.520_217, 0.260_109,
        ],
    );
    assert_sensitivity(
        &outcome,
        [0.17, 0.5257],
        &[
            (Parameter::TauAtRisk, 0.3457, 0.358),
            (Parameter::TauAiAssisted, 0.301, 0.3912),
            (Parameter::TauAutomated, 0.2567, 0.4552),
            (Parameter::Adoption, 0.2752, 0.4019),
            (Parameter::HandoffRemoved, 0.285, 0.3916),
            (Parameter::DuplicateRemoved, 0.2835, 0.4272),
            (Parameter::Breadth, 0.4384, 0.2746),
            (Parameter::CoordinationShare, 0.3282, 0.3757),
        ],
    );
}

#[test]
fn backend_and_data_make_a_data_platform_engineer() {
    let outcome = base(&[backend(0.15), data()]);
    assert_figures(
        &outcome,
        [
            2.0, 0.3, 1.685_713, 1.542_268, 0.285_714, 1.071_429, 0.1275, 0.15, 0.283_05, -0.102_818, 0.296_792,
            0.186_442, 0.093_009, 0.457_732, 0.228_866,
        ],
    );
    assert_sensitivity(
        &outcome,
        [0.1227, 0.4675],
        &[
            (Parameter::TauAtRisk, 0.2911, 0.3031),
            (Parameter::TauAiAssisted, 0.2471, 0.3358),
            (Parameter::TauAutomated, 0.1949, 0.4101),
            (Parameter::Adoption, 0.217, 0.3499),
            (Parameter::HandoffRemoved, 0.2499, 0.3244),
            (Parameter::DuplicateRemoved, 0.2548, 0.3417),
            (Parameter::Breadth, 0.3894, 0.2157),
            (Parameter::CoordinationShare, 0.2739, 0.3205),
        ],
    );
}

#[test]
fn an_outcome_says_what_it_is_made_of() {
    let outcome = base(&[backend(0.2), devops()]);
    let duplicates: Vec<_> = outcome.duplicate_groups.iter().map(|group| group.key.as_str()).collect();
    assert_eq!(
        duplicates,
        ["scalability-planning", "incident-response", "performance-optimization", "security-implementation"]
    );
    assert_eq!(outcome.tasks.len(), 16);
    let incident = outcome.tasks.iter().find(|task| task.key == "incident-response").unwrap();
    assert_eq!(incident.roles, ["Backend Engineer", "DevOps Engineer"]);
    assert_close(incident.hours_before, 0.16, 1e-12, "hours before");
    assert_close(incident.duplicate_removed, 0.04, 1e-12, "duplicate removed");
    assert_close(incident.hours_after, 0.12, 1e-12, "hours after");
    assert_eq!((outcome.shared_skills.len(), outcome.all_skills.len()), (5, 14));
    assert_eq!(outcome.shared_skills[0].name, "AI-generated code review and validation");
    let after: f64 = outcome.tasks.iter().map(|task| task.hours_after).sum();
    assert_close(outcome.breadth_factor * (0.2 + after), outcome.h1, 1e-12, "H1 by hand");
    assert_close(outcome.stress.gain, 0.224_709_743_8, 1e-9, "stress");
    assert_eq!(outcome.method_version, 1);
    assert!(outcome.roles.iter().all(|role| role.shares_are_equal));
}

#[test]
fn the_strongest_parameter_comes_first() {
    let outcome = base(&[backend(0.2), devops()]);
    let widths: Vec<f64> = outcome.tornado.iter().map(|bar| (bar.gain_at_high - bar.gain_at_low).abs()).collect();
    assert!(widths.is_sorted_by(|a, b| a >= b));
    assert_eq!(outcome.tornado[0].parameter, Parameter::TauAutomated);
}

#[test]
fn a_transition_begins_with_a_dip_and_ends_at_the_gain() {
    let outcome = base(&[backend(0.2), devops()]);
    assert_eq!(outcome.transition.len(), 16);
    assert_close(outcome.transition[0].gain, -0.10, 1e-12, "first day");
    assert_close(outcome.transition[15].gain, outcome.gain, 1e-12, "end");
    let halfway = outcome.gain * 6.0 / 15.0 - 0.10 * 9.0 / 15.0;
    assert_close(outcome.transition[6].gain, halfway, 1e-12, "month 6");
}

#[test]
fn the_score_of_the_combined_role_weighs_by_hours() {
    let outcome = base(&[backend(0.2), devops()]);
    // 1.6 task hours, less 0.16 done twice: HUMAN 0.56 - 0.08, AT_RISK 0.08, AI_ASSISTED 0.56 - 0.08, AUTOMATED 0.40.
    let expected = 100.0 * (0.48 * 0.125 + 0.08 * 0.5 + 0.48 * 0.75 + 0.40) / 1.44;
    assert_close(outcome.score.value, expected, 1e-9, "score");
    let counts: Vec<usize> = outcome.score.stage_mix.iter().map(|share| share.count).collect();
    assert_eq!(counts, [5, 1, 5, 5]);
}

#[test]
fn an_own_task_linked_to_the_library_is_the_same_work() {
    let mut devops = definition("DevOps Engineer", &DEVOPS, &DEVOPS_SKILLS);
    let overrides = RoleOverrides::default();
    let library_role = CombinationRole::from_definition(&canonical_backend().to_definition(), &overrides);
    let unlinked = base(&[library_role.clone(), CombinationRole::from_definition(&devops, &overrides)]);
    assert!(unlinked.duplicate_groups.is_empty());
    let backend_keys: Vec<&str> = BACKEND.iter().map(|(key, _)| *key).collect();
    for task in &mut devops.tasks {
        let is_shared = backend_keys.contains(&task.key.as_str());
        task.canonical_task = is_shared.then(|| format!("rolemark:{}", task.key));
        task.key = format!("our-{}", task.key);
    }
    for skill in &mut devops.skills {
        let is_shared = BACKEND_SKILLS.contains(&skill.name.as_str());
        let key = domain::roles::normalized_key(&skill.name);
        skill.canonical_skill = is_shared.then(|| format!("rolemark:{key}"));
    }
    let linked = base(&[library_role, CombinationRole::from_definition(&devops, &overrides)]);
    assert_close(linked.gain, 0.351_55, 1e-6, "G");
    assert_eq!(linked.duplicate_groups[0].key, "rolemark:scalability-planning");
}

#[test]
fn parts_of_one_canonical_task_in_one_role_are_no_duplicates() {
    let mut split = backend(0.2);
    let endpoint = split.tasks[8].clone();
    split.tasks[8].own_key = "rest-endpoints".into();
    split.tasks.push(CombinationTask { own_key: "graphql-endpoints".into(), ..endpoint });
    let outcome = base(&[split, data()]);
    assert!(outcome.duplicate_groups.iter().all(|group| group.key != "api-endpoint-implementation"));
    let merged = outcome.tasks.iter().find(|task| task.key == "api-endpoint-implementation").unwrap();
    assert_eq!((merged.parts.len(), merged.roles.len(), merged.duplicate_removed), (2, 1, 0.0));
}

#[test]
fn tasks_without_a_stage_are_left_out_and_their_time_filled() {
    let mut role = definition("Backend Engineer", &BACKEND[..2], &[]);
    role.tasks.push(Task { key: "other".into(), title: "Other".into(), ..Task::default() });
    for (task, share) in role.tasks.iter_mut().zip([0.2, 0.6, 0.2]) {
        task.time_share = Some(share);
    }
    let role = CombinationRole::from_definition(&role, &RoleOverrides { headcount: Some(4.0), ..Default::default() });
    assert_eq!((role.unscored_tasks, role.headcount), (1, 4.0));
    assert_close(role.tasks[0].time_share.unwrap(), 0.25, 1e-12, "scaled share");
    let outcome = base(&[role, data()]);
    let hours: f64 = outcome.tasks.iter().map(|task| task.hours_before).sum();
    assert_close(outcome.coordination_hours + hours, outcome.h0, 1e-12, "no hour is lost");
    assert_eq!(outcome.roles[0].unscored_tasks, 1);
}

#[test]
fn a_coordination_share_that_nobody_gave_is_marked() {
    let mut role = definition("Backend Engineer", &BACKEND, &[]);
    role.coordination_share = None;
    let assumed = CombinationRole::from_definition(&role, &RoleOverrides::default());
    assert!(assumed.coordination_share_is_assumed);
    let overrides = RoleOverrides { coordination_share: Some(0.3), ..RoleOverrides::default() };
    let given = CombinationRole::from_definition(&role, &overrides);
    assert_eq!((given.coordination_share, given.coordination_share_is_assumed), (0.3, false));
}

#[test]
fn without_skills_the_overlap_is_zero_and_flagged() {
    let bare = |mut role: CombinationRole| {
        role.skills.clear();
        role
    };
    let outcome = base(&[bare(backend(0.2)), bare(devops())]);
    assert_eq!((outcome.jaccard, outcome.jaccard_is_undefined), (0.0, true));
    assert_close(outcome.breadth_factor, 1.1, 1e-12, "B");
}

#[test]
fn adoption_does_not_swing_below_what_there_is_today() {
    let mut role = backend(0.2);
    role.current_adoption = 0.6;
    let outcome = base(&[role, devops()]);
    let bar = outcome.tornado.iter().find(|bar| bar.parameter == Parameter::Adoption).unwrap();
    assert_eq!((bar.low_value, bar.high_value), (0.6, 0.9));
}

#[test]
fn shares_within_the_tolerance_are_scaled_to_one() {
    let mut role = backend(0.2);
    role.tasks.iter_mut().for_each(|task| task.time_share = Some(0.0999));
    let outcome = base(&[role, devops()]);
    assert_close(outcome.gain, 0.351_55, 1e-6, "G");
}

#[test]
fn a_simulation_gives_quantiles_that_fit_the_interval() {
    let roles = [backend(0.2), devops()];
    let quantiles = monte_carlo(&roles, &Assumptions::base(), 42, 10_000).unwrap();
    assert!(quantiles.p10 < quantiles.p50 && quantiles.p50 < quantiles.p90);
    let interval = base(&roles).interval;
    assert!(interval.lower < quantiles.p10 && quantiles.p90 < interval.upper, "{quantiles:?}");
    assert_ne!(quantiles, monte_carlo(&roles, &Assumptions::base(), 43, 10_000).unwrap());
    assert!(monte_carlo(&roles, &Assumptions::base(), 42, 0).is_err());
    assert!(monte_carlo(&roles[..1], &Assumptions::base(), 42, 10).is_err());
}

/// The figures come from a second implementation, in Python with the ChaCha20 of OpenSSL. They may change only with the
/// method version.
#[test]
fn a_simulation_is_portable() {
    let quantiles = monte_carlo(&[backend(0.2), devops()], &Assumptions::base(), 2_026, 10_000).unwrap();
    assert_close(quantiles.p10, 0.240_948_719_845_1, 1e-12, "P10");
    assert_close(quantiles.p50, 0.324_708_359_039_1, 1e-12, "P50");
    assert_close(quantiles.p90, 0.420_844_771_262_8, 1e-12, "P90");
}

#[test]
fn three_roles_share_a_group_and_the_largest_part_stays() {
    let only = |name: &str, stage: Stage| {
        let mut role = crate::fixtures::combination_role(name, 0.0, &[("same", stage)], &["Skill"]);
        role.headcount = if stage == Human { 2.0 } else { 1.0 };
        role
    };
    let outcome = base(&[only("A", Automated), only("B", Human), only("C", AiAssisted)]);
    assert_close(outcome.waterfall.duplicates_removed, 0.5 * (4.0 - 2.0), 1e-12, "removed");
    assert_eq!((outcome.tasks[0].stage, outcome.tasks[0].parts.len()), (Human, 3));
    assert_eq!(outcome.jaccard, 1.0);
}
