//! The figures that DESIGN and the golden vectors promise.

use rolemark_tests::{TestServer, sign_up};
use serde_json::{Value, json};

use super::{BACKEND, DATA, DEVOPS, canonical, figures, simulate};
use crate::steps::{assert_close, assert_same};

/// Figures carry six decimals; intervals and tornado four.
const EXACT: f64 = 1e-6;
const ROUNDED: f64 = 5e-5;

#[track_caller]
fn assert_figures(outcome: &Value, expected: &[(&str, f64)]) {
    for (path, expected) in expected {
        let pointer = format!("/{}", path.replace('.', "/"));
        let found = outcome.pointer(&pointer).unwrap_or_else(|| panic!("no {path}: {outcome}"));
        assert_close(found, *expected, if path.starts_with("interval") { ROUNDED } else { EXACT });
    }
}

pub async fn backend_and_devops_is_reproduced(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let answer = simulate(&admin.client, json!({ "roles": canonical(&[BACKEND, DEVOPS]) }), super::FIGURES).await;
    assert_eq!(answer.text_at("simulateRoleCombination.libraryCombinationKey"), "rolemark:platform-engineer");
    assert!(answer.at("simulateRoleCombination.monteCarlo").is_null(), "{answer}");
    let outcome = answer.at("simulateRoleCombination.outcome");
    let expected = [
        ("gain", 0.35155),
        ("gainPercent", 35.0),
        ("gainFromAi", 0.15088),
        ("gainFromMerging", 0.174_361),
        ("hoursSavedShare", 0.260_109),
        ("fteFreed", 0.520_217),
        ("fteWithAiAlone", 1.7378),
        ("breadthFactor", 1.064_286),
        ("coordinationFte", 0.4),
        ("skillSimilarity", 0.357_143),
        ("interval.lower", 0.17),
        ("interval.upper", 0.5257),
        ("waterfall.startingFte", 2.0),
        ("waterfall.duplicatesRemoved", 0.16),
        ("waterfall.coordinationRemoved", 0.2),
        ("waterfall.aiSaved", 0.2496),
        ("waterfall.breadthCost", 0.089_383),
        ("waterfall.endingFte", 1.479_783),
        ("stress.tauAiAssisted", -0.19),
    ];
    assert_figures(outcome, &expected);
    assert_eq!(outcome["methodVersion"], 1);
    assert_eq!(outcome["isSkillSimilarityUndefined"], false);
    assert!(outcome["stress"]["gain"].as_f64() < outcome["gain"].as_f64(), "AI that costs time gains less");
}

pub async fn backend_and_data_is_reproduced(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let answer = simulate(&admin.client, json!({ "roles": canonical(&[BACKEND, DATA]) }), super::FIGURES).await;
    assert_eq!(answer.text_at("simulateRoleCombination.libraryCombinationKey"), "rolemark:data-platform-engineer");
    let expected = [
        ("gain", 0.296_792),
        ("gainPercent", 30.0),
        ("gainFromAi", 0.186_442),
        ("gainFromMerging", 0.093_009),
        ("hoursSavedShare", 0.228_866),
        ("fteFreed", 0.457_732),
        ("skillSimilarity", 0.285_714),
        ("interval.lower", 0.1227),
        ("interval.upper", 0.4675),
        ("waterfall.duplicatesRemoved", 0.1275),
        ("waterfall.coordinationRemoved", 0.15),
        ("waterfall.aiSaved", 0.28305),
        ("waterfall.breadthCost", 0.102_818),
        ("waterfall.endingFte", 1.542_268),
    ];
    assert_figures(answer.at("simulateRoleCombination.outcome"), &expected);
}

