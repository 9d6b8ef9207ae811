//! Four releases without noise: what the rules alone give away, and what a few contributors can move.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use rolemark_tests::{Backend, Result, SignedIn, TestServer, sign_up};
use tokio::sync::OnceCell;

use super::gate_world::verify;
use super::members::{Book, book};
use super::office::{Office, Quarter, quarters};
use super::plan::{BANKS, Plan, SOFTWARE, Said, Segment};
use crate::direct::Direct;
use crate::ids::random_uuid;

/// Nine small ones with a giant at 20 and at 80, and with a tenth small one at 20 and at 80.
pub(super) const GIANT: [usize; 2] = [0, 1];
pub(super) const SMALL: [usize; 2] = [2, 3];
/// Nineteen, and one at 20 and at 80.
pub(super) const TWENTY: [usize; 2] = [4, 5];
/// Twelve, and three at the lowest and at the highest score.
pub(super) const FIFTEEN: [usize; 2] = [6, 7];
/// Thirty of thirty have one skill, none has another.
pub(super) const ALIKE: usize = 8;
/// Sixty: one joins for the second release, one leaves before the third, one says something else in the fourth.
pub(super) const ONE_AT_A_TIME: usize = 9;
/// Fourteen, four of which change their values for each release.
pub(super) const TOGGLED: usize = 10;
/// A hundred and ten, thirty of which change for each release.
pub(super) const MOVING: usize = 11;
/// With one that goes to another industry each quarter.
pub(super) const HOPPED: usize = 12;
/// Many sets of contributors that come, go and change.
const MIXED: [usize; 5] = [13, 14, 15, 16, 17];

const SEGMENTS: [(usize, Segment); 5] = [
    (40, SOFTWARE),
    (25, BANKS),
    (20, ("INFORMATION", "FROM_20_TO_99", "NORTH_AMERICA")),
    (13, ("FINANCE", "FROM_100_TO_499", "WESTERN_EUROPE")),
    (12, ("HEALTH_CARE", "FROM_100_TO_499", "EASTERN_EUROPE")),
];
const HOPS: [&str; 3] = ["FINANCE", "RETAIL_TRADE", "EDUCATION"];

/// The releases, and what only the builder knows.
pub(super) struct World {
    pub(super) office: Office,
    pub(super) plan: Plan,
    pub(super) quarters: Vec<Quarter>,
    pub(super) reader: SignedIn,
    /// Who was in which version.
    pub(super) book: Book,
    /// The atoms that the hopping organization was counted in, release by release.
    pub(super) hops: Vec<i64>,
    /// Rows of the leaver in the last two snapshots.
    pub(super) rows_of_leaver: i64,
    /// Values that are left of the first release after its time, and of the last.
    pub(super) values_left: [i64; 2],
}

impl World {
    pub(super) fn server(&self) -> &TestServer {
        &self.office.server
    }

    pub(super) fn key(&self, role: usize) -> &str {
        self.plan.key(role)
    }

    /// The keys of the releases.
    pub(super) fn releases(&self) -> Vec<String> {
        self.quarters.iter().map(|quarter| quarter.key()).collect()
    }
}

/// The world of a backend; made by the first case that asks for it.
pub(super) async fn world(t: &TestServer) -> Result<&'static World> {
    static WORLDS: [OnceCell<World>; 2] = [OnceCell::const_new(), OnceCell::const_new()];
    WORLDS[usize::from(t.backend() == Backend::Postgres)].get_or_try_init(|| make(t.backend())).await
}

