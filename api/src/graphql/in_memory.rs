//! Pages of what is known already.

use store::page::{CursorValue, Page, PageRequest, Position, RowId};
use uuid::Uuid;

/// A page of entries, ordered by a name in lower case and an identifier.
pub(crate) fn page_by_name<T>(mut entries: Vec<(String, Uuid, T)>, request: &PageRequest) -> Page<T> {
    entries.sort_by(|(a, a_id, _), (b, b_id, _)| (a, a_id).cmp(&(b, b_id)));
    let key_of = |position: &Position| match (&position.value, &position.id) {
        (CursorValue::Text(name), RowId::Uuid(id)) => Some((name.clone(), *id)),
        _ => None,
    };
    let after = request.after.as_ref().and_then(key_of);
    let before = request.before.as_ref().and_then(key_of);
    entries.retain(|(name, id, _)| {
        let is_after = after.as_ref().is_none_or(|(after, of)| (name, id) > (after, of));
        is_after && before.as_ref().is_none_or(|(before, of)| (name, id) < (before, of))
    });
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    let has_more = entries.len() > limit;
    let entries = if request.is_backward && has_more { entries.split_off(entries.len() - limit) } else { entries };
    let item = |(name, id, entry)| (Position { value: CursorValue::Text(name), id: RowId::Uuid(id) }, entry);
    Page { items: entries.into_iter().take(limit).map(item).collect(), has_more }
}
