//! What a reader may see, and what he is told.

use domain::disclosure::{
    Draw, Policy, Position, ReleasedCell, ShownCell, position, release_figures, trend, viewer_may_see,
};

use super::world::{CENTRE, axis, contributor, draws, totals};

fn cell(count: usize, points: f64) -> ReleasedCell {
    let contributors: Vec<_> =
        (0..count).map(|place| contributor(points + if place % 2 == 0 { -10.0 } else { 10.0 })).collect();
    let draws = draws(count, Draw::default());
    release_figures(&Policy::default(), &axis(), CENTRE, None, &totals(&contributors), &draws).unwrap()
}

#[test]
fn eight_others_must_be_left_for_a_viewer() {
    let see = |contributors, visible| viewer_may_see(&Policy::default(), contributors, visible);
    assert!(see(10, 0) && see(10, 2) && see(12, 4));
    assert!(!see(10, 3) && !see(12, 5) && !see(9, 0) && !see(10, 40));
}

#[test]
fn a_position_comes_from_the_published_numbers() {
    // Quartiles 44, 50 and 56.
    let positions = [43.9, 44.0, 50.0, 50.1, 56.0, 56.1].map(|own| position(&cell(20, 50.0), own).unwrap());
    use Position::{AboutMean, AboveMean, AboveP75, BelowMean, BelowP25, P25ToP50, P50ToP75};
    assert_eq!(positions, [BelowP25, P25ToP50, P25ToP50, P50ToP75, P50ToP75, AboveP75]);
    // Mean 50, margin 12.8.
    let positions = [37.1, 37.3, 62.7, 62.9].map(|own| position(&cell(10, 50.0), own).unwrap());
    assert_eq!(positions, [BelowMean, AboutMean, AboutMean, AboveMean]);
}

#[test]
fn a_trend_is_the_difference_of_what_is_shown() {
    let policy = Policy::default();
    let (before, after, small) = (cell(100, 50.4), cell(150, 53.2), cell(99, 50.0));
    let fresh = |cell| ShownCell { cell, is_fresh: true };
    assert_eq!(trend(&policy, fresh(&before), fresh(&after)), Some(3.0));
    assert_eq!(trend(&policy, fresh(&before), ShownCell { cell: &after, is_fresh: false }), None);
    assert_eq!(trend(&policy, fresh(&small), fresh(&after)), None);
}
