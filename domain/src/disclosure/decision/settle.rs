use std::cmp::Reverse;
use std::collections::BTreeMap;

use uuid::Uuid;

use super::counts::{Counts, GROUPS};
use super::situation::RoleSituation;
use super::versions::{Availability, Versions};
use crate::disclosure::peer_group::PeerGroup;
use crate::disclosure::policy::Policy;
use crate::disclosure::segment::{Industry, Region, SizeBand};
use crate::disclosure::totals::Digest;
use crate::text_enum::text_enum;

text_enum! {
    /// Why a cell is withheld. For the operator's eyes only: readers are told nothing but that it is.
    Reason {
        /// C1: too few contributors.
        TooFew = "TOO_FEW",
        /// C2: too few are left without those that one partner can see.
        Coalition = "COALITION",
        /// C5: it differs too little from earlier figures, and those are too old to be shown again.
        Churn = "CHURN",
        /// C3: its parent's figures would give away the few beside it.
        Complement = "COMPLEMENT",
        /// C4: another cell has nearly the same contributors.
        NearDuplicate = "NEAR_DUPLICATE",
        /// C8: the reconstruction audit failed with it.
        Audit = "AUDIT",
    }
}

/// What becomes of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// New figures are computed.
    Fresh,
    /// It has the contributors of that peer group, and shows the same figures.
    SameAs(PeerGroup),
    /// It shows the figures of an earlier version again.
    Carry(Uuid),
    /// It shows nothing.
    Withheld(Reason),
}

/// The decisions on all cells of a role.
#[derive(Clone, Debug)]
pub struct RoleDecisions {
    policy: Policy,
    counts: Counts,
    /// By index of the peer group: what is withheld, and why.
    withheld: [Option<Reason>; GROUPS],
    /// By index of the peer group: which peer groups have the same contributors, coarser ones first.
    equal: Vec<Vec<PeerGroup>>,
    available: Vec<Availability>,
}

/// Decides on all cells of a role.
///
/// First C1 and C2, whatever was published before. Then C5 and C6 say whether figures are new or those of an earlier
/// version. At last C3 and C4 take cells away until both hold.
#[must_use]
pub fn decide(policy: &Policy, situation: &RoleSituation) -> RoleDecisions {
    let counts = Counts::new(situation);
    let equal = equal_groups(situation);
    let versions = Versions::new(policy, situation, &counts);
    let least = situation.kind.publishes_from(policy).max(1);
    let mut withheld = [None; GROUPS];
    let mut available = vec![Availability::Unavailable; GROUPS];
    for (index, contributors) in counts.contributors.into_iter().enumerate() {
        if contributors < least {
            withheld[index] = Some(Reason::TooFew);
        } else if contributors.saturating_sub(counts.seen_by_one[index]) < policy.k_independent {
            withheld[index] = Some(Reason::Coalition);
        } else {
            available[index] = versions.availability(&equal[index], contributors);
            withheld[index] = (available[index] == Availability::Unavailable).then_some(Reason::Churn);
        }
    }
    let mut decisions = RoleDecisions { policy: policy.clone(), counts, withheld, equal, available };
    decisions.settle();
    decisions
}

/// Groups the peer groups by the atoms with contributors in them. Atoms share no contributors, so equal lists are equal sets.
fn equal_groups(situation: &RoleSituation) -> Vec<Vec<PeerGroup>> {
    let mut atoms: Vec<_> = situation.atoms.iter().filter(|atom| atom.contributors > 0).map(|atom| atom.atom).collect();
    atoms.sort_unstable();
    atoms.dedup();
    let mut members = vec![Vec::new(); GROUPS];
    for atom in atoms {
        for group in PeerGroup::of_atom(atom) {
            members[group.index()].push(atom);
        }
    }
    let mut order = PeerGroup::ALL_129;
    order.sort_by_key(|group| (group.depth(), group.index()));
    let mut by_members: BTreeMap<_, Vec<PeerGroup>> = BTreeMap::new();
    for group in order {
        by_members.entry(&members[group.index()]).or_default().push(group);
    }
    members.iter().map(|list| by_members.get(list).cloned().unwrap_or_default()).collect()
}

impl RoleDecisions {
    /// What becomes of a cell.
    #[must_use]
    pub fn decision(&self, group: PeerGroup) -> Decision {
        let index = group.index();
        if let Some(reason) = self.withheld[index] {
            return Decision::Withheld(reason);
        }
        let first = self.equal[index].iter().copied().find(|equal| self.is_published(*equal));
        match (first, self.available[index]) {
            (Some(first), _) if first != group => Decision::SameAs(first),
            (_, Availability::Carry(id)) => Decision::Carry(id),
            (_, Availability::Fresh) => Decision::Fresh,
            (_, Availability::Unavailable) => Decision::Withheld(Reason::Churn),
        }
    }

