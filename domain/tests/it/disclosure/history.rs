//! The rules over many releases: what any two versions of a cell give away together.

use std::collections::{BTreeMap, BTreeSet};

use domain::disclosure::{
    Atom, AtomCount, AxisKind, Decision, Difference, Digest, EarlierVersion, PeerGroup, Policy, RoleSituation, decide,
};
use uuid::Uuid;

use super::world::{Bits, atom};

/// The control groups of a release, each with its atom and a value.
type Members = BTreeMap<u32, (Atom, u32)>;
/// The contributors of a version, with their values.
type Set = BTreeSet<(u32, u32)>;

struct Version {
    id: Uuid,
    peer_group: PeerGroup,
    release: u32,
    set: Set,
}

#[derive(Default)]
struct World {
    releases: Vec<Members>,
    versions: Vec<Version>,
    /// Which version each cell showed in each release.
    shown: BTreeMap<(u32, PeerGroup), usize>,
}

fn set_of(members: &Members, group: PeerGroup) -> Set {
    members.iter().filter(|(_, (atom, _))| group.contains(*atom)).map(|(id, (_, value))| (*id, *value)).collect()
}

/// A stand-in for a keyed hash: different sets have different sums but for bad luck.
fn digest_of(set: &Set) -> Digest {
    let mut sum = Digest::default();
    for (id, value) in set {
        let mixed = (u64::from(*id) << 32 | u64::from(*value)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        sum +=
            Digest([(mixed >> 24) as i64, (mixed.rotate_left(21) >> 24) as i64, (mixed.rotate_left(42) >> 24) as i64]);
    }
    sum
}

impl World {
    fn situation(&self) -> RoleSituation {
        let release = self.releases.len() as u32;
        let now = self.releases.last().unwrap();
        let mut atoms: BTreeMap<Atom, Set> = BTreeMap::new();
        for (id, (atom, value)) in now {
            atoms.entry(*atom).or_default().insert((*id, *value));
        }
        let count =
            |(atom, set): (Atom, Set)| AtomCount { atom, contributors: set.len() as u32, digest: digest_of(&set) };
        RoleSituation {
            release,
            kind: AxisKind::Role,
            atoms: atoms.into_iter().map(count).collect(),
            partners: Vec::new(),
            differences: (1..release).flat_map(|earlier| self.differences(earlier)).collect(),
            earlier: self.earlier(),
        }
    }

    fn differences(&self, earlier: u32) -> Vec<Difference> {
        let (then, now) = (&self.releases[earlier as usize - 1], self.releases.last().unwrap());
        let ids: BTreeSet<u32> = then.keys().chain(now.keys()).copied().collect();
        let changed = ids.into_iter().filter(|id| then.get(id) != now.get(id));
        changed
            .map(|id| Difference {
                earlier,
                from: then.get(&id).map(|(atom, _)| *atom),
                to: now.get(&id).map(|(atom, _)| *atom),
                value_changed: then.get(&id).map(|(_, value)| value) != now.get(&id).map(|(_, value)| value),
                groups: 1,
            })
            .collect()
    }

    fn earlier(&self) -> Vec<EarlierVersion> {
        let pairs: BTreeSet<(usize, PeerGroup)> =
            self.shown.iter().map(|((_, group), version)| (*version, *group)).collect();
        let entry = |(version, shown_by): (usize, PeerGroup)| {
            let Version { id, peer_group, release, set } = &self.versions[version];
            EarlierVersion { id: *id, peer_group: *peer_group, shown_by, release: *release, digest: digest_of(set) }
        };
        pairs.into_iter().map(entry).collect()
    }

    /// Builds a release, and remembers what it shows.
    fn build(&mut self, members: Members) {
        self.releases.push(members);
        let release = self.releases.len() as u32;
        let decisions = decide(&Policy::default(), &self.situation());
        for (group, decision) in decisions.iter() {
            if decision == Decision::Fresh {
                let set = set_of(self.releases.last().unwrap(), group);
                let id = Uuid::from_u128(self.versions.len() as u128);
                self.shown.insert((release, group), self.versions.len());
                self.versions.push(Version { id, peer_group: group, release, set });
            }
        }
        for (group, decision) in decisions.iter() {
            let version = match decision {
                Decision::Fresh | Decision::Withheld(_) => continue,
                Decision::Carry(id) => self.versions.iter().position(|version| version.id == id).unwrap(),
                Decision::SameAs(other) => match decisions.decision(other) {
                    Decision::Carry(id) => self.versions.iter().position(|version| version.id == id).unwrap(),
                    _ => self.shown[&(release, other)],
                },
            };
            self.shown.insert((release, group), version);
        }
    }

    /// No two versions, of whatever cells, differ by 1 to 4 within 8 releases.
    fn check(&self) {
        for (place, later) in self.versions.iter().enumerate() {
            for earlier in self.versions[..place].iter().filter(|earlier| later.release - earlier.release <= 8) {
                let ids = |set: &Set| set.iter().map(|(id, _)| *id).collect::<BTreeSet<_>>();
                let different: BTreeSet<u32> = ids(&later.set.symmetric_difference(&earlier.set).copied().collect());
                let is_renewed = different.is_empty() && later.release - earlier.release > 4;
                let (a, b) = (earlier.peer_group, later.peer_group);
                assert!(
                    different.len() >= 5 || is_renewed,
                    "{a} of {} and {b} of {}: {}",
                    earlier.release,
                    later.release,
                    different.len()
                );
            }
        }
        for ((release, group), version) in &self.shown {
            assert!(release - self.versions[*version].release <= 4, "{group} is stale");
        }
    }
}

fn next_release(members: &Members, bits: &mut Bits, next_id: &mut u32, churn: f64) -> Members {
    let mut next = Members::new();
    for (id, (atom, value)) in members {
        if bits.happens(churn) {
            continue;
        }
        let value = if bits.happens(churn) { value + 1 } else { *value };
        let atom = if bits.happens(churn / 4.0) { any_atom(bits) } else { *atom };
        next.insert(*id, (atom, value));
    }
    let joined = bits.below((members.len() as f64 * churn * 2.0) as u64 + 2);
    for _ in 0..joined {
        *next_id += 1;
        next.insert(*next_id, (any_atom(bits), 0));
    }
    next
}

fn any_atom(bits: &mut Bits) -> Atom {
    let skewed = |bits: &mut Bits| (bits.below(3) * bits.below(2)) as usize;
    atom(skewed(bits), skewed(bits), skewed(bits))
}

#[test]
fn no_two_versions_differ_by_a_few() {
    let mut versions = 0;
    for seed in 0..40 {
        let mut bits = Bits::new(seed);
        let mut next_id = 0;
        let churn = [0.0, 0.005, 0.02, 0.08][seed as usize % 4];
        let count = 15 + bits.below(100);
        let mut members: Members = (0..count).map(|id| (1_000_000 + id as u32, (any_atom(&mut bits), 0))).collect();
        let mut world = World::default();
        for _ in 0..14 {
            world.build(members.clone());
            members = next_release(&members, &mut bits, &mut next_id, churn);
        }
        world.check();
        versions += world.versions.len();
    }
    assert!(versions > 500, "only {versions} versions were looked at");
}

#[test]
fn a_small_cell_is_refreshed_every_second_release() {
    let mut world = World::default();
    for release in 0..4 {
        // Ten of thirty change a value each time.
        world.build((0..30).map(|id| (id, (atom(0, 0, 0), if id < 10 { release } else { 0 }))).collect());
    }
    let releases: Vec<u32> = world.versions.iter().map(|version| version.release).collect();
    assert_eq!(releases, [1, 3]);
}
