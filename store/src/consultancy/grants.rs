//! Reading the grants that an organization has given.

use chrono::{DateTime, Utc};
use domain::ids::ConsultantGrantId;
use entity::consultant_grant::{Column, Entity};
use sea_orm::{
    ColumnTrait, Condition, PaginatorTrait, QueryFilter, Select,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};

use super::{ConsultantGrant, GrantState};
use crate::{
    access::{Admin, AtLeast},
    error::StoreError,
    page::{CursorValue, Direction, Page, PageRequest, Position, RowId, query::paged},
    tenant::TenantReader,
};

/// Which grants are wanted.
#[derive(Clone, Debug)]
pub struct GrantFilter {
    /// In one of these states; `None` for all.
    pub states: Option<Vec<GrantState>>,
    /// The instant at which a grant is in its state.
    pub now: DateTime<Utc>,
}

/// The consultant grants of an organization. Only admins reach them.
pub struct ConsultantGrants<'a, A: AtLeast<Admin>>(&'a TenantReader<A>);

impl<A: AtLeast<Admin>> TenantReader<A> {
    /// The consultant grants.
    pub fn consultant_grants(&self) -> ConsultantGrants<'_, A> {
        ConsultantGrants(self)
    }
}

impl<A: AtLeast<Admin>> ConsultantGrants<'_, A> {
    /// A page of grants, the latest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(&self, filter: &GrantFilter, request: &PageRequest) -> Result<Page<ConsultantGrant>, StoreError> {
        let (key, id): (SimpleExpr, SimpleExpr) = (Expr::col(Column::GrantedAt), Expr::col(Column::Id));
        let query = paged(self.filtered(filter), &key, &id, Direction::Descending, request);
        let mut rows = Vec::new();
        for row in query.all(self.0.connection()).await? {
            let position = Position { value: CursorValue::Instant(row.granted_at), id: RowId::Uuid(row.id) };
            rows.push((position, row.try_into()?));
        }
        Ok(Page::from_rows(rows, request))
    }

    /// How many grants there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, filter: &GrantFilter) -> Result<u64, StoreError> {
        Ok(self.filtered(filter).count(self.0.connection()).await?)
    }

    /// The grant with this identifier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_id(&self, id: ConsultantGrantId) -> Result<Option<ConsultantGrant>, StoreError> {
        let row = self.0.select::<Entity>().filter(Column::Id.eq(id.0)).one(self.0.connection()).await?;
        row.map(TryInto::try_into).transpose()
    }

    fn filtered(&self, filter: &GrantFilter) -> Select<Entity> {
        let query = self.0.select::<Entity>();
        let Some(states) = &filter.states else { return query };
        query.filter(states.iter().fold(Condition::any(), |any, state| any.add(in_state(*state, filter.now))))
    }
}

/// The same as [`ConsultantGrant::state`], in the words of the database.
fn in_state(state: GrantState, now: DateTime<Utc>) -> Condition {
    let all = Condition::all;
    let live = || all().add(Column::EndedAt.is_null()).add(Column::ExpiresAt.gt(now));
    let ended_by_hand = || Expr::col(Column::EndedAt).lt(Expr::col(Column::ExpiresAt));
    let is_accepted = || Condition::any().add(Column::AcceptedAt.is_not_null()).add(Column::FirmId.is_not_null());
    match state {
        GrantState::Pending => live().add(is_accepted().not()),
        GrantState::Active => live().add(is_accepted()),
        GrantState::Ended => all().add(Column::EndedAt.is_not_null()).add(ended_by_hand()),
        GrantState::Expired => Condition::any()
            .add(all().add(Column::EndedAt.is_not_null()).add(ended_by_hand().not()))
            .add(all().add(Column::EndedAt.is_null()).add(Column::ExpiresAt.lte(now))),
    }
}
