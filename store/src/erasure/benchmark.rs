//! What the builder of benchmarks knows by the name of an organization: its segment, its control group, what it gave.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use uuid::Uuid;

use super::{organization::UNSETTLED, session::Session};
use crate::{database::sqlite_options, error::StoreError};

/// Tables of the builder with the identifier of an organization.
const TABLES: [&str; 3] = ["frozen_segment", "tenant_group", "tenant_contribution"];

/// The next sweep tries again.
const PATIENCE: Duration = Duration::from_secs(2);

impl Session<'_> {
    /// Deletes an organization's rows of the builder, on PostgreSQL; how many there were.
    pub(super) async fn delete_from_builder(&self, organization: Uuid) -> Result<u64, StoreError> {
        let mut rows = 0;
        for table in TABLES {
            let sql = format!("DELETE FROM builder.{table} WHERE tenant_id = $1");
            rows += self.execute(&sql, [organization.into()]).await?;
        }
        Ok(rows)
    }

    /// Deletes the rows of erased organizations from the builder's file of SQLite, if there is one, and writes the file anew
    /// if there were some; `false` while somebody is busy with it.
    pub(super) async fn settle_builder(&self) -> Result<bool, StoreError> {
        if !self.eraser.benchmark_file.is_file() {
            return Ok(true);
        }
        let mut organizations = Vec::new();
        for row in self.rows(UNSETTLED, []).await? {
            organizations.push(row.try_get::<Uuid>("", "org_id")?);
        }
        let options = sqlite_options(&self.eraser.benchmark_file).create_if_missing(false).busy_timeout(PATIENCE);
        let mut file = SqliteConnection::connect_with(&options).await.map_err(failed)?;
        let settled = settle_file(&mut file, &organizations).await;
        file.close().await.map_err(failed)?;
        match settled {
            Ok(is_settled) => Ok(is_settled),
            Err(error) if is_busy(&error) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }
}

async fn settle_file(file: &mut SqliteConnection, organizations: &[Uuid]) -> sqlx::Result<bool> {
    let known = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'tenant_group'";
    if sqlx::query_scalar::<_, i64>(known).fetch_one(&mut *file).await? == 0 {
        return Ok(true);
    }
    // What is deleted is overwritten.
    sqlx::query("PRAGMA secure_delete = ON").execute(&mut *file).await?;
    let mut rows = 0;
    let mut transaction = file.begin_with("BEGIN IMMEDIATE").await?;
    for organization in organizations {
        for table in TABLES {
            let sql = AssertSqlSafe(format!("DELETE FROM {table} WHERE tenant_id = $1"));
            rows += sqlx::query(sql).bind(organization).execute(&mut *transaction).await?.rows_affected();
        }
    }
    transaction.commit().await?;
    if rows > 0 {
        sqlx::query("VACUUM").execute(&mut *file).await?;
    }
    // The log may hold what a run deleted that was killed before it came here.
    let (busy, _, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *file).await?;
    Ok(busy == 0)
}

/// Whether somebody else holds the file.
fn is_busy(error: &sqlx::Error) -> bool {
    // 5 is SQLITE_BUSY, 6 SQLITE_LOCKED; the higher bits tell more.
    let code = error.as_database_error().and_then(|error| error.code()).and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 5 | 6))
}

fn failed(error: sqlx::Error) -> StoreError {
    sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(std::sync::Arc::new(error))).into()
}
