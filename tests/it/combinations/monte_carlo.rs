//! Random draws that anyone can repeat.

use rolemark_tests::{TestServer, sign_up};
use serde_json::{Value, json};

use super::{BACKEND, DEVOPS, canonical, simulate};
use crate::steps::{assert_close, assert_faults};

fn with(monte_carlo: Value) -> Value {
    json!({ "roles": canonical(&[BACKEND, DEVOPS]), "monteCarlo": monte_carlo })
}

pub async fn same_seed_gives_the_same_answer(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let draw = async |monte_carlo: Value| {
        let answer = simulate(&admin.client, with(monte_carlo), "gain").await;
        answer.at("simulateRoleCombination.monteCarlo").clone()
    };
    let first = draw(json!({ "seed": 42 })).await;
    assert_eq!(first["draws"], 10_000);
    assert_eq!(first["seed"], 42.0);
    // The generator is portable: the same on every machine and both databases, until the method has another version.
    for (quantile, value) in [("p10", 0.240_817_09), ("p50", 0.326_731_025), ("p90", 0.420_202_836)] {
        assert_close(&first[quantile], value, 1e-8);
    }
    assert_eq!(draw(json!({ "seed": 42 })).await, first);
    assert_eq!(draw(json!({ "seed": 42, "draws": 10_000 })).await, first);
    let other = draw(json!({ "seed": 43 })).await;
    assert_ne!(other["p50"], first["p50"]);
    let few = draw(json!({ "seed": 42, "draws": 100 })).await;
    assert_ne!(few["p50"], first["p50"]);
    for drawn in [&first, &other, &draw(json!({ "seed": 2_147_483_647 })).await] {
        let [p10, p50, p90] = ["p10", "p50", "p90"].map(|quantile| drawn[quantile].as_f64().unwrap_or_default());
        assert!(p10 < p50 && p50 < p90, "{drawn}");
        // Triangular distributions around the base: near it, and within the interval's order of size.
        assert!((0.25..0.45).contains(&p50) && p10 > 0.1 && p90 < 0.6, "{drawn}");
        assert_close(&drawn["p50"], first["p50"].as_f64().unwrap_or_default(), 0.01);
    }
}

pub async fn draws_out_of_range_are_refused(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    for (monte_carlo, path) in [
        (json!({ "seed": -1 }), "input.monteCarlo.seed"),
        (json!({ "seed": 1, "draws": 99 }), "input.monteCarlo.draws"),
        (json!({ "seed": 1, "draws": 100_001 }), "input.monteCarlo.draws"),
        (json!({ "seed": 1, "draws": -7 }), "input.monteCarlo.draws"),
    ] {
        let answer = simulate(&admin.client, with(monte_carlo), "gain").await;
        assert_faults(&answer, "simulateRoleCombination", &[("OUT_OF_RANGE", path)]);
    }
    let answer = simulate(&admin.client, with(json!({ "seed": 1, "draws": 100_000 })), "gain").await;
    assert_eq!(answer.at("simulateRoleCombination.monteCarlo.draws"), 100_000);
    let answer = simulate(&admin.client, with(json!({ "seed": 2_147_483_648_i64 })), "gain").await;
    assert_eq!(answer.error_codes().len(), 1, "no GraphQL Int: {answer}");
    assert!(answer.body["data"].is_null(), "{answer}");
}
