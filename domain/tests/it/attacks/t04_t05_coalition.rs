//! T04, T05: an attacker who knows some or all of the others of a small cell.

use domain::disclosure::Policy;

use super::bits::Bits;
use super::cells::noisy_mean;
use super::finding::{Finding, trials};
use super::statistics::{remaining, remaining_error};

const COUNT: usize = 10;

/// What is left of the uncertainty about the last of ten, for one who knows the first `known` and sees `refreshes` versions.
fn attack(known: usize, refreshes: usize, trials: usize, seed: u64) -> f64 {
    let policy = Policy::default();
    let mut bits = Bits::new(seed);
    let (mut targets, mut seen) = (Vec::new(), Vec::new());
    for _ in 0..trials {
        let scores: Vec<i64> = (0..COUNT).map(|_| bits.score()).collect();
        let sum: f64 = (0..refreshes).map(|_| noisy_mean(&policy, &scores, &mut bits)).sum();
        let own: i64 = scores[..known].iter().sum();
        targets.push(scores[COUNT - 1] as f64 / 1_000.0);
        seen.push(COUNT as f64 * sum / refreshes as f64 - own as f64 / 1_000.0);
    }
    remaining(&targets, &seen)
}

fn judge(
    number: &'static str,
    attack_name: &'static str,
    condition: &'static str,
    known: usize,
    refreshes: usize,
    least: f64,
) {
    let trials = trials(3_000, 40_000);
    let r = attack(known, refreshes, trials, 100 * known as u64 + refreshes as u64);
    let error = remaining_error(r, trials);
    Finding {
        number,
        attack: attack_name,
        tried: format!("{trials} cells of {COUNT}, {known} known, {refreshes} refresh(es), real noise and rounding"),
        condition,
        measured: format!("R = {r:.3} +- {error:.3}"),
    }
    .judge(r >= least && r - 4.0 * error >= least - 0.02);
}

#[test]
fn t04_taking_away_the_own_data() {
    judge("T04", "the own data removed at n = 10", "R >= 0.90 for every other contributor", 1, 1, 0.90);
}

#[test]
fn t05_nine_of_ten_collude() {
    judge("T05", "nine of ten collude, one version", "R >= 0.90 (0.94 expected)", 9, 1, 0.90);
}

#[test]
fn t05_nine_of_ten_collude_for_a_year() {
    judge("T05", "nine of ten collude, two refreshes", "R >= 0.85 (0.89 expected)", 9, 2, 0.85);
}

#[test]
fn t05_the_control_sees_exact_figures() {
    // The same attack on exact means rounded to 5 points must find more than the noise lets it.
    let policy = Policy { common_noise: 0.0, own_noise: 0.0, ..Policy::default() };
    let mut bits = Bits::new(5);
    let (mut targets, mut seen) = (Vec::new(), Vec::new());
    for _ in 0..2_000 {
        let scores: Vec<i64> = (0..COUNT).map(|_| bits.score()).collect();
        targets.push(scores[9] as f64);
        let others: i64 = scores[..9].iter().sum();
        seen.push(10_000.0 * noisy_mean(&policy, &scores, &mut bits) - others as f64);
    }
    let r = remaining(&targets, &seen);
    Finding {
        number: "T05",
        attack: "control: nine of ten against exact means",
        tried: "2,000 cells of 10 without noise, rounded to 5 points".to_owned(),
        condition: "R < 0.80, or the attack is too weak to say anything",
        measured: format!("R = {r:.3}"),
    }
    .judge(r < 0.80);
}
