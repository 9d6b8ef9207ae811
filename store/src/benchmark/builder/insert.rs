//! Writing many rows with few statements.
//!
//! The rows travel as one JSON document, which the database takes apart. A statement with a placeholder for each value
//! costs several times as much: PostgreSQL plans each of them, and SQLite looks each of thousands of names up in a list.

use sea_orm::{ConnectionTrait, DbBackend};
use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::session::execute;
use crate::StoreError;

/// Rows of one statement: a document of about a megabyte.
const ROWS: usize = 5_000;

/// A column, as the database reads it out of the document.
#[derive(Clone, Copy)]
pub(crate) enum Column {
    /// Whole numbers of any size.
    Integer(&'static str),
    /// Texts.
    Text(&'static str),
    /// Yes or no.
    Boolean(&'static str),
    /// Bytes.
    Bytes(&'static str),
    /// Identifiers.
    Uuid(&'static str),
}

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::Integer(name) | Self::Text(name) | Self::Boolean(name) | Self::Bytes(name) | Self::Uuid(name) => name,
        }
    }

    /// The value at a place of a row of the document.
    fn value(self, place: usize, backend: DbBackend) -> String {
        let text = format!("e.value->>{place}");
        match (self, backend) {
            (Self::Integer(_), DbBackend::Postgres) => format!("CAST({text} AS bigint)"),
            (Self::Boolean(_), DbBackend::Postgres) => format!("CAST({text} AS boolean)"),
            (Self::Bytes(_), DbBackend::Postgres) => format!("decode({text}, 'hex')"),
            (Self::Uuid(_), DbBackend::Postgres) => format!("CAST({text} AS uuid)"),
            (Self::Bytes(_) | Self::Uuid(_), _) => format!("unhex({text})"),
            _ => text,
        }
    }
}

/// A value of a row.
#[derive(Clone, Copy)]
pub(crate) enum Cell<'a> {
    Integer(i64),
    Text(&'a str),
    Boolean(bool),
    Bytes(&'a [u8]),
    Uuid(Uuid),
    Null,
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Bytes(value) => serializer.serialize_str(&hexadecimal(value)),
            // The digits only: so SQLite finds its bytes in them, and PostgreSQL reads them too.
            Self::Uuid(value) => serializer.collect_str(&value.simple()),
            Self::Null => serializer.serialize_none(),
        }
    }
}

/// Bytes in hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// Inserts rows into the columns of `table`; `tail` may say what to do about rows that are there. How many rows were written.
pub(crate) async fn insert<'a, const N: usize>(
    connection: &impl ConnectionTrait,
    table: &str,
    columns: [Column; N],
    rows: impl Iterator<Item = [Cell<'a>; N]>,
    tail: &str,
) -> Result<u64, StoreError> {
    let sql = statement(table, columns, tail, connection.get_database_backend());
    let mut rows = rows.map(Row).peekable();
    let mut written = 0;
    while rows.peek().is_some() {
        let some: Vec<Row<'a, N>> = rows.by_ref().take(ROWS).collect();
        written += execute(connection, &sql, [serde_json::to_string(&some)?.into()]).await?;
    }
    Ok(written)
}

fn statement<const N: usize>(table: &str, columns: [Column; N], tail: &str, backend: DbBackend) -> String {
    let names = columns.map(Column::name).join(", ");
    let values: Vec<String> = columns.iter().enumerate().map(|(place, column)| column.value(place, backend)).collect();
    let elements = match backend {
        DbBackend::Postgres => "jsonb_array_elements(CAST($1 AS jsonb)) AS e(value)",
        _ => "json_each($1) AS e",
    };
    // Without a condition SQLite takes ON CONFLICT for one of a join.
    format!("INSERT INTO {table} ({names}) SELECT {} FROM {elements} WHERE true {tail}", values.join(", "))
}

/// A row as a list; arrays of any length are none to serde.
struct Row<'a, const N: usize>([Cell<'a>; N]);

impl<const N: usize> Serialize for Row<'_, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_a_list_of_its_values() {
        let id = Uuid::from_u128(0xab);
        let row = Row([
            Cell::Integer(i64::MAX),
            Cell::Text("a \"b\""),
            Cell::Boolean(true),
            Cell::Bytes(&[0, 0xf1]),
            Cell::Uuid(id),
            Cell::Null,
        ]);
        let text = r#"[9223372036854775807,"a \"b\"",true,"00f1","000000000000000000000000000000ab",null]"#;
        assert_eq!(serde_json::to_string(&row).unwrap(), text);
    }

    #[test]
    fn a_statement_reads_the_document() {
        let columns = [Column::Integer("a"), Column::Bytes("b")];
        assert_eq!(
            statement("t", columns, "x", DbBackend::Sqlite),
            "INSERT INTO t (a, b) SELECT e.value->>0, unhex(e.value->>1) FROM json_each($1) AS e WHERE true x"
        );
        assert_eq!(
            statement("t", columns, "", DbBackend::Postgres),
            "INSERT INTO t (a, b) SELECT CAST(e.value->>0 AS bigint), decode(e.value->>1, 'hex') \
             FROM jsonb_array_elements(CAST($1 AS jsonb)) AS e(value) WHERE true "
        );
    }
}
