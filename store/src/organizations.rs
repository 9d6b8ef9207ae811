//! Members of an organization, and its own name, end and return.

mod actors;
mod lifecycle;

use chrono::{DateTime, Utc};
use domain::ids::{MemberId, UserId};
use entity::member;
use sea_orm::{
    ColumnTrait, PaginatorTrait, QueryFilter, Select,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    access::{Access, Level},
    error::StoreError,
    page::{CursorValue, Direction, Page, PageRequest, Position, RowId, query::paged},
    tenant::TenantReader,
};

pub use actors::{Actors, KnownUser};
pub use lifecycle::{GRACE_DAYS, OrganizationState, OrganizationWriter, erased_after};

/// A user with an access level in an organization.
#[derive(Clone, Debug)]
pub struct Member {
    /// Identifier of the membership.
    pub id: MemberId,
    /// The user.
    pub user: UserId,
    /// The user's name, as the organization sees it.
    pub name: String,
    /// The user's e-mail address, as the organization sees it.
    pub email: String,
    /// What the member may do.
    pub level: Level,
    /// When the user became a member.
    pub joined_at: DateTime<Utc>,
}

/// The live members of an organization.
pub struct Members<'a, A: Access>(&'a TenantReader<A>);

impl<A: Access> TenantReader<A> {
    /// The members.
    pub fn members(&self) -> Members<'_, A> {
        Members(self)
    }
}

impl<A: Access> Members<'_, A> {
    fn live(&self) -> Select<member::Entity> {
        self.0.select::<member::Entity>().filter(member::Column::EndedAt.is_null())
    }

    /// The live member with this identifier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_id(&self, id: Uuid) -> Result<Option<Member>, StoreError> {
        let row = self.live().filter(member::Column::Id.eq(id)).one(self.0.connection()).await?;
        row.map(TryInto::try_into).transpose()
    }

    /// A page of members, in the order in which they joined.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(&self, request: &PageRequest) -> Result<Page<Member>, StoreError> {
        let key: SimpleExpr = Expr::col(member::Column::JoinedAt);
        let id: SimpleExpr = Expr::col(member::Column::Id);
        let query = paged(self.live(), &key, &id, Direction::Ascending, request);
        let mut rows = Vec::new();
        for row in query.all(self.0.connection()).await? {
            let position = Position { value: CursorValue::Instant(row.joined_at), id: RowId::Uuid(row.id) };
            rows.push((position, row.try_into()?));
        }
        Ok(Page::from_rows(rows, request))
    }

    /// How many members there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self) -> Result<u64, StoreError> {
        Ok(self.live().count(self.0.connection()).await?)
    }
}

impl TryFrom<member::Model> for Member {
    type Error = StoreError;

    fn try_from(row: member::Model) -> Result<Self, StoreError> {
        let level = Level::from_database(&row.level)?;
        Ok(Self {
            id: MemberId(row.id),
            user: UserId(row.user_id),
            name: row.name,
            email: row.email,
            level,
            joined_at: row.joined_at,
        })
    }
}
