//! Invitations to become a member.

use chrono::{DateTime, Utc};
use domain::ids::{InvitationId, UserId};
use entity::invitation::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Func, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    access::{Admin, AtLeast, Level},
    error::StoreError,
    page::{CursorValue, Direction, Page, PageRequest, Position, RowId, query::paged},
    tenant::TenantReader,
};

/// An invitation to become a member, bound to an e-mail address.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Identifier.
    pub id: InvitationId,
    /// Address that it was sent to, in lower case.
    pub email: String,
    /// What the new member may do.
    pub level: Level,
    /// Whether it can be accepted, and if not, why.
    pub state: InvitationState,
    /// Who invited.
    pub invited_by: UserId,
    /// When.
    pub invited_at: DateTime<Utc>,
    /// From when on it cannot be accepted any more.
    pub expires_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
}

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationState {
    /// It can be accepted.
    Open,
    /// The invited person is, or was, a member by it.
    Accepted,
    /// An admin took it back.
    Ended,
    /// Its time ran out.
    Expired,
}

impl InvitationState {
    /// The state's name in the audit log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Accepted => "ACCEPTED",
            Self::Ended => "ENDED",
            Self::Expired => "EXPIRED",
        }
    }

    fn of(row: &Model, now: DateTime<Utc>) -> Self {
        match row.ended_at {
            _ if row.accepted_at.is_some() => Self::Accepted,
            ended_at if row.expires_at <= ended_at.unwrap_or(now) => Self::Expired,
            Some(_) => Self::Ended,
            None => Self::Open,
        }
    }

    /// The same as a condition.
    pub(super) fn condition(self, now: DateTime<Utc>) -> Condition {
        let until: SimpleExpr = Func::coalesce([Expr::col(Column::EndedAt), Expr::value(now)]).into();
        let expired = Expr::col(Column::ExpiresAt).lte(until.clone());
        let live = Expr::col(Column::ExpiresAt).gt(until);
        match self {
            Self::Accepted => Condition::all().add(Column::AcceptedAt.is_not_null()),
            Self::Expired => Condition::all().add(Column::AcceptedAt.is_null()).add(expired),
            Self::Ended => {
                Condition::all().add(Column::AcceptedAt.is_null()).add(Column::EndedAt.is_not_null()).add(live)
            }
            Self::Open => Condition::all().add(Column::AcceptedAt.is_null()).add(Column::EndedAt.is_null()).add(live),
        }
    }
}

/// Which invitations are wanted.
#[derive(Clone, Debug, Default)]
pub struct InvitationFilter {
    /// The state is one of these.
    pub states: Option<Vec<InvitationState>>,
}

/// The invitations of an organization. Only admins reach them.
pub struct Invitations<'a, A: AtLeast<Admin>>(&'a TenantReader<A>);

impl<A: AtLeast<Admin>> TenantReader<A> {
    /// The invitations.
    pub fn invitations(&self) -> Invitations<'_, A> {
        Invitations(self)
    }
}

impl<A: AtLeast<Admin>> Invitations<'_, A> {
    /// The invitation with this identifier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_id(&self, id: Uuid) -> Result<Option<Invitation>, StoreError> {
        let query = self.0.select::<Entity>().filter(Column::Id.eq(id));
        query.one(self.0.connection()).await?.map(|row| self.invitation(row)).transpose()
    }

    /// Invitations, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(&self, filter: &InvitationFilter, request: &PageRequest) -> Result<Page<Invitation>, StoreError> {
        let (key, id): (SimpleExpr, SimpleExpr) = (Expr::col(Column::InvitedAt), Expr::col(Column::Id));
        let query = paged(self.filtered(filter), &key, &id, Direction::Descending, request);
        let mut rows = Vec::new();
        for row in query.all(self.0.connection()).await? {
            let position = Position { value: CursorValue::Instant(row.invited_at), id: RowId::Uuid(row.id) };
            rows.push((position, self.invitation(row)?));
        }
        Ok(Page::from_rows(rows, request))
    }

    /// How many invitations there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, filter: &InvitationFilter) -> Result<u64, StoreError> {
        Ok(self.filtered(filter).count(self.0.connection()).await?)
    }

    fn filtered(&self, filter: &InvitationFilter) -> Select<Entity> {
        self.0.select::<Entity>().apply_if(filter.states.as_deref(), |query, states| {
            // None of no states is none, and not all.
            let none = Condition::any().add(Expr::value(false));
            query.filter(states.iter().fold(none, |any, state| any.add(state.condition(self.now()))))
        })
    }

    fn invitation(&self, row: Model) -> Result<Invitation, StoreError> {
        Invitation::of(row, self.now())
    }

    /// What ends, ends by the instant in which the request began.
    fn now(&self) -> DateTime<Utc> {
        self.0.scope().actor().at()
    }
}

impl Invitation {
    pub(super) fn of(row: Model, now: DateTime<Utc>) -> Result<Self, StoreError> {
        Ok(Self {
            id: InvitationId(row.id),
            state: InvitationState::of(&row, now),
            level: Level::from_database(&row.level)?,
            email: row.email,
            invited_by: UserId(row.invited_by),
            invited_at: row.invited_at,
            expires_at: row.expires_at,
            accepted_at: row.accepted_at,
        })
    }
}
