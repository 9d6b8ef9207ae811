//! Which members are wanted, and in what order.

use entity::member::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, Condition, QueryFilter, QueryTrait, Select,
    sea_query::{Expr, SimpleExpr},
};

use crate::{
    access::Level,
    page::{CursorValue, Direction, Position, RowId},
    tenant::contains_ignoring_case,
};

/// Which members are wanted. All that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct MemberFilter {
    /// The access level is one of these.
    pub levels: Option<Vec<Level>>,
    /// The name or the e-mail address contains this text, whatever its case.
    pub text_contains: Option<String>,
}

/// By what members are ordered; the identifier follows, so that the order is total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberOrderField {
    /// Name in lower case.
    Name,
    /// When the user became a member.
    JoinedAt,
}

/// An order of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberOrder {
    /// The column.
    pub field: MemberOrderField,
    /// The direction.
    pub direction: Direction,
}

impl MemberFilter {
    pub(super) fn apply(&self, query: Select<Entity>) -> Select<Entity> {
        query
            .apply_if(self.levels.as_ref(), |query, levels| {
                query.filter(Column::Level.is_in(levels.iter().map(|level| level.as_str())))
            })
            .apply_if(self.text_contains.as_deref(), |query, text| {
                let in_name = contains_ignoring_case(Column::NameKey, text);
                // Addresses are kept in lower case.
                let in_email = contains_ignoring_case(Column::Email, text);
                query.filter(Condition::any().add(in_name).add(in_email))
            })
    }
}

impl MemberOrderField {
    pub(super) fn expression(self) -> SimpleExpr {
        match self {
            Self::Name => Expr::col(Column::NameKey),
            Self::JoinedAt => Expr::col(Column::JoinedAt),
        }
    }

    pub(super) fn position(self, row: &Model) -> Position {
        let value = match self {
            Self::Name => CursorValue::Text(row.name_key.clone()),
            Self::JoinedAt => CursorValue::Instant(row.joined_at),
        };
        Position { value, id: RowId::Uuid(row.id) }
    }
}
