//! Rules C1 to C6 and C8, each with a case worked by hand, and what holds for every situation.

use domain::disclosure::{
    AxisKind, Decision, Difference, EarlierVersion, PeerGroup, Policy, Reason, RoleSituation, decide,
};
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::world::{atom, changed, decision, digest, industry, region, seen, situation, size, version};

const ALL: PeerGroup = PeerGroup::All;
/// Where most cases have all of their contributors.
const HERE: (usize, usize, usize) = (0, 0, 0);

fn carried(id: u128) -> Decision {
    Decision::Carry(Uuid::from_u128(id))
}

#[test]
fn ten_contributors_make_a_cell() {
    assert_eq!(decision(&situation(&[(HERE, 9)]), ALL), Decision::Withheld(Reason::TooFew));
    assert_eq!(decision(&situation(&[(HERE, 10)]), ALL), Decision::Fresh);
    let combination = |count| RoleSituation { kind: AxisKind::Combination, ..situation(&[(HERE, count)]) };
    assert_eq!(decision(&combination(29), ALL), Decision::Withheld(Reason::TooFew));
    assert_eq!(decision(&combination(30), ALL), Decision::Fresh);
}

#[test]
fn eight_must_be_left_without_any_one_partner() {
    let mut situation = situation(&[(HERE, 12), ((1, 0, 0), 40)]);
    situation.partners = vec![seen(1, HERE, 4), seen(2, HERE, 4)];
    assert_eq!(decision(&situation, industry(0)), Decision::Fresh);
    // One more of the first: 12 - 5 = 7. It does not matter that nobody sees that many elsewhere.
    situation.partners.push(seen(1, HERE, 1));
    assert_eq!(decision(&situation, industry(0)), Decision::Withheld(Reason::Coalition));
    assert_eq!(decision(&situation, ALL), Decision::Fresh);
}

#[test]
fn what_is_beside_the_children_is_nothing_or_ten() {
    // 18 + 15 + 7: the 7 are too few to be shown, and could be had by subtraction.
    let counts = [((0, 0, 0), 18), ((0, 1, 0), 15), ((0, 2, 0), 7)];
    let rest = ((1, 0, 1), 60);
    let situation = situation(&[counts[0], counts[1], counts[2], rest]);
    assert_eq!(decision(&situation, size(0, 0)), Decision::Fresh);
    assert_eq!(decision(&situation, size(0, 1)), Decision::Withheld(Reason::Complement));
    assert_eq!(decision(&situation, size(0, 2)), Decision::Withheld(Reason::TooFew));
    assert_eq!(decision(&situation, industry(0)), Decision::Fresh);
}

#[test]
fn both_trees_are_looked_at() {
    let in_regions = situation(&[((0, 0, 0), 30), ((0, 0, 1), 20), ((0, 0, 2), 6)]);
    // 56 - 30 - 20 = 6, so the smaller region goes: 26 are left.
    assert_eq!(decision(&in_regions, region(1)), Decision::Withheld(Reason::Complement));
    assert_eq!(decision(&in_regions, region(0)), Decision::Fresh);
    // Industry 1 is too small; so industry 0 goes, and its size bands would give the same away.
    let in_industries = situation(&[((0, 0, 0), 20), ((0, 1, 0), 20), ((1, 0, 0), 9)]);
    assert_eq!(decision(&in_industries, industry(0)), Decision::Withheld(Reason::Complement));
    // 49 - 20 = 29 with one band left.
    assert_eq!(decision(&in_industries, size(0, 1)), Decision::Withheld(Reason::Complement));
    assert_eq!(decision(&in_industries, size(0, 0)), Decision::Fresh);
}

