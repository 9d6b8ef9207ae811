//! The list of tables that are emptied is that of the catalogue, so that a new one cannot be forgotten.

use std::collections::BTreeSet;

use sqlx::{Connection, SqliteConnection};
use store::{DatabaseUrl, clock::SystemClock, erasure::TENANT_TABLES, migrate};

const WITH_ORGANIZATION: &str =
    "SELECT t.name FROM sqlite_master t JOIN pragma_table_info(t.name) c ON c.name = 'org_id'
    WHERE t.type = 'table' AND t.name <> 'organization'";

/// Tables that refer to one another, the referring one first.
const REFERENCES: &str = "SELECT t.name, r.\"table\" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) r
    WHERE t.type = 'table' AND t.name <> r.\"table\"";

#[tokio::test]
async fn every_tenant_table_is_emptied_before_those_that_it_refers_to() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("rolemark.sqlite");
    migrate(&DatabaseUrl::Sqlite(path.clone()), &SystemClock).await.unwrap();
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
    let found: Vec<String> = sqlx::query_scalar(WITH_ORGANIZATION).fetch_all(&mut connection).await.unwrap();
    let listed: BTreeSet<&str> = TENANT_TABLES.into_iter().collect();
    assert_eq!(listed, found.iter().map(String::as_str).collect(), "left: the list, right: the catalogue");
    let references: Vec<(String, String)> = sqlx::query_as(REFERENCES).fetch_all(&mut connection).await.unwrap();
    let place = |table: &str| TENANT_TABLES.iter().position(|listed| *listed == table);
    for (from, to) in references {
        if let (Some(first), Some(second)) = (place(&from), place(&to)) {
            assert!(first < second, "{from} refers to {to}");
        }
    }
}
