//! T29: a trend says no more than the two values that are shown anyway.

use domain::disclosure::{Policy, ReleasedCell, ShownCell, trend};

use super::bits::Bits;
use super::cells::{contributor, draw, shown, totals};
use super::finding::{Finding, trials};

#[test]
fn t29_a_trend_is_the_difference_of_what_is_shown() {
    let policy = Policy::default();
    let mut bits = Bits::new(29);
    let pairs = trials(2_000, 10_000);
    let mut cell = |count: usize| -> ReleasedCell {
        let sum = totals(&policy, (0..count).map(|place| contributor(40_000 + 100 * place as i64)));
        shown(&policy, &sum, |statistic| draw(&policy, statistic, &mut bits))
    };
    let cells: Vec<ReleasedCell> = (0..60).map(|place| cell([30, 99, 100, 140, 260][place % 5])).collect();
    let mut bits = Bits::new(2_900);
    let (mut wrong, mut shown_trends) = (0, 0);
    for _ in 0..pairs {
        let (earlier, later) = (&cells[bits.below(60)], &cells[bits.below(60)]);
        let (earlier_fresh, later_fresh) = (bits.happens(0.8), bits.happens(0.8));
        let found = trend(
            &policy,
            ShownCell { cell: earlier, is_fresh: earlier_fresh },
            ShownCell { cell: later, is_fresh: later_fresh },
        );
        let is_large = |cell: &ReleasedCell| cell.contributors().from >= 100;
        let may_show = earlier_fresh && later_fresh && is_large(earlier) && is_large(later);
        let difference = later.score().unwrap().mean - earlier.score().unwrap().mean;
        shown_trends += usize::from(found.is_some());
        wrong += usize::from(found != may_show.then_some(difference));
    }
    Finding {
        number: "T29",
        attack: "the trend against the shown values",
        tried: format!("{pairs} pairs of cells, {shown_trends} with a trend"),
        condition: "equal to the difference of the two shown values; none below 100 or for carried figures",
        measured: format!("{wrong} differ"),
    }
    .judge(wrong == 0 && shown_trends > 100);
}