#[test]
fn cells_that_differ_by_few_are_not_both_shown() {
    // Region 0 has industry 0 and 4 more; all regions and industries are large enough otherwise.
    let counts = |others| [((0, 0, 0), 20), ((1, 0, 0), others), ((1, 0, 1), 40), ((2, 1, 2), 30)];
    assert_eq!(decision(&situation(&counts(4)), industry(0)), Decision::Withheld(Reason::NearDuplicate));
    assert_eq!(decision(&situation(&counts(4)), region(0)), Decision::Fresh);
    assert_eq!(decision(&situation(&counts(5)), industry(0)), Decision::Fresh);
}

#[test]
fn equal_cells_show_the_same_figures() {
    let situation = situation(&[((0, 0, 0), 20), ((1, 0, 1), 40)]);
    assert_eq!(decision(&situation, industry(0)), Decision::Fresh);
    assert_eq!(decision(&situation, region(0)), Decision::SameAs(industry(0)));
    assert_eq!(decision(&situation, size(0, 0)), Decision::SameAs(industry(0)));
}

#[test]
fn unchanged_figures_are_carried_for_four_releases() {
    let mut situation = situation(&[(HERE, 60)]);
    let same = situation.atoms[0].digest;
    situation.earlier = vec![version(1, ALL, 16, same)];
    assert_eq!(decision(&situation, ALL), carried(1));
    situation.earlier = vec![version(1, ALL, 15, same)];
    assert_eq!(decision(&situation, ALL), Decision::Fresh);
    situation.earlier = vec![version(1, ALL, 15, same), version(2, ALL, 17, same)];
    assert_eq!(decision(&situation, ALL), carried(2));
}

#[test]
fn one_to_four_changes_keep_the_old_figures() {
    let mut situation = situation(&[(HERE, 60)]);
    let other = digest(7, 60);
    let verdict = |situation: &mut RoleSituation, release, groups| {
        situation.earlier = vec![version(1, ALL, release, other)];
        situation.differences = vec![changed(release, HERE, groups)];
        decision(situation, ALL)
    };
    assert_eq!(verdict(&mut situation, 19, 4), carried(1));
    assert_eq!(verdict(&mut situation, 19, 5), Decision::Fresh);
    // Too old to be shown, too close to be replaced; beyond 8 releases it no longer counts.
    assert_eq!(verdict(&mut situation, 15, 1), Decision::Withheld(Reason::Churn));
    assert_eq!(verdict(&mut situation, 11, 1), Decision::Fresh);
    // No difference is known although the contributors are others: nothing new is shown.
    assert_eq!(verdict(&mut situation, 19, 0), carried(1));
    assert_eq!(verdict(&mut situation, 15, 0), Decision::Withheld(Reason::Churn));
}

#[test]
fn every_version_counts_and_not_only_the_last() {
    let mut situation = situation(&[(HERE, 60)]);
    situation.earlier = vec![version(1, ALL, 13, digest(7, 60)), version(2, ALL, 18, digest(8, 60))];
    situation.differences = vec![changed(13, HERE, 3), changed(18, HERE, 30)];
    assert_eq!(decision(&situation, ALL), carried(2));
}

#[test]
fn joining_leaving_and_moving_count_where_they_happen() {
    let mut situation = situation(&[((0, 0, 0), 30), ((1, 0, 1), 60)]);
    let version_of = |id, group| version(id, group, 18, digest(id as u64, 9));
    situation.earlier = vec![version_of(1, industry(0)), version_of(2, industry(1)), version_of(3, ALL)];
    let moved =
        Difference { earlier: 18, from: Some(atom(0, 0, 0)), to: Some(atom(1, 0, 1)), value_changed: false, groups: 3 };
    let left = Difference { earlier: 18, from: Some(atom(0, 0, 0)), to: None, value_changed: false, groups: 2 };
    situation.differences = vec![moved, left];
    // 5 for industry 0, 3 for industry 1, 2 for all.
    assert_eq!(decision(&situation, industry(0)), Decision::Fresh);
    assert_eq!(decision(&situation, industry(1)), carried(2));
    assert_eq!(decision(&situation, ALL), carried(3));
}

