//! What each organization gave to a release, for itself: word for word what was counted, and what was not, and why.

use std::collections::HashMap;

use domain::{
    disclosure::{Atom, OrganizationContribution, Policy, Segment},
    ids::OrganizationId,
};
use entity::benchmark_receipt::{Column, Entity, Model};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    axes::Axes,
    definitions::{InForce, values_as_of},
};
use crate::{
    StoreError,
    access::{Admin, TenantScope},
    audit::AuditEntry,
    benchmark::{
        builder::{Builder, BuilderError, DraftRelease},
        contributing::{SentContribution, SentRow},
    },
    library::Progress,
    operator::{Operator, OrganizationSummary},
    tenant::TenantTx,
};

/// How many organizations are read at a time.
const PAGE: i32 = 128;

const TENANTS: &str = "
SELECT t.tenant_id, f.atom FROM tenant_group t LEFT JOIN frozen_segment f ON f.tenant_id = t.tenant_id
WHERE t.release_number = $1 AND t.tenant_id > $2 ORDER BY t.tenant_id LIMIT $3";

/// The document of a receipt.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    #[serde(flatten)]
    contribution: SentContribution,
    /// Published roles that were not sent.
    left_out: Vec<NotSent>,
}

/// A published role that was not sent.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NotSent {
    role_id: Option<Uuid>,
    why: &'static str,
}

impl Builder {
    /// Leaves with every organization that gave something to a release a receipt of what it gave, unless it has one. How
    /// many were sent. It can be interrupted at any time and called again.
    ///
    /// # Errors
    /// When the database fails, or the policy of the release is none.
    pub async fn send_receipts(
        &self,
        operator: &Operator,
        release: &DraftRelease,
        progress: &dyn Progress,
    ) -> Result<u64, BuilderError> {
        let policy: Policy = serde_json::from_str(&release.policy).map_err(StoreError::from)?;
        let axes = self.axes_of(release, &policy).await?;
        let mut organizations: HashMap<Uuid, OrganizationSummary> =
            operator.organizations().await?.into_iter().map(|summary| (summary.id.0, summary)).collect();
        progress.start("receipts", None);
        let (mut sent, mut after) = (0, Uuid::nil());
        loop {
            let page = self.page_of_tenants(release, after).await?;
            let ids: Vec<Uuid> = page.iter().map(|(id, _)| *id).collect();
            let mut in_force = self.in_force(&ids, values_as_of(release, &policy)).await?;
            for (id, segment) in &page {
                after = *id;
                let scope = organizations.remove(id).and_then(|summary| operator.enter(summary));
                let (Some(scope), Some(of)) = (scope, in_force.remove(id)) else { continue };
                let receipt = receipt(&of, *segment, &axes, &policy);
                sent += u64::from(keep(operator, &scope, release, &receipt).await?);
                progress.advance(1);
            }
            if page.len() < PAGE as usize {
                progress.finish();
                return Ok(sent);
            }
        }
    }

    async fn page_of_tenants(
        &self,
        release: &DraftRelease,
        after: Uuid,
    ) -> Result<Vec<(Uuid, Option<Segment>)>, StoreError> {
        let rows = self.rows(TENANTS, [release.number.into(), after.into(), PAGE.into()]).await?;
        let tenant = |row: &sea_orm::QueryResult| {
            let atom = row.try_get::<Option<i16>>("", "atom")?.and_then(|atom| u16::try_from(atom).ok());
            Ok((row.try_get("", "tenant_id")?, atom.and_then(Atom::from_index).map(Atom::segment)))
        };
        rows.iter().map(tenant).collect()
    }
}

/// What was made of the roles of an organization: the same as for the snapshot.
fn receipt(of: &InForce, segment: Option<Segment>, axes: &Axes, policy: &Policy) -> Sent {
    let known = axes.of(&of.roles);
    let made = OrganizationContribution::of(&of.roles, &known, policy);
    let rows = made.rows.iter().filter_map(|row| {
        let axis = known.iter().find(|axis| axis.key == row.axis)?;
        Some(SentRow::of(axis, &row.contribution))
    });
    let left_out = made.left_out.iter().map(|role| {
        let role_id = of.ids.get(role.position).copied();
        NotSent { role_id, why: role.why.as_str() }
    });
    let faults = of.faults.iter().map(|fault| NotSent { role_id: Some(fault.role), why: fault.why.as_str() });
    Sent {
        contribution: SentContribution { segment, rows: rows.collect() },
        left_out: left_out.chain(faults).collect(),
    }
}

/// Keeps a receipt, unless there is one; whether it was kept.
async fn keep(
    operator: &Operator,
    scope: &TenantScope<Admin>,
    release: &DraftRelease,
    receipt: &Sent,
) -> Result<bool, StoreError> {
    let tx = operator.store().begin(scope).await?;
    if has_receipt(&tx, release).await? {
        tx.rollback().await?;
        return Ok(false);
    }
    let OrganizationId(org_id) = scope.organization();
    let payload = serde_json::to_string(receipt)?;
    let release_key = release.key.clone();
    tx.insert(Model { org_id, id: tx.next_id(), release_key, sent_at: tx.now(), payload }).await?;
    let (rows, left_out) = (receipt.contribution.rows.len(), receipt.left_out.len());
    let details = json!({ "release": release.key, "rows": rows, "leftOut": left_out });
    tx.commit(AuditEntry::new("benchmark.contribution.sent", "BenchmarkReceipt", None, details)).await?;
    Ok(true)
}

async fn has_receipt(tx: &TenantTx<Admin>, release: &DraftRelease) -> Result<bool, StoreError> {
    let found = tx.reader().select::<Entity>().filter(Column::ReleaseKey.eq(&release.key));
    Ok(found.one(tx.reader().connection()).await?.is_some())
}
