use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::counts::Counts;
use super::history::History;
use super::situation::{EarlierVersion, RoleSituation};
use crate::disclosure::peer_group::PeerGroup;
use crate::disclosure::policy::Policy;

/// What the earlier versions of a role allow for a cell (rules C5 and C6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Availability {
    /// New figures.
    Fresh,
    /// The figures of this version.
    Carry(Uuid),
    /// None: new figures would differ too little from earlier ones, which are too old.
    Unavailable,
}

/// An earlier version next to a cell of today.
struct Compared {
    id: Uuid,
    release: u32,
    /// Whether the cell, or one with the same contributors, has shown it.
    is_own: bool,
    /// How many contributors are in one of both only, or changed a value.
    apart: u32,
}

/// Looks at earlier versions on behalf of every set of peer groups with the same contributors.
pub(super) struct Versions<'a> {
    policy: &'a Policy,
    release: u32,
    counts: &'a Counts,
    /// The versions of the window.
    earlier: Vec<&'a EarlierVersion>,
    history: BTreeMap<u32, History>,
}

impl<'a> Versions<'a> {
    pub(super) fn new(policy: &'a Policy, situation: &'a RoleSituation, counts: &'a Counts) -> Self {
        let release = situation.release;
        let is_within =
            |version: &&EarlierVersion| version.release < release && release - version.release <= policy.window;
        let earlier: Vec<_> = situation.earlier.iter().filter(is_within).collect();
        let releases: BTreeSet<u32> = earlier.iter().map(|version| version.release).collect();
        let history = releases.into_iter().map(|release| (release, History::new(situation, counts, release))).collect();
        Self { policy, release, counts, earlier, history }
    }

    /// What peer groups with equal contributors may show. They share one answer, since two sets of figures about the same
    /// contributors could be averaged.
    ///
    /// All versions of the role count, not only those that the cell has shown: subtracting another cell's earlier figures
    /// gives away a contributor just as well.
    pub(super) fn availability(&self, equal: &[PeerGroup], contributors: u32) -> Availability {
        let is_close = |version: &Compared| version.apart < self.policy.churn_min;
        let compared = self.earlier.iter().map(|version| self.compare(equal, version));
        let mut versions: Vec<Compared> = compared.filter(|version| version.is_own || is_close(version)).collect();
        // The newest first, own ones before others. Which of two names comes first is arbitrary, but must not depend on the
        // order of the input.
        versions
            .sort_by_key(|version| (std::cmp::Reverse(version.release), !version.is_own, version.apart, version.id));
        let age = |version: &Compared| self.release - version.release;
        let carried = |found: Option<&Compared>| found.map(|version| Availability::Carry(version.id));
        let usable = || versions.iter().filter(|version| age(version) <= self.policy.max_carry);
        if let Some(unchanged) = carried(usable().find(|version| version.apart == 0)) {
            return unchanged;
        }
        if versions.iter().any(|version| version.apart > 0 && is_close(version)) {
            return carried(usable().next()).unwrap_or(Availability::Unavailable);
        }
        let is_slow = contributors < self.policy.slow_refresh_below;
        let is_recent = |version: &&Compared| version.is_own && age(version) < self.policy.slow_refresh_every;
        carried(usable().find(is_recent).filter(|_| is_slow)).unwrap_or(Availability::Fresh)
    }

    fn compare(&self, equal: &[PeerGroup], version: &EarlierVersion) -> Compared {
        let now = equal.first().copied().unwrap_or(version.peer_group);
        let history = self.history.get(&version.release);
        let apart = history.map_or(1, |history| history.apart(version.peer_group, now, self.counts));
        // Other contributors and yet no difference: what is known about that release is incomplete. Better not to guess.
        let is_incomplete = apart == 0 && version.digest != self.counts.digests[now.index()];
        Compared {
            id: version.id,
            release: version.release,
            is_own: equal.contains(&version.shown_by),
            apart: if is_incomplete { 1 } else { apart },
        }
    }
}