    /// All 129 decisions, in the order of [`PeerGroup::ALL_129`].
    pub fn iter(&self) -> impl Iterator<Item = (PeerGroup, Decision)> + '_ {
        PeerGroup::ALL_129.into_iter().map(|group| (group, self.decision(group)))
    }

    /// Whether a cell shows any figures.
    #[must_use]
    pub const fn is_published(&self, group: PeerGroup) -> bool {
        self.withheld[group.index()].is_none()
    }

    /// How many contributors a cell has. Not for readers.
    #[must_use]
    pub fn contributors(&self, group: PeerGroup) -> u32 {
        self.counts.of(group)
    }

    /// Which contributors a cell has.
    #[must_use]
    pub const fn digest(&self, group: PeerGroup) -> Digest {
        self.counts.digests[group.index()]
    }

    /// Takes a cell away because the audit failed with it (rule C8), with all that show the same figures, and then whatever
    /// C3 and C4 no longer allow.
    pub fn withhold(&mut self, group: PeerGroup) {
        for equal in self.equal[group.index()].clone() {
            self.take_away(equal, Reason::Audit);
        }
        self.settle();
    }

    fn take_away(&mut self, group: PeerGroup, reason: Reason) {
        self.withheld[group.index()].get_or_insert(reason);
    }

    /// Applies C3 and C4 until nothing changes.
    fn settle(&mut self) {
        while self.mend_complements() || self.mend_near_duplicates() {}
    }

    /// C3: takes away the smallest of the maximal published descendants of a parent with 1 to 9 contributors beside them.
    fn mend_complements(&mut self) -> bool {
        let mut has_changed = false;
        for industry in Industry::ALL {
            has_changed |= self.mend(PeerGroup::Industry(industry), |decisions| decisions.sizes(industry));
        }
        has_changed |= self.mend(PeerGroup::All, Self::in_industry_tree);
        has_changed |=
            self.mend(PeerGroup::All, |decisions| decisions.published(Region::ALL.into_iter().map(PeerGroup::Region)));
        has_changed
    }

    fn mend(&mut self, parent: PeerGroup, descendants: impl Fn(&Self) -> Vec<PeerGroup>) -> bool {
        let mut has_changed = false;
        while self.is_published(parent) {
            let children = descendants(self);
            let beside = self.counts.of(parent) - children.iter().map(|child| self.counts.of(*child)).sum::<u32>();
            // Without published descendants nothing can be subtracted.
            if beside == 0 || beside >= self.policy.complement_min || children.is_empty() {
                break;
            }
            let smallest = children.into_iter().min_by_key(|child| self.size_order(*child));
            smallest.iter().for_each(|child| self.take_away(*child, Reason::Complement));
            has_changed = true;
        }
        has_changed
    }

    /// Smaller cells come first, and finer ones of equal size.
    fn size_order(&self, group: PeerGroup) -> (u32, Reverse<u8>, Reverse<usize>) {
        (self.counts.of(group), Reverse(group.depth()), Reverse(group.index()))
    }

    fn published(&self, groups: impl Iterator<Item = PeerGroup>) -> Vec<PeerGroup> {
        groups.filter(|group| self.is_published(*group)).collect()
    }

    fn sizes(&self, industry: Industry) -> Vec<PeerGroup> {
        self.published(SizeBand::ALL.into_iter().map(|size| PeerGroup::IndustrySize(industry, size)))
    }

    /// The published industries, and the published sizes of the others.
    fn in_industry_tree(&self) -> Vec<PeerGroup> {
        let of_industry = |industry| {
            let group = PeerGroup::Industry(industry);
            if self.is_published(group) { vec![group] } else { self.sizes(industry) }
        };
        Industry::ALL.into_iter().flat_map(of_industry).collect()
    }

    /// C4: takes away the smaller of two cells that differ by 1 to 4 contributors.
    fn mend_near_duplicates(&mut self) -> bool {
        let mut has_changed = false;
        // Larger ones first, so that the smaller of a pair goes before it can take another one with it.
        let mut groups = self.published(PeerGroup::ALL_129.into_iter());
        groups.sort_by_key(|group| Reverse(self.size_order(*group)));
        for (place, larger) in groups.iter().enumerate() {
            for smaller in &groups[place + 1..] {
                let limit = self.policy.near_duplicate_min;
                if self.counts.of(*larger) - self.counts.of(*smaller) >= limit {
                    break;
                }
                let is_pair = self.is_published(*larger) && self.is_published(*smaller);
                if is_pair && (1..limit).contains(&self.counts.apart(*larger, *smaller)) {
                    self.take_away(*smaller, Reason::NearDuplicate);
                    has_changed = true;
                }
            }
        }
        has_changed
    }
}
