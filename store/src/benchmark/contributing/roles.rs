//! The published roles of an organization, as a release takes them.

use chrono::{DateTime, Utc};
use domain::{ids::RoleConfigurationId, roles::RoleDefinition};
use entity::{role_configuration, role_version};
use sea_orm::{
    ColumnTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};

use super::BenchmarkPart;
use crate::{access::Access, error::StoreError};

/// The roles that a release takes.
#[derive(Default)]
pub(super) struct PublishedRoles {
    /// Their identifiers, ascending.
    pub(super) ids: Vec<RoleConfigurationId>,
    /// What was published of each last, in the same order.
    pub(super) definitions: Vec<RoleDefinition>,
}

impl<A: Access> BenchmarkPart<'_, A> {
    /// Of each role that is not archived, the version published last before an instant, or at it. In the order of the
    /// roles' identifiers, which decides between roles with equally many heads.
    pub(super) async fn roles_at(&self, at: DateTime<Utc>) -> Result<PublishedRoles, StoreError> {
        use role_version::{Column, Entity};
        let organization = self.0.organization().0;
        let newest = Query::select()
            .column(Column::RoleId)
            .expr(Expr::col(Column::Number).max())
            .from(Entity)
            .and_where(Column::OrgId.eq(organization))
            .and_where(Column::PublishedAt.lte(at))
            .group_by_col(Column::RoleId)
            .to_owned();
        let in_use = Query::select()
            .column(role_configuration::Column::Id)
            .from(role_configuration::Entity)
            .and_where(role_configuration::Column::OrgId.eq(organization))
            .and_where(role_configuration::Column::ArchivedAt.is_null())
            .to_owned();
        let rows = self
            .0
            .select::<Entity>()
            .filter(Expr::tuple([Expr::col(Column::RoleId), Expr::col(Column::Number)]).in_subquery(newest))
            .filter(Column::RoleId.in_subquery(in_use))
            .order_by_asc(Column::RoleId)
            .all(self.0.connection())
            .await?;
        self.0.note::<Entity>(rows.iter().map(|row| row.id));
        let mut roles = PublishedRoles::default();
        for row in rows {
            roles.ids.push(RoleConfigurationId(row.role_id));
            roles.definitions.push(serde_json::from_str(&row.definition)?);
        }
        Ok(roles)
    }

    /// The roles with a published version that are not archived: their identifiers and titles.
    pub(super) async fn published_titles(&self) -> Result<Vec<(RoleConfigurationId, String)>, StoreError> {
        use role_configuration::{Column, Entity};
        let rows: Vec<(uuid::Uuid, String)> = self
            .0
            .select::<Entity>()
            .select_only()
            .column(Column::Id)
            .column(Column::Title)
            .filter(Column::ArchivedAt.is_null())
            .filter(Column::PublishedNumber.is_not_null())
            .order_by_asc(Column::Id)
            .into_tuple()
            .all(self.0.connection())
            .await?;
        Ok(rows.into_iter().map(|(id, title)| (RoleConfigurationId(id), title)).collect())
    }
}
