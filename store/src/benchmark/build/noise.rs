//! The ledger of noise: what was drawn once is used again, so that building again gives the same figures.

use std::collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry};

use aws_lc_rs::rand;
use domain::disclosure::{DiscreteGaussian, Draw, Draws, PeerGroup, Policy, RandomBits, Statistic, statistics};
use sea_orm::{ConnectionTrait, DbBackend};

use super::{refused, role::Role};
use crate::{
    StoreError,
    benchmark::builder::{BuilderError, Cell, Column, Transaction, insert, rows as query},
};

const OWN: &str = "
SELECT CAST(peer_group AS bigint) AS peer_group, digest, draws FROM cell_noise
WHERE release_number = $1 AND role_number = $2";
/// One look-up for each peer group and statistic, `$2` and `$3`, however large the ledger is: a join or a condition with so
/// many alternatives may read all of it.
const SHARED: &str = "
SELECT CAST(g.value AS bigint) AS peer_group, s.value AS statistic, (
    SELECT n.draw FROM shared_noise n
    WHERE n.release_number = $1 AND n.peer_group = CAST(g.value AS smallint) AND n.statistic = s.value) AS draw
FROM ";
const LISTS_ON_POSTGRES: &str = "
json_array_elements_text(CAST($2 AS json)) AS g(value) CROSS JOIN json_array_elements_text(CAST($3 AS json)) AS s(value)";
const LISTS_ON_SQLITE: &str = "json_each($2) AS g CROSS JOIN json_each($3) AS s";
const NO_CHANGE: &str = "ON CONFLICT DO NOTHING";
/// Another policy may ask for more statistics of the same contributors; the draws that are there stay.
const COMPLETED: &str = "
ON CONFLICT (release_number, role_number, peer_group, digest) DO UPDATE SET draws = excluded.draws";
const SHARED_COLUMNS: [Column; 4] = [
    Column::Integer("release_number"),
    Column::Integer("peer_group"),
    Column::Text("statistic"),
    Column::Integer("draw"),
];
const OWN_COLUMNS: [Column; 5] = [
    Column::Integer("release_number"),
    Column::Integer("role_number"),
    Column::Integer("peer_group"),
    Column::Text("digest"),
    Column::Text("draws"),
];

/// A cell that needs noise.
pub(super) struct NoisyCell {
    /// Which one.
    pub(super) group: PeerGroup,
    /// How many contributors it has.
    pub(super) contributors: u32,
    /// Which ones.
    pub(super) digest: String,
}

impl NoisyCell {
    /// What names it in the ledger.
    fn key(&self) -> (i64, String) {
        (self.group.index() as i64, self.digest.clone())
    }
}

/// The draws for some cells of a role, in their order; those that are not in the ledger yet are drawn.
pub(super) async fn draws(
    transaction: &Transaction,
    release: i32,
    role: &Role,
    policy: &Policy,
    cells: &[NoisyCell],
) -> Result<Vec<Draws>, BuilderError> {
    let texts = Texts::new(role, policy, cells);
    let mut bits = SystemBits::default();
    let mut shared = Shared::load(transaction, release, &texts, cells).await?;
    let mut own = Own::load(transaction, release, role).await?;
    let mut new_shared = Vec::new();
    for cell in cells {
        let group = cell.group.index() as i64;
        for statistic in statistics(policy, &role.axis, cell.contributors) {
            let text = texts.of(statistic);
            if let Entry::Vacant(place) = shared.0.entry((group, text.to_owned())) {
                let draw = *place.insert(drawn(statistic.common_noise(policy), &mut bits));
                new_shared.push([
                    Cell::Integer(release.into()),
                    Cell::Integer(group),
                    Cell::Text(text),
                    Cell::Integer(draw),
                ]);
            }
            own.complete(cell, text, || drawn(statistic.own_noise(policy), &mut bits));
        }
    }
    bits.check()?;
    let drawn = new_shared.len() as u64;
    if insert(transaction, "shared_noise", SHARED_COLUMNS, new_shared.into_iter(), NO_CHANGE).await? < drawn {
        // What was there already is what counts.
        shared = Shared::load(transaction, release, &texts, cells).await?;
    }
    own.keep(transaction, release, role).await?;
    cells.iter().map(|cell| of_cell(cell, role, policy, &texts, &shared, &own)).collect()
}

fn drawn(distribution: DiscreteGaussian, bits: &mut SystemBits) -> i64 {
    if super::zero_noise::is_on() { 0 } else { distribution.draw(bits) }
}

fn of_cell(
    cell: &NoisyCell,
    role: &Role,
    policy: &Policy,
    texts: &Texts,
    shared: &Shared,
    own: &Own,
) -> Result<Draws, BuilderError> {
    let group = cell.group.index() as i64;
    Draws::for_cell(policy, &role.axis, cell.contributors, |statistic| {
        let text = texts.of(statistic);
        let common = shared.0.get(&(group, text.to_owned()));
        let draw = common.zip(own.of(cell, text)).map(|(common, own)| Draw { common: *common, own });
        draw.ok_or_else(|| super::damaged("the noise of a figure is not kept"))
    })
}

/// The names of the statistics that some cells of a role have.
struct Texts(HashMap<Statistic, String>);