#[test]
fn figures_of_another_cell_count_too() {
    // All is now what industry 0 was, and two more.
    let mut situation = situation(&[((0, 0, 0), 60), ((1, 0, 1), 2)]);
    situation.earlier = vec![version(1, industry(0), 18, situation.atoms[0].digest)];
    assert_eq!(decision(&situation, industry(0)), Decision::Withheld(Reason::Complement));
    assert_eq!(decision(&situation, ALL), carried(1));
    situation.earlier[0].release = 15;
    assert_eq!(decision(&situation, ALL), Decision::Withheld(Reason::Churn));
    situation.atoms[1].contributors = 5;
    assert_eq!(decision(&situation, ALL), Decision::Fresh);
}

#[test]
fn small_cells_are_refreshed_every_second_release() {
    let with = |contributors, release| {
        let mut situation = situation(&[(HERE, contributors)]);
        situation.earlier = vec![version(1, ALL, release, digest(7, 9))];
        situation.differences = vec![changed(release, HERE, 9)];
        decision(&situation, ALL)
    };
    assert_eq!(with(49, 19), carried(1));
    assert_eq!(with(49, 18), Decision::Fresh);
    assert_eq!(with(50, 19), Decision::Fresh);
}

#[test]
fn what_is_too_small_now_is_withheld_whatever_was_published() {
    let mut situation = situation(&[(HERE, 9)]);
    situation.earlier = vec![version(1, ALL, 19, situation.atoms[0].digest)];
    assert_eq!(decision(&situation, ALL), Decision::Withheld(Reason::TooFew));
}

#[test]
fn the_audit_takes_a_cell_away_with_its_equals() {
    let situation = situation(&[((0, 0, 0), 20), ((0, 1, 0), 14), ((1, 0, 1), 40)]);
    let mut decisions = decide(&Policy::default(), &situation);
    assert_eq!(decisions.decision(size(0, 0)), Decision::Fresh);
    decisions.withhold(size(0, 0));
    assert_eq!(decisions.decision(size(0, 0)), Decision::Withheld(Reason::Audit));
    assert_eq!(decisions.decision(size(0, 1)), Decision::Fresh);
    decisions.withhold(industry(0));
    assert_eq!(decisions.decision(region(0)), Decision::Withheld(Reason::Audit));
    // The size band is left beside 60 others.
    assert_eq!((decisions.decision(size(0, 1)), decisions.contributors(ALL)), (Decision::Fresh, 74));
}

type Count = ((usize, usize, usize), u32);

fn counts() -> impl Strategy<Value = Vec<Count>> {
    vec((((0_usize..3), (0_usize..3), (0_usize..3)), 0_u32..25), 0..24)
}

fn any_situation() -> impl Strategy<Value = RoleSituation> {
    let atom_place = || (0_usize..3, 0_usize..3, 0_usize..3);
    let partners = vec((0_u32..3, atom_place(), 0_u32..4), 0..6);
    let group = 0_usize..129;
    let earlier = vec((any::<u8>(), group, 11_u32..20, any::<bool>()), 0..12);
    let differences = vec((11_u32..20, proptest::option::of(atom_place()), 0_u32..5), 0..12);
    (counts(), partners, earlier, differences).prop_map(|(counts, partners, earlier, differences)| {
        let mut made = situation(&counts);
        made.partners = partners.into_iter().map(|(partner, place, groups)| seen(partner, place, groups)).collect();
        let decided = decide(&Policy::default(), &made);
        let version_of = |(id, group, release, is_same): (u8, usize, u32, bool)| {
            let peer_group = PeerGroup::ALL_129[group];
            let digest = if is_same { decided.digest(peer_group) } else { digest(1, 2) };
            EarlierVersion { ..version(id.into(), peer_group, release, digest) }
        };
        made.earlier = earlier.into_iter().map(version_of).collect();
        let joined = |(earlier, place, groups): (u32, Option<(usize, usize, usize)>, u32)| {
            let to = place.map(|(industry, size, region)| atom(industry, size, region));
            Difference { earlier, from: None, to, value_changed: false, groups }
        };
        made.differences = differences.into_iter().map(joined).collect();
        made
    })
}

