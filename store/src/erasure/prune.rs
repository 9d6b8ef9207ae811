//! Retention: details of audit entries that are old enough go, and what is left of the chain stays verifiable.

use chrono::{DateTime, Days, NaiveTime, Utc};
use domain::ids::OrganizationId;
use serde_json::json;
use uuid::Uuid;

use super::{Pruned, session::Session};
use crate::{
    audit::{AuditEntry, Author, append},
    error::StoreError,
};

/// Payloads that go in one transaction: others write in between.
const BATCH: i32 = 5_000;

const ORGANIZATIONS: &str = "SELECT org_id FROM organization WHERE audit_seq IS NULL ORDER BY org_id";

/// Entries that say what was pruned keep their details: they are about nobody, and pruning them would leave another one.
const PRUNE: &str = "
DELETE FROM audit_payload WHERE org_id = $1 AND event_id IN (
    SELECT p.event_id FROM audit_payload p JOIN audit_event e ON e.org_id = p.org_id AND e.id = p.event_id
    WHERE p.org_id = $1 AND e.occurred_at < $2 AND e.action <> 'audit.prune' LIMIT $3)";

impl Session<'_> {
    /// Prunes every audit log. Whole days only, so that there is at most one set of entries about it each day.
    pub(super) async fn prune(&self, retention_days: u32) -> Result<Vec<Pruned>, StoreError> {
        let until = self.eraser.clock.now() - Days::new(retention_days.into());
        let until = until.with_time(NaiveTime::MIN).single().unwrap_or(until);
        let mut all = Vec::new();
        for row in self.rows(ORGANIZATIONS, []).await? {
            let organization = OrganizationId(row.try_get::<Uuid>("", "org_id")?);
            let payloads = self.prune_one(organization, retention_days, until).await?;
            if payloads > 0 {
                tracing::info!(organization = %organization.0, payloads, %until, "an audit log was pruned");
                all.push(Pruned { organization, payloads });
            }
        }
        if !all.is_empty() && !self.is_postgres() && !self.write_file_anew().await? {
            tracing::warn!("somebody reads the database for long: pruned details stay in its files until the next run");
        }
        Ok(all)
    }

    async fn prune_one(
        &self,
        organization: OrganizationId,
        retention_days: u32,
        until: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let mut all = 0;
        loop {
            self.connection.begin(Some(organization.0)).await?;
            let payloads = self.execute(PRUNE, [organization.0.into(), until.into(), BATCH.into()]).await?;
            if payloads == 0 {
                self.connection.rollback().await?;
                return Ok(all);
            }
            let payload = json!({ "payloads": payloads, "until": until, "retentionDays": retention_days });
            let name = (self.eraser.name_of)(organization);
            let entry = AuditEntry::new("audit.prune", "Organization", name, payload);
            let origin = self.eraser.origin();
            let (now, id) = (self.eraser.clock.now(), self.eraser.ids.next());
            append(&self.connection, &Author::operator(organization, &origin), entry, now, id).await?;
            self.connection.commit().await?;
            all += payloads;
        }
    }
}
