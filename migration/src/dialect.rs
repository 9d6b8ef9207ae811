//! The words in which SQLite and PostgreSQL differ, and running a script of statements.

use sea_orm_migration::{prelude::*, sea_orm::ConnectionTrait, sea_orm::DbBackend};

/// Placeholder, its PostgreSQL text, its SQLite text.
const WORDS: [(&str, &str, &str); 7] = [
    ("{uuid}", "uuid", "blob"),
    ("{timestamp}", "timestamptz", "text"),
    ("{bytes}", "bytea", "blob"),
    ("{double}", "double precision", "real"),
    // Titles sort the same on both databases: by bytes, not by the locale of the server.
    ("{text_c}", "text COLLATE \"C\"", "text"),
    // Documents of a few kilobytes stay in the row when lz4 brings them below 2 kB.
    ("{document}", "text COMPRESSION lz4", "text"),
    ("{object_of}", "json_object_agg", "json_group_object"),
];

/// Runs every statement of `script` (separated by `;` at a line's end) in the words of the database.
pub(crate) async fn run(manager: &SchemaManager<'_>, script: &str) -> Result<(), DbErr> {
    run_plain(manager, &words(script, is_postgres(manager))).await
}

/// The script in the words of the database.
pub(crate) fn words(script: &str, postgres: bool) -> String {
    let word = |on_postgres, on_sqlite| if postgres { on_postgres } else { on_sqlite };
    WORDS.iter().fold(script.to_owned(), |sql, (placeholder, on_postgres, on_sqlite)| {
        sql.replace(placeholder, word(*on_postgres, *on_sqlite))
    })
}

/// Runs every statement of `script` as it stands.
pub(crate) async fn run_plain(manager: &SchemaManager<'_>, script: &str) -> Result<(), DbErr> {
    for statement in script.split(";\n").map(str::trim).filter(|s| !s.is_empty()) {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Whether the database is PostgreSQL.
pub(crate) fn is_postgres(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::Postgres
}
