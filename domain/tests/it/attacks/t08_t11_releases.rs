//! T08 to T11: subtracting releases from each other.

use domain::disclosure::{Policy, reconstruct};

use super::bits::Bits;
use super::cells::noisy_mean;
use super::finding::{Finding, trials};
use super::history::{History, Member, Members};
use super::population::{Churn, any_atom, atom, groups, world};
use super::statistics::{remaining, remaining_error};

/// Pairs of published versions of the same or of any two cells, within 8 releases, and those of them that differ by 1 to 4.
fn near_pairs(history: &History) -> (usize, usize) {
    let (mut pairs, mut near) = (0, 0);
    for (place, later) in history.versions.iter().enumerate() {
        for earlier in history.versions[..place].iter().filter(|earlier| later.release - earlier.release <= 8) {
            pairs += 1;
            near += usize::from((1..5).contains(&later.apart(earlier)));
        }
    }
    (pairs, near)
}

/// A world in which one thing happens to one group before each release, somewhere else each time.
fn one_at_a_time(seed: u64, change: impl Fn(&mut Members, &mut Bits)) -> History {
    let mut bits = Bits::new(seed);
    let count = 20 + bits.below(120) as u32;
    let mut members: Members = world(count, 1, Churn::SIMULATED, &mut bits).remove(0);
    let mut history = History::new(&Policy::default());
    for _ in 0..8 {
        history.build(members.clone(), Vec::new());
        change(&mut members, &mut bits);
    }
    history
}

fn judge_pairs(number: &'static str, attack: &'static str, what: &str, change: impl Fn(&mut Members, &mut Bits)) {
    let worlds = trials(20, 1_000);
    let (mut pairs, mut near) = (0, 0);
    for seed in 0..worlds as u64 {
        let found = near_pairs(&one_at_a_time(8_000 + seed, &change));
        pairs += found.0;
        near += found.1;
    }
    Finding {
        number,
        attack,
        tried: format!("{worlds} worlds, {what} before each of 8 releases, {pairs} pairs of published versions"),
        condition: "0 pairs of versions, of the same or of other cells, differ by 1 to 4",
        measured: format!("{near} pairs"),
    }
    .judge(near == 0 && pairs > 200);
}

fn somebody(members: &Members, bits: &mut Bits) -> u32 {
    *members.keys().nth(bits.below(members.len())).unwrap()
}

#[test]
fn t08_one_joiner_between_releases() {
    judge_pairs("T08", "one joiner between releases", "one group joins", |members, bits| {
        let next = members.keys().last().unwrap() + 1;
        members.insert(next, Member { atom: any_atom(bits), value: bits.score() });
    });
}

#[test]
fn t09_one_leaver_between_releases() {
    judge_pairs("T09", "one leaver between releases", "one group leaves", |members, bits| {
        members.remove(&somebody(members, bits));
    });
}

#[test]
fn t10_one_value_changes_between_releases() {
    judge_pairs("T10", "one changed value between releases", "one group changes its values", |members, bits| {
        let who = somebody(members, bits);
        members.get_mut(&who).unwrap().value = bits.score();
    });
}

#[test]
fn t10_segment_changes_and_everything_at_once() {
    let worlds = trials(12, 400);
    let (mut pairs, mut near) = (0, 0);
    for seed in 0..worlds as u64 {
        let mut bits = Bits::new(10_000 + seed);
        let share = [0.005, 0.02, 0.06][seed as usize % 3];
        let churn = Churn { join: share, leave: share, change: share, hop: share / 2.0 };
        let history = History::of(&Policy::default(), world(30 + 20 * (seed as u32 % 8), 12, churn, &mut bits));
        let found = near_pairs(&history);
        pairs += found.0;
        near += found.1;
    }
    Finding {
        number: "T10",
        attack: "joiners, leavers, changes and changes of segment at once",
        tried: format!("{worlds} worlds x 12 releases, {pairs} pairs of published versions"),
        condition: "0 pairs of versions differ by 1 to 4",
        measured: format!("{near} pairs"),
    }
    .judge(near == 0 && pairs > 200);
}

/// With the churn rule off, the noise alone has to hide who joined between two versions.
#[test]
fn t08_the_noise_alone_hides_a_joiner() {
    let policy = Policy::default();
    let trials = trials(3_000, 40_000);
    let mut bits = Bits::new(88);
    let (mut joiners, mut seen) = (Vec::new(), Vec::new());
    for _ in 0..trials {
        let scores: Vec<i64> = (0..20).map(|_| bits.score()).collect();
        let (before, after) = (noisy_mean(&policy, &scores[..19], &mut bits), noisy_mean(&policy, &scores, &mut bits));
        joiners.push(scores[19] as f64);
        seen.push(20.0 * after - 19.0 * before);
    }
    let r = remaining(&joiners, &seen);
    let error = remaining_error(r, trials);
    Finding {
        number: "T08",
        attack: "one joiner, the churn rule off",
        tried: format!("{trials} pairs of cells of 19 and 20 with real noise"),
        condition: "R >= 0.90 (0.97 expected)",
        measured: format!("R = {r:.3} +- {error:.3}"),
    }
    .judge(r >= 0.90 && r - 4.0 * error >= 0.88);
}

/// How often the cells are refreshed within four releases, and what is left of the target's uncertainty.
fn toggled(size: u32, sybils: u32, knows_all: bool) -> (usize, f64) {
    let policy = Policy::default();
    let mut bits = Bits::new(11);
    let members = groups(0, size, atom(0, 0, 0), &mut bits);
    let release = |number: i64| {
        let mut members = members.clone();
        for sybil in 1..=sybils {
            members.get_mut(&sybil).unwrap().value += 1_000 * number;
        }
        members
    };
    let history = History::of(&policy, (0..4).map(release));
    let versions = history.audit_versions(|count| policy.sum_noise(count));
    let found = reconstruct(&policy, &versions, &history.patterns(|id| id != 0 && (knows_all || id <= sybils)));
    (history.versions.len(), found.r[0])
}

#[test]
fn t11_sybils_cannot_force_refreshes() {
    let cases = [(12, 4, true), (12, 6, true), (30, 4, true), (49, 48, true), (60, 6, false), (200, 60, false)];
    let found: Vec<(usize, f64)> = cases.iter().map(|(size, sybils, all)| toggled(*size, *sybils, *all)).collect();
    let texts = cases.iter().zip(&found).map(|((size, sybils, all), (refreshes, r))| {
        let others = if *all { "all others known" } else { "only they known" };
        format!("n = {size}, {sybils} toggle, {others}: {refreshes} version(s), R {r:.3}")
    });
    let small_ones = cases.iter().zip(&found).filter(|((size, ..), _)| *size < 50);
    let most = small_ones.map(|(_, (refreshes, _))| *refreshes).max().unwrap_or(0);
    let least = found.iter().map(|(_, r)| *r).fold(1.0, f64::min);
    Finding {
        number: "T11",
        attack: "Sybils toggle values to force refreshes",
        tried: "4 releases; Sybils change their values before each, the target never".to_owned(),
        condition: "cells below 50 have at most 2 versions; R >= 0.85",
        measured: texts.collect::<Vec<_>>().join("; "),
    }
    .judge(most <= 2 && least >= 0.85);
}
