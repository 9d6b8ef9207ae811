//! What disclosure control costs: `cargo bench -p rolemark-domain --bench disclosure`.
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::convert::Infallible;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use domain::disclosure::{
    Atom, AtomCount, AuditVersion, Axis, AxisKind, BINS, Centre, Difference, Digest, DiscreteGaussian, Draw, Draws,
    EarlierVersion, Pattern, PeerGroup, Policy, RandomBits, RawFigure, RoleSituation, decide, reconstruct,
    release_figures,
};
use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};
use uuid::Uuid;

fn main() {
    divan::main();
}

struct Bits(ChaCha20Rng);

impl RandomBits for Bits {
    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
}

const DRAWS: usize = 10_000;

#[divan::bench]
fn draws_of_noise(bencher: Bencher) {
    let mut bits = Bits(ChaCha20Rng::seed_from_u64(1));
    let distribution = DiscreteGaussian::new(1_000_000);
    bencher
        .counter(ItemsCount::new(DRAWS))
        .bench_local(|| (0..DRAWS).map(|_| distribution.draw(&mut bits)).fold(0, i64::wrapping_add));
}

/// As many versions as a role has at most: 129 cells in 8 releases.
#[divan::bench(args = [250, 1_000])]
fn audit_of_a_role(bencher: Bencher, count: u16) {
    let policy = Policy::default();
    let version = |place: u16| AuditVersion {
        noise_sd_units: policy.sum_noise(50),
        release: u32::from(place / 125),
        contributors: 50,
    };
    let versions: Vec<_> = (0..count).map(version).collect();
    let pattern = |place: u16| Pattern {
        versions: (0..32).map(|step: u16| (place.wrapping_mul(31).wrapping_add(step * 37)) % count).collect(),
        known: false,
        contributors: 5,
    };
    let patterns: Vec<_> = (0..3_000).map(pattern).collect();
    bencher.bench_local(|| reconstruct(&policy, black_box(&versions), black_box(&patterns)).worst);
}

fn atom(index: u16) -> Atom {
    Atom::from_index(index % Atom::COUNT).unwrap()
}

/// Every atom is filled, all cells have versions of 8 releases, and 2,000 groups changed since each.
fn situation() -> RoleSituation {
    let digest = Digest([1, 2, 3]);
    let earlier = (12..20).flat_map(|release| {
        PeerGroup::ALL_129.map(|peer_group| {
            let id = Uuid::from_u128(u128::from(release) * 1_000 + peer_group.index() as u128);
            EarlierVersion { id, peer_group, shown_by: peer_group, release, digest }
        })
    });
    let differences = (12..20).flat_map(|earlier| {
        (0..2_000).map(move |place: u16| Difference {
            earlier,
            from: Some(atom(place)),
            to: Some(atom(place.wrapping_mul(7))),
            value_changed: true,
            groups: 1,
        })
    });
    RoleSituation {
        release: 20,
        kind: AxisKind::Role,
        atoms: (0..Atom::COUNT).map(|index| AtomCount { atom: atom(index), contributors: 20, digest }).collect(),
        partners: Vec::new(),
        differences: differences.collect(),
        earlier: earlier.collect(),
    }
}

#[divan::bench]
fn decisions_on_a_role(bencher: Bencher) {
    let (policy, situation) = (Policy::default(), situation());
    bencher.bench_local(|| decide(&policy, black_box(&situation)).is_published(PeerGroup::All));
}

#[divan::bench]
fn figures_of_a_cell(bencher: Bencher) {
    let policy = Policy::default();
    let keys = |count: usize| (0..count).map(|place| format!("rolemark:key-{place}")).collect::<Vec<_>>();
    let axis = Axis {
        key: "rolemark:role".into(),
        kind: AxisKind::Role,
        tasks: keys(12),
        skills: keys(40),
        components: vec![],
    };
    let totals = RawFigure {
        contributors: 400,
        histogram: [20; BINS],
        mix: [100_000_000; 4],
        tasks: vec![[50; 4]; 12],
        skills: vec![100; 40],
        ..RawFigure::default()
    };
    let drawn = |_| Ok::<_, Infallible>(Draw { common: 700, own: -300 });
    let draws = Draws::for_cell(&policy, &axis, 400, drawn).unwrap();
    let centre = Centre::first(&policy);
    bencher
        .bench_local(|| release_figures(&policy, &axis, centre, None, black_box(&totals), &draws).unwrap().to_json());
}
