//! The clients of a firm. Their grants are theirs, so the sign-in role reads them, for exactly this firm.

use chrono::{DateTime, Utc};
use domain::ids::{ConsultantGrantId, OrganizationId};
use entity::{
    consultant_grant::{self, Column},
    organization,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryResult, QuerySelect, QueryTrait,
    RelationDef, Select,
    sea_query::{Expr, SimpleExpr},
};

use crate::{
    Store,
    access::{Admin, Area, AtLeast, Level, TenantScope},
    database::Door,
    error::StoreError,
    page::{CursorValue, Direction, Page, PageRequest, Position, RowId, query::paged},
    tenant::retry_or_fail,
};

/// An organization that has let a firm in, and how far.
#[derive(Clone, Debug)]
pub struct FirmClient {
    /// The client.
    pub organization: OrganizationId,
    /// The client's name.
    pub name: String,
    /// The grant.
    pub grant: ConsultantGrantId,
    /// What it allows.
    pub level: Level,
    /// The families of roles that it is limited to; `None` for all.
    pub families: Option<Vec<String>>,
    /// Why the client gave it.
    pub reason: String,
    /// When the client gave it.
    pub granted_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// A page of the clients that let a firm in now, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn firm_clients<A: AtLeast<Admin>>(
        &self,
        firm: &TenantScope<A>,
        request: &PageRequest,
    ) -> Result<Page<FirmClient>, StoreError> {
        let column = |column| -> SimpleExpr { Expr::col((consultant_grant::Entity, column)) };
        let columns = [Column::OrgId, Column::Id, Column::Level, Column::Families, Column::Reason, Column::GrantedAt];
        let query = self.open_doors(firm)?.columns(columns).column(Column::ExpiresAt);
        let query = query.column_as(organization::Column::Name, "client_name");
        let query = paged(query, &column(Column::GrantedAt), &column(Column::Id), Direction::Descending, request);
        let mut rows = Vec::new();
        for row in self.rows_of_firm(query).await? {
            let client = client(&row)?;
            let position = Position { value: CursorValue::Instant(client.granted_at), id: RowId::Uuid(client.grant.0) };
            rows.push((position, client));
        }
        Ok(Page::from_rows(rows, request))
    }

    /// How many clients let a firm in now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_firm_clients<A: AtLeast<Admin>>(&self, firm: &TenantScope<A>) -> Result<u64, StoreError> {
        let rows = self.rows_of_firm(self.open_doors(firm)?.column_as(Column::Id.count(), "number")).await?;
        let number = rows.first().map(|row| row.try_get::<i64>("", "number")).transpose()?;
        Ok(number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0))
    }

    /// Whether an organization lets a firm in now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_client_of<A: AtLeast<Admin>>(
        &self,
        firm: &TenantScope<A>,
        client: OrganizationId,
    ) -> Result<bool, StoreError> {
        let query = self.open_doors(firm)?.column(Column::Id).filter(Column::OrgId.eq(client.0));
        Ok(!self.rows_of_firm(query).await?.is_empty())
    }

    /// The live grants that were given to a firm by organizations that are open.
    #[expect(clippy::disallowed_methods, reason = "grants of the firm's clients; the firm is the filter, right here")]
    fn open_doors<A: AtLeast<Admin>>(
        &self,
        firm: &TenantScope<A>,
    ) -> Result<Select<consultant_grant::Entity>, StoreError> {
        if firm.rights().level(Area::Access) < Some(Level::Admin) {
            return Err(StoreError::internal("the scope does not extend to the firm's clients"));
        }
        let client: RelationDef = consultant_grant::Entity::belongs_to(organization::Entity)
            .from(Column::OrgId)
            .to(organization::Column::OrgId)
            .into();
        Ok(consultant_grant::Entity::find()
            .select_only()
            .join(JoinType::InnerJoin, client)
            .filter(Column::FirmId.eq(firm.organization().0))
            .filter(Column::EndedAt.is_null())
            .filter(Column::ExpiresAt.gt(self.clock().now()))
            .filter(organization::Column::ClosedAt.is_null()))
    }

    async fn rows_of_firm(&self, query: Select<consultant_grant::Entity>) -> Result<Vec<QueryResult>, StoreError> {
        let mut attempts_left = self.database().retries();
        loop {
            let connection = self.database().reader(Door::Auth).await?;
            match connection.query_all_raw(query.build(connection.get_database_backend())).await {
                Ok(rows) => return Ok(rows),
                Err(error) => retry_or_fail(error, &mut attempts_left)?,
            }
        }
    }
}

fn client(row: &QueryResult) -> Result<FirmClient, StoreError> {
    let families: Option<String> = row.try_get("", "families")?;
    Ok(FirmClient {
        organization: OrganizationId(row.try_get("", "org_id")?),
        name: row.try_get("", "client_name")?,
        grant: ConsultantGrantId(row.try_get("", "id")?),
        level: Level::from_database(&row.try_get::<String>("", "level")?)?,
        families: families.map(|families| serde_json::from_str(&families)).transpose()?,
        reason: row.try_get("", "reason")?,
        granted_at: row.try_get("", "granted_at")?,
        expires_at: row.try_get("", "expires_at")?,
    })
}
