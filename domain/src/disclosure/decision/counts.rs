use std::collections::BTreeMap;

use super::situation::RoleSituation;
use crate::disclosure::peer_group::PeerGroup;
use crate::disclosure::segment::Region;
use crate::disclosure::totals::Digest;

/// How many peer groups there are.
pub(super) const GROUPS: usize = PeerGroup::ALL_129.len();

/// Counts of contributors for every peer group and for what two of them share.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    /// By index of the peer group.
    pub(super) contributors: [u32; GROUPS],
    pub(super) digests: [Digest; GROUPS],
    /// What every peer group shares with every region.
    in_region: Vec<[u32; Region::ALL.len()]>,
    /// The most contributors that a single partner can see.
    pub(super) seen_by_one: [u32; GROUPS],
}

impl Counts {
    pub(super) fn new(situation: &RoleSituation) -> Self {
        let mut counts = Self {
            contributors: [0; GROUPS],
            digests: [Digest::default(); GROUPS],
            in_region: vec![[0; Region::ALL.len()]; GROUPS],
            seen_by_one: seen_by_one(situation),
        };
        for atom in &situation.atoms {
            let region = atom.atom.segment().region as usize;
            for group in PeerGroup::of_atom(atom.atom) {
                let index = group.index();
                counts.contributors[index] += atom.contributors;
                counts.digests[index] += atom.digest;
                counts.in_region[index][region] += atom.contributors;
            }
        }
        counts
    }

    pub(super) fn of(&self, group: PeerGroup) -> u32 {
        self.contributors[group.index()]
    }

    /// How many contributors two peer groups share.
    fn shared(&self, a: PeerGroup, b: PeerGroup) -> u32 {
        match (a, b) {
            (PeerGroup::Region(region), other) | (other, PeerGroup::Region(region)) => {
                self.in_region[other.index()][region as usize]
            }
            _ if a == b || a.fallbacks().contains(&b) => self.of(a),
            _ if b.fallbacks().contains(&a) => self.of(b),
            _ => 0,
        }
    }

    /// How many contributors belong to one of two peer groups and not to the other.
    pub(super) fn apart(&self, a: PeerGroup, b: PeerGroup) -> u32 {
        self.of(a) + self.of(b) - 2 * self.shared(a, b)
    }
}

fn seen_by_one(situation: &RoleSituation) -> [u32; GROUPS] {
    let mut by_partner: BTreeMap<u32, [u32; GROUPS]> = BTreeMap::new();
    for seen in &situation.partners {
        let groups = by_partner.entry(seen.partner).or_insert([0; GROUPS]);
        for group in PeerGroup::of_atom(seen.atom) {
            groups[group.index()] += seen.groups;
        }
    }
    let mut most = [0; GROUPS];
    for groups in by_partner.values() {
        for (most, seen) in most.iter_mut().zip(groups) {
            *most = (*most).max(*seen);
        }
    }
    most
}
