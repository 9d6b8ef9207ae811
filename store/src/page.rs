//! Pages by key: where a page begins is said by the last row of the one before, never by counting rows.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The value of the order column in the row that a cursor names.
#[derive(Clone, Debug, PartialEq)]
pub enum CursorValue {
    /// A text, such as a title in lower case.
    Text(String),
    /// A number, such as a score.
    Number(f64),
    /// An instant.
    Instant(DateTime<Utc>),
}

/// What names a row.
#[derive(Clone, Debug, PartialEq)]
pub enum RowId {
    /// A row of an organization.
    Uuid(Uuid),
    /// A row of the library.
    Key(String),
}

/// A row's place in an order: the order column's value, then the identifier, so that the order is total.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// Value of the order column.
    pub value: CursorValue,
    /// Identifier of the row.
    pub id: RowId,
}

/// Which rows of an order are wanted.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// How many rows; at least one more is looked for, to tell whether there are more.
    pub limit: u64,
    /// From the end of the order backwards.
    pub is_backward: bool,
    /// Rows after this one only.
    pub after: Option<Position>,
    /// Rows before this one only.
    pub before: Option<Position>,
}

/// A page of rows, in the order asked for.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows, each with its place in the order.
    pub items: Vec<(Position, T)>,
    /// Whether there are more rows in the direction asked for.
    pub has_more: bool,
}

impl<T> Page<T> {
    /// A page from up to `limit + 1` rows as the query gave them.
    pub(crate) fn from_rows(mut rows: Vec<(Position, T)>, request: &PageRequest) -> Self {
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        if request.is_backward {
            rows.reverse();
        }
        Self { items: rows, has_more }
    }
}

/// Ascending or descending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From low to high.
    Ascending,
    /// From high to low.
    Descending,
}

pub(crate) mod query {
    //! Keyset paging on a SeaORM query.

    use sea_orm::{
        Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
        sea_query::{ExprTrait, Order, SimpleExpr, Value},
    };

    use super::{CursorValue, Direction, PageRequest, Position, RowId};

    /// Orders by `key`, then by `id`, and keeps the rows that the request asks for, and one more.
    pub(crate) fn paged<E: EntityTrait>(
        query: Select<E>,
        key: &SimpleExpr,
        id: &SimpleExpr,
        direction: Direction,
        request: &PageRequest,
    ) -> Select<E> {
        let ascending = (direction == Direction::Ascending) != request.is_backward;
        let order = if ascending { Order::Asc } else { Order::Desc };
        let forward_is_greater = direction == Direction::Ascending;
        let mut condition = Condition::all();
        if let Some(after) = &request.after {
            condition = condition.add(beyond(key, id, after, forward_is_greater));
        }
        if let Some(before) = &request.before {
            condition = condition.add(beyond(key, id, before, !forward_is_greater));
        }
        query
            .filter(condition)
            .order_by(key.clone(), order.clone())
            .order_by(id.clone(), order)
            .limit(request.limit + 1)
    }

    fn beyond(key: &SimpleExpr, id: &SimpleExpr, position: &Position, greater: bool) -> Condition {
        let value: Value = match &position.value {
            CursorValue::Text(text) => text.clone().into(),
            CursorValue::Number(number) => (*number).into(),
            CursorValue::Instant(instant) => (*instant).into(),
        };
        let row: Value = match &position.id {
            RowId::Uuid(uuid) => (*uuid).into(),
            RowId::Key(key) => key.clone().into(),
        };
        let (key_beyond, id_beyond) = if greater {
            (key.clone().gt(value.clone()), id.clone().gt(row))
        } else {
            (key.clone().lt(value.clone()), id.clone().lt(row))
        };
        Condition::any().add(key_beyond).add(Condition::all().add(key.clone().eq(value)).add(id_beyond))
    }
}
