//! Reading role configurations and versions.

use std::collections::{HashMap, HashSet};

use domain::ids::{RoleConfigurationId, RoleVersionId};
use entity::{role_configuration, role_version};
use sea_orm::{
    ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};

use super::{RoleConfiguration, RoleFilter, RoleOrder, RoleStatus, RoleVersion};
use crate::{
    access::Access,
    error::StoreError,
    page::{CursorValue, Direction, Page, PageRequest, Position, RowId, query::paged},
    tenant::TenantReader,
};

/// The role configurations of an organization.
pub struct Roles<'a, A: Access>(&'a TenantReader<A>);

impl<A: Access> TenantReader<A> {
    /// The role configurations.
    pub fn roles(&self) -> Roles<'_, A> {
        Roles(self)
    }
}

impl<A: Access> Roles<'_, A> {
    /// The role configurations with these identifiers; unknown ones are absent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_ids(
        &self,
        ids: &[RoleConfigurationId],
    ) -> Result<HashMap<RoleConfigurationId, RoleConfiguration>, StoreError> {
        let query = self.0.select::<role_configuration::Entity>();
        // One identifier is by far the commonest case, and `=` gives the same plan every time.
        let query = match ids {
            [id] => query.filter(role_configuration::Column::Id.eq(id.0)),
            _ => query.filter(role_configuration::Column::Id.is_in(ids.iter().map(|id| id.0))),
        };
        let rows = query.all(self.0.connection()).await?;
        self.0.note::<role_configuration::Entity>(rows.iter().map(|row| row.id));
        rows.into_iter().map(|row| Ok((RoleConfigurationId(row.id), row.try_into()?))).collect()
    }

    /// The role configuration with this identifier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_id(&self, id: RoleConfigurationId) -> Result<Option<RoleConfiguration>, StoreError> {
        Ok(self.by_ids(&[id]).await?.remove(&id))
    }

    /// The role configuration with this identifier, locked until the transaction ends.
    pub(super) async fn by_id_locked(&self, id: RoleConfigurationId) -> Result<Option<RoleConfiguration>, StoreError> {
        let row = self
            .0
            .select::<role_configuration::Entity>()
            .filter(role_configuration::Column::Id.eq(id.0))
            .lock_exclusive()
            .one(self.0.connection())
            .await?;
        row.map(TryInto::try_into).transpose()
    }

    /// A page of role configurations.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(
        &self,
        filter: &RoleFilter,
        order: RoleOrder,
        request: &PageRequest,
    ) -> Result<Page<RoleConfiguration>, StoreError> {
        let query = filter.apply(self.0.select::<role_configuration::Entity>());
        let id: SimpleExpr = Expr::col(role_configuration::Column::Id);
        let query = paged(query, &order.field.expression(), &id, order.direction, request);
        let rows = query.all(self.0.connection()).await?;
        self.0.note::<role_configuration::Entity>(rows.iter().map(|row| row.id));
        let rows: Result<Vec<_>, StoreError> = rows
            .into_iter()
            .map(|row| {
                let role = RoleConfiguration::try_from(row)?;
                Ok((order.field.position(&role), role))
            })
            .collect();
        Ok(Page::from_rows(rows?, request))
    }

    /// How many role configurations there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, filter: &RoleFilter) -> Result<u64, StoreError> {
        let query = filter.apply(self.0.select::<role_configuration::Entity>());
        Ok(query.count(self.0.connection()).await?)
    }

    /// Up to `limit` role configurations that are in use and linked to one of these canonical roles.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn linked_to(&self, canonical: &[&str], limit: u64) -> Result<Vec<RoleConfiguration>, StoreError> {
        use role_configuration::Column;
        let rows = self
            .0
            .select::<role_configuration::Entity>()
            .filter(Column::CanonicalRole.is_in(canonical.iter().copied()))
            .filter(Column::Status.ne(RoleStatus::Archived.as_str()))
            .order_by_asc(Column::Id)
            .limit(limit)
            .all(self.0.connection())
            .await?;
        self.0.note::<role_configuration::Entity>(rows.iter().map(|row| row.id));
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Which of these external identifiers are taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn taken_external_ids(&self, external_ids: &[&str]) -> Result<HashSet<String>, StoreError> {
        if external_ids.is_empty() {
            return Ok(HashSet::new());
        }
        let rows: Vec<Option<String>> = self
            .0
            .select::<role_configuration::Entity>()
            .select_only()
            .column(role_configuration::Column::ExternalId)
            .filter(role_configuration::Column::ExternalId.is_in(external_ids.iter().copied()))
            .into_tuple()
            .all(self.0.connection())
            .await?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// The versions with these identifiers; unknown ones are absent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn versions_by_ids(
        &self,
        ids: &[RoleVersionId],
    ) -> Result<HashMap<RoleVersionId, RoleVersion>, StoreError> {
        let wanted = role_version::Column::Id.is_in(ids.iter().map(|id| id.0));
        let rows = self.0.select::<role_version::Entity>().filter(wanted).all(self.0.connection()).await?;
        self.0.note::<role_version::Entity>(rows.iter().map(|row| row.id));
        rows.into_iter().map(|row| Ok((RoleVersionId(row.id), row.try_into()?))).collect()
    }

    /// Versions by role and number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn versions_by_number(
        &self,
        keys: &[(RoleConfigurationId, i32)],
    ) -> Result<HashMap<(RoleConfigurationId, i32), RoleVersion>, StoreError> {
        let wanted = keys.iter().fold(Condition::any(), |any, (role, number)| {
            let this = Condition::all()
                .add(role_version::Column::RoleId.eq(role.0))
                .add(role_version::Column::Number.eq(*number));
            any.add(this)
        });
        let rows = self.0.select::<role_version::Entity>().filter(wanted).all(self.0.connection()).await?;
        self.0.note::<role_version::Entity>(rows.iter().map(|row| row.id));
        rows.into_iter().map(|row| Ok(((RoleConfigurationId(row.role_id), row.number), row.try_into()?))).collect()
    }

    /// A page of the versions of one role, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn versions(
        &self,
        role: RoleConfigurationId,
        request: &PageRequest,
    ) -> Result<Page<RoleVersion>, StoreError> {
        let query = self.0.select::<role_version::Entity>().filter(role_version::Column::RoleId.eq(role.0));
        let number: SimpleExpr = Expr::col(role_version::Column::Number).cast_as("double precision");
        let id: SimpleExpr = Expr::col(role_version::Column::Id);
        let rows = paged(query, &number, &id, Direction::Descending, request).all(self.0.connection()).await?;
        self.0.note::<role_version::Entity>(rows.iter().map(|row| row.id));
        let rows: Result<Vec<_>, StoreError> = rows
            .into_iter()
            .map(|row| {
                let value = CursorValue::Number(f64::from(row.number));
                Ok((Position { value, id: RowId::Uuid(row.id) }, row.try_into()?))
            })
            .collect();
        Ok(Page::from_rows(rows?, request))
    }

    /// How many versions a role has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_versions(&self, role: RoleConfigurationId) -> Result<u64, StoreError> {
        let query = self.0.select::<role_version::Entity>().filter(role_version::Column::RoleId.eq(role.0));
        Ok(query.count(self.0.connection()).await?)
    }
}
