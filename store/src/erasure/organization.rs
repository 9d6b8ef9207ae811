//! Erasing organizations: each in one transaction, which leaves a tombstone without a name.
//!
//! On SQLite what was deleted is still in the file until the file is written anew. The tombstone gets its `erased_at` only
//! then, so that a run that was killed in between is taken up by the next one.

use chrono::{DateTime, Utc};
use domain::ids::OrganizationId;
use sea_orm::QueryResult;
use uuid::Uuid;

use super::{
    EraseError, Erased, When,
    session::Session,
    tables::{HEAD, TENANT_TABLES},
};
use crate::{
    error::StoreError,
    organizations::{GRACE_DAYS, erased_after},
};

const DUE: &str = "SELECT org_id FROM organization WHERE closed_at < $1 AND audit_seq IS NULL ORDER BY closed_at";
const STATE: &str = "SELECT name, closed_at FROM organization WHERE org_id = $1 AND audit_seq IS NULL";
const TOMBSTONE: &str = "
UPDATE organization SET name = '', closed_at = coalesce(closed_at, $2), closed_by = NULL, erased_at = $3,
    audit_seq = $4, audit_hash = $5
WHERE org_id = $1";
pub(super) const UNSETTLED: &str = "SELECT org_id FROM organization WHERE audit_seq IS NOT NULL AND erased_at IS NULL";
const SETTLED: &str = "UPDATE organization SET erased_at = $1 WHERE audit_seq IS NOT NULL AND erased_at IS NULL";

impl Session<'_> {
    /// Erases every organization whose grace is over.
    pub(super) async fn erase_due(&self) -> Result<Vec<Erased>, StoreError> {
        let closed_before = self.eraser.clock.now() - chrono::Duration::days(GRACE_DAYS);
        let mut erased = Vec::new();
        for row in self.rows(DUE, [closed_before.into()]).await? {
            let organization = OrganizationId(row.try_get::<Uuid>("", "org_id")?);
            match self.erase(organization, When::Due).await {
                Ok(done) => erased.push(done),
                Err(EraseError::Store(error)) => return Err(error),
                // It was brought back since it was looked for.
                Err(_) => {}
            }
        }
        self.settle().await?;
        Ok(erased)
    }

    /// Erases one organization: everything or, if it must not be, nothing.
    pub(super) async fn erase(&self, organization: OrganizationId, when: When<'_>) -> Result<Erased, EraseError> {
        self.connection.begin(Some(organization.0)).await.map_err(StoreError::from)?;
        let now = self.eraser.clock.now();
        if let Err(refusal) = self.check(organization, when, now).await {
            self.connection.rollback().await.map_err(StoreError::from)?;
            return Err(refusal);
        }
        let rows = self.delete_all(organization, now).await?;
        self.connection.commit().await.map_err(StoreError::from)?;
        tracing::info!(organization = %organization.0, rows, "an organization was erased");
        Ok(Erased { organization, rows })
    }

    /// Locks the organization, so that nothing is added to it any more, and looks whether it may be erased.
    async fn check(&self, organization: OrganizationId, when: When<'_>, now: DateTime<Utc>) -> Result<(), EraseError> {
        let lock = if self.is_postgres() { " FOR UPDATE" } else { "" };
        let rows = self.rows(&format!("{STATE}{lock}"), [organization.0.into()]).await?;
        let row = rows.first().ok_or(EraseError::Unknown)?;
        let (name, closed_at) = state(row)?;
        match (when, closed_at.map(erased_after)) {
            (When::Now { confirmed }, _) if confirmed == name => Ok(()),
            (When::Now { .. }, _) => Err(EraseError::NotConfirmed),
            (When::Due, None) => Err(EraseError::Open),
            (When::Due, Some(after)) if now <= after => Err(EraseError::InGrace(after)),
            (When::Due, Some(_)) => Ok(()),
        }
    }

    async fn delete_all(&self, organization: OrganizationId, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let id = organization.0;
        let (mut rows, mut head) = (0, (0_i64, Vec::<u8>::new()));
        for table in TENANT_TABLES {
            if table == HEAD {
                let sql = format!("DELETE FROM {table} WHERE org_id = $1 RETURNING seq, hash");
                for row in self.rows(&sql, [id.into()]).await? {
                    head = (row.try_get("", "seq")?, row.try_get("", "hash")?);
                    rows += 1;
                }
                continue;
            }
            rows += self.execute(&format!("DELETE FROM {table} WHERE org_id = $1"), [id.into()]).await?;
        }
        if self.is_postgres() {
            rows += self.delete_from_builder(id).await?;
        }
        let erased_at = self.is_postgres().then_some(now);
        let values = [id.into(), now.into(), erased_at.into(), head.0.into(), head.1.into()];
        self.execute(TOMBSTONE, values).await?;
        Ok(rows)
    }

    /// On SQLite writes the file anew if something was erased, so that nothing of it is left in unused places, after the rows
    /// in the file of the benchmark's builder are gone.
    pub(super) async fn settle(&self) -> Result<(), StoreError> {
        if self.is_postgres() || self.rows(UNSETTLED, []).await?.is_empty() {
            return Ok(());
        }
        if !self.settle_builder().await? {
            tracing::warn!("somebody is busy with the benchmark's file: the next sweep removes the rest from it");
        } else if self.write_file_anew().await? {
            self.execute(SETTLED, [self.eraser.clock.now().into()]).await?;
        } else {
            tracing::warn!("somebody reads the database for long: the next sweep writes the file anew");
        }
        Ok(())
    }

    /// Writes SQLite's file anew, without what is deleted but still in unused places, and empties its write-ahead log;
    /// `false` while somebody reads an older state.
    pub(super) async fn write_file_anew(&self) -> Result<bool, StoreError> {
        self.execute("VACUUM", []).await?;
        let rows = self.rows("PRAGMA wal_checkpoint(TRUNCATE)", []).await?;
        Ok(rows.first().map(|row| row.try_get::<i64>("", "busy")).transpose()? == Some(0))
    }
}

fn state(row: &QueryResult) -> Result<(String, Option<DateTime<Utc>>), StoreError> {
    Ok((row.try_get("", "name")?, row.try_get("", "closed_at")?))
}
