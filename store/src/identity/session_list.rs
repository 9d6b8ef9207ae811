//! The sessions of a user, for the user to look through.

use chrono::{DateTime, Duration, Utc};
use domain::ids::SessionId;
use entity::session::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, Select,
    sea_query::{Expr, SimpleExpr},
};

use super::{Person, SESSION_IDLE_DAYS};
use crate::{
    Store,
    error::StoreError,
    page::{CursorValue, Direction, Page, PageRequest, Position, RowId, query::paged},
};

/// A session that can still be used.
#[derive(Clone, Debug)]
pub struct LiveSession {
    /// Identifier.
    pub id: SessionId,
    /// When the user signed in.
    pub created_at: DateTime<Utc>,
    /// When tokens were given out for it last.
    pub last_used_at: DateTime<Utc>,
    /// When it ends, however much it is used.
    pub expires_at: DateTime<Utc>,
    /// Address of the client when tokens were given out last; `None` for sessions that are older than this column.
    pub address: Option<String>,
    /// What the client called itself then.
    pub user_agent: Option<String>,
}

/// Whether a session that nobody has ended can still be used.
pub(super) fn is_live(expires_at: DateTime<Utc>, last_used_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < expires_at && now < last_used_at + Duration::days(SESSION_IDLE_DAYS)
}

impl Store {
    /// A page of the person's live sessions, the one used last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions(&self, person: Person<'_>, request: &PageRequest) -> Result<Page<LiveSession>, StoreError> {
        let key: SimpleExpr = Expr::col(Column::LastUsedAt);
        let id: SimpleExpr = Expr::col(Column::Id);
        let query = paged(self.live_sessions(person), &key, &id, Direction::Descending, request);
        let rows = self.read_identity(query).await?;
        let rows = rows.into_iter().map(|row| {
            let position = Position { value: CursorValue::Instant(row.last_used_at), id: RowId::Uuid(row.id) };
            (position, row.into())
        });
        Ok(Page::from_rows(rows.collect(), request))
    }

    /// The person's live session with this identifier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(&self, person: Person<'_>, id: SessionId) -> Result<Option<LiveSession>, StoreError> {
        let query = self.live_sessions(person).filter(Column::Id.eq(id.0));
        Ok(self.read_identity(query).await?.pop().map(Into::into))
    }

    #[expect(clippy::disallowed_methods, reason = "sessions belong to no organization; the user is added right here")]
    fn live_sessions(&self, person: Person<'_>) -> Select<Entity> {
        let now = self.clock().now();
        Entity::find()
            .filter(Column::UserId.eq(person.user().0))
            .filter(Column::EndedAt.is_null())
            .filter(Column::ExpiresAt.gt(now))
            .filter(Column::LastUsedAt.gt(now - Duration::days(SESSION_IDLE_DAYS)))
    }
}

impl From<Model> for LiveSession {
    fn from(row: Model) -> Self {
        Self {
            id: SessionId(row.id),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            address: row.address,
            user_agent: row.user_agent,
        }
    }
}
