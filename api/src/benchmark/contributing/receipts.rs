//! What was sent: kept word for word, for the organization itself.

use std::sync::Arc;

use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use domain::ids::OrganizationId;
use store::benchmark::contributing::Receipt;

use super::{contribution::BenchmarkContribution, types::reads_contributions};
use crate::graphql::{
    connection::{connection, with_cursors},
    error::ApiError,
    id::{GlobalId, Kind},
    page::{CursorScope, OrderKind, PageArguments},
    tenant::Tenant,
};

#[derive(Clone)]
pub(crate) struct BenchmarkReceipt {
    organization: OrganizationId,
    receipt: Arc<Receipt>,
}

connection!(BenchmarkReceipt, BenchmarkReceiptConnection, BenchmarkReceiptEdge, "receipts of the benchmark");

impl BenchmarkReceipt {
    /// The receipt with this identifier; hidden from those who may not see what is sent.
    pub(crate) async fn load(tenant: &Tenant, id: uuid::Uuid) -> Result<Option<Self>, ApiError> {
        if reads_contributions(tenant).is_err() {
            return Ok(None);
        }
        let receipt = tenant.read().await?.benchmark_part().receipt(id).await?;
        Ok(receipt.map(|receipt| Self { organization: tenant.organization(), receipt: Arc::new(receipt) }))
    }
}

/// What an organization gave to a release of the benchmark, word for word. Only the organization itself sees it
#[Object]
impl BenchmarkReceipt {
    /// Global identifier
    pub(crate) async fn id(&self) -> ID {
        let id = self.receipt.id;
        GlobalId::Tenant { kind: Kind::BenchmarkReceipt, organization: self.organization, id }.encode()
    }

    /// The release, such as 2026-Q3
    async fn release_key(&self) -> &str {
        &self.receipt.release_key
    }

    /// When it was sent
    async fn sent_at(&self) -> DateTime<Utc> {
        self.receipt.sent_at
    }

    /// What was sent
    async fn contribution(&self) -> BenchmarkContribution {
        BenchmarkContribution(self.receipt.contribution.clone())
    }
}

/// A page of the organization's receipts, the latest first.
pub(super) async fn receipts(
    tenant: &Tenant,
    arguments: &PageArguments,
) -> Result<BenchmarkReceiptConnection, ApiError> {
    reads_contributions(tenant)?;
    let organization = tenant.organization();
    let scope = CursorScope::of(("benchmark receipts", organization), OrderKind::Instant);
    let request = arguments.request(scope)?;
    let page = tenant.read().await?.benchmark_part().receipts(&request).await?;
    let page = with_cursors(page, &request, scope);
    let page = page.map(|receipt| BenchmarkReceipt { organization, receipt: Arc::new(receipt) });
    Ok(BenchmarkReceiptConnection::new(page))
}
