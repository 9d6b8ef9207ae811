//! Sums roll up from atoms exactly, in any order.

use domain::disclosure::{Atom, Contribution, Digest, PeerGroup, Policy, Totals};
use proptest::collection::vec;
use proptest::prelude::*;

use super::world::CENTRE;

fn any_contribution() -> impl Strategy<Value = (u16, Contribution, i64)> {
    let values = (0_i64..=100_000, -12_000_i64..=0, "[HRAU-]{3}", "[01]{4}");
    (0..Atom::COUNT, values, 0_i64..1 << 40).prop_map(|(atom, (score, ratio, tasks, skills), digest)| {
        let mix = [score * 3, 250_000, 250_000 - score, 500_000 - 2 * score];
        (atom, Contribution { heads_milli: 4_000, score, ratio, mix, tasks, skills }, digest)
    })
}

fn of((_, contribution, digest): &(u16, Contribution, i64)) -> Totals {
    Totals::of(
        contribution,
        Digest([*digest, digest * 3 % (1 << 40), digest * 7 % (1 << 40)]),
        CENTRE,
        &Policy::default(),
    )
}

proptest! {
    #[test]
    fn cells_are_the_sums_of_their_atoms(contributions in vec(any_contribution(), 0..60)) {
        let mut atoms = vec![Totals::default(); Atom::COUNT.into()];
        for contribution in &contributions {
            atoms[usize::from(contribution.0)] += of(contribution);
        }
        for group in PeerGroup::ALL_129 {
            let is_within = |index: u16| group.contains(Atom::from_index(index).unwrap());
            let mut rolled_up = Totals::default();
            for index in (0..Atom::COUNT).rev().filter(|index| is_within(*index)) {
                rolled_up += &atoms[usize::from(index)];
            }
            let mut direct = Totals::default();
            for contribution in contributions.iter().filter(|(atom, ..)| is_within(*atom)) {
                direct += of(contribution);
            }
            prop_assert!(rolled_up == direct);
            prop_assert_eq!(direct.histogram.iter().sum::<i64>(), direct.contributors);
        }
    }

    #[test]
    fn taking_away_undoes_adding(contributions in vec(any_contribution(), 1..20), one in any_contribution()) {
        let mut sum = Totals::default();
        contributions.iter().for_each(|contribution| sum += of(contribution));
        let mut changed = sum.clone();
        changed += of(&one);
        prop_assert!(changed != sum);
        changed.subtract(&of(&one));
        prop_assert!(changed == sum);
    }
}
