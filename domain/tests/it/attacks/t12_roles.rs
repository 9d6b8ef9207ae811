//! T12: averaging over the many roles of one target, so that the noise washes out.

use domain::disclosure::{Draw, Policy, Statistic};

use super::bits::Bits;
use super::cells::{contributor, shown, totals};
use super::finding::{Finding, trials};
use super::statistics::{correlation, mean, remaining, remaining_error, sd_around};

const COUNT: usize = 10;

#[test]
fn t12_a_hundred_roles_do_not_wash_out_the_noise() {
    let policy = Policy::default();
    let (trials, roles) = (trials(2_000, 6_000), trials(12, 100));
    let mut bits = Bits::new(12);
    let (common, own) = (Statistic::Mean.common_noise(&policy), Statistic::Mean.own_noise(&policy));
    let (mut levels, mut seen) = (Vec::new(), Vec::new());
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for _ in 0..trials {
        // The target is as far in all of its roles; the prior of this level is 12 points wide.
        let level = 50.0 + 12.0 * bits.normal();
        let shared = common.draw(&mut bits);
        let mut differences = Vec::new();
        for _ in 0..roles {
            let scores: Vec<i64> = (1..COUNT).map(|_| bits.score()).collect();
            let sum = totals(&policy, scores.iter().copied().chain([(1_000.0 * level) as i64]).map(contributor));
            let draw = Draw { common: shared, own: own.draw(&mut bits) };
            let shown = shown(&policy, &sum, |_| draw).score().unwrap().mean;
            let others: i64 = scores.iter().map(|score| (*score).clamp(20_000, 80_000)).sum();
            differences.push(COUNT as f64 * shown - others as f64 / 1_000.0);
            if differences.len() <= 2 {
                let noise = COUNT as f64 * shown - (sum.score as f64 / 1_000.0 + 50.0 * COUNT as f64);
                if differences.len() == 1 { first.push(noise) } else { second.push(noise) }
            }
        }
        levels.push(level);
        seen.push(mean(&differences));
    }
    let r = remaining(&levels, &seen);
    let error = remaining_error(r, trials);
    // Rounding to 5 points is no part of the noise; it is independent and takes from the correlation.
    let (spread, rounding) = (sd_around(&first, 0.0), (5.0 * COUNT as f64).powi(2) / 12.0);
    let shared = correlation(&first, &second) * spread * spread / (spread * spread - rounding);
    Finding {
        number: "T12",
        attack: "averaging over all roles of a target",
        tried: format!("{trials} targets with {roles} roles each, cells of {COUNT}, all others known"),
        condition: "R >= 0.85 on the overall level (0.93 expected); correlation of the noise of two roles 0.5 +- 0.05",
        measured: format!("R = {r:.3} +- {error:.3}; correlation {shared:.3}"),
    }
    .judge(r >= 0.85 && r - 4.0 * error >= 0.85 && (shared - 0.5).abs() <= 0.05);
}
