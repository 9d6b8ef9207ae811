//! What is shown at which count, worked by hand, and how far one contributor can move it.

use domain::disclosure::{
    AxisKind, Centre, Draw, Draws, NotReleasable, Policy, ReleasedCell, Statistic, release_figures,
};
use domain::stage::Stage;
use proptest::collection::vec;
use proptest::prelude::*;

use super::world::{Bits, CENTRE, axis, contributor, draws, totals};

fn released(points: &[f64], draw: Draw) -> ReleasedCell {
    let contributors: Vec<_> = points.iter().map(|points| contributor(*points)).collect();
    let draws = draws(points.len(), draw);
    release_figures(&Policy::default(), &axis(), CENTRE, None, &totals(&contributors), &draws).unwrap()
}

/// Half of the contributors at one score, half at another.
fn halves(count: usize, low: f64, high: f64) -> Vec<f64> {
    (0..count).map(|place| if place % 2 == 0 { low } else { high }).collect()
}

const NO_NOISE: Draw = Draw { common: 0, own: 0 };

#[test]
fn ten_contributors_show_a_mean_only() {
    let cell = released(&halves(10, 41.0, 63.0), NO_NOISE);
    let score = cell.score().unwrap();
    assert_eq!((score.mean, score.p25, score.p50, score.p10), (50.0, None, None, None));
    // n = 10: noise 4.243, sampling 15 / sqrt(10) = 4.743, rounding 5 / sqrt(12) = 1.443; 1.96 times 6.526.
    assert_eq!(score.margin_of_error, 12.8);
    assert!(cell.stage_mix().is_empty() && cell.tasks().is_empty() && cell.skills().is_empty());
    assert_eq!((cell.headcount_ratio(), cell.contributors().to_string().as_str()), (None, "10-24"));
}

#[test]
fn twenty_show_modelled_quartiles_and_the_mix() {
    let cell = released(&halves(20, 40.0, 60.0), NO_NOISE);
    let score = cell.score().unwrap();
    // Standard deviation 10: 50 -+ 6.745, to multiples of 2.
    assert_eq!((score.p25, score.p50, score.p75), (Some(44.0), Some(50.0), Some(56.0)));
    assert_eq!((score.p10, score.p90, score.is_modelled), (None, None, true));
    // Noise 2.121, sampling 10 / sqrt(20) = 2.236, rounding 0.577.
    assert_eq!(score.margin_of_error, 6.2);
    let shares: Vec<f64> = cell.stage_mix().iter().map(|figure| figure.share).collect();
    // 50, 25, 25 and 0 %; the last is as far from none as two of twenty.
    assert_eq!(shares, [0.5, 0.25, 0.25, 0.1]);
    assert!(cell.tasks().is_empty() && cell.skills().is_empty());
}

#[test]
fn noise_moves_the_sum_by_units() {
    // 1.5 units of 30 points over 20 contributors are 2.25 points.
    let score = *released(&halves(20, 40.0, 60.0), Draw { common: 1_000, own: 500 }).score().unwrap();
    assert_eq!(score.mean, 52.0);
    // From 71 on it grows with the count: f(200) = 2.83, so 1.5 units are 0.64 points as they would be for 2,000.
    let score = *released(&halves(200, 40.0, 60.0), Draw { common: 1_000, own: 500 }).score().unwrap();
    assert_eq!(score.mean, 51.0);
}

#[test]
fn thirty_show_tasks_skills_and_the_headcount_ratio() {
    let cell = released(&halves(30, 40.0, 60.0), NO_NOISE);
    let shares = |place: usize| cell.tasks()[place].mix.iter().map(|figure| figure.share).collect::<Vec<_>>();
    // All run the first task as HUMAN, none the second: bounded by 2/30, rounded inwards to 10 %.
    assert_eq!(
        (cell.tasks()[0].key.as_str(), shares(0), shares(1)),
        ("r:plan", vec![0.9, 0.1, 0.1, 0.1], vec![0.1; 4])
    );
    assert_eq!((cell.skills()[0].key.as_str(), cell.skills()[0].share), ("r:skill", 0.9));
    assert_eq!(cell.tasks()[0].mix[3].stage, Stage::Automated);
    let ratio = cell.headcount_ratio().unwrap();
    // Every ratio is 2^-5. The least plausible spread is 0.3 in the logarithm, so the quartiles are -5.20 and -4.80; to
    // multiples of 0.15 that is -4.95 for the mean, -5.25 and -4.8.
    assert_eq!((ratio.geometric_mean, ratio.p25, ratio.p50, ratio.p75), (0.03235, 0.02628, 0.03235, 0.0359));
    assert!(ratio.margin_of_error > 0.0);
}

