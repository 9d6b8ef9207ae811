use std::collections::BTreeMap;

use super::counts::{Counts, GROUPS};
use super::situation::{Difference, RoleSituation};
use crate::disclosure::peer_group::PeerGroup;
use crate::disclosure::segment::Atom;

/// Who contributed to an earlier release, as the difference to today.
pub(super) struct History<'a> {
    differences: Vec<&'a Difference>,
    /// How many contributors each peer group had then.
    contributors: [u32; GROUPS],
    /// How many contributors of an atom are there now as they were then, their values too.
    unchanged: BTreeMap<Atom, u32>,
}

impl<'a> History<'a> {
    pub(super) fn new(situation: &'a RoleSituation, counts: &Counts, release: u32) -> Self {
        let differences: Vec<_> = situation.differences.iter().filter(|row| row.earlier == release).collect();
        let mut unchanged: BTreeMap<Atom, u32> = BTreeMap::new();
        for atom in &situation.atoms {
            *unchanged.entry(atom.atom).or_default() += atom.contributors;
        }
        let mut contributors = counts.contributors;
        for row in &differences {
            if let Some(atom) = row.to {
                let here = unchanged.entry(atom).or_default();
                *here = here.saturating_sub(row.groups);
            }
            for group in row.to.map(PeerGroup::of_atom).into_iter().flatten() {
                contributors[group.index()] = contributors[group.index()].saturating_sub(row.groups);
            }
        }
        for row in &differences {
            for group in row.from.map(PeerGroup::of_atom).into_iter().flatten() {
                contributors[group.index()] += row.groups;
            }
        }
        Self { differences, contributors, unchanged }
    }

    /// How many contributors are in only one of the peer group `then`, as it was, and the peer group `now`, as it is, or
    /// are in both with changed values. From `limit` on it may be less than the true number, but not less than the limit.
    pub(super) fn apart(&self, then: PeerGroup, now: PeerGroup, counts: &Counts, limit: u32) -> u32 {
        let by_size = self.contributors[then.index()].abs_diff(counts.of(now));
        if by_size >= limit {
            return by_size;
        }
        let is_within = |group: PeerGroup, atom: Option<Atom>| atom.is_some_and(|atom| group.contains(atom));
        let differs = |row: &&&Difference| {
            let (was, is) = (is_within(then, row.from), is_within(now, row.to));
            was != is || (was && row.value_changed)
        };
        let changed: u32 = self.differences.iter().filter(differs).map(|row| row.groups).sum();
        if then == now {
            return changed;
        }
        let is_in_one = |atom: Atom| then.contains(atom) != now.contains(atom);
        changed + self.unchanged.iter().filter(|(atom, _)| is_in_one(**atom)).map(|(_, count)| count).sum::<u32>()
    }
}
