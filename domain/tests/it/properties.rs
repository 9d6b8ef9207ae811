//! What holds for every input, not only for the ones that somebody thought of.

use domain::combination::{Assumptions, CombinationRole, CombinationSkill, CombinationTask, combine, monte_carlo};
use domain::comparison::client_figures;
use domain::roles::{CareerPathway, RoleDefinition, RoleLimits, Skill, Task, Trend, normalized_key};
use domain::score::{score, score_value, trend};
use domain::similarity::similarity;
use domain::stage::Stage;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;

fn stage() -> impl Strategy<Value = Stage> {
    proptest::sample::select(Stage::ALL.to_vec())
}

fn scored_task() -> impl Strategy<Value = Task> {
    ("[a-f]{1,3}", option::weighted(0.9, stage()), option::weighted(0.9, 0.0..=1.0))
        .prop_map(|(key, stage, time_share)| Task { key, stage, time_share, ..Task::default() })
}

/// A role of a client, some of them without a score.
fn client_role() -> impl Strategy<Value = RoleDefinition> {
    (0.1..50.0, vec(scored_task(), 0..6)).prop_map(|(headcount, tasks)| RoleDefinition {
        headcount,
        tasks,
        ..RoleDefinition::default()
    })
}

/// A role that validation accepts, with keys and skills few enough to overlap with those of others.
fn combination_role() -> impl Strategy<Value = CombinationRole> {
    let tasks = btree_map("[a-h]", (stage(), 0.01..1.0), 1..8);
    let head = ("[A-Z]{3}", 0.1..50.0, 0.0..=0.8, 0.0..=0.75, any::<bool>());
    (head, tasks, btree_set("[p-t]", 0..5)).prop_map(|((name, headcount, share, adoption, is_equal), tasks, skills)| {
        let sum: f64 = tasks.values().map(|(_, time)| time).sum();
        let task = |(key, (stage, time)): (String, (Stage, f64))| {
            CombinationTask::new(key, stage, (!is_equal).then_some(time / sum))
        };
        CombinationRole {
            name,
            headcount,
            coordination_share: share,
            coordination_share_is_assumed: false,
            current_adoption: adoption,
            tasks: tasks.into_iter().map(task).collect(),
            skills: skills.iter().map(|name| CombinationSkill::from(name.as_str())).collect(),
            unscored_tasks: 0,
        }
    })
}

fn assumptions() -> impl Strategy<Value = Assumptions> {
    let taus = (0.0..=0.21, 0.06..=0.32, 0.21..=0.89);
    (taus, 0.75..=0.9, 0.32..=0.6, 0.25..=0.75, 0.0..=0.2, 1_u16..=60).prop_map(
        |((tau_at_risk, tau_ai_assisted, tau_automated), adoption, handoff, duplicate, breadth, ramp_months)| {
            Assumptions {
                tau_at_risk,
                tau_ai_assisted,
                tau_automated,
                adoption,
                handoff_removed: handoff,
                duplicate_removed: duplicate,
                breadth,
                ramp_months,
            }
        },
    )
}

fn is_close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

