use std::collections::BTreeMap;

use uuid::Uuid;

use super::counts::{Counts, GROUPS, differences};
use super::situation::{EarlierVersion, RoleSituation};
use crate::disclosure::peer_group::PeerGroup;
use crate::disclosure::policy::Policy;

/// What the earlier versions of a cell allow (rules C5 and C6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Availability {
    /// New figures.
    Fresh,
    /// The figures of this version.
    Carry(Uuid),
    /// None: new figures would differ too little from earlier ones, which are too old.
    Unavailable,
}

/// An earlier version and how many contributors changed since.
struct Compared {
    id: Uuid,
    release: u32,
    changed: u32,
}

/// Looks at earlier versions on behalf of every set of peer groups with the same contributors.
pub(super) struct Versions<'a> {
    policy: &'a Policy,
    situation: &'a RoleSituation,
    counts: &'a Counts,
    changed: BTreeMap<u32, [u32; GROUPS]>,
}

impl<'a> Versions<'a> {
    pub(super) fn new(policy: &'a Policy, situation: &'a RoleSituation, counts: &'a Counts) -> Self {
        Self { policy, situation, counts, changed: differences(&situation.differences) }
    }

    /// What peer groups with equal contributors may show. They share one answer, since two sets of figures about the same
    /// contributors could be averaged; so the earlier versions of all of them count.
    pub(super) fn availability(&self, equal: &[PeerGroup], contributors: u32) -> Availability {
        let mut versions: Vec<Compared> = self.relevant(equal).map(|version| self.compare(version)).collect();
        // The newest first. Which of two names comes first is arbitrary, but must not depend on the order of the input.
        versions.sort_by(|a, b| b.release.cmp(&a.release).then_with(|| a.id.cmp(&b.id)));
        let age = |version: &Compared| self.situation.release.saturating_sub(version.release);
        let carried = |found: Option<&Compared>| found.map(|version| Availability::Carry(version.id));
        let mut usable = versions.iter().filter(|version| age(version) <= self.policy.max_carry);
        let newest = usable.clone().next();
        if let Some(unchanged) = carried(usable.find(|version| version.changed == 0)) {
            return unchanged;
        }
        let is_small = |version: &Compared| (1..self.policy.churn_min).contains(&version.changed);
        if versions.iter().any(is_small) {
            return carried(newest).unwrap_or(Availability::Unavailable);
        }
        let is_recent = |version: &&Compared| age(version) < self.policy.slow_refresh_every;
        let is_slow = contributors < self.policy.slow_refresh_below;
        carried(newest.filter(is_recent).filter(|_| is_slow)).unwrap_or(Availability::Fresh)
    }

    fn relevant(&self, equal: &[PeerGroup]) -> impl Iterator<Item = &'a EarlierVersion> {
        let release = self.situation.release;
        let is_within = move |version: &&EarlierVersion| {
            version.release < release && release - version.release <= self.policy.window
        };
        self.situation.earlier.iter().filter(is_within).filter(|version| equal.contains(&version.peer_group))
    }

    fn compare(&self, version: &EarlierVersion) -> Compared {
        let index = version.peer_group.index();
        let counted = self.changed.get(&version.release).map_or(0, |changed| changed[index]);
        // Other contributors and yet no difference: what is known about that release is incomplete. Better not to guess.
        let is_incomplete = counted == 0 && version.digest != self.counts.digests[index];
        let changed = if is_incomplete { 1 } else { counted };
        Compared { id: version.id, release: version.release, changed }
    }
}
