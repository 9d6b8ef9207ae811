//! What became different since a draft was built: applied to its contributions, and noted for the sums.
//!
//! `contribution_change` holds, until the build has consumed it, what must be taken from the sums (-1) and added to them
//! (+1). Several updates may come before that: what was to be added and is taken away again is dropped.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, Value};

use super::{candidates::GroupHash, waiting::Hold};
use crate::{
    StoreError,
    benchmark::builder::{DraftRelease, execute, rows},
};

/// How many control groups are compared at a time.
const GROUPS: usize = 500;

/// The columns that sums are made of.
const COUNTED: &str = "role_number, group_hash, atom, score, ratio, mix_human, mix_at_risk, mix_ai_assisted, mix_automated, \
     tasks, skills, value_hash, digest_1, digest_2, digest_3";
/// A contribution of the draft whose equal is not among those written aside.
const DIFFERS: &str = "NOT EXISTS (
    SELECT 1 FROM contribution s WHERE s.release_number = $2 AND s.role_number = c.role_number
        AND s.group_hash = c.group_hash AND s.value_hash = c.value_hash AND s.atom = c.atom AND s.admitted = c.admitted
        AND s.is_exempt = c.is_exempt)";
/// A contribution that was not counted when the sums were made.
const TO_BE_ADDED: &str = "EXISTS (
    SELECT 1 FROM contribution_change p WHERE p.release_number = $1 AND p.sign = 1 AND p.role_number = c.role_number
        AND p.group_hash = c.group_hash)";

/// Changes of the contributions of a draft, in a transaction.
pub(super) struct Changes<'a, C> {
    pub(super) connection: &'a C,
    pub(super) release: &'a DraftRelease,
    /// The roles with a change.
    pub(super) roles: BTreeSet<i32>,
    /// Contributions taken away or added.
    pub(super) count: u64,
}

impl<C: ConnectionTrait> Changes<'_, C> {
    /// Puts what is written aside in the place of the contributions of these groups, as far as it differs.
    pub(super) async fn apply(&mut self, groups: &[GroupHash]) -> Result<(), StoreError> {
        for groups in groups.chunks(GROUPS) {
            let places: Vec<String> = (3..groups.len() + 3).map(|place| format!("${place}")).collect();
            let mut values: Vec<Value> = vec![self.release.number.into(), (-self.release.number).into()];
            values.extend(groups.iter().map(|group| Value::from(group.to_vec())));
            self.apply_to(&format!("c.group_hash IN ({})", places.join(", ")), &values).await?;
        }
        Ok(())
    }

    async fn apply_to(&mut self, of_groups: &str, values: &[Value]) -> Result<(), StoreError> {
        let gone = format!("c.release_number = $1 AND {of_groups} AND {DIFFERS}");
        self.note_roles(&gone, values).await?;
        self.take_away(&gone, values).await?;
        self.count += self.run(&format!("DELETE FROM contribution AS c WHERE {gone}"), values).await?;
        // What is still there is equal.
        let unchanged = format!(
            "DELETE FROM contribution AS c WHERE c.release_number = $2 AND {of_groups} AND EXISTS (
                SELECT 1 FROM contribution o WHERE o.release_number = $1 AND o.role_number = c.role_number
                    AND o.group_hash = c.group_hash)"
        );
        self.run(&unchanged, values).await?;
        let new = format!("c.release_number = $2 AND {of_groups}");
        self.note_roles(&new, values).await?;
        self.add(&new, values).await?;
        let moved = format!("UPDATE contribution AS c SET release_number = $1 WHERE {new}");
        self.count += self.run(&moved, values).await?;
        Ok(())
    }

    /// Lets groups wait, or wait no longer, in the roles with a change.
    pub(super) async fn settle_waiting(&mut self, hold: &Hold<'_>) -> Result<(), StoreError> {
        for role in self.roles.clone() {
            let held = hold.held(self.connection, role).await?;
            let of_role = "c.release_number = $1 AND c.role_number = $2";
            let (waits, values) = if held.is_empty() {
                ("c.group_hash IS NULL".to_owned(), vec![self.release.number.into(), role.into()])
            } else {
                let (ranked, values) = hold.ranked(role, &held);
                (format!("c.group_hash IN ({ranked})"), values)
            };
            let begin = format!("{of_role} AND NOT c.is_waiting AND {waits}");
            self.take_away(&begin, &values).await?;
            let end = format!("{of_role} AND c.is_waiting AND NOT {waits}");
            self.add(&end, &values).await?;
            self.run(&format!("UPDATE contribution AS c SET is_waiting = false WHERE {end}"), &values).await?;
            self.run(&format!("UPDATE contribution AS c SET is_waiting = true WHERE {begin}"), &values).await?;
        }
        Ok(())
    }

    /// Notes that contributions do not count any more: takes them from the sums or, if they are not in them yet, forgets
    /// that they were to be added.
    async fn take_away(&self, condition: &str, values: &[Value]) -> Result<(), StoreError> {
        let sql = format!(
            "INSERT INTO contribution_change (sign, release_number, {COUNTED})
             SELECT -1, $1, {COUNTED} FROM contribution c WHERE {condition} AND NOT c.is_waiting AND NOT {TO_BE_ADDED}"
        );
        self.run(&sql, values).await?;
        let sql = format!(
            "DELETE FROM contribution_change AS d WHERE d.release_number = $1 AND d.sign = 1 AND EXISTS (
                SELECT 1 FROM contribution c WHERE {condition} AND c.role_number = d.role_number
                    AND c.group_hash = d.group_hash)"
        );
        self.run(&sql, values).await?;
        Ok(())
    }

    /// Notes that contributions count from now on.
    async fn add(&self, condition: &str, values: &[Value]) -> Result<(), StoreError> {
        let sql = format!(
            "INSERT INTO contribution_change (sign, release_number, {COUNTED})
             SELECT 1, $1, {COUNTED} FROM contribution c WHERE {condition}"
        );
        self.run(&sql, values).await?;
        Ok(())
    }

    async fn note_roles(&mut self, condition: &str, values: &[Value]) -> Result<(), StoreError> {
        let sql = format!("SELECT DISTINCT c.role_number FROM contribution c WHERE {condition}");
        for row in rows(self.connection, &sql, values.to_vec()).await? {
            self.roles.insert(row.try_get("", "role_number")?);
        }
        Ok(())
    }

    async fn run(&self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        execute(self.connection, sql, values.to_vec()).await
    }
}
