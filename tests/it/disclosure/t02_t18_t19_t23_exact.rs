//! T02, T18, T19, T23 through the real program without noise: how far a few contributors move what readers see.

use rolemark_tests::{Result, TestServer};
use serde_json::Value;

use super::exact_world::{ALIKE, FIFTEEN, GIANT, SMALL, TWENTY, World, world};
use super::finding::Finding;
use super::reading::{ALL, cell};

async fn mean(world: &World, role: usize) -> f64 {
    let cell = cell(&world.reader.client, world.key(role), ALL).await;
    cell["aiImpactScore"]["mean"].as_f64().unwrap_or_else(|| panic!("no mean: {cell}"))
}

/// The mean of scores as the design rounds it, and before.
fn expected(scores: &[f64]) -> (f64, f64) {
    let exact = scores.iter().map(|score| score.clamp(20.0, 80.0)).sum::<f64>() / scores.len() as f64;
    ((exact / 5.0).round() * 5.0, exact)
}

pub(crate) async fn t02_dominance(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let mut shown = Vec::new();
    for role in [GIANT[0], GIANT[1], SMALL[0], SMALL[1]] {
        shown.push(mean(world, role).await);
    }
    let nine: Vec<f64> = (0..9).map(|place| 25.0 + ((place * 37) % 51) as f64).collect();
    let with = |own: f64| expected(&[&nine[..], &[own]].concat());
    let ((low, exact_low), (high, exact_high)) = (with(20.0), with(80.0));
    let is_exact = shown == [low, high, low, high];
    Finding {
        number: "T02",
        attack: "a giant among nine small ones, through the program",
        tried: "50,000 heads and 12 heads beside the same nine, at 20 and at 80; no noise".to_owned(),
        condition: "the mean moves by at most 60/10 points and the rounding of 5; the same for both; exactly as computed by hand",
        measured: format!("shown {shown:?}; by hand {low} and {high}, before rounding {exact_low:.2} and {exact_high:.2}"),
    }
    .judge(world.server(), is_exact && shown[1] - shown[0] <= 11.0 && exact_high - exact_low <= 6.0 + 1e-9);
    Ok(())
}

pub(crate) async fn t18_homogeneity(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let cell = cell(&world.reader.client, world.key(ALIKE), ALL).await;
    let share = |figure: &Value| figure["share"].as_f64();
    let skills: Vec<f64> = cell["skills"].as_array().into_iter().flatten().filter_map(share).collect();
    let tasks = cell["tasks"].as_array().into_iter().flatten();
    let tasks: Vec<f64> =
        tasks.flat_map(|task| task["stageMix"].as_array().into_iter().flatten()).filter_map(share).collect();
    let mix: Vec<f64> = cell["stageMix"].as_array().into_iter().flatten().filter_map(share).collect();
    let all: Vec<f64> = [skills.clone(), tasks, mix].concat();
    let outside = all.iter().filter(|share| !(2.0 / 30.0..=28.0 / 30.0).contains(*share)).count();
    let range = (all.iter().copied().fold(1.0, f64::min), all.iter().copied().fold(0.0, f64::max));
    Finding {
        number: "T18",
        attack: "thirty of thirty, through the program",
        tried: format!("30 contributors that all have the first skill and no other, {} shares, no noise", all.len()),
        condition: "every share within [2/30, 28/30]",
        measured: format!("{outside} outside; from {} to {}", range.0, range.1),
    }
    .judge(world.server(), outside == 0 && skills.len() > 1 && all.len() > 20);
    Ok(())
}

pub(crate) async fn t19_quantiles(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let low = cell(&world.reader.client, world.key(TWENTY[0]), ALL).await["aiImpactScore"].clone();
    let high = cell(&world.reader.client, world.key(TWENTY[1]), ALL).await["aiImpactScore"].clone();
    let moved = ["p25", "p50", "p75"].map(|name| high[name].as_f64().zip(low[name].as_f64()).map(|(a, b)| a - b));
    let worst = moved.iter().map(|by| by.unwrap_or(f64::INFINITY).abs()).fold(0.0, f64::max);
    let has_tails = !(low["p10"].is_null() && low["p90"].is_null());
    Finding {
        number: "T19",
        attack: "quantiles, through the program",
        tried: "twenty contributors, one of them at 20 and at 80; no noise".to_owned(),
        condition: "P25, P50 and P75 move by at most 6 points; P10 and P90 null",
        measured: format!("moved by {moved:?}; tails shown: {has_tails}"),
    }
    .judge(world.server(), worst <= 6.0 && !has_tails);
    Ok(())
}

pub(crate) async fn t23_poisoning(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let (low, high) = (mean(world, FIFTEEN[0]).await, mean(world, FIFTEEN[1]).await);
    let twelve: Vec<f64> = (0..12).map(|place| 25.0 + ((place * 37) % 51) as f64).collect();
    let with = |own: f64| expected(&[&twelve[..], &[own; 3]].concat());
    let ((low_by_hand, exact_low), (high_by_hand, exact_high)) = (with(12.5), with(100.0));
    Finding {
        number: "T23",
        attack: "three adversaries of 15, through the program",
        tried: "twelve contributors and three at the lowest and at the highest score; no noise".to_owned(),
        condition: "shift at most 12 points before rounding to 5; exactly as computed by hand",
        measured: format!("shown {low} and {high}; shift before rounding {:.2}", exact_high - exact_low),
    }
    .judge(world.server(), (low, high) == (low_by_hand, high_by_hand) && exact_high - exact_low <= 12.0 + 1e-9);
    Ok(())
}
