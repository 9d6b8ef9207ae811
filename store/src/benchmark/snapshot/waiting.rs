//! New control groups that do not count yet, where there are too many of them (rule E6).

use std::collections::BTreeSet;

use domain::disclosure::{Atom, Cohort, Policy, Waiting, waiting};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use crate::{
    StoreError,
    benchmark::builder::{DraftRelease, execute, rows},
    library::Progress,
};

const COHORTS: &str = "
SELECT atom, admitted, is_exempt, CAST(count(*) AS integer) AS groups FROM contribution
WHERE release_number = $1 AND role_number = $2 GROUP BY atom, admitted, is_exempt";

/// Contributions that wait, by role.
pub(super) struct Hold<'a> {
    pub(super) release: &'a DraftRelease,
    pub(super) policy: &'a Policy,
}

impl Hold<'_> {
    /// Marks who waits in each of these roles, none of which has somebody waiting yet.
    pub(super) async fn mark_all(
        &self,
        connection: &impl ConnectionTrait,
        roles: &BTreeSet<i32>,
        progress: &dyn Progress,
    ) -> Result<(), StoreError> {
        progress.start("new contributors", Some(roles.len() as u64));
        for role in roles {
            let held = self.held(connection, *role).await?;
            if !held.is_empty() {
                let (ranked, values) = self.ranked(*role, &held);
                let sql = format!(
                    "UPDATE contribution SET is_waiting = true WHERE release_number = $1 AND role_number = $2 \
                     AND group_hash IN ({ranked})"
                );
                execute(connection, &sql, values).await?;
            }
            progress.advance(1);
        }
        progress.finish();
        Ok(())
    }

    /// How many have to wait, by where they are and when they were admitted.
    pub(super) async fn held(&self, connection: &impl ConnectionTrait, role: i32) -> Result<Vec<Waiting>, StoreError> {
        let found = rows(connection, COHORTS, [self.release.number.into(), role.into()]).await?;
        let cohorts: Vec<Cohort> = found.iter().map(cohort).collect::<Result<_, _>>()?;
        Ok(waiting(self.policy, self.release.number.unsigned_abs(), &cohorts))
    }

    /// A query for the groups that wait, with its values: first the release, then the role. Of groups that are alike, those
    /// with the smaller hashes wait; nobody without the key knows which.
    pub(super) fn ranked(&self, role: i32, held: &[Waiting]) -> (String, Vec<Value>) {
        let mut values: Vec<Value> = vec![self.release.number.into(), role.into()];
        let mut places = Vec::with_capacity(held.len());
        for part in held {
            let first = values.len() + 1;
            places.push(format!(
                "(CAST(${} AS integer), CAST(${} AS integer), CAST(${} AS integer))",
                first,
                first + 1,
                first + 2
            ));
            values.push(i32::from(part.atom.index()).into());
            values.push((part.admitted as i32).into());
            values.push((part.groups as i32).into());
        }
        let exempt =
            if self.release.number.unsigned_abs() <= self.policy.new_exempt_until { " AND NOT is_exempt" } else { "" };
        let sql = format!(
            "SELECT r.group_hash FROM (
                SELECT group_hash, atom, admitted,
                    row_number() OVER (PARTITION BY atom, admitted ORDER BY group_hash) AS place
                FROM contribution WHERE release_number = $1 AND role_number = $2{exempt}) r
             JOIN (VALUES {}) w ON w.column1 = r.atom AND w.column2 = r.admitted AND r.place <= w.column3",
            places.join(", ")
        );
        (sql, values)
    }
}

fn cohort(row: &QueryResult) -> Result<Cohort, StoreError> {
    let number = |value: i32| value.unsigned_abs();
    let atom = u16::try_from(row.try_get::<i16>("", "atom")?).ok().and_then(Atom::from_index);
    Ok(Cohort {
        atom: atom.ok_or_else(|| StoreError::internal("a contribution has no peer group"))?,
        admitted: number(row.try_get("", "admitted")?),
        is_exempt: row.try_get("", "is_exempt")?,
        groups: number(row.try_get("", "groups")?),
    })
}
