//! The organizations of a world: who they are, when they come and go, what they are to the benchmark.

use chrono::{DateTime, Duration, Utc};
use domain::disclosure::{Region, Segment, SizeBand};
use uuid::Uuid;

use super::{
    draw::{Draw, Purpose},
    industries::{PROFILES, Profile, REGIONS, SIZES, frequency},
    spec::{Calendar, QUARTERS, WorldSpec},
    words,
};

/// What an organization is to the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is verified and takes part.
    Contributes,
    /// It takes part, and nobody has verified it.
    NotVerified,
    /// It takes part, and came too late for the last quarter.
    TooYoung,
    /// It is verified, and has not opted in.
    NotTaking,
}

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) since: DateTime<Utc>,
}

/// An organization of the world.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Planned {
    /// Counts the organizations, from 0.
    pub(super) number: usize,
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) admin: Person,
    pub(super) member: Uuid,
    /// Its place in [`PROFILES`].
    pub(super) profile: usize,
    pub(super) segment: Segment,
    pub(super) heads: i64,
    pub(super) created_at: DateTime<Utc>,
    pub(super) joined_at: DateTime<Utc>,
    /// When its first roles were published.
    pub(super) started_at: DateTime<Utc>,
    /// The first quarter in whose release it can be, from 0.
    pub(super) from: usize,
    /// The quarter in which it leaves, and when.
    pub(super) leaves: Option<(usize, DateTime<Utc>)>,
    pub(super) standing: Standing,
    pub(super) is_by_contract: bool,
    /// Its holding, counted from 0.
    pub(super) holding: Option<usize>,
}

impl Planned {
    pub(super) fn profile(&self) -> &'static Profile {
        PROFILES.get(self.profile).unwrap_or(&PROFILES[0])
    }

    /// The quarter with which its history ends: that before it leaves, or the last one.
    pub(super) fn until(&self) -> usize {
        self.leaves.map_or(QUARTERS - 1, |(quarter, _)| quarter.saturating_sub(1))
    }
}

/// The share of organizations that come in a quarter, and of those there that go.
const TURNOVER: f64 = 0.04;
/// How the organizations stand, in the order of the match in [`standing`].
const STANDINGS: [f64; 4] = [0.92, 0.03, 0.02, 0.03];

/// All organizations of a world.
pub(super) fn plan(spec: &WorldSpec) -> Vec<Planned> {
    let calendar = Calendar::of(spec);
    let mut draw = Draw::new(spec.seed, Purpose::Plan, 0);
    let offset = draw.place(words::FIRST.len() * words::SECOND.len());
    let mut organizations: Vec<Planned> =
        (0..spec.organizations).map(|number| organization(spec, &calendar, number, offset)).collect();
    found_holdings(&mut organizations, &mut draw);
    organizations
}

fn organization(spec: &WorldSpec, calendar: &Calendar, number: usize, offset: usize) -> Planned {
    // Apart from the plan as a whole, so that a larger world begins with the organizations of a smaller one.
    let draw = &mut Draw::new(spec.seed, Purpose::Plan, number + 1);
    let frequencies: Vec<f64> = (0..PROFILES.len()).map(frequency).collect();
    let profile = draw.weighted(&frequencies);
    let size = SizeBand::ALL.get(draw.weighted(&SIZES)).copied().unwrap_or(SizeBand::From100To499);
    let region = Region::ALL.get(draw.weighted(&REGIONS)).copied().unwrap_or(Region::NorthAmerica);
    let standing = standing(draw);
    let from = arrival(draw);
    let dates = Dates::draw(draw, calendar, from, standing);
    let leaves = departure(draw, calendar, from);
    let admin = person(draw, format!("admin-{}", number + 1), dates.created_at);
    let word = draw.word(&PROFILES.get(profile).unwrap_or(&PROFILES[0]).words);
    Planned {
        number,
        id: draw.id(dates.created_at),
        name: name(number + offset, word),
        admin,
        member: draw.id(dates.created_at),
        profile,
        segment: Segment { industry: PROFILES[profile.min(PROFILES.len() - 1)].industry, size_band: size, region },
        heads: heads(draw, size),
        created_at: dates.created_at,
        joined_at: dates.joined_at,
        started_at: dates.started_at,
        from,
        leaves: leaves.filter(|_| standing != Standing::TooYoung),
        standing,
        is_by_contract: draw.chance(if from == 0 { 0.9 } else { 0.3 }),
        holding: None,
    }
}

