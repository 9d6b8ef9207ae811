//! The sums of a role: made anew, or brought up to date with what has changed.

use std::collections::BTreeMap;

use domain::disclosure::{Atom, AtomCount, PeerGroup, Policy, Totals};
use sea_orm::QueryResult;

use super::{
    damaged,
    role::Role,
    sums::{self, Source},
};
use crate::benchmark::builder::{BuilderError, Cell, Column, Transaction, execute, insert, rows as query};

const STORED: &str = "
SELECT CAST(atom AS bigint) AS atom, numbers FROM atom_total WHERE release_number = $1 AND role_number = $2 ORDER BY atom";
const FORGET: &str = "DELETE FROM atom_total WHERE release_number = $1 AND role_number = $2";
const SEEN: &str = "
SELECT p.partner_number, CAST(c.atom AS bigint) AS atom, CAST(count(*) AS bigint) AS groups
FROM partner_group p
JOIN contribution c ON c.release_number = p.release_number AND c.role_number = $2 AND c.group_hash = p.group_hash
WHERE p.release_number = $1 AND NOT c.is_waiting
GROUP BY p.partner_number, c.atom ORDER BY p.partner_number, c.atom";
const STORED_SEEN: &str = "
SELECT partner_number, CAST(atom AS bigint) AS atom, CAST(groups AS bigint) AS groups FROM partner_total
WHERE release_number = $1 AND role_number = $2 ORDER BY partner_number, atom";
const FORGET_SEEN: &str = "DELETE FROM partner_total WHERE release_number = $1 AND role_number = $2";

/// What is known of a role already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// Nothing: everything is counted.
    Anew,
    /// Everything but what has changed since.
    Changed,
    /// Everything.
    Stored,
}

/// The sums of a role by atom.
pub(super) struct AtomTotals {
    numbers: BTreeMap<i64, Vec<i64>>,
}

/// How many of the control groups of an atom a partner can see: partner, atom, groups.
pub(super) type Seen = (i32, i64, i64);

impl AtomTotals {
    /// The sums on a basis, and the basis that it really was: changes that do not fit are none.
    pub(super) async fn on(
        transaction: &Transaction,
        basis: Basis,
        release: i32,
        role: &Role,
        policy: &Policy,
    ) -> Result<(Self, Basis), BuilderError> {
        if basis == Basis::Stored {
            return Ok((Self::stored(transaction, release, role).await?, basis));
        }
        let changed = match basis {
            Basis::Changed => Self::changed(transaction, release, role, policy).await?,
            _ => None,
        };
        let (totals, basis) = match changed {
            Some(totals) => (totals, basis),
            None => (Self::anew(transaction, release, role, policy).await?, Basis::Anew),
        };
        totals.store(transaction, release, role).await?;
        Ok((totals, basis))
    }

    /// Those that are stored.
    pub(super) async fn stored(transaction: &Transaction, release: i32, role: &Role) -> Result<Self, BuilderError> {
        let mut numbers = BTreeMap::new();
        for row in query(transaction, STORED, [release.into(), role.number.into()]).await? {
            let bytes: Vec<u8> = row.try_get("", "numbers")?;
            let of_atom = sums::from_bytes(&bytes).filter(|numbers| numbers.len() == sums::width(&role.axis));
            numbers.insert(row.try_get("", "atom")?, of_atom.ok_or_else(|| damaged("stored sums cannot be read"))?);
        }
        Ok(Self { numbers })
    }

    /// Sums up all contributions of a role.
    async fn anew(transaction: &Transaction, release: i32, role: &Role, policy: &Policy) -> Result<Self, BuilderError> {
        let numbers = summed(transaction, Source::Contributions, release, role, policy).await?;
        Ok(Self { numbers: numbers.into_iter().collect() })
    }

    /// Adds what has changed to the stored sums; nothing if that does not fit.
    async fn changed(
        transaction: &Transaction,
        release: i32,
        role: &Role,
        policy: &Policy,
    ) -> Result<Option<Self>, BuilderError> {
        let mut totals = Self::stored(transaction, release, role).await?;
        let changes = summed(transaction, Source::Changes, release, role, policy).await?;
        for (atom, changes) in changes {
            let numbers = totals.numbers.entry(atom).or_insert_with(|| vec![0; changes.len()]);
            numbers.iter_mut().zip(changes).for_each(|(number, change)| *number += change);
        }
        totals.numbers.retain(|_, numbers| numbers.iter().any(|number| *number != 0));
        let count = |numbers: &Vec<i64>| numbers.first().copied().unwrap_or_default();
        if totals.numbers.values().any(|numbers| count(numbers) <= 0) {
            tracing::warn!(role = role.axis.key, "the changes do not fit what was summed up: summing up anew");
            return Ok(None);
        }
        Ok(Some(totals))
    }