#[test]
fn a_hundred_show_the_tails() {
    let cell = released(&halves(100, 40.0, 60.0), NO_NOISE);
    let score = cell.score().unwrap();
    assert_eq!((score.p10, score.p90, score.is_modelled), (Some(37.0), Some(63.0), true));
    assert_eq!((cell.rounding().score_points, cell.rounding().share_percent), (1, 1));
    assert_eq!(cell.shape(), None);
}

#[test]
fn two_hundred_and_fifty_have_a_histogram_and_a_shape() {
    let cell = released(&halves(250, 41.0, 56.0), NO_NOISE);
    let score = cell.score().unwrap();
    // Half in 40 to 45, half in 55 to 60, evenly within.
    assert_eq!(
        (score.p10, score.p25, score.p50, score.p75, score.p90),
        (Some(41.0), Some(43.0), Some(45.0), Some(58.0), Some(59.0))
    );
    assert!(!score.is_modelled);
    // Smaller cells take the shape over: standard deviation 10 here, 7.64 there.
    let contributors: Vec<_> = halves(100, 40.0, 60.0).into_iter().map(contributor).collect();
    let modelled = release_figures(
        &Policy::default(),
        &axis(),
        CENTRE,
        cell.shape(),
        &totals(&contributors),
        &draws(100, NO_NOISE),
    );
    let modelled = *modelled.unwrap().score().unwrap();
    // P50 of the shape lies (45 - 50) / 7.64 below the mean.
    assert_eq!((modelled.p50, modelled.is_modelled), (Some(43.0), true));
}

#[test]
fn a_combination_shows_a_share_from_thirty_on() {
    let combination = domain::disclosure::Axis { kind: AxisKind::Combination, tasks: Vec::new(), ..axis() };
    let sum = |count: usize| totals(&vec![contributor(50.0); count]);
    let draws = |count: u32| {
        Draws::for_cell(&Policy::default(), &combination, count, |_| Ok::<_, std::convert::Infallible>(NO_NOISE))
            .unwrap()
    };
    let release = |count: usize| {
        release_figures(&Policy::default(), &combination, CENTRE, None, &sum(count), &draws(count as u32))
    };
    assert_eq!(release(29), Err(NotReleasable::TooFew));
    let cell = release(30).unwrap();
    assert!(cell.score().is_none() && cell.stage_mix().is_empty() && cell.headcount_ratio().is_none());
    assert_eq!(cell.skills().len(), 1);
}

#[test]
fn nothing_is_released_without_noise_or_contributors() {
    let contributors = vec![contributor(50.0); 20];
    let release = |count: usize, draws: &Draws| {
        release_figures(&Policy::default(), &axis(), CENTRE, None, &totals(&contributors[..count]), draws)
    };
    assert_eq!(release(9, &draws(9, NO_NOISE)), Err(NotReleasable::TooFew));
    assert_eq!(release(0, &Draws::default()), Err(NotReleasable::TooFew));
    assert_eq!(release(10, &Draws::default()), Err(NotReleasable::MissingDraw("mean".to_owned())));
    assert_eq!(release(20, &draws(10, NO_NOISE)), Err(NotReleasable::MissingDraw("second_moment".to_owned())));
    assert_eq!(draws(10, NO_NOISE).get(Statistic::SecondMoment), None);
}

#[test]
fn what_was_published_reads_back() {
    for count in [10, 20, 30, 100, 300] {
        let cell = released(&halves(count, 31.0, 62.5), Draw { common: 333, own: -1_204 });
        let text = cell.to_json();
        assert_eq!(ReleasedCell::from_published_json(&text).unwrap(), cell);
        assert_eq!(ReleasedCell::from_published_json(&text).unwrap().to_json(), text);
        assert!(!text.contains("-0.0") && !text.contains("contributorCount"));
    }
    assert!(ReleasedCell::from_published_json("{}").is_err());
    let text = released(&halves(10, 41.0, 63.0), NO_NOISE).to_json();
    let start = r#"{"contributors":{"from":10,"to":24},"score":{"mean":50.0,"marginOfError":12.8,"p10":null,"#;
    assert!(text.starts_with(start), "{text}");
}