/// The published cells that a parent's figures could be split into, coarsest first.
fn maximal(decisions: &domain::disclosure::RoleDecisions, parent: PeerGroup, is_region: bool) -> Vec<PeerGroup> {
    let below: Vec<_> = PeerGroup::ALL_129
        .into_iter()
        .filter(|group| matches!(group, PeerGroup::Region(_)) == is_region)
        .filter(|group| group.fallbacks().contains(&parent) && decisions.is_published(*group))
        .collect();
    below.iter().copied().filter(|group| !group.fallbacks().iter().any(|coarser| below.contains(coarser))).collect()
}

fn contributors_apart(situation: &RoleSituation, a: PeerGroup, b: PeerGroup) -> u32 {
    let apart = situation.atoms.iter().filter(|atom| a.contains(atom.atom) != b.contains(atom.atom));
    apart.map(|atom| atom.contributors).sum()
}

proptest! {
    #[test]
    fn no_parent_gives_away_a_few(situation in any_situation()) {
        let decisions = decide(&Policy::default(), &situation);
        for parent in PeerGroup::ALL_129.into_iter().filter(|group| decisions.is_published(*group)) {
            for is_region in [false, true] {
                let children = maximal(&decisions, parent, is_region);
                let beside = decisions.contributors(parent) - children.iter().map(|child| decisions.contributors(*child)).sum::<u32>();
                prop_assert!(beside == 0 || beside >= 10, "{parent} leaves {beside} beside {children:?}");
            }
        }
    }

    #[test]
    fn published_cells_are_the_same_or_far_apart(situation in any_situation()) {
        let decisions = decide(&Policy::default(), &situation);
        let published: Vec<_> = PeerGroup::ALL_129.into_iter().filter(|group| decisions.is_published(*group)).collect();
        let shown = |group| match decisions.decision(group) {
            Decision::SameAs(other) => (Some(other), decisions.decision(other)),
            other => (Some(group), other),
        };
        for a in &published {
            prop_assert!(decisions.contributors(*a) >= 10);
            for b in &published {
                let apart = contributors_apart(&situation, *a, *b);
                prop_assert!(apart == 0 || apart >= 5, "{a} and {b}: {apart}");
                prop_assert!(apart > 0 || shown(*a) == shown(*b), "{a} and {b} are equal and show different figures");
            }
        }
    }

    #[test]
    fn the_order_of_the_input_does_not_matter(situation in any_situation(), turn in 1_usize..7) {
        let mut turned = situation.clone();
        fn rotate<T>(list: &mut [T], turn: usize) {
            if !list.is_empty() {
                list.rotate_left(turn % list.len());
                list[..].reverse();
            }
        }
        rotate(&mut turned.atoms, turn);
        rotate(&mut turned.partners, turn);
        rotate(&mut turned.differences, turn);
        rotate(&mut turned.earlier, turn);
        let (a, b) = (decide(&Policy::default(), &situation), decide(&Policy::default(), &turned));
        prop_assert!(a.iter().eq(b.iter()));
    }

    #[test]
    fn cells_roll_up_from_atoms(situation in any_situation()) {
        let decisions = decide(&Policy::default(), &situation);
        for group in PeerGroup::ALL_129 {
            let atoms = situation.atoms.iter().filter(|atom| group.contains(atom.atom));
            prop_assert_eq!(decisions.contributors(group), atoms.map(|atom| atom.contributors).sum::<u32>());
        }
    }

    #[test]
    fn withholding_only_takes_away(situation in any_situation(), place in 0_usize..129) {
        let group = PeerGroup::ALL_129[place];
        let before = decide(&Policy::default(), &situation);
        let mut after = before.clone();
        after.withhold(group);
        prop_assert!(!after.is_published(group));
        prop_assert!(PeerGroup::ALL_129.into_iter().all(|group| before.is_published(group) || !after.is_published(group)));
    }
}
