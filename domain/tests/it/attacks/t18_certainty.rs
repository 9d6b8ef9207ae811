//! T18: everybody has a skill, or nobody does.

use domain::disclosure::{Contribution, Policy, ReleasedCell};

use super::bits::Bits;
use super::cells::{contributor, draw, shown, totals};
use super::finding::{Finding, trials};

fn shares(cell: &ReleasedCell) -> Vec<f64> {
    let tasks = cell.tasks().iter().flat_map(|task| &task.mix).map(|figure| figure.share);
    let mix = cell.stage_mix().iter().map(|figure| figure.share);
    mix.chain(tasks).chain(cell.skills().iter().map(|skill| skill.share)).collect()
}

#[test]
fn t18_a_share_is_never_none_or_all() {
    let policy = Policy::default();
    let mut bits = Bits::new(18);
    let cells = trials(400, 4_000);
    let (mut looked_at, mut outside, mut least, mut most): (usize, usize, f64, f64) = (0, 0, 1.0, 0.0);
    for count in [20_u32, 30, 47, 120, 400] {
        // All of them do everything by hand and have the first skill; none has the second.
        let one = Contribution { mix: [1_000_000, 0, 0, 0], tasks: "HH".to_owned(), ..contributor(30_000) };
        let sum = totals(&policy, (0..count).map(|_| one.clone()));
        let (low, high) = (2.0 / f64::from(count), 1.0 - 2.0 / f64::from(count));
        for _ in 0..cells {
            let cell = shown(&policy, &sum, |statistic| draw(&policy, statistic, &mut bits));
            for share in shares(&cell) {
                looked_at += 1;
                outside += usize::from(share < low - 1e-9 || share > high + 1e-9);
                (least, most) = (least.min(share), most.max(share));
            }
        }
    }
    Finding {
        number: "T18",
        attack: "all or none have a skill, a stage, a mix",
        tried: format!("{} cells of 20 to 400 equal contributors, {looked_at} shares", 5 * cells),
        condition: "every share within [2/n, 1 - 2/n]; never 0 or 1",
        measured: format!("{outside} outside; from {least} to {most}"),
    }
    .judge(outside == 0 && least > 0.0 && most < 1.0 && looked_at > 2_000);
}
