//! The organization itself: renamed, closed, and brought back while there is time.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use entity::organization;
use sea_orm::{QuerySelect, sea_query::Expr};

use crate::{
    Store,
    access::{Admin, Entry, Level, Rights, TenantScope},
    error::StoreError,
    tenant::TenantTx,
};

/// How long a closed organization can be brought back, in days; after that it is erased.
pub const GRACE_DAYS: i64 = 30;

/// When an organization that was closed then is to be erased.
#[must_use]
pub fn erased_after(closed_at: DateTime<Utc>) -> DateTime<Utc> {
    closed_at + Duration::days(GRACE_DAYS)
}

/// What can change of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationState {
    /// Its name.
    pub name: String,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
}

/// Changes the organization within a transaction.
pub struct OrganizationWriter<'a>(&'a TenantTx<Admin>);

impl TenantTx<Admin> {
    /// Changes the organization itself.
    pub fn organization_writer(&self) -> OrganizationWriter<'_> {
        OrganizationWriter(self)
    }
}

impl OrganizationWriter<'_> {
    /// The organization, locked until the transaction ends; `None` once it was erased.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn locked(&self) -> Result<Option<OrganizationState>, StoreError> {
        let reader = self.0.reader();
        let row = reader.select::<organization::Entity>().lock_exclusive().one(reader.connection()).await?;
        let row = row.filter(|row| row.audit_seq.is_none());
        Ok(row.map(|row| OrganizationState { name: row.name, closed_at: row.closed_at }))
    }

    /// Gives the locked organization another name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rename(&self, state: OrganizationState, name: String) -> Result<OrganizationState, StoreError> {
        let update = self.0.update::<organization::Entity>()?;
        let update = update.col_expr(organization::Column::Name, Expr::value(name.clone()));
        update.exec(self.0.reader().connection()).await?;
        Ok(OrganizationState { name, ..state })
    }

    /// Closes the locked organization now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close(&self, state: OrganizationState) -> Result<OrganizationState, StoreError> {
        self.set_closed(state, Some(self.0.now())).await
    }

    /// Brings the locked organization back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn restore(&self, state: OrganizationState) -> Result<OrganizationState, StoreError> {
        self.set_closed(state, None).await
    }

    async fn set_closed(
        &self,
        state: OrganizationState,
        closed_at: Option<DateTime<Utc>>,
    ) -> Result<OrganizationState, StoreError> {
        let by = closed_at.and_then(|_| self.0.reader().scope().actor().user()).map(|user| user.0);
        let update = self.0.update::<organization::Entity>()?;
        let update = update.col_expr(organization::Column::ClosedAt, Expr::value(closed_at));
        let update = update.col_expr(organization::Column::ClosedBy, Expr::value(by));
        update.exec(self.0.reader().connection()).await?;
        Ok(OrganizationState { closed_at, ..state })
    }
}

impl Store {
    /// Makes a committed change of the organization felt on this server at once; the admin's scope as it is from now on.
    pub fn organization_changed(&self, scope: &TenantScope<Admin>, state: &OrganizationState) -> TenantScope<Admin> {
        self.identities().forget_organization(scope.organization());
        let rights = if state.closed_at.is_some() { Rights::of_closed() } else { Rights::of_member(Level::Admin) };
        let entry = Entry {
            organization_name: state.name.clone(),
            organization_closed_at: state.closed_at,
            rights,
            ..scope.entry().clone()
        };
        TenantScope::new(Arc::new(entry), scope.actor().clone())
    }
}
