//! Paging arguments and cursors.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};
use store::page::{CursorValue, PageRequest, Position, RowId};
use uuid::Uuid;

use super::error::ApiError;

/// Entries of a page when neither `first` nor `last` is given.
pub(crate) const DEFAULT_SIZE: i32 = 25;
/// Most entries of a page.
pub(crate) const MAXIMUM_SIZE: i32 = 100;

/// The four arguments of a connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageArguments {
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<String>,
    pub(crate) last: Option<i32>,
    pub(crate) before: Option<String>,
}

/// What a cursor belongs to: a list of an organization, in an order, with a filter. A cursor of another one is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CursorScope {
    list: u64,
    order: OrderKind,
    rows: RowKind,
}

/// What names the rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowKind {
    Uuid,
    Key,
}

/// What the column holds that a list is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderKind {
    Text,
    Number,
    Instant,
}

impl CursorScope {
    /// The scope of everything that says which list, in what order, it is.
    pub(crate) fn of(list: impl Hash, order: OrderKind) -> Self {
        let mut hasher = DefaultHasher::new();
        list.hash(&mut hasher);
        Self { list: hasher.finish(), order, rows: RowKind::Uuid }
    }

    /// The same for a list of the library, whose rows are named by keys.
    pub(crate) fn of_library(list: impl Hash, order: OrderKind) -> Self {
        Self { rows: RowKind::Key, ..Self::of(list, order) }
    }
}

impl PageArguments {
    /// The page that is asked for.
    pub(crate) fn request(&self, scope: CursorScope) -> Result<PageRequest, ApiError> {
        let (size, is_backward) = match (self.first, self.last) {
            (Some(_), Some(_)) => return Err(bad("Give first or last, not both.")),
            (None, Some(last)) => (checked_size("last", last)?, true),
            (first, None) => (checked_size("first", first.unwrap_or(DEFAULT_SIZE))?, false),
        };
        Ok(PageRequest {
            limit: size,
            is_backward,
            after: position("after", self.after.as_deref(), scope)?,
            before: position("before", self.before.as_deref(), scope)?,
        })
    }
}

fn checked_size(name: &str, size: i32) -> Result<u64, ApiError> {
    match u64::try_from(size) {
        Ok(valid) if size <= MAXIMUM_SIZE => Ok(valid),
        _ => Err(bad(&format!("{name} is {size}; give 0 to {MAXIMUM_SIZE} and page on with the cursor."))),
    }
}

fn bad(message: &str) -> ApiError {
    ApiError::BadUserInput(message.to_owned())
}

#[derive(Serialize, Deserialize)]
struct CursorText(u64, ValueText, IdText);

#[derive(Serialize, Deserialize)]
enum ValueText {
    T(String),
    N(f64),
    I(i64),
}

#[derive(Serialize, Deserialize)]
enum IdText {
    U(Uuid),
    K(String),
}

/// The cursor of a row.
pub(crate) fn cursor(scope: CursorScope, position: &Position) -> String {
    let value = match &position.value {
        CursorValue::Text(text) => ValueText::T(text.clone()),
        CursorValue::Number(number) => ValueText::N(*number),
        CursorValue::Instant(instant) => ValueText::I(instant.timestamp_micros()),
    };
    let id = match &position.id {
        RowId::Uuid(id) => IdText::U(*id),
        RowId::Key(key) => IdText::K(key.clone()),
    };
    // Only finite numbers and texts go in, which always have a JSON form.
    let text = serde_json::to_vec(&CursorText(scope.list, value, id)).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(text)
}

/// The row behind a cursor; an empty cursor is none.
fn position(name: &str, cursor: Option<&str>, scope: CursorScope) -> Result<Option<Position>, ApiError> {
    let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else { return Ok(None) };
    let text = URL_SAFE_NO_PAD.decode(cursor).ok();
    let parsed = text.and_then(|text| serde_json::from_slice::<CursorText>(&text).ok());
    let Some(CursorText(of_scope, value, id)) = parsed else {
        return Err(bad(&format!("{name} is not a cursor of this server.")));
    };
    if of_scope != scope.list {
        let message = format!("{name} is a cursor of another list, order or filter; start again without it.");
        return Err(ApiError::BadUserInput(message));
    }
    // A cursor can be made up, and its value goes into a statement: it must be what the column holds.
    let value = value_of(value, scope.order).ok_or_else(|| bad(&format!("{name} is not a cursor of this list.")))?;
    let id = row_of(id, scope.rows).ok_or_else(|| bad(&format!("{name} is not a cursor of this list.")))?;
    Ok(Some(Position { value, id }))
}

fn row_of(id: IdText, rows: RowKind) -> Option<RowId> {
    match (id, rows) {
        (IdText::U(id), RowKind::Uuid) => Some(RowId::Uuid(id)),
        (IdText::K(key), RowKind::Key) if !key.contains('\0') => Some(RowId::Key(key)),
        _ => None,
    }
}

fn value_of(value: ValueText, order: OrderKind) -> Option<CursorValue> {
    match (value, order) {
        (ValueText::T(text), OrderKind::Text) if !text.contains('\0') => Some(CursorValue::Text(text)),
        (ValueText::N(number), OrderKind::Number) => Some(CursorValue::Number(number)),
        (ValueText::I(micros), OrderKind::Instant) => {
            DateTime::from_timestamp_micros(micros).filter(is_storable).map(CursorValue::Instant)
        }
        _ => None,
    }
}

/// Whether both databases can hold the instant: years 1 to 9999.
pub(crate) fn is_storable(instant: &DateTime<Utc>) -> bool {
    (1..=9_999).contains(&instant.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(first: Option<i32>, last: Option<i32>, after: Option<&str>) -> PageArguments {
        PageArguments { first, last, after: after.map(str::to_owned), before: None }
    }

    #[test]
    fn sizes_are_refused_not_clamped() {
        let scope = CursorScope::of("list", OrderKind::Text);
        assert_eq!(arguments(None, None, None).request(scope).unwrap().limit, 25);
        assert!(arguments(Some(101), None, None).request(scope).is_err());
        assert!(arguments(Some(-1), None, None).request(scope).is_err());
        assert!(arguments(Some(1), Some(1), None).request(scope).is_err());
        assert!(arguments(None, Some(2), None).request(scope).unwrap().is_backward);
    }

    #[test]
    fn a_cursor_fits_its_own_list_only() {
        let here = CursorScope::of("here", OrderKind::Text);
        let position = Position { value: CursorValue::Text("a".into()), id: RowId::Uuid(Uuid::from_u128(1)) };
        let cursor = cursor(here, &position);
        let request = arguments(None, None, Some(&cursor)).request(here).unwrap();
        assert_eq!(request.after, Some(position));
        assert!(arguments(None, None, Some(&cursor)).request(CursorScope::of("there", OrderKind::Text)).is_err());
        assert!(arguments(None, None, Some(&cursor)).request(CursorScope::of("here", OrderKind::Number)).is_err());
        assert!(arguments(None, None, Some("not a cursor")).request(here).is_err());
        assert!(arguments(None, None, Some("")).request(here).unwrap().after.is_none());
    }
}
