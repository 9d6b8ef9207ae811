//! One role over many releases: decided with the real rules, and with everything that readers do not see remembered.

use std::collections::{BTreeMap, BTreeSet};

use domain::disclosure::{
    Atom, AtomCount, AuditVersion, AxisKind, Decision, Difference, Digest, EarlierVersion, PartnerCount, Pattern,
    PeerGroup, Policy, RoleSituation, decide,
};
use uuid::Uuid;

/// A control group that contributes to the role: where it is, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    pub atom: Atom,
    pub value: i64,
}

/// The contributors of a release, by control group.
pub type Members = BTreeMap<u32, Member>;

/// Figures that were published, and whose.
pub struct Version {
    pub peer_group: PeerGroup,
    pub release: u32,
    /// The values of its contributors.
    pub members: BTreeMap<u32, i64>,
}

impl Version {
    /// How many groups are in one of both only, or say something else.
    pub fn apart(&self, other: &Self) -> usize {
        let ids: BTreeSet<&u32> = self.members.keys().chain(other.members.keys()).collect();
        ids.into_iter().filter(|id| self.members.get(id) != other.members.get(id)).count()
    }
}

/// The releases of a role.
pub struct History {
    policy: Policy,
    pub releases: Vec<Members>,
    pub versions: Vec<Version>,
    /// Which version each cell shows in each release.
    pub shown: BTreeMap<(u32, PeerGroup), usize>,
    /// How many cells had any contributor, over all releases.
    pub cells: usize,
}

impl History {
    pub fn new(policy: &Policy) -> Self {
        Self { policy: policy.clone(), releases: Vec::new(), versions: Vec::new(), shown: BTreeMap::new(), cells: 0 }
    }

    /// A history of releases with these contributors.
    pub fn of(policy: &Policy, releases: impl IntoIterator<Item = Members>) -> Self {
        let mut history = Self::new(policy);
        releases.into_iter().for_each(|members| history.build(members, Vec::new()));
        history
    }

    /// Decides on a release and remembers what it shows.
    pub fn build(&mut self, members: Members, partners: Vec<PartnerCount>) {
        self.releases.push(members);
        let release = self.releases.len() as u32;
        let decisions = decide(&self.policy, &self.situation(partners));
        for (group, decision) in decisions.iter() {
            self.cells += usize::from(decisions.contributors(group) > 0);
            if decision == Decision::Fresh {
                self.shown.insert((release, group), self.versions.len());
                let members = self.members_of(group);
                self.versions.push(Version { peer_group: group, release, members });
            }
        }
        let name = |id: Uuid| id.as_u128() as usize;
        for (group, decision) in decisions.iter() {
            let version = match (decision, decision_behind(&decisions, decision)) {
                (Decision::Fresh | Decision::Withheld(_), _) => continue,
                (_, Some(Decision::Carry(id))) => name(id),
                (Decision::SameAs(other), _) => self.shown[&(release, other)],
                _ => continue,
            };
            self.shown.insert((release, group), version);
        }
    }

    /// Who is in a cell in the newest release.
    fn members_of(&self, group: PeerGroup) -> BTreeMap<u32, i64> {
        let members = self.releases.last().unwrap().iter();
        members.filter(|(_, member)| group.contains(member.atom)).map(|(id, member)| (*id, member.value)).collect()
    }

    fn situation(&self, partners: Vec<PartnerCount>) -> RoleSituation {
        let release = self.releases.len() as u32;
        let mut atoms: BTreeMap<Atom, AtomCount> = BTreeMap::new();
        for (id, member) in self.releases.last().unwrap() {
            let empty = AtomCount { atom: member.atom, contributors: 0, digest: Digest::default() };
            let count = atoms.entry(member.atom).or_insert(empty);
            count.contributors += 1;
            count.digest += digest(*id, member.value);
        }
        let published: BTreeSet<u32> = self.versions.iter().map(|version| version.release).collect();
        RoleSituation {
            release,
            kind: AxisKind::Role,
            atoms: atoms.into_values().collect(),
            partners,
            differences: published.into_iter().flat_map(|earlier| self.differences(earlier)).collect(),
            earlier: self.earlier(),
        }
    }

    fn differences(&self, earlier: u32) -> Vec<Difference> {
        let (then, now) = (&self.releases[earlier as usize - 1], self.releases.last().unwrap());
        let ids: BTreeSet<&u32> = then.keys().chain(now.keys()).collect();
        let changed = ids.into_iter().map(|id| (then.get(id), now.get(id))).filter(|(then, now)| then != now);
        let difference = |(then, now): (Option<&Member>, Option<&Member>)| Difference {
            earlier,
            from: then.map(|member| member.atom),
            to: now.map(|member| member.atom),
            value_changed: then.map(|member| member.value) != now.map(|member| member.value),
            groups: 1,
        };
        changed.map(difference).collect()
    }

    fn earlier(&self) -> Vec<EarlierVersion> {
        let pairs: BTreeSet<(usize, PeerGroup)> =
            self.shown.iter().map(|((_, group), version)| (*version, *group)).collect();
        let entry = |(place, shown_by): (usize, PeerGroup)| {
            let Version { peer_group, release, members } = &self.versions[place];
            let mut sum = Digest::default();
            members.iter().for_each(|(id, value)| sum += digest(*id, *value));
            let id = Uuid::from_u128(place as u128);
            EarlierVersion { id, peer_group: *peer_group, shown_by, release: *release, digest: sum }
        };
        pairs.into_iter().map(entry).collect()
    }

    /// Everybody who ever contributed, in order.
    pub fn everybody(&self) -> Vec<u32> {
        self.releases.iter().flat_map(|members| members.keys().copied()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// What the attacker has: every version that was ever published, with the noise that hides it.
    pub fn audit_versions(&self, noise: impl Fn(u32) -> f64) -> Vec<AuditVersion> {
        let version = |version: &Version| {
            let contributors = version.members.len() as u32;
            AuditVersion { noise_sd_units: noise(contributors), release: version.release, contributors }
        };
        self.versions.iter().map(version).collect()
    }

    /// Each contributor as a pattern of its own, in the order of [`History::everybody`].
    pub fn patterns(&self, is_known: impl Fn(u32) -> bool) -> Vec<Pattern> {
        let pattern = |id: u32| {
            let is_in = |(place, version): (usize, &Version)| version.members.contains_key(&id).then_some(place as u16);
            let versions = self.versions.iter().enumerate().filter_map(is_in).collect();
            Pattern { versions, known: is_known(id), contributors: 1 }
        };
        self.everybody().into_iter().map(pattern).collect()
    }
}

/// What decides about the cell whose figures are shown.
fn decision_behind(decisions: &domain::disclosure::RoleDecisions, decision: Decision) -> Option<Decision> {
    match decision {
        Decision::SameAs(other) => Some(decisions.decision(other)),
        other => Some(other),
    }
}

/// A stand-in for a keyed hash of a group and its values.
fn digest(id: u32, value: i64) -> Digest {
    let mixed = ((u64::from(id) << 32) | (value as u64 & 0xffff_ffff)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    Digest([24, 11, 0].map(|shift| (mixed.rotate_left(shift) >> 24) as i64))
}