impl Texts {
    fn new(role: &Role, policy: &Policy, cells: &[NoisyCell]) -> Self {
        let most = cells.iter().map(|cell| cell.contributors).max().unwrap_or_default();
        let named = |statistic: Statistic| (statistic, statistic.text(&role.axis));
        Self(statistics(policy, &role.axis, most).into_iter().map(named).collect())
    }

    fn of(&self, statistic: Statistic) -> &str {
        self.0.get(&statistic).map_or("", String::as_str)
    }
}

/// Draws that all roles of a peer group share, by peer group and statistic.
struct Shared(HashMap<(i64, String), i64>);

impl Shared {
    async fn load(
        transaction: &Transaction,
        release: i32,
        texts: &Texts,
        cells: &[NoisyCell],
    ) -> Result<Self, BuilderError> {
        let mut found = HashMap::new();
        if cells.is_empty() || texts.0.is_empty() {
            return Ok(Self(found));
        }
        let groups: Vec<String> = cells.iter().map(|cell| cell.group.index().to_string()).collect();
        let names: BTreeSet<&str> = texts.0.values().map(String::as_str).collect();
        let is_postgres = transaction.get_database_backend() == DbBackend::Postgres;
        let lists = if is_postgres { LISTS_ON_POSTGRES } else { LISTS_ON_SQLITE };
        let values = [
            release.into(),
            serde_json::to_string(&groups).map_err(StoreError::from)?.into(),
            serde_json::to_string(&names).map_err(StoreError::from)?.into(),
        ];
        for row in query(transaction, &format!("{SHARED}{lists}"), values).await? {
            let Some(draw) = row.try_get::<Option<i32>>("", "draw")? else { continue };
            found.insert((row.try_get("", "peer_group")?, row.try_get("", "statistic")?), draw.into());
        }
        Ok(Self(found))
    }
}

/// Draws of single cells by statistic, each cell named by its peer group and the digest of its contributors.
struct Own {
    draws: HashMap<(i64, String), BTreeMap<String, i64>>,
    /// The cells with draws that are not kept yet.
    new: BTreeSet<(i64, String)>,
}

impl Own {
    async fn load(transaction: &Transaction, release: i32, role: &Role) -> Result<Self, BuilderError> {
        let mut draws = HashMap::new();
        for row in query(transaction, OWN, [release.into(), role.number.into()]).await? {
            let of_cell: BTreeMap<String, i64> = serde_json::from_str(&row.try_get::<String>("", "draws")?)
                .map_err(|_| super::damaged("the noise of a cell cannot be read"))?;
            draws.insert((row.try_get("", "peer_group")?, row.try_get("", "digest")?), of_cell);
        }
        Ok(Self { draws, new: BTreeSet::new() })
    }

    fn of(&self, cell: &NoisyCell, statistic: &str) -> Option<i64> {
        self.draws.get(&cell.key())?.get(statistic).copied()
    }

    /// Draws for a statistic of a cell, unless there is a draw.
    fn complete(&mut self, cell: &NoisyCell, statistic: &str, draw: impl FnOnce() -> i64) {
        let draws = self.draws.entry(cell.key()).or_default();
        if !draws.contains_key(statistic) {
            draws.insert(statistic.to_owned(), draw());
            self.new.insert(cell.key());
        }
    }

    /// Writes the cells with new draws into the ledger.
    async fn keep(&self, transaction: &Transaction, release: i32, role: &Role) -> Result<(), StoreError> {
        let mut texts = Vec::with_capacity(self.new.len());
        for key in &self.new {
            let draws = self.draws.get(key).map(serde_json::to_string).transpose()?;
            texts.push((key, draws.unwrap_or_default()));
        }
        let rows = texts.iter().map(|((group, digest), draws)| {
            let [release, role, group] = [release.into(), role.number.into(), *group].map(Cell::Integer);
            [release, role, group, Cell::Text(digest), Cell::Text(draws)]
        });
        insert(transaction, "cell_noise", OWN_COLUMNS, rows, COMPLETED).await?;
        Ok(())
    }
}

/// Bits from the generator of the operating system, taken in pieces.
#[derive(Default)]
struct SystemBits {
    taken: Vec<u64>,
    has_failed: bool,
    spare: u64,
}

impl SystemBits {
    /// Refuses draws that were made without random bits.
    fn check(&self) -> Result<(), BuilderError> {
        if self.has_failed {
            return Err(refused("the operating system gives no random numbers; nothing was drawn"));
        }
        Ok(())
    }
}

impl RandomBits for SystemBits {
    fn next_u64(&mut self) -> u64 {
        if let Some(bits) = self.taken.pop() {
            return bits;
        }
        let mut bytes = [0; 4_096];
        if rand::fill(&mut bytes).is_err() {
            self.has_failed = true;
            // Changing bits only bring the draw to its end; `check` throws it away.
            self.spare = self.spare.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            return self.spare.rotate_left(32);
        }
        let (numbers, _) = bytes.as_chunks::<8>();
        self.taken = numbers.iter().map(|number| u64::from_le_bytes(*number)).collect();
        self.taken.pop().unwrap_or_default()
    }
}