fn standing(draw: &mut Draw) -> Standing {
    match draw.weighted(&STANDINGS) {
        1 => Standing::NotVerified,
        2 => Standing::TooYoung,
        3 => Standing::NotTaking,
        _ => Standing::Contributes,
    }
}

/// Most are there from the first quarter on; the others come evenly.
fn arrival(draw: &mut Draw) -> usize {
    let later = TURNOVER * (QUARTERS - 1) as f64;
    if draw.chance(1.0 / (1.0 + later)) { 0 } else { 1 + draw.place(QUARTERS - 1) }
}

fn departure(draw: &mut Draw, calendar: &Calendar, from: usize) -> Option<(usize, DateTime<Utc>)> {
    let quarter = (from + 1..QUARTERS).find(|_| draw.chance(TURNOVER))?;
    let days = draw.whole(3, 80);
    Some((quarter, calendar.before(quarter, days, draw.uniform())))
}

struct Dates {
    created_at: DateTime<Utc>,
    joined_at: DateTime<Utc>,
    started_at: DateTime<Utc>,
}

impl Dates {
    fn draw(draw: &mut Draw, calendar: &Calendar, from: usize, standing: Standing) -> Self {
        let moment = draw.uniform();
        if standing == Standing::TooYoung {
            let created_at = calendar.before(QUARTERS - 1, draw.whole(40, 85), moment);
            let hours = |hours| created_at + Duration::hours(hours);
            return Self { created_at, joined_at: hours(2), started_at: hours(30) };
        }
        let days = if from == 0 { draw.whole(200, 900) } else { draw.whole(100, 180) };
        let joined = calendar.before(from, draw.whole(34, 84), draw.uniform());
        Self {
            created_at: calendar.before(from, days, moment),
            joined_at: joined,
            started_at: calendar.before(from, draw.whole(33, 90), draw.uniform()),
        }
    }
}

/// Heads within the band, small numbers more often than large ones.
fn heads(draw: &mut Draw, size: SizeBand) -> i64 {
    let (low, high) = match size {
        SizeBand::From20To99 => (36.0_f64, 99.0_f64),
        SizeBand::From100To499 => (110.0, 499.0),
        SizeBand::From500To1999 => (500.0, 1_999.0),
        SizeBand::From2000To9999 => (2_000.0, 9_999.0),
        SizeBand::From10000 => (10_000.0, 60_000.0),
    };
    draw.between(low.ln(), high.ln()).exp() as i64
}

/// Somebody with a name and an address that no mail reaches.
pub(super) fn person(draw: &mut Draw, local_part: String, since: DateTime<Utc>) -> Person {
    Person {
        id: draw.id(since),
        name: format!("{} {}", draw.word(&words::GIVEN), draw.word(&words::FAMILY)),
        email: format!("{local_part}@synthetic.example"),
        since,
    }
}

/// A name of its own for every number: both lists are gone through before one occurs again.
fn name(number: usize, word: &str) -> String {
    let pairs = words::FIRST.len() * words::SECOND.len();
    // 769 shares no factor with the 1,920 pairs.
    let pair = number.wrapping_mul(769) % pairs;
    let first = words::FIRST.get(pair % words::FIRST.len()).copied().unwrap_or_default();
    let second = words::SECOND.get(pair / words::FIRST.len()).copied().unwrap_or_default();
    match number / pairs {
        0 => format!("{first} {second} {word} (synthetic)"),
        round => format!("{first} {second} {word} {} (synthetic)", round + 1),
    }
}

/// Makes some organizations subsidiaries of holdings, the largest of which has at most 50.
fn found_holdings(organizations: &mut [Planned], draw: &mut Draw) {
    let number = organizations.len();
    let sizes = [(number / 12).min(50), (number / 50).min(12), (number / 100).min(6), number / 150, number / 200];
    let mut places: Vec<usize> = (0..number).collect();
    draw.shuffle(&mut places);
    let mut places = places.into_iter();
    for (holding, size) in sizes.into_iter().filter(|size| *size >= 2).enumerate() {
        for place in places.by_ref().take(size) {
            if let Some(organization) = organizations.get_mut(place) {
                organization.holding = Some(holding);
            }
        }
    }
}
