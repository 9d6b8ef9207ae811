use std::collections::BTreeMap;

use super::counts::{Counts, GROUPS};
use super::situation::RoleSituation;
use crate::disclosure::peer_group::PeerGroup;
use crate::disclosure::segment::Atom;

/// Who contributed to an earlier release, next to who does today.
pub(super) struct History {
    /// How many contributors each peer group had then.
    contributors: [u32; GROUPS],
    /// For a peer group then and one now: twice the contributors that are in both with the same values, and once those that
    /// are in both with others.
    overlap: Vec<u32>,
}

impl History {
    pub(super) fn new(situation: &RoleSituation, counts: &Counts, release: u32) -> Self {
        let mut history = Self { contributors: counts.contributors, overlap: vec![0; GROUPS * GROUPS] };
        let mut unchanged: BTreeMap<Atom, u32> = BTreeMap::new();
        for atom in &situation.atoms {
            *unchanged.entry(atom.atom).or_default() += atom.contributors;
        }
        let rows = || situation.differences.iter().filter(|row| row.earlier == release);
        for row in rows() {
            for group in row.from.map(PeerGroup::of_atom).into_iter().flatten() {
                history.contributors[group.index()] += row.groups;
            }
            if let (Some(from), Some(to)) = (row.from, row.to) {
                history.add(from, to, if row.value_changed { row.groups } else { 2 * row.groups });
            }
        }
        for row in rows() {
            let Some(to) = row.to else { continue };
            for group in PeerGroup::of_atom(to) {
                let then = &mut history.contributors[group.index()];
                *then = then.saturating_sub(row.groups);
            }
            let here = unchanged.entry(to).or_default();
            *here = here.saturating_sub(row.groups);
        }
        for (atom, contributors) in unchanged {
            history.add(atom, atom, 2 * contributors);
        }
        history
    }

    fn add(&mut self, from: Atom, to: Atom, amount: u32) {
        for then in PeerGroup::of_atom(from) {
            for now in PeerGroup::of_atom(to) {
                self.overlap[then.index() * GROUPS + now.index()] += amount;
            }
        }
    }

    /// How many contributors are in only one of the peer group `then`, as it was, and the peer group `now`, as it is, or
    /// are in both with changed values.
    pub(super) fn apart(&self, then: PeerGroup, now: PeerGroup, counts: &Counts) -> u32 {
        let both = self.contributors[then.index()] + counts.of(now);
        both.saturating_sub(self.overlap[then.index() * GROUPS + now.index()])
    }
}
