//! Small situations, written down in a few words.

use std::convert::Infallible;

use domain::disclosure::{
    Atom, AtomCount, Axis, AxisKind, Centre, Contribution, Decision, Difference, Digest, Draw, Draws, EarlierVersion,
    Industry, PartnerCount, PeerGroup, Policy, RandomBits, Region, RoleSituation, Segment, SizeBand, Totals, decide,
};
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};
use uuid::Uuid;

/// Reproducible bits.
pub struct Bits(ChaCha20Rng);

impl Bits {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next_u64() % limit
    }

    pub fn happens(&mut self, probability: f64) -> bool {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64 <= probability
    }
}

impl RandomBits for Bits {
    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
}

/// An atom by its places in the lists of industries, size bands and regions.
pub fn atom(industry: usize, size: usize, region: usize) -> Atom {
    let (industry, size_band, region) = (Industry::ALL[industry], SizeBand::ALL[size], Region::ALL[region]);
    Segment { industry, size_band, region }.atom()
}

pub fn industry(place: usize) -> PeerGroup {
    PeerGroup::Industry(Industry::ALL[place])
}

pub fn size(place: usize, size: usize) -> PeerGroup {
    PeerGroup::IndustrySize(Industry::ALL[place], SizeBand::ALL[size])
}

pub fn region(place: usize) -> PeerGroup {
    PeerGroup::Region(Region::ALL[place])
}

/// A situation at release 20 with counts given by place of industry, size band and region.
pub fn situation(counts: &[((usize, usize, usize), u32)]) -> RoleSituation {
    let count = |((industry, size, region), contributors): &((usize, usize, usize), u32)| AtomCount {
        atom: atom(*industry, *size, *region),
        contributors: *contributors,
        digest: digest(u64::from(atom(*industry, *size, *region).index()), *contributors),
    };
    RoleSituation {
        release: 20,
        kind: AxisKind::Role,
        atoms: counts.iter().map(count).collect(),
        partners: Vec::new(),
        differences: Vec::new(),
        earlier: Vec::new(),
    }
}

/// A digest of so many contributors.
pub fn digest(place: u64, contributors: u32) -> Digest {
    let part = |factor: u64| (((place + 1) * factor) % (1 << 40)) as i64 * i64::from(contributors);
    Digest([part(0x9e37_79b9_7f4a), part(0xc2b2_ae3d_27d4), part(0x1656_67b1_9e37)])
}

pub fn seen(partner: u32, place: (usize, usize, usize), groups: u32) -> PartnerCount {
    PartnerCount { partner, atom: atom(place.0, place.1, place.2), groups }
}

/// A version of the same peer group.
pub fn version(id: u128, peer_group: PeerGroup, release: u32, digest: Digest) -> EarlierVersion {
    EarlierVersion { id: Uuid::from_u128(id), peer_group, shown_by: peer_group, release, digest }
}

/// So many groups of one atom with changed values.
pub fn changed(earlier: u32, place: (usize, usize, usize), groups: u32) -> Difference {
    let atom = Some(atom(place.0, place.1, place.2));
    Difference { earlier, from: atom, to: atom, value_changed: true, groups }
}

pub fn decision(situation: &RoleSituation, group: PeerGroup) -> Decision {
    decide(&Policy::default(), situation).decision(group)
}

/// The axis of a role with two tasks and a skill.
pub fn axis() -> Axis {
    let keys = |list: &[&str]| list.iter().map(|key| (*key).to_owned()).collect();
    Axis {
        key: "r:role".to_owned(),
        kind: AxisKind::Role,
        tasks: keys(&["r:plan", "r:run"]),
        skills: keys(&["r:skill"]),
        components: Vec::new(),
    }
}

pub const CENTRE: Centre = Centre { score: 50_000, ratio: -5_000 };

/// A contributor of the axis with a score in points.
pub fn contributor(points: f64) -> Contribution {
    Contribution {
        heads_milli: 5_000,
        score: (points * 1_000.0) as i64,
        ratio: -5_000,
        mix: [500_000, 250_000, 250_000, 0],
        tasks: "H-".to_owned(),
        skills: "1".to_owned(),
    }
}

pub fn totals(contributors: &[Contribution]) -> Totals {
    let mut sum = Totals::default();
    for contributor in contributors {
        sum += Totals::of(contributor, Digest([1, 1, 1]), CENTRE, &Policy::default());
    }
    sum
}

/// The same draw on every statistic of a cell of the axis.
pub fn draws(contributors: usize, draw: Draw) -> Draws {
    let drawn = Draws::for_cell(&Policy::default(), &axis(), contributors as u32, |_| Ok::<_, Infallible>(draw));
    drawn.unwrap_or_default()
}
