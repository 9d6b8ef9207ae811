use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::peer_group::PeerGroup;
use super::policy::Policy;
use super::segment::Atom;

/// How many control groups of an atom were admitted in one release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// Where they are.
    pub atom: Atom,
    /// The number of the release that admitted them.
    pub admitted: u32,
    /// Whether they are verified by contract, and so exempt while the benchmark is young.
    pub is_exempt: bool,
    /// How many they are.
    pub groups: u32,
}

/// How many control groups do not count yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waiting {
    /// Where they are.
    pub atom: Atom,
    /// The number of the release that admitted them.
    pub admitted: u32,
    /// How many of those that are not exempt.
    pub groups: u32,
}

/// Who has to wait so that new groups are at most a third of every cell of a role (rule E6), by atom and release of
/// admission.
///
/// A group is new in the release that admits it and in the next one. The finest peer groups come first. While one has
/// enough contributors to be published and too many new ones among them, a new group of its atom with the most new groups
/// (of equal ones, the first) waits, the one admitted last. Those who wait do not count anywhere for the role, and grow
/// older meanwhile.
#[must_use]
pub fn waiting(policy: &Policy, release: u32, cohorts: &[Cohort]) -> Vec<Waiting> {
    let mut atoms: BTreeMap<Atom, AtomState> = BTreeMap::new();
    for cohort in cohorts {
        let is_exempt = cohort.is_exempt && release <= policy.new_exempt_until;
        let is_new = !is_exempt && cohort.admitted.saturating_add(policy.new_releases) > release;
        atoms.entry(cohort.atom).or_default().add(cohort, is_new);
    }
    let mut order = PeerGroup::ALL_129;
    order.sort_by_key(|group| Reverse(group.depth()));
    for group in order {
        season(policy, group, &mut atoms);
    }
    let waiting = atoms.into_iter().flat_map(|(atom, state)| {
        state.waiting.into_iter().map(move |(admitted, groups)| Waiting { atom, admitted, groups })
    });
    waiting.collect()
}

#[derive(Default)]
struct AtomState {
    counted: u64,
    new: u64,
    /// The new ones that count, by release of admission.
    by_admission: BTreeMap<u32, u32>,
    waiting: BTreeMap<u32, u32>,
}

impl AtomState {
    fn add(&mut self, cohort: &Cohort, is_new: bool) {
        self.counted += u64::from(cohort.groups);
        if is_new && cohort.groups > 0 {
            self.new += u64::from(cohort.groups);
            *self.by_admission.entry(cohort.admitted).or_default() += cohort.groups;
        }
    }

    /// Lets the one wait that was admitted last.
    fn hold_back_one(&mut self) {
        let Some(mut last) = self.by_admission.last_entry() else { return };
        *self.waiting.entry(*last.key()).or_default() += 1;
        *last.get_mut() -= 1;
        if *last.get() == 0 {
            last.remove();
        }
        self.counted -= 1;
        self.new -= 1;
    }
}

fn season(policy: &Policy, group: PeerGroup, atoms: &mut BTreeMap<Atom, AtomState>) {
    let members = || atoms.iter().filter(|(atom, _)| group.contains(**atom));
    let mut counted: u64 = members().map(|(_, state)| state.counted).sum();
    let mut new: u64 = members().map(|(_, state)| state.new).sum();
    let mut largest: BinaryHeap<(u64, Reverse<Atom>)> =
        members().map(|(atom, state)| (state.new, Reverse(*atom))).collect();
    while counted >= u64::from(policy.k_min) && new * u64::from(policy.new_one_in) > counted {
        let Some((_, Reverse(atom))) = largest.pop() else { return };
        let Some(state) = atoms.get_mut(&atom) else { return };
        state.hold_back_one();
        largest.push((state.new, Reverse(atom)));
        counted -= 1;
        new -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cohort(atom: u16, admitted: u32, groups: u32) -> Cohort {
        Cohort { atom: Atom::from_index(atom).unwrap(), admitted, is_exempt: false, groups }
    }

    fn wait(release: u32, cohorts: &[Cohort]) -> Vec<(u16, u32, u32)> {
        let waiting = waiting(&Policy::default(), release, cohorts);
        waiting.into_iter().map(|part| (part.atom.index(), part.admitted, part.groups)).collect()
    }

    #[test]
    fn a_third_may_be_new() {
        // 10 old ones let 5 new ones in.
        assert_eq!(wait(9, &[cohort(0, 7, 10), cohort(0, 9, 5)]), []);
        assert_eq!(wait(9, &[cohort(0, 7, 10), cohort(0, 9, 6)]), [(0, 9, 1)]);
        // Those admitted last wait first.
        assert_eq!(wait(9, &[cohort(0, 7, 10), cohort(0, 8, 4), cohort(0, 9, 3)]), [(0, 9, 2)]);
    }

    #[test]
    fn a_cell_too_small_to_publish_is_left_alone() {
        assert_eq!(wait(9, &[cohort(0, 9, 9)]), []);
        // Ten new ones: one waits, and then it is too small.
        assert_eq!(wait(9, &[cohort(0, 9, 10)]), [(0, 9, 1)]);
    }

    #[test]
    fn coarser_cells_count_what_finer_ones_left() {
        // Three industries of 8 new ones each, too small to look at; their region has 44, of which 24 are new.
        let cohorts = [cohort(0, 9, 8), cohort(40, 9, 8), cohort(80, 9, 8), cohort(120, 2, 20)];
        // x >= (3 * 24 - 44) / 2 = 14.
        let total: u32 = wait(9, &cohorts).iter().map(|(_, _, groups)| groups).sum();
        assert_eq!(total, 14);
        // The largest gives first, so they end up even.
        assert_eq!(wait(9, &cohorts), [(0, 9, 5), (40, 9, 5), (80, 9, 4)]);
    }

    #[test]
    fn contract_verified_groups_are_exempt_while_the_benchmark_is_young() {
        let exempt = Cohort { is_exempt: true, ..cohort(0, 4, 30) };
        assert_eq!(wait(4, &[exempt]), []);
        assert_eq!(wait(4, &[exempt, cohort(0, 4, 16)]), [(0, 4, 1)]);
        assert_eq!(wait(5, &[exempt]), [(0, 4, 21)]);
    }
}