async fn make(backend: Backend) -> Result<World> {
    let mut office = Office::new(backend).await?;
    let quarters = quarters(4);
    let mut direct = office.direct().await?;
    let mut plan = Plan::new(&mut direct).await?;
    let people = contributors(&mut plan, &quarters);
    plan.write(&mut direct).await?;
    let (late, leaver, hopper) = people.map_ids(&plan);
    for (joiner, release) in late {
        let sql = format!(
            "UPDATE benchmark_participation SET joined_at = {} WHERE org_id = {}",
            direct.instant(quarters[release].snapshot() - Duration::days(20)),
            direct.uuid(joiner)
        );
        direct.execute(sql).await?;
    }
    for (number, quarter) in quarters.iter().enumerate() {
        if number == 2 {
            let (at, who) = (direct.instant(quarter.snapshot() - Duration::days(5)), direct.uuid(leaver));
            direct.execute(format!("UPDATE benchmark_participation SET left_at = {at} WHERE org_id = {who}")).await?;
        }
        if number > 0 {
            hop(&mut direct, hopper, HOPS[number - 1], quarter.snapshot() - Duration::days(10)).await?;
        }
        drop(direct);
        let key = quarter.key();
        office.run(&["build", &key, "--zero-noise"]).await?;
        office.run(&["audit", &key]).await?;
        office.publish(*quarter).await?;
        direct = office.direct().await?;
    }
    let hops = hops(&mut direct, hopper).await?;
    let sql = format!(
        "SELECT count(*) FROM builder.tenant_group WHERE release_number > 2 AND tenant_id = {}",
        direct.uuid(leaver)
    );
    let rows_of_leaver = direct.number(sql).await?;
    let book = book(&mut direct).await?;
    let values_left = retain(&mut office).await?;
    let server = Arc::clone(&office.server);
    let reader = sign_up(&server, "Reader").await;
    verify(&mut office.direct().await?, &reader).await?;
    Ok(World { office, plan, quarters, reader, book, hops, rows_of_leaver, values_left })
}

/// Organizations, by their places, that do something between releases.
struct People {
    /// Who joins, and for which release.
    late: Vec<(usize, usize)>,
    leaver: usize,
    hopper: usize,
}

impl People {
    fn map_ids(&self, plan: &Plan) -> (Vec<(uuid::Uuid, usize)>, uuid::Uuid, uuid::Uuid) {
        let id = |place: usize| plan.organizations[place].id;
        (self.late.iter().map(|(place, release)| (id(*place), *release)).collect(), id(self.leaver), id(self.hopper))
    }
}

fn contributors(plan: &mut Plan, quarters: &[Quarter]) -> People {
    let pool: Vec<usize> = SEGMENTS.into_iter().flat_map(|(count, segment)| plan.add(count, segment)).collect();
    let others = plan.add(5, SOFTWARE);
    let (giant, small, adversaries) = (others[0], others[1], &others[2..5]);
    for (place, score) in [(0, 20.0), (1, 80.0)] {
        for role in [GIANT[place], SMALL[place]] {
            alike(plan, &pool[..9], role);
        }
        plan.run(giant, GIANT[place], score).heads = 50_000.0;
        plan.run(small, SMALL[place], score).heads = 12.0;
        alike(plan, &pool[..19], TWENTY[place]);
        plan.run(giant, TWENTY[place], score);
        alike(plan, &pool[..12], FIFTEEN[place]);
        for adversary in adversaries {
            plan.run(*adversary, FIFTEEN[place], [12.5, 100.0][place]);
        }
    }
    for organization in &pool[..30] {
        plan.run(*organization, ALIKE, 100.0).skills = 1;
    }
    plan.run_all(&pool[..60], ONE_AT_A_TIME);
    plan.run_all(&pool[..14], TOGGLED);
    plan.run_all(&pool, MOVING);
    let mut late = vec![(plan.add(1, SOFTWARE)[0], 1)];
    plan.run_all(&[late[0].0], ONE_AT_A_TIME);
    let leaver = plan.add(1, SOFTWARE)[0];
    plan.run_all(&[leaver], ONE_AT_A_TIME);
    let hopper = plan.add(1, SOFTWARE)[0];
    plan.run_all(&pool[..24], HOPPED);
    plan.run_all(&[hopper], HOPPED);
    let joiners = plan.add(8, BANKS);
    late.extend(joiners.iter().enumerate().map(|(place, joiner)| (*joiner, 1 + place % 3)));
    let chosen: [fn(usize) -> bool; 5] = [
        |place| place % 2 == 0,
        |place| place % 3 == 0,
        |place| place < 70,
        |place| place % 5 != 0,
        |place| place % 7 < 2,
    ];
    for (role, is_in) in MIXED.into_iter().zip(chosen) {
        let some: Vec<usize> = pool.iter().copied().chain(joiners.clone()).filter(|place| is_in(*place)).collect();
        plan.run_all(&some, role);
    }
    change(plan, quarters, &pool);
    People { late, leaver, hopper }
}