proptest! {
    #[test]
    fn a_score_lies_within_its_range(tasks in vec(scored_task(), 0..12)) {
        if let Some(score) = score(&tasks) {
            prop_assert!(0.0 <= score.low && score.low <= score.value + 1e-9);
            prop_assert!(score.value <= score.high + 1e-9 && score.high <= 100.0);
            let shares: f64 = score.stage_mix.iter().map(|share| share.time_share).sum();
            let points: f64 = score.contributions.iter().map(|part| part.points).sum();
            prop_assert!(is_close(shares, 1.0) && is_close(points, score.value));
            prop_assert_eq!(score_value(&tasks), Some(score.value));
        }
    }

    #[test]
    fn causes_add_up_to_the_change(before in vec(scored_task(), 1..10), after in vec(scored_task(), 1..10)) {
        let unique = |mut tasks: Vec<Task>| {
            tasks.sort_by(|a, b| a.key.cmp(&b.key));
            tasks.dedup_by(|a, b| a.key == b.key);
            tasks
        };
        if let Some(change) = trend(&unique(before), &unique(after)) {
            let sum: f64 = change.causes.iter().map(|cause| cause.points).sum();
            prop_assert!((sum - change.delta_points).abs() < 1e-6);
        }
    }

    #[test]
    fn the_order_of_roles_does_not_matter(
        roles in vec(combination_role(), 2..5),
        assumptions in assumptions(),
        turn in 1_usize..4,
    ) {
        let mut turned = roles.clone();
        turned.rotate_left(turn % roles.len());
        let (a, b) = (combine(&roles, &assumptions).unwrap(), combine(&turned, &assumptions).unwrap());
        prop_assert!(is_close(a.gain, b.gain) && is_close(a.h_ai, b.h_ai) && is_close(a.score.value, b.score.value));
        prop_assert!(is_close(a.interval.lower, b.interval.lower) && is_close(a.interval.upper, b.interval.upper));
        prop_assert_eq!(a.shared_skills.len(), b.shared_skills.len());
    }

    #[test]
    fn a_combination_keeps_its_books(roles in vec(combination_role(), 2..5), assumptions in assumptions()) {
        let outcome = combine(&roles, &assumptions).unwrap();
        let steps = &outcome.waterfall;
        let taken = steps.duplicates_removed + steps.coordination_removed + steps.ai_saved - steps.breadth_cost;
        prop_assert!(is_close(taken, outcome.h0 - outcome.h1));
        let product = (1.0 + outcome.gain_from_ai) * (1.0 + outcome.gain_from_merging);
        prop_assert!(is_close(1.0 + outcome.gain, product));
        let hours: f64 = outcome.tasks.iter().map(|task| task.hours_before).sum();
        prop_assert!(is_close(hours + outcome.coordination_hours, outcome.h0));
        let removed: f64 = outcome.duplicate_groups.iter().map(|group| group.removed).sum();
        prop_assert!(is_close(removed, steps.duplicates_removed));
        let after: f64 = outcome.tasks.iter().map(|task| task.hours_after).sum();
        let merged = outcome.coordination_hours * (1.0 - assumptions.handoff_removed) + after;
        prop_assert!(is_close(outcome.breadth_factor * merged, outcome.h1));
        prop_assert!(outcome.interval.lower <= outcome.gain && outcome.gain <= outcome.interval.upper);
        prop_assert!(0.0 <= outcome.jaccard && outcome.jaccard <= 1.0 && outcome.h1 > 0.0);
        let shares: f64 = outcome.score.stage_mix.iter().map(|share| share.time_share).sum();
        prop_assert!(is_close(shares, 1.0));
    }

    #[test]
    fn with_all_of_ai_adopted_already_it_saves_nothing(roles in vec(combination_role(), 2..4), assumptions in assumptions()) {
        let mut roles = roles;
        roles.iter_mut().for_each(|role| role.current_adoption = assumptions.adoption);
        let outcome = combine(&roles, &assumptions).unwrap();
        prop_assert!(outcome.gain_from_ai.abs() < 1e-12 && outcome.waterfall.ai_saved.abs() < 1e-9);
    }

    #[test]
    fn clients_stay_between_their_roles(roles in vec(client_role(), 1..6), library in client_role()) {
        let library = score(&library.tasks);
        let figures = client_figures(&roles, library.as_ref()).unwrap();
        let scores: Vec<f64> = roles.iter().filter_map(|role| score_value(&role.tasks)).collect();
        prop_assert_eq!((figures.role_count, figures.scored_role_count), (roles.len(), scores.len()));
        prop_assert_eq!(figures.score.is_some(), !scores.is_empty());
        if let Some(mean) = figures.score {
            let low = scores.iter().copied().fold(f64::INFINITY, f64::min);
            let high = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(low - 1e-9 <= mean && mean <= high + 1e-9);
            let shares: f64 = figures.stage_mix.iter().map(|share| share.time_share).sum();
            prop_assert!(is_close(shares, 1.0));
            // The score of the mean mix.
            let of_mix: f64 = figures.stage_mix.iter().map(|share| 100.0 * share.time_share * share.stage.weight()).sum();
            prop_assert!(is_close(of_mix, mean));
        }
        if let Some(distance) = figures.stage_mix_distance {
            prop_assert!((0.0..=1.0).contains(&distance));
            // A score moves by no more than the weights of the stages allow.
            prop_assert!(figures.score_distance.unwrap().abs() <= 87.5 * distance + 1e-6);
        }
    }

    #[test]
    fn a_client_like_the_library_is_at_no_distance(role in client_role(), headcounts in vec(0.1..50.0, 1..5)) {
        let library = score(&role.tasks);
        let copies: Vec<RoleDefinition> =
            headcounts.into_iter().map(|headcount| RoleDefinition { headcount, ..role.clone() }).collect();
        let figures = client_figures(&copies, library.as_ref()).unwrap();
        prop_assert_eq!(figures.score_distance.is_some(), library.is_some());
        prop_assert!(figures.score_distance.unwrap_or(0.0).abs() < 1e-9);
        prop_assert!(figures.stage_mix_distance.unwrap_or(0.0) < 1e-9);
    }

    #[test]
    fn a_key_is_normal_after_one_step(text in "\\PC{0,40}") {
        let key = normalized_key(&text);
        prop_assert_eq!(normalized_key(&key), key.clone());
        prop_assert!(!key.starts_with('-') && !key.ends_with('-') && !key.contains("--"));
    }

    #[test]
    fn a_key_of_any_characters_is_normal_after_one_step(text in vec(any::<char>(), 0..20)) {
        let key = normalized_key(&text.into_iter().collect::<String>());
        prop_assert_eq!(normalized_key(&key), key.clone());
    }

    #[test]
    fn likeness_goes_both_ways(a in "([a-e]{1,6}[ -]?){0,8}", b in "([a-e]{1,6}[ -]?){0,8}") {
        let likeness = similarity(&a, &b);
        prop_assert_eq!(likeness.to_bits(), similarity(&b, &a).to_bits());
        prop_assert!((0.0..=1.0).contains(&likeness));
        prop_assert!(normalized_key(&a).is_empty() || similarity(&a, &a) == 1.0);
    }

    #[test]
    fn likeness_of_any_text_stays_in_range(a in "\\PC{0,60}", b in "\\PC{0,60}") {
        let likeness = similarity(&a, &b);
        prop_assert!((0.0..=1.0).contains(&likeness) && likeness.to_bits() == similarity(&b, &a).to_bits());
    }

    #[test]
    fn validation_takes_anything(
        texts in vec(vec(any::<char>(), 0..12), 6),
        numbers in vec(any::<f64>(), 5),
        months in (any::<u16>(), any::<u16>()),
        proficiency in option::of(any::<u8>()),
        copies in 1_usize..4,
    ) {
        let text = |position: usize| texts[position].iter().collect::<String>();
        let task = Task {
            key: text(0),
            title: text(1),
            rationale: Some(text(2)),
            time_share: Some(numbers[0]),
            consequence: Some(numbers[1]),
            canonical_task: Some(text(3)),
            ..Task::default()
        };
        let skill = Skill { proficiency, automation_risk: Some(numbers[2]), ..Skill::new(text(4), Trend::Stable) };
        let pathway = CareerPathway { target: text(5), months_from: months.0, months_to: months.1, ..Default::default() };
        let role = RoleDefinition {
            title: text(5),
            headcount: numbers[3],
            coordination_share: Some(numbers[4]),
            tasks: vec![task; copies],
            skills: vec![skill; copies],
            pathways: vec![pathway; copies],
            ..RoleDefinition::default()
        };
        if let Err(violations) = role.validate(&RoleLimits::default()) {
            prop_assert!(!violations.is_empty() && violations.0.len() <= 50);
            prop_assert!(violations.iter().all(|violation| !violation.message.is_empty()));
        }
        let _ = score(&role.tasks);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_same_seed_gives_the_same_answer(seed in any::<u64>(), roles in vec(combination_role(), 2..4)) {
        let simulate = || monte_carlo(&roles, &Assumptions::base(), seed, 500).unwrap();
        let quantiles = simulate();
        prop_assert_eq!(quantiles, simulate());
        prop_assert!(quantiles.p10 <= quantiles.p50 && quantiles.p50 <= quantiles.p90);
    }
}
