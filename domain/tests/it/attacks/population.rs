//! Worlds of organizations that join, leave and change.

use domain::disclosure::{Atom, Industry, Region, Segment, SizeBand};

use super::bits::Bits;
use super::history::{Member, Members};

/// An atom by its places in the lists of industries, size bands and regions.
pub fn atom(industry: usize, size: usize, region: usize) -> Atom {
    let (industry, size_band, region) = (Industry::ALL[industry], SizeBand::ALL[size], Region::ALL[region]);
    Segment { industry, size_band, region }.atom()
}

/// So many groups of one atom with values of their own, named from `first` on.
pub fn groups(first: u32, count: u32, atom: Atom, bits: &mut Bits) -> Members {
    (first..first + count).map(|id| (id, Member { atom, value: bits.score() })).collect()
}

/// The world of the simulation behind the design: 6 industries, 3 size bands, 4 regions, unevenly filled.
pub fn any_atom(bits: &mut Bits) -> Atom {
    let industry = bits.pick(&[36.0, 24.0, 16.0, 12.0, 8.0, 4.0]);
    let size = bits.pick(&[55.0, 30.0, 15.0]);
    atom(industry, size, bits.pick(&[50.0, 25.0, 15.0, 10.0]))
}

/// How a world goes on from release to release, as shares of its groups.
#[derive(Clone, Copy)]
pub struct Churn {
    pub join: f64,
    pub leave: f64,
    /// Who says something else.
    pub change: f64,
    /// Who goes to another segment.
    pub hop: f64,
}

impl Churn {
    /// 4 % join and 4 % leave in a quarter; all else stays, which is the best for the attacker.
    pub const SIMULATED: Self = Self { join: 0.04, leave: 0.04, change: 0.0, hop: 0.0 };
}

/// So many releases of a world that starts with `count` groups. Groups are named in the order in which they join.
pub fn world(count: u32, releases: usize, churn: Churn, bits: &mut Bits) -> Vec<Members> {
    let mut next = 0;
    let mut join = |members: &mut Members, joining: u32, bits: &mut Bits| {
        for _ in 0..joining {
            members.insert(next, Member { atom: any_atom(bits), value: bits.score() });
            next += 1;
        }
    };
    let mut members = Members::new();
    join(&mut members, count, bits);
    let mut all = vec![members.clone()];
    while all.len() < releases {
        members.retain(|_, _| !bits.happens(churn.leave));
        for member in members.values_mut() {
            if bits.happens(churn.change) {
                member.value = bits.score();
            }
            if bits.happens(churn.hop) {
                member.atom = any_atom(bits);
            }
        }
        let joining = (0..count).filter(|_| bits.happens(churn.join)).count() as u32;
        join(&mut members, joining, bits);
        all.push(members.clone());
    }
    all
}
