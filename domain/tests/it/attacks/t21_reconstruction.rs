//! T21: everything that was ever published, put together; and the control that shows that the attack can succeed.

use std::collections::BTreeSet;

use domain::disclosure::{Policy, Reconstruction, reconstruct};

use super::bits::Bits;
use super::finding::{Finding, trials};
use super::history::History;
use super::population::{Churn, world};
use super::posterior::remaining;

/// The R of all contributors of some worlds, in one list.
#[derive(Default)]
struct Found(Vec<f64>);

impl Found {
    fn below(&self, limit: f64) -> f64 {
        self.0.iter().filter(|r| **r < limit).count() as f64 / self.0.len() as f64
    }

    fn least(&self) -> f64 {
        self.0.iter().copied().fold(1.0, f64::min)
    }

    fn text(&self) -> String {
        let [tenth, half, usual] = [0.1, 0.5, 0.9].map(|limit| 100.0 * self.below(limit));
        let least = self.least();
        format!(
            "R < 0.1: {tenth:.1} %, < 0.5: {half:.1} %, < 0.9: {usual:.2} %, least {least:.3}, {} contributors",
            self.0.len()
        )
    }
}

fn history(policy: &Policy, seed: u64) -> History {
    History::of(policy, world(300, 8, Churn::SIMULATED, &mut Bits::new(2_100 + seed)))
}

/// Forty that the attacker knows: thirty of anybody, ten of the two smallest industries.
fn coalition(history: &History, seed: u64) -> BTreeSet<u32> {
    let mut bits = Bits::new(40 + seed);
    let everybody = history.everybody();
    let industry = |id: u32| {
        history.releases.iter().find_map(|members| members.get(&id)).map(|member| member.atom.segment().industry)
    };
    let mut small: Vec<u32> =
        everybody.iter().copied().filter(|id| industry(*id).is_some_and(|industry| industry as usize >= 4)).collect();
    let mut known = BTreeSet::new();
    while known.len() < 30 {
        known.insert(everybody[bits.below(everybody.len())]);
    }
    while known.len() < 40 && !small.is_empty() {
        known.insert(small.swap_remove(bits.below(small.len())));
    }
    known
}

fn attack(history: &History, noise: impl Fn(u32) -> f64, known: &BTreeSet<u32>) -> Reconstruction {
    let patterns = history.patterns(|id| known.contains(&id));
    reconstruct(&Policy::default(), &history.audit_versions(noise), &patterns)
}

fn judge(attack_name: &'static str, knows_forty: bool) {
    let policy = Policy::default();
    let worlds = trials(2, 40) as u64;
    let noise = |count| policy.sum_noise(count);
    let (mut found, mut largest_gap, mut shown, mut cells) = (Found::default(), 0.0_f64, 0, 0);
    for seed in 0..worlds {
        let history = history(&policy, seed);
        let known = if knows_forty { coalition(&history, seed) } else { BTreeSet::new() };
        let result = attack(&history, noise, &known);
        if seed < trials(1, 10) as u64 {
            let own = remaining(&history, noise, |id| known.contains(&id));
            let gaps = own.iter().zip(&result.r).map(|(own, audit)| (own - audit).abs());
            largest_gap = gaps.fold(largest_gap, f64::max);
        }
        let everybody = history.everybody();
        found.0.extend(everybody.iter().zip(&result.r).filter(|(id, _)| !known.contains(id)).map(|(_, r)| *r));
        shown += history.shown.len();
        cells += history.cells;
    }
    let share = 100.0 * shown as f64 / cells as f64;
    Finding {
        number: "T21",
        attack: attack_name,
        tried: format!("{worlds} worlds of 300 tenants, 8 releases, 4 % join and leave; all rules but the audit gate; {share:.0} % of cells shown"),
        condition: "R < 0.5: none; R < 0.9: at most 2 %; least >= 0.80 (0.89 expected); the audit finds the same as the attacker",
        measured: format!("{}; audit against attacker {largest_gap:.0e}", found.text()),
    }
    .judge(found.below(0.5) == 0.0 && found.below(0.9) <= 0.02 && found.least() >= 0.80 && largest_gap < 1e-3);
}

#[test]
fn t21_a_passive_reader_reconstructs_nobody() {
    judge("full reconstruction, passive", false);
}

#[test]
fn t21_a_coalition_of_forty_reconstructs_nobody() {
    judge("full reconstruction, 40 known", true);
}

/// A policy as benchmarks usually have one: a count of five, exact means, nothing else.
fn usual_practice() -> Policy {
    Policy {
        unsafe_policy: true,
        k_min: 5,
        k_independent: 0,
        complement_min: 0,
        near_duplicate_min: 0,
        churn_min: 0,
        max_carry: 0,
        window: 0,
        slow_refresh_below: 0,
        common_noise: 0.0,
        own_noise: 0.0,
        ..Policy::default()
    }
}

#[test]
fn t21_the_control_turns_exact_figures_inside_out() {
    let policy = usual_practice();
    let worlds = trials(1, 40) as u64;
    let mut found = Found::default();
    for seed in 0..worlds {
        // Means of points with one decimal: an error of 0.0289 points each.
        let result = attack(&history(&policy, seed), |count| 0.0289 * f64::from(count) / 30.0, &BTreeSet::new());
        found.0.extend(result.r);
    }
    Finding {
        number: "T21",
        attack: "control: exact means from five on",
        tried: format!("the same attack on {worlds} of the same worlds, k = 5, no other rule, no noise"),
        condition: "R < 0.1 for more than 5 %, or the test is broken",
        measured: found.text(),
    }
    .judge(found.below(0.1) > 0.05);
}
