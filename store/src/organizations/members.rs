//! Members of an organization.

use chrono::{DateTime, Utc};
use domain::ids::{MemberId, UserId};
use entity::member;
use sea_orm::{
    ColumnTrait, PaginatorTrait, QueryFilter, Select,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

use super::{MemberFilter, MemberOrder};
use crate::{
    access::{Access, Level},
    error::StoreError,
    page::{Page, PageRequest, query::paged},
    tenant::TenantReader,
};

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
pub struct Members<'a, A: Access>(pub(super) &'a TenantReader<A>);

impl<A: Access> TenantReader<A> {
    /// The members.
    pub fn members(&self) -> Members<'_, A> {
        Members(self)
    }
}

impl<A: Access> Members<'_, A> {
    pub(super) fn live(&self) -> Select<member::Entity> {
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

    /// The live members that are these users.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_users(&self, users: &[UserId]) -> Result<Vec<Member>, StoreError> {
        let of_users = member::Column::UserId.is_in(users.iter().map(|user| user.0));
        let rows = self.live().filter(of_users).all(self.0.connection()).await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// A page of members.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(
        &self,
        filter: &MemberFilter,
        order: MemberOrder,
        request: &PageRequest,
    ) -> Result<Page<Member>, StoreError> {
        let id: SimpleExpr = Expr::col(member::Column::Id);
        let query = paged(filter.apply(self.live()), &order.field.expression(), &id, order.direction, request);
        let mut rows = Vec::new();
        for row in query.all(self.0.connection()).await? {
            rows.push((order.field.position(&row), row.try_into()?));
        }
        Ok(Page::from_rows(rows, request))
    }

    /// How many members there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, filter: &MemberFilter) -> Result<u64, StoreError> {
        Ok(filter.apply(self.live()).count(self.0.connection()).await?)
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