pub async fn tornado_is_reproduced(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let selection = "tornado { parameter lowValue highValue gainAtLow gainAtHigh }";
    let answer = simulate(&admin.client, json!({ "roles": canonical(&[BACKEND, DEVOPS]) }), selection).await;
    let bars = answer.at("simulateRoleCombination.outcome.tornado").as_array().cloned().unwrap_or_default();
    let expected = [
        ("TAU_AT_RISK", 0.3457, 0.358),
        ("TAU_AI_ASSISTED", 0.301, 0.3912),
        ("TAU_AUTOMATED", 0.2567, 0.4552),
        ("ADOPTION", 0.2752, 0.4019),
        ("HANDOFF_REMOVED", 0.285, 0.3916),
        ("DUPLICATE_REMOVED", 0.2835, 0.4272),
        ("BREADTH", 0.4384, 0.2746),
        ("COORDINATION_SHARE", 0.3282, 0.3757),
    ];
    assert_eq!(bars.len(), expected.len(), "{answer}");
    for (parameter, low, high) in expected {
        let bar = bars.iter().find(|bar| bar["parameter"] == parameter).unwrap_or_else(|| panic!("no {parameter}"));
        assert_close(&bar["gainAtLow"], low, ROUNDED);
        assert_close(&bar["gainAtHigh"], high, ROUNDED);
    }
    let widths: Vec<f64> =
        bars.iter().map(|bar| (number(bar, "gainAtHigh") - number(bar, "gainAtLow")).abs()).collect();
    assert!(widths.is_sorted_by(|wide, narrow| wide >= narrow), "the widest comes first: {widths:?}");
}

fn number(object: &Value, field: &str) -> f64 {
    object[field].as_f64().unwrap_or_else(|| panic!("no {field}: {object}"))
}

pub async fn order_of_roles_does_not_matter(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let without_roles = |mut outcome: Value| {
        outcome.as_object_mut().map(|fields| fields.remove("roles"));
        outcome
    };
    let one = figures(&admin.client, json!({ "roles": canonical(&[BACKEND, DEVOPS, DATA]) })).await;
    assert_eq!(one["roles"][1]["title"], "DevOps Engineer", "the answer keeps the order of the input");
    for keys in [[DATA, DEVOPS, BACKEND], [DEVOPS, BACKEND, DATA]] {
        let other = figures(&admin.client, json!({ "roles": canonical(&keys) })).await;
        assert_same(&without_roles(other), &without_roles(one.clone()));
    }
}

pub async fn waterfall_adds_up(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    for outcome in several(&admin.client).await {
        let of = |field: &str| number(&outcome["waterfall"], field);
        let saved = of("duplicatesRemoved") + of("coordinationRemoved") + of("aiSaved") - of("breadthCost");
        assert_close(&json!(of("startingFte") - saved), of("endingFte"), 1e-8);
        assert_close(&outcome["fteFreed"], of("startingFte") - of("endingFte"), 1e-8);
        assert_close(&outcome["hoursSavedShare"], 1.0 - of("endingFte") / of("startingFte"), 1e-8);
        assert_close(&outcome["gain"], of("startingFte") / of("endingFte") - 1.0, 1e-8);
        let heads: f64 = outcome["roles"].as_array().into_iter().flatten().map(|role| number(role, "headcount")).sum();
        assert_close(&json!(of("startingFte")), heads, 1e-8);
    }
}

pub async fn gain_is_made_of_its_parts(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    for outcome in several(&admin.client).await {
        let (ai, merging) = (number(&outcome, "gainFromAi"), number(&outcome, "gainFromMerging"));
        assert_close(&outcome["gain"], (1.0 + ai) * (1.0 + merging) - 1.0, 1e-8);
        assert_close(&outcome["gainPercent"], (number(&outcome, "gain") * 100.0).round(), 1e-9);
        let interval = (number(&outcome["interval"], "lower"), number(&outcome["interval"], "upper"));
        assert!(interval.0 <= number(&outcome, "gain") && number(&outcome, "gain") <= interval.1, "{outcome}");
    }
}

/// Combinations of different sizes, heads and assumptions.
async fn several(client: &rolemark_tests::Client) -> Vec<Value> {
    let inputs = [
        json!({ "roles": canonical(&[BACKEND, DEVOPS]) }),
        json!({ "roles": canonical(&["rolemark:recruiter", "rolemark:corporate-counsel"]) }),
        json!({ "roles": [
            { "canonicalRoleKey": BACKEND, "headcount": 12.5, "coordinationShare": 0.1 },
            { "canonicalRoleKey": DEVOPS, "headcount": 3, "currentAiAdoption": 0.4 },
            { "canonicalRoleKey": DATA, "headcount": 0.25, "coordinationShare": 0.8 },
            { "canonicalRoleKey": "rolemark:qa-engineer", "coordinationShare": 0 },
        ], "assumptions": { "adoption": 0.9, "breadth": 0.2, "duplicateRemoved": 0.25 } }),
    ];
    let mut outcomes = Vec::new();
    for input in inputs {
        outcomes.push(figures(client, input).await);
    }
    outcomes
}
