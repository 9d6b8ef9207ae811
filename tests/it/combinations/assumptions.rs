//! What a client may assume in place of the method's values.

use rolemark_tests::{TestServer, sign_up};
use serde_json::{Value, json};

use super::{BACKEND, DEVOPS, canonical, figures, simulate};
use crate::steps::{assert_close, assert_faults};

const ASSUMPTIONS: &str =
    "gain assumptions { tauAtRisk tauAiAssisted tauAutomated adoption handoffRemoved duplicateRemoved
    breadth rampMonths }";

/// Each field with its low end, base and high end.
const RANGES: [(&str, f64, f64, f64); 7] = [
    ("tauAtRisk", 0.0, 0.10, 0.21),
    ("tauAiAssisted", 0.06, 0.21, 0.32),
    ("tauAutomated", 0.21, 0.56, 0.89),
    ("adoption", 0.5, 0.75, 0.9),
    ("handoffRemoved", 0.32, 0.5, 0.6),
    ("duplicateRemoved", 0.25, 0.5, 0.75),
    ("breadth", 0.0, 0.1, 0.2),
];

fn with(assumptions: Value) -> Value {
    json!({ "roles": canonical(&[BACKEND, DEVOPS]), "assumptions": assumptions })
}

pub async fn assumptions_within_their_ranges_count(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let gain = async |assumptions: Value| {
        let answer = simulate(&admin.client, with(assumptions), ASSUMPTIONS).await;
        answer.at("simulateRoleCombination.outcome").clone()
    };
    let base = gain(json!({})).await;
    for (field, low, middle, high) in RANGES {
        assert_close(&base["assumptions"][field], middle, 1e-12);
        let (at_low, at_high) = (gain(json!({ field: low })).await, gain(json!({ field: high })).await);
        assert_close(&at_low["assumptions"][field], low, 1e-12);
        assert_close(&at_high["assumptions"][field], high, 1e-12);
        let gains = [&at_low, &base, &at_high].map(|outcome| outcome["gain"].as_f64().unwrap_or_default());
        let is_cost = field == "breadth";
        assert!(
            if is_cost {
                gains[0] > gains[1] && gains[1] > gains[2]
            } else {
                gains[0] < gains[1] && gains[1] < gains[2]
            },
            "{field}: {gains:?}"
        );
    }
    assert_eq!(base["assumptions"]["rampMonths"], json!(15.0));
}

pub async fn assumptions_out_of_range_name_their_field(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let refused = async |assumptions: Value, path: &str| {
        let answer = simulate(&admin.client, with(assumptions), "gain").await;
        assert_faults(&answer, "simulateRoleCombination", &[("OUT_OF_RANGE", path)]);
    };
    for (field, low, _, high) in RANGES {
        for value in [low - 0.001, high + 0.001, -1e308, 1e308] {
            refused(json!({ field: value }), &format!("input.assumptions.{field}")).await;
        }
    }
    for months in [0, 61, -5, 100_000, i64::from(i32::MAX)] {
        refused(json!({ "rampMonths": months }), "input.assumptions.rampMonths").await;
    }
}

/// G min(1, t/R) - 0.10 max(0, 1 - t/R).
pub async fn ramp_shapes_the_transition(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    for (assumptions, months) in
        [(json!({}), 15.0), (json!({ "rampMonths": 1 }), 1.0), (json!({ "rampMonths": 60 }), 60.0)]
    {
        let answer = simulate(&admin.client, with(assumptions), "gain transition { month gain }").await;
        let outcome = answer.at("simulateRoleCombination.outcome");
        let gain = outcome["gain"].as_f64().unwrap_or_default();
        let points = outcome["transition"].as_array().cloned().unwrap_or_default();
        assert_eq!((&points[0]["month"], &points[points.len() - 1]["month"]), (&json!(0.0), &json!(months)));
        for point in &points {
            let way = (point["month"].as_f64().unwrap_or_default() / months).min(1.0);
            assert_close(&point["gain"], gain * way - 0.10 * (1.0 - way), 1e-8);
        }
    }
}

pub async fn roles_take_figures_of_the_case(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let roles = json!([
        { "canonicalRoleKey": BACKEND, "headcount": 8, "coordinationShare": 0.1, "currentAiAdoption": 0.5 },
        { "canonicalRoleKey": DEVOPS },
    ]);
    let outcome = figures(&admin.client, json!({ "roles": roles })).await;
    let first = json!({ "title": "Backend Engineer", "headcount": 8.0, "coordinationShare": 0.1,
        "currentAiAdoption": 0.5, "isCoordinationShareAssumed": false, "isEquallyShared": true });
    assert_eq!(outcome["roles"][0], first);
    assert_eq!(outcome["roles"][1]["headcount"], 1.0);
    assert_close(&outcome["coordinationFte"], 8.0 * 0.1 + 0.2, 1e-9);

    for (field, values, path) in [
        ("headcount", [0.0, -1.0, 1e300], "headcount"),
        ("coordinationShare", [-0.01, 0.81, 7.0], "coordinationShare"),
        ("currentAiAdoption", [-0.01, 1.01, 7.0], "currentAiAdoption"),
    ] {
        for value in values {
            let roles = json!([{ "canonicalRoleKey": BACKEND }, { "canonicalRoleKey": DEVOPS, field: value }]);
            let answer = simulate(&admin.client, json!({ "roles": roles }), "gain").await;
            let path = format!("input.roles.1.{path}");
            assert_faults(&answer, "simulateRoleCombination", &[("OUT_OF_RANGE", &path)]);
        }
    }
    let roles = json!([{ "canonicalRoleKey": BACKEND, "currentAiAdoption": 0.8 }, { "canonicalRoleKey": DEVOPS }]);
    let answer = simulate(&admin.client, json!({ "roles": roles }), "gain").await;
    assert_faults(&answer, "simulateRoleCombination", &[("OUT_OF_RANGE", "input.assumptions.adoption")]);
}