#[test]
fn the_next_centre_is_what_was_published() {
    let policy = Policy::default();
    assert_eq!(Centre::after(&policy, None), Centre { score: 50_000, ratio: -5_000 });
    let cell = released(&halves(100, 30.0, 50.0), NO_NOISE);
    let centre = Centre::after(&policy, Some(&cell));
    // 2^-5.025, the nearest multiple of 0.075, with four digits.
    assert_eq!((centre.score, centre.ratio), (40_000, -5_025));
    let small = released(&halves(10, 30.0, 50.0), NO_NOISE);
    assert_eq!(Centre::after(&policy, Some(&small)).ratio, -5_000);
}

#[test]
fn margins_hold_what_they_promise() {
    // The mean of 10 scores around 45 with noise lies within its margin in at least 95 of 100 cells.
    let mut bits = Bits::new(11);
    let policy = Policy::default();
    for count in [10_usize, 24, 60] {
        let mut inside = 0;
        for _ in 0..400 {
            let points: Vec<f64> = (0..count).map(|_| 45.0 + 15.0 * normal(&mut bits)).collect();
            let drawn = Draw {
                common: Statistic::Mean.common_noise(&policy).draw(&mut bits),
                own: Statistic::Mean.own_noise(&policy).draw(&mut bits),
            };
            let score = *released(&points, drawn).score().unwrap();
            inside += usize::from((score.mean - 45.0).abs() <= score.margin_of_error);
        }
        assert!(inside >= 370, "{inside} of 400 with {count}");
    }
}

/// Twelve uniform numbers less six: near enough to a normal one.
fn normal(bits: &mut Bits) -> f64 {
    (0..12).map(|_| bits.below(1 << 20) as f64 / f64::from(1 << 20)).sum::<f64>() - 6.0
}

proptest! {
    #[test]
    fn one_of_twenty_moves_quartiles_by_six_points(points in vec(25.0..75.0, 19)) {
        let mean = points.iter().sum::<f64>() / 19.0;
        // Spread as roles are spread, and not all at one edge of the clamp.
        let sd = (points.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 19.0).sqrt();
        prop_assume!(sd > 10.0 && (mean - 50.0).abs() < 10.0);
        let with = |own: f64| *released(&[&points[..], &[own]].concat(), NO_NOISE).score().unwrap();
        let (low, high) = (with(20.0), with(80.0));
        for (before, after) in [(low.p25, high.p25), (low.p50, high.p50), (low.p75, high.p75)] {
            // Each of both is rounded by up to one point.
            prop_assert!((after.unwrap() - before.unwrap()).abs() <= 6.0 + 2.0);
        }
    }

    #[test]
    fn one_contributor_moves_the_mean_by_its_share(points in vec(0.0..100.0, 9..60), own in 0.0..100.0, other in 0.0..100.0) {
        let with = |value: f64| *released(&[&points[..], &[value]].concat(), NO_NOISE).score().unwrap();
        let count = points.len() as f64 + 1.0;
        let step = if count < 20.0 { 5.0 } else if count < 50.0 { 2.0 } else { 1.0 };
        prop_assert!((with(own).mean - with(other).mean).abs() <= 60.0 / count + step);
    }

    #[test]
    fn figures_stay_in_range(
        points in vec(0.0..100.0, 10..320),
        common in -6_000_i64..6_000,
        own in -6_000_i64..6_000,
    ) {
        let cell = released(&points, Draw { common, own });
        let score = *cell.score().unwrap();
        prop_assert!((0.0..=100.0).contains(&score.mean) && score.margin_of_error > 0.0);
        let quantiles: Vec<f64> = [score.p10, score.p25, score.p50, score.p75, score.p90].into_iter().flatten().collect();
        prop_assert!(quantiles.is_sorted() && quantiles.iter().all(|points| (0.0..=100.0).contains(points)));
        let tasks = cell.tasks().iter().flat_map(|task| &task.mix).map(|figure| figure.share);
        let shares = cell.stage_mix().iter().map(|figure| figure.share).chain(tasks);
        let least = 2.0 / points.len() as f64;
        for share in shares.chain(cell.skills().iter().map(|skill| skill.share)) {
            prop_assert!(least - 1e-9 <= share && share <= 1.0 - least + 1e-9);
        }
        if let Some(ratio) = cell.headcount_ratio() {
            prop_assert!(0.0 < ratio.p25 && ratio.p25 <= ratio.p50 && ratio.p50 <= ratio.p75 && ratio.p75 <= 1.0);
        }
    }
}