/// The same organizations with the same scores in several roles.
fn alike(plan: &mut Plan, organizations: &[usize], role: usize) {
    for (place, organization) in organizations.iter().enumerate() {
        plan.run(*organization, role, 25.0 + ((place * 37) % 51) as f64);
    }
}

/// What is said differently from some release on.
fn change(plan: &mut Plan, quarters: &[Quarter], pool: &[usize]) {
    let mut say = |organization: usize, role: usize, release: usize, score: f64| {
        let key = plan.library[role].key.clone();
        let since = quarters[release].snapshot() - Duration::days(40);
        let roles = &mut plan.organizations[organization].roles;
        if let Some(role) = roles.iter_mut().find(|role| role.canonical.key == key) {
            role.said.push(Said { since, score });
        }
    };
    say(pool[20], ONE_AT_A_TIME, 3, 90.0);
    for release in 1..4 {
        for sybil in &pool[..4] {
            say(*sybil, TOGGLED, release, if release % 2 == 0 { 20.0 } else { 80.0 });
        }
        for (place, organization) in pool[60..90].iter().enumerate() {
            say(*organization, MOVING, release, 40.0 + ((place * 7 + release * 11) % 50) as f64);
        }
        for organization in &pool[20 + 6 * release..27 + 6 * release] {
            for role in MIXED {
                say(*organization, role, release, 30.0 + (10 * release) as f64);
            }
        }
        say(pool[97], MIXED[2], release, 33.0);
    }
}

/// An organization goes to another industry, and the operator verifies that.
async fn hop(direct: &mut Direct, hopper: uuid::Uuid, industry: &str, at: DateTime<Utc>) -> Result<()> {
    let (org, id, at) = (direct.uuid(hopper), direct.uuid(random_uuid()), direct.instant(at));
    direct
        .execute(format!("UPDATE organization_segment SET ended_at = {at} WHERE org_id = {org} AND ended_at IS NULL"))
        .await?;
    let sql = format!(
        "INSERT INTO organization_segment (org_id, id, industry, size_band, region, declared_at, declared_by, verified_at)
         VALUES ({org}, {id}, '{industry}', 'FROM_100_TO_499', 'WESTERN_EUROPE', {at}, {id}, {at})"
    );
    direct.execute(sql).await?;
    Ok(())
}

async fn hops(direct: &mut Direct, hopper: uuid::Uuid) -> Result<Vec<i64>> {
    let sql = format!(
        "SELECT DISTINCT CAST(c.release_number AS text) || ' ' || CAST(c.atom AS text) FROM builder.contribution c
         JOIN builder.tenant_group t ON t.release_number = c.release_number AND t.group_hash = c.group_hash
         WHERE t.tenant_id = {} ORDER BY 1",
        direct.uuid(hopper)
    );
    let atom = |line: String| line.split(' ').nth(1).and_then(|atom| atom.parse().ok()).unwrap_or(-1);
    Ok(direct.texts(sql).await?.into_iter().map(atom).collect())
}

/// Lets the time of the first release pass, and runs the retention job.
async fn retain(office: &mut Office) -> Result<[i64; 2]> {
    let mut direct = office.direct().await?;
    let at = direct.instant(Utc::now() - Duration::days(31));
    direct.execute(format!("UPDATE builder.draft_release SET published_at = {at} WHERE number = 1")).await?;
    drop(direct);
    office.run(&["erase"]).await?;
    let mut direct = office.direct().await?;
    let left = |release: u32| {
        format!(
            "SELECT count(*) FROM builder.contribution WHERE release_number = {release}
                 AND (score IS NOT NULL OR ratio IS NOT NULL OR tasks IS NOT NULL OR skills IS NOT NULL
                     OR mix_human IS NOT NULL)"
        )
    };
    Ok([direct.number(left(1)).await?, direct.number(left(4)).await?])
}
