//! T26: the noise is as wide, as even and as independent as it is said to be, in the draws and in what is shown.

use domain::disclosure::{Contribution, Policy, Statistic};

use super::bits::Bits;
use super::cells::{contributor, draw, shown, totals};
use super::finding::{Finding, trials};
use super::statistics::{correlation, ks_probability, mean, sd_around};

const DRAWS: usize = 20_000;

#[test]
fn t26_draws_are_calibrated() {
    let policy = Policy::default();
    let (mut texts, mut has_passed) = (Vec::new(), true);
    let cases = [
        (Statistic::Mean, 2.0_f64.sqrt(), 1),
        (Statistic::SecondMoment, 1.0, 2),
        (Statistic::Skill(0), 2.0_f64.sqrt(), 3),
    ];
    for (statistic, spec, seed) in cases {
        let mut bits = Bits::new(2_600 + seed);
        let mut release = || (0..DRAWS).map(|_| draw(&policy, statistic, &mut bits).units()).collect::<Vec<f64>>();
        let (values, next) = (release(), release());
        let (sd, bias) = (sd_around(&values, mean(&values)), mean(&values));
        let (fit, between) = (ks_probability(&values, spec), correlation(&values, &next));
        has_passed &= (sd / spec - 1.0).abs() < 0.03 && bias.abs() < 0.03 * spec && fit > 0.001 && between.abs() < 0.03;
        let name = statistic.text(&super::cells::axis());
        texts.push(format!(
            "{name}: sd {:+.1} %, bias {:+.3} sd, p {fit:.3}, r {between:+.3}",
            100.0 * (sd / spec - 1.0),
            bias / spec
        ));
    }
    Finding {
        number: "T26",
        attack: "calibration of the draws",
        tried: format!("{DRAWS} statistics of two releases each, both components together"),
        condition: "sd within 3 %, |bias| < 0.03 sd, KS p > 0.001, |r| between releases < 0.03",
        measured: texts.join("; "),
    }
    .judge(has_passed);
}

/// The noise is still there, unbiased, in the figures as they are shown.
#[test]
fn t26_shown_figures_carry_the_noise() {
    let policy = Policy::default();
    let cells = trials(4_000, 40_000);
    let (mut texts, mut has_passed) = (Vec::new(), true);
    for count in [10_u32, 40, 150] {
        let mut bits = Bits::new(26 + u64::from(count));
        let (mut means, mut shares) = (Vec::new(), Vec::new());
        for _ in 0..cells {
            // The true mean and share lie anywhere in a rounding step.
            let score = 45_000 + bits.below(10_000) as i64;
            let have = count / 2;
            let one = |place: u32| Contribution {
                skills: if place < have { "11" } else { "00" }.to_owned(),
                ..contributor(score)
            };
            let cell =
                shown(&policy, &totals(&policy, (0..count).map(one)), |statistic| draw(&policy, statistic, &mut bits));
            means.push(cell.score().unwrap().mean - score as f64 / 1_000.0);
            shares.extend(cell.skills().iter().map(|skill| skill.share - f64::from(have) / f64::from(count)));
        }
        let step = policy.rounding_for(count);
        let rounded = |noise: f64, step: f64| noise.hypot(step / 12.0_f64.sqrt());
        let spec = rounded(30.0 * policy.mean_noise(count), f64::from(step.score_points));
        let (sd, bias) = (sd_around(&means, 0.0), mean(&means));
        has_passed &= (sd / spec - 1.0).abs() < 0.05 && bias.abs() < 4.5 * spec / (cells as f64).sqrt();
        texts.push(format!("n = {count}: score sd {sd:.2} points for {spec:.2}, bias {bias:+.3}"));
        if !shares.is_empty() {
            let spec = rounded(policy.mean_noise(count), f64::from(step.share_percent) / 100.0);
            let sd = sd_around(&shares, 0.0);
            has_passed &= (sd / spec - 1.0).abs() < 0.05;
            texts.push(format!("share sd {:.2} pp for {:.2}", 100.0 * sd, 100.0 * spec));
        }
    }
    Finding {
        number: "T26",
        attack: "calibration of what is shown",
        tried: format!("{cells} cells each of 10, 40 and 150 contributors"),
        condition: "sd within 5 % of noise and rounding together; bias within 4.5 standard errors",
        measured: texts.join("; "),
    }
    .judge(has_passed);
}
