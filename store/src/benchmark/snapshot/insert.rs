//! Writing many rows with few statements.

use sea_orm::{ConnectionTrait, Value};

use crate::{StoreError, benchmark::builder::execute};

/// How many rows are written with one statement. SQLite takes 32,766 values in one, PostgreSQL twice as many.
const ROWS: usize = 500;

/// Writes rows; `head` is the statement up to the values, `tail` what comes after them.
pub(super) async fn insert<const N: usize>(
    connection: &impl ConnectionTrait,
    head: &str,
    rows: impl Iterator<Item = [Value; N]>,
    tail: &str,
) -> Result<(), StoreError> {
    let mut values: Vec<Value> = Vec::with_capacity(ROWS * N);
    for row in rows {
        values.extend(row);
        if values.len() == ROWS * N {
            let full = std::mem::replace(&mut values, Vec::with_capacity(ROWS * N));
            execute(connection, &statement(head, ROWS, N, tail), full).await?;
        }
    }
    if !values.is_empty() {
        execute(connection, &statement(head, values.len() / N, N, tail), values).await?;
    }
    Ok(())
}

/// A statement with places for so many rows.
pub(super) fn statement(head: &str, rows: usize, columns: usize, tail: &str) -> String {
    let mut sql = String::with_capacity(head.len() + tail.len() + rows * columns * 8);
    sql.push_str(head);
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=columns {
            sql.push_str(if column == 1 { "$" } else { ", $" });
            sql.push_str(&(row * columns + column).to_string());
        }
        sql.push(')');
    }
    sql.push_str(tail);
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_place() {
        assert_eq!(statement("INSERT INTO t VALUES ", 2, 3, " x"), "INSERT INTO t VALUES ($1, $2, $3), ($4, $5, $6) x");
    }
}
