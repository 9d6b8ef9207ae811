//! What differs between the contributors of a role now and in an earlier release (rule C5): counted anew, or brought up to
//! date with what has changed, as the sums are.

use std::collections::BTreeMap;

use domain::disclosure::Difference;

use super::{
    damaged,
    role::Role,
    totals::{Basis, atom_of},
};
use crate::{
    StoreError,
    benchmark::builder::{BuilderError, Transaction, execute, rows},
};

const NUMBER_THEN: &str = "SELECT role_number FROM axis WHERE release_number = $1 AND role_key = $2";
/// `$1` and `$2` are the earlier release and the role's number in it, `$3` and `$4` those of now.
const ALL: &str = "
SELECT CAST(o.atom AS bigint) AS before, CAST(n.atom AS bigint) AS now,
    CASE WHEN o.value_hash <> n.value_hash THEN 1 ELSE 0 END AS is_changed, CAST(count(*) AS bigint) AS groups
FROM (SELECT group_hash, atom, value_hash FROM contribution
      WHERE release_number = $1 AND role_number = $2 AND NOT is_waiting) o
FULL JOIN (SELECT group_hash, atom, value_hash FROM contribution
      WHERE release_number = $3 AND role_number = $4 AND NOT is_waiting) n ON n.group_hash = o.group_hash
WHERE o.atom IS NULL OR n.atom IS NULL OR o.atom <> n.atom OR o.value_hash <> n.value_hash
GROUP BY 1, 2, 3";
/// The same for the groups with a change alone: what they were counted as goes, what they are now comes.
const CHANGES: &str = "
WITH changed AS (
    SELECT group_hash,
        max(CASE WHEN sign = -1 THEN atom END) AS old_atom, max(CASE WHEN sign = -1 THEN value_hash END) AS old_value,
        max(CASE WHEN sign = 1 THEN atom END) AS new_atom, max(CASE WHEN sign = 1 THEN value_hash END) AS new_value
    FROM contribution_change WHERE release_number = $3 AND role_number = $4 GROUP BY group_hash
), compared AS (
    SELECT o.atom AS before, o.value_hash AS value, c.old_atom, c.old_value, c.new_atom, c.new_value
    FROM changed c
    LEFT JOIN contribution o ON o.release_number = $1 AND o.role_number = $2 AND o.group_hash = c.group_hash
        AND NOT o.is_waiting
), moved AS (
    SELECT before, old_atom AS now, CASE WHEN value <> old_value THEN 1 ELSE 0 END AS is_changed, -1 AS sign FROM compared
    UNION ALL
    SELECT before, new_atom, CASE WHEN value <> new_value THEN 1 ELSE 0 END, 1 FROM compared
)
SELECT CAST(before AS bigint) AS before, CAST(now AS bigint) AS now, is_changed, CAST(sum(sign) AS bigint) AS groups
FROM moved
WHERE before IS NOT NULL AND now IS NULL OR before IS NULL AND now IS NOT NULL OR before <> now OR is_changed = 1
GROUP BY 1, 2, 3";
const STORED: &str = "
SELECT groups FROM difference_total WHERE release_number = $1 AND role_number = $2 AND earlier_release = $3";
const STORE: &str = "
INSERT INTO difference_total (release_number, role_number, earlier_release, groups) VALUES ($1, $2, $3, $4)
ON CONFLICT (release_number, role_number, earlier_release) DO UPDATE SET groups = excluded.groups";

/// How many groups were in one atom and are in another, with another value or not; none where they were, or are, not there.
type Counts = BTreeMap<(Option<i64>, Option<i64>, bool), i64>;

/// The differences of a role between an earlier release and this one.
pub(super) async fn differences(
    transaction: &Transaction,
    basis: Basis,
    earlier: u32,
    release: i32,
    role: &Role,
) -> Result<Vec<Difference>, BuilderError> {
    let number = i32::try_from(earlier).map_err(|_| damaged("the number of a release is too large"))?;
    let stored = match basis {
        Basis::Anew => None,
        Basis::Changed | Basis::Stored => stored(transaction, release, role, number).await?,
    };
    let counts = match (stored, basis) {
        (Some(counts), Basis::Stored) => return listed(earlier, counts),
        (Some(counts), _) => {
            let changes = counted(transaction, CHANGES, number, release, role).await?;
            match added(counts, changes) {
                Some(counts) => counts,
                None => {
                    tracing::warn!(role = role.axis.key, "the changes do not fit what was compared: comparing anew");
                    counted(transaction, ALL, number, release, role).await?
                }
            }
        }
        (None, _) => counted(transaction, ALL, number, release, role).await?,
    };
    let rows: Vec<_> = counts.iter().map(|((from, to, is_changed), groups)| (from, to, is_changed, groups)).collect();
    let text = serde_json::to_string(&rows).map_err(StoreError::from)?;
    execute(transaction, STORE, [release.into(), role.number.into(), number.into(), text.into()]).await?;
    listed(earlier, counts)
}

async fn counted(
    transaction: &Transaction,
    sql: &str,
    earlier: i32,
    release: i32,
    role: &Role,
) -> Result<Counts, BuilderError> {
    let then = rows(transaction, NUMBER_THEN, [earlier.into(), role.axis.key.as_str().into()]).await?;
    // Without the role in that release nobody contributed to it then.
    let then: i32 = then.first().map(|row| row.try_get("", "role_number")).transpose()?.unwrap_or(-1);
    let values = [earlier.into(), then.into(), release.into(), role.number.into()];
    let mut counts = Counts::new();
    for row in rows(transaction, sql, values).await? {
        let place = (row.try_get("", "before")?, row.try_get("", "now")?, row.try_get::<i32>("", "is_changed")? == 1);
        counts.insert(place, row.try_get("", "groups")?);
    }
    Ok(counts)
}

async fn stored(
    transaction: &Transaction,
    release: i32,
    role: &Role,
    earlier: i32,
) -> Result<Option<Counts>, BuilderError> {
    let found = rows(transaction, STORED, [release.into(), role.number.into(), earlier.into()]).await?;
    let Some(row) = found.first() else { return Ok(None) };
    let text: String = row.try_get("", "groups")?;
    let rows: Vec<(Option<i64>, Option<i64>, bool, i64)> =
        serde_json::from_str(&text).map_err(|_| damaged("stored differences cannot be read"))?;
    Ok(Some(rows.into_iter().map(|(from, to, is_changed, groups)| ((from, to, is_changed), groups)).collect()))
}

/// Both together; nothing if there would be fewer than no groups somewhere.
fn added(mut counts: Counts, changes: Counts) -> Option<Counts> {
    for (place, groups) in changes {
        *counts.entry(place).or_default() += groups;
    }
    counts.retain(|_, groups| *groups != 0);
    counts.values().all(|groups| *groups > 0).then_some(counts)
}

fn listed(earlier: u32, counts: Counts) -> Result<Vec<Difference>, BuilderError> {
    let difference = |((from, to, value_changed), groups): ((Option<i64>, Option<i64>, bool), i64)| {
        Ok(Difference {
            earlier,
            from: from.map(atom_of).transpose()?,
            to: to.map(atom_of).transpose()?,
            value_changed,
            groups: groups.try_into().map_err(|_| damaged("a count is negative"))?,
        })
    };
    counts.into_iter().map(difference).collect()
}
