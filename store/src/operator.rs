//! The person at the command line: acts on any organization, and leaves an entry in its audit log like everybody else.
//!
//! Only commands open an [`Operator`]; it needs the addresses of the database, which no request has.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::ids::OrganizationId;
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::{
    OpenError, RequestOrigin, Store, StoreError, StoreOptions,
    access::{Actor, Admin, Caller, Entry, Identity, Level, Rights, TenantScope, Via},
    audit::Checkpoint,
};

/// The person at the command line.
pub struct Operator {
    store: Store,
    origin: Arc<RequestOrigin>,
}

/// An organization as the operator sees it.
#[derive(Clone, Debug)]
pub struct OrganizationSummary {
    /// The organization.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// When it was erased for good.
    pub erased_at: Option<DateTime<Utc>>,
    /// The end of its audit log, once that was erased with everything else; nobody enters the organization then.
    pub tombstone: Option<Checkpoint>,
}

const ORGANIZATIONS: &str = "
SELECT org_id, name, created_at, closed_at, erased_at, audit_seq, audit_hash
FROM organization ORDER BY created_at, org_id";

impl Operator {
    /// Opens the store for commands.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(options: StoreOptions) -> Result<Self, OpenError> {
        let store = Store::open(options).await?;
        let request_id = format!("command-{}", store.ids().next().simple());
        Ok(Self { store, origin: Arc::new(RequestOrigin { request_id, ..RequestOrigin::default() }) })
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// All organizations, the oldest first; erased ones have no name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn organizations(&self) -> Result<Vec<OrganizationSummary>, StoreError> {
        self.store.ask_auth(ORGANIZATIONS, []).await?.iter().map(summary).collect()
    }

    /// All rights in an organization; `None` if there is none, or it was erased.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn scope(&self, organization: OrganizationId) -> Result<Option<TenantScope<Admin>>, StoreError> {
        let all = self.organizations().await?;
        let found = all.into_iter().find(|summary| summary.id == organization);
        Ok(found.and_then(|summary| self.enter(summary)))
    }

    /// All rights in an organization; `None` if it was erased.
    pub fn enter(&self, summary: OrganizationSummary) -> Option<TenantScope<Admin>> {
        if summary.tombstone.is_some() {
            return None;
        }
        let entry = Entry {
            organization: summary.id,
            organization_name: summary.name,
            organization_created_at: summary.created_at,
            organization_closed_at: summary.closed_at,
            via: Via::Operator,
            rights: Rights::of_member(Level::Admin),
            until: None,
        };
        let identity = Identity::new(Caller::Operator, vec![entry.clone()]);
        let actor = Actor::new(Arc::new(identity), Arc::clone(&self.origin), self.store.clock().now());
        Some(TenantScope::new(Arc::new(entry), actor))
    }
}

fn summary(row: &QueryResult) -> Result<OrganizationSummary, StoreError> {
    let (seq, hash): (Option<i64>, Option<Vec<u8>>) = (row.try_get("", "audit_seq")?, row.try_get("", "audit_hash")?);
    Ok(OrganizationSummary {
        id: OrganizationId(row.try_get::<Uuid>("", "org_id")?),
        name: row.try_get("", "name")?,
        created_at: row.try_get("", "created_at")?,
        closed_at: row.try_get("", "closed_at")?,
        erased_at: row.try_get("", "erased_at")?,
        tombstone: seq.zip(hash).map(|(seq, hash)| Checkpoint { seq, hash }),
    })
}