    async fn store(&self, transaction: &Transaction, release: i32, role: &Role) -> Result<(), BuilderError> {
        execute(transaction, FORGET, [release.into(), role.number.into()]).await?;
        let columns = [
            Column::Integer("release_number"),
            Column::Integer("role_number"),
            Column::Integer("atom"),
            Column::Bytes("numbers"),
        ];
        let numbers: Vec<(i64, Vec<u8>)> =
            self.numbers.iter().map(|(atom, numbers)| (*atom, sums::to_bytes(numbers))).collect();
        let rows = numbers.iter().map(|(atom, numbers)| {
            let [release, role, atom] = [release.into(), role.number.into(), *atom].map(Cell::Integer);
            [release, role, atom, Cell::Bytes(numbers)]
        });
        insert(transaction, "atom_total", columns, rows, "").await?;
        Ok(())
    }

    /// The counts that the rules take.
    pub(super) fn counts(&self, role: &Role) -> Result<Vec<AtomCount>, BuilderError> {
        let count = |(atom, numbers): (&i64, &Vec<i64>)| {
            let totals = sums::totals(numbers, &role.axis);
            let contributors = u32::try_from(totals.contributors).map_err(|_| damaged("a count is negative"))?;
            Ok(AtomCount { atom: atom_of(*atom)?, contributors, digest: totals.digest })
        };
        self.numbers.iter().map(count).collect()
    }

    /// The sums over a peer group.
    pub(super) fn of(&self, group: PeerGroup, role: &Role) -> Result<Totals, BuilderError> {
        let mut sum = Totals::default();
        for (atom, numbers) in &self.numbers {
            if group.contains(atom_of(*atom)?) {
                sum += sums::totals(numbers, &role.axis);
            }
        }
        Ok(sum)
    }
}

pub(super) fn atom_of(index: i64) -> Result<Atom, BuilderError> {
    u16::try_from(index).ok().and_then(Atom::from_index).ok_or_else(|| damaged("an atom is none"))
}

async fn summed(
    transaction: &Transaction,
    source: Source,
    release: i32,
    role: &Role,
    policy: &Policy,
) -> Result<Vec<(i64, Vec<i64>)>, BuilderError> {
    let sql = sums::statement(source, &role.axis, role.centre, policy);
    let width = sums::width(&role.axis);
    let read = |row: &QueryResult| -> Result<(i64, Vec<i64>), BuilderError> {
        let numbers: Result<Vec<i64>, _> = (1..=width).map(|place| row.try_get_by_index(place)).collect();
        Ok((row.try_get_by_index(0)?, numbers?))
    };
    query(transaction, &sql, [release.into(), role.number.into()]).await?.iter().map(read).collect()
}

/// Counts what partners see of a role's contributors. Whether that differs from what is stored, and it.
pub(super) async fn count_seen(
    transaction: &Transaction,
    release: i32,
    role: &Role,
) -> Result<(bool, Vec<Seen>), BuilderError> {
    let now = seen(transaction, SEEN, release, role).await?;
    if now == stored_seen(transaction, release, role).await? {
        return Ok((false, now));
    }
    execute(transaction, FORGET_SEEN, [release.into(), role.number.into()]).await?;
    let columns = ["release_number", "role_number", "partner_number", "atom", "groups"].map(Column::Integer);
    let row = |(partner, atom, groups): &Seen| {
        [release.into(), role.number.into(), (*partner).into(), *atom, *groups].map(Cell::Integer)
    };
    insert(transaction, "partner_total", columns, now.iter().map(row), "").await?;
    Ok((true, now))
}

/// What partners see of a role's contributors, as it was counted.
pub(super) async fn stored_seen(
    transaction: &Transaction,
    release: i32,
    role: &Role,
) -> Result<Vec<Seen>, BuilderError> {
    seen(transaction, STORED_SEEN, release, role).await
}

async fn seen(transaction: &Transaction, sql: &str, release: i32, role: &Role) -> Result<Vec<Seen>, BuilderError> {
    let read = |row: &QueryResult| -> Result<Seen, BuilderError> {
        // By place: there are hundreds of thousands of rows in a release, and names are looked for.
        Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
    };
    query(transaction, sql, [release.into(), role.number.into()]).await?.iter().map(read).collect()
}
