//! Writing many rows with few statements.

use sea_orm::Value;

use crate::{
    StoreError,
    benchmark::builder::{Transaction, execute},
};

/// Placeholders of one statement: below the limit of SQLite, and few enough for a statement to be parsed quickly.
const VALUES: usize = 8_000;

/// Inserts rows into `table`, such as `draft_cell (role_number, reason)`; `tail` may say what to do about rows that are there.
/// How many rows were inserted.
pub(super) async fn insert(
    transaction: &Transaction,
    table: &str,
    rows: Vec<Vec<Value>>,
    tail: &str,
) -> Result<u64, StoreError> {
    let Some(width) = rows.first().map(Vec::len) else { return Ok(0) };
    let mut inserted = 0;
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<Value> = rows.by_ref().take(VALUES / width.max(1)).flatten().collect();
        if chunk.is_empty() {
            return Ok(inserted);
        }
        let sql = format!("INSERT INTO {table} VALUES {} {tail}", placeholders(chunk.len() / width, width));
        inserted += execute(transaction, &sql, chunk).await?;
    }
}

/// `($1, $2), ($3, $4)` for 2 rows of 2.
fn placeholders(rows: usize, width: usize) -> String {
    let row = |row: usize| {
        let places: Vec<String> = (1..=width).map(|place| format!("${}", row * width + place)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn placeholders_are_counted_through() {
        assert_eq!(placeholders(2, 2), "($1, $2), ($3, $4)");
    }
}
