//! Single cells with real figures: contributors, draws, and what is shown of them.

use std::convert::Infallible;

use domain::disclosure::{
    Axis, AxisKind, Centre, Contribution, Digest, Draw, Draws, Policy, ReleasedCell, Statistic, Totals, release_figures,
};

use super::bits::Bits;

pub const CENTRE: Centre = Centre { score: 50_000, ratio: -5_000 };

/// A role with two tasks and two skills.
pub fn axis() -> Axis {
    let keys = |list: [&str; 2]| list.map(str::to_owned).to_vec();
    Axis {
        key: "r:role".to_owned(),
        kind: AxisKind::Role,
        tasks: keys(["r:plan", "r:run"]),
        skills: keys(["r:first", "r:second"]),
        components: Vec::new(),
    }
}

/// A contributor with a score in thousandths of a point.
pub fn contributor(score: i64) -> Contribution {
    Contribution {
        heads_milli: 5_000,
        score,
        ratio: -5_000,
        mix: [500_000, 250_000, 250_000, 0],
        tasks: "HR".to_owned(),
        skills: "10".to_owned(),
    }
}

pub fn totals(policy: &Policy, contributors: impl IntoIterator<Item = Contribution>) -> Totals {
    let mut sum = Totals::default();
    for contribution in contributors {
        sum += Totals::of(&contribution, Digest([1, 1, 1]), CENTRE, policy);
    }
    sum
}

/// Draws of both components as a builder makes them.
pub fn draw(policy: &Policy, statistic: Statistic, bits: &mut Bits) -> Draw {
    Draw { common: statistic.common_noise(policy).draw(bits), own: statistic.own_noise(policy).draw(bits) }
}

/// What is shown, with draws from `draw`.
pub fn shown(policy: &Policy, totals: &Totals, mut draw: impl FnMut(Statistic) -> Draw) -> ReleasedCell {
    let axis = axis();
    let count = totals.contributors as u32;
    let draws = Draws::for_cell(policy, &axis, count, |statistic| Ok::<_, Infallible>(draw(statistic))).unwrap();
    release_figures(policy, &axis, CENTRE, None, totals, &draws).unwrap()
}

/// What the zero-noise build would show.
pub fn shown_exactly(policy: &Policy, totals: &Totals) -> ReleasedCell {
    shown(policy, totals, |_| Draw::default())
}

/// The mean score shown for scores in thousandths of a point, with fresh noise, in points.
pub fn noisy_mean(policy: &Policy, scores: &[i64], bits: &mut Bits) -> f64 {
    let sum = totals(policy, scores.iter().map(|score| contributor(*score)));
    shown(policy, &sum, |statistic| draw(policy, statistic, bits)).score().unwrap().mean
}
