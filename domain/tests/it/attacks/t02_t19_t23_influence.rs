//! T02, T19, T23: how far a few contributors can move what is shown, without any noise.

use domain::disclosure::{Contribution, Policy, Totals};

use super::bits::Bits;
use super::cells::{contributor, shown_exactly, totals};
use super::finding::{Finding, trials};

fn sums(policy: &Policy, others: &[i64], own: &[Contribution]) -> Totals {
    totals(policy, others.iter().map(|score| contributor(*score)).chain(own.iter().cloned()))
}

/// The exact mean in points, before it is rounded.
fn exact_mean(totals: &Totals) -> f64 {
    50.0 + totals.score as f64 / totals.contributors as f64 / 1_000.0
}

#[test]
fn t02_a_giant_weighs_as_much_as_anybody() {
    let policy = Policy::default();
    let mut bits = Bits::new(2);
    let cells = trials(2_000, 20_000);
    let (mut worst_shown, mut worst_exact, mut worst_gap): (f64, f64, f64) = (0.0, 0.0, 0.0);
    for _ in 0..cells {
        let others: Vec<i64> = (0..9).map(|_| bits.score()).collect();
        let moved = |heads_milli: i64| {
            let with = |score| {
                let own = Contribution { heads_milli, ..contributor(score) };
                let sums = sums(&policy, &others, &[own]);
                (exact_mean(&sums), shown_exactly(&policy, &sums).score().unwrap().mean)
            };
            let ((exact_low, low), (exact_high, high)) = (with(20_000), with(80_000));
            (exact_high - exact_low, high - low)
        };
        let ((giant_exact, giant), (small_exact, _)) = (moved(50_000_000), moved(3_000));
        worst_shown = worst_shown.max(giant.abs());
        worst_exact = worst_exact.max(giant_exact.abs());
        worst_gap = worst_gap.max((giant_exact - small_exact).abs());
    }
    Finding {
        number: "T02",
        attack: "a giant of 50,000 heads beside 9 small ones",
        tried: format!("{cells} cells of 10, no noise, its score moved from 20 to 80"),
        condition: "mean moves by at most 60/10 points and one rounding step of 5, as with a small one +-0.01",
        measured: format!(
            "exact mean {worst_exact:.3}, shown at most {worst_shown}, giant against small {worst_gap:.3}"
        ),
    }
    .judge(worst_exact <= 6.0 + 1e-9 && worst_shown <= 6.0 + 5.0 && worst_gap <= 0.01);
}

#[test]
fn t19_no_quartile_follows_one_contributor() {
    let policy = Policy::default();
    let mut bits = Bits::new(19);
    let cells = trials(1_000, 30_000);
    let mut worst: f64 = 0.0;
    let mut tails = 0;
    for _ in 0..cells {
        let others: Vec<i64> = (0..19).map(|_| bits.score() - 5_000).collect();
        let with = |score| *shown_exactly(&policy, &sums(&policy, &others, &[contributor(score)])).score().unwrap();
        // From edge to edge of what counts, and sixty points beginning elsewhere.
        let start = bits.below(40_001) as i64;
        for (low, high) in [(20_000, 80_000), (start, start + 60_000)] {
            let (low, high) = (with(low), with(high));
            for (before, after) in [(low.p25, high.p25), (low.p50, high.p50), (low.p75, high.p75)] {
                worst = worst.max((after.unwrap() - before.unwrap()).abs());
            }
            tails += usize::from(low.p10.or(low.p90).or(high.p10).or(high.p90).is_some());
        }
    }
    let names = ["contributors", "score", "stageMix", "tasks", "skills", "headcountRatio", "rounding", "shape"];
    let text = shown_exactly(&policy, &sums(&policy, &[50_000; 19], &[contributor(50_000)])).to_json();
    let fields: serde_json::Value = serde_json::from_str(&text).unwrap();
    let unknown = fields.as_object().unwrap().keys().filter(|key| !names.contains(&key.as_str())).count();
    let extremes = ["min\"", "max\"", "minimum", "maximum"].iter().filter(|word| text.contains(*word)).count();
    Finding {
        number: "T19",
        attack: "quantiles follow one of 20",
        tried: format!("{cells} cells of 20 around 45, no noise, one moved by 60 points"),
        condition: "P25, P50 and P75 move by at most 6 points; no minimum or maximum; no P10 or P90 below 100",
        measured: format!("at most {worst} points; {tails} tails; {} fields of extremes", unknown + extremes),
    }
    .judge(worst <= 6.0 && tails + unknown + extremes == 0);
}

#[test]
fn t23_three_of_fifteen_shift_the_mean_by_their_share() {
    let policy = Policy::default();
    let mut bits = Bits::new(23);
    let cells = trials(2_000, 20_000);
    let (mut worst_exact, mut sum_shown, mut worst_shown): (f64, f64, f64) = (0.0, 0.0, 0.0);
    for _ in 0..cells {
        let others: Vec<i64> = (0..12).map(|_| bits.score()).collect();
        let with = |score| {
            let sums = sums(&policy, &others, &[contributor(score), contributor(score), contributor(score)]);
            (exact_mean(&sums), shown_exactly(&policy, &sums).score().unwrap().mean)
        };
        // Impossible values, too: they are clamped.
        let ((exact_low, low), (exact_high, high)) = (with(-1_000_000), with(1_000_000));
        worst_exact = worst_exact.max(exact_high - exact_low);
        worst_shown = worst_shown.max(high - low);
        sum_shown += high - low;
    }
    let usual = sum_shown / cells as f64;
    Finding {
        number: "T23",
        attack: "three adversaries of 15 poison the mean",
        tried: format!("{cells} cells of 15, no noise, three from the lowest to the highest value, beyond 0 and 100 too"),
        condition: "shift at most 3 x 60 / 15 = 12 points before rounding, on average after it, and never one step (5) more",
        measured: format!("exact {worst_exact:.3}, shown {usual:.2} on average, at most {worst_shown}"),
    }
    .judge(worst_exact <= 12.0 + 1e-9 && usual <= 12.2 && worst_shown <= 17.0);
}
