//! Writing an edition in one transaction.

use chrono::{DateTime, Utc};
use domain::{
    library::{CanonicalRole, Edition, LibraryCombination},
    score::score_value,
};
use entity::{canonical_role, library_combination, library_edition};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, Select, SqliteTransactionMode, TransactionOptions, TransactionTrait, sea_query::Expr,
};

use super::{ImportError, Progress};
use crate::{library::EditionRecord, tenant::all_set};

/// Roles in one statement: 8 values each, far below the 32,766 of SQLite and the 65,535 of PostgreSQL.
const ROWS_IN_A_STATEMENT: usize = 100;
/// The lock of `migrate`, so that two imports, or an import and a migration, wait for one another on PostgreSQL.
const POSTGRES_LOCK: &str = "SELECT pg_advisory_xact_lock(7310276591)";

/// An edition to be written.
pub(in crate::library) struct NewEdition {
    pub(in crate::library) edition: Edition,
    pub(in crate::library) digest: String,
    pub(in crate::library) roles: Vec<CanonicalRole>,
    pub(in crate::library) combinations: Vec<LibraryCombination>,
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    /// The edition is new.
    Added,
    /// It took the place of an edition of the same key with other content.
    Replaced,
    /// The very same edition was there already; nothing changed.
    AlreadyImported,
}

/// What an import did, in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportSummary {
    /// What it did.
    pub outcome: ImportOutcome,
    /// The edition as it is now. It is not current if a newer one of its source is there.
    pub edition: EditionRecord,
    /// How many combinations the edition suggests; 0 for one that was imported before.
    pub combinations: usize,
    /// What a person should know, such as a file that is missing.
    pub notes: Vec<String>,
}

#[expect(clippy::disallowed_methods, reason = "library tables belong to no organization")]
fn editions() -> Select<library_edition::Entity> {
    library_edition::Entity::find()
}

/// The edition of this key and digest, if it is there.
pub(in crate::library) async fn already_imported(
    connection: &impl ConnectionTrait,
    key: &str,
    digest: &str,
) -> Result<Option<EditionRecord>, ImportError> {
    let query = editions().filter(library_edition::Column::Key.eq(key));
    let row = query.filter(library_edition::Column::Digest.eq(digest)).one(connection).await?;
    Ok(row.map(EditionRecord::from))
}

/// Writes an edition in one transaction, in the place of a former one of the same key, and makes the edition of the
/// source that was published last the current one.
pub(in crate::library) async fn save(
    connection: &DatabaseConnection,
    new: NewEdition,
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> Result<ImportSummary, ImportError> {
    // A transaction that reads first and writes later would fail if another one wrote in between.
    let immediate = Some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode: immediate, ..TransactionOptions::default() };
    let tx = connection.begin_with_options(options).await?;
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(POSTGRES_LOCK).await?;
    }
    let combinations = new.combinations.len();
    let former = editions().filter(library_edition::Column::Key.eq(&new.edition.key)).one(&tx).await?;
    let outcome = outcome(former, &new)?;
    let key = new.edition.key.clone();
    if outcome != ImportOutcome::AlreadyImported {
        write(&tx, new, now, progress).await?;
    }
    let row = editions().filter(library_edition::Column::Key.eq(key)).one(&tx).await?;
    let edition = row.ok_or_else(|| ImportError::Database("the edition is not there after it was written".into()))?;
    tx.commit().await?;
    Ok(ImportSummary { outcome, edition: edition.into(), combinations, notes: Vec::new() })
}

fn outcome(former: Option<library_edition::Model>, new: &NewEdition) -> Result<ImportOutcome, ImportError> {
    match former {
        None => Ok(ImportOutcome::Added),
        Some(former) if former.source != new.edition.source => Err(ImportError::Edition(format!(
            "the key {} is that of an edition of the source {}: give this edition another key",
            former.key, former.source
        ))),
        // Another process was faster.
        Some(former) if former.digest == new.digest => Ok(ImportOutcome::AlreadyImported),
        Some(_) => Ok(ImportOutcome::Replaced),
    }
}

async fn write(
    tx: &DatabaseTransaction,
    new: NewEdition,
    now: DateTime<Utc>,
    progress: &dyn Progress,
) -> Result<(), ImportError> {
    let NewEdition { edition, digest, roles, combinations } = new;
    let (key, source) = (edition.key.clone(), edition.source.clone());
    let tasks = roles.iter().map(|role| role.tasks.len()).sum();
    delete(tx, &key).await?;
    let row = library_edition::Model {
        key: edition.key,
        source: edition.source,
        title: edition.title,
        published_on: edition.published_on,
        license: edition.license,
        attribution: edition.attribution,
        digest,
        role_count: count(roles.len()),
        task_count: count(tasks),
        is_current: false,
        imported_at: now,
    };
    let row: library_edition::ActiveModel = all_set(row);
    library_edition::Entity::insert(row).exec_without_returning(tx).await?;
    insert_roles(tx, &key, &roles, progress).await?;
    insert_combinations(tx, &key, &combinations).await?;
    make_newest_current(tx, &source).await
}

/// Roles and combinations go with their edition.
#[expect(clippy::disallowed_methods, reason = "library tables belong to no organization")]
async fn delete(tx: &DatabaseTransaction, key: &str) -> Result<(), ImportError> {
    library_edition::Entity::delete_many().filter(library_edition::Column::Key.eq(key)).exec(tx).await?;
    Ok(())
}

async fn insert_roles(
    tx: &DatabaseTransaction,
    edition_key: &str,
    roles: &[CanonicalRole],
    progress: &dyn Progress,
) -> Result<(), ImportError> {
    progress.start("Storing roles", Some(roles.len() as u64));
    for batch in roles.chunks(ROWS_IN_A_STATEMENT) {
        let rows = batch.iter().map(|role| role_row(edition_key, role)).collect::<Result<Vec<_>, _>>()?;
        canonical_role::Entity::insert_many(rows).exec_without_returning(tx).await?;
        progress.advance(batch.len() as u64);
    }
    progress.finish();
    Ok(())
}

fn role_row(edition_key: &str, role: &CanonicalRole) -> Result<canonical_role::ActiveModel, ImportError> {
    Ok(all_set(canonical_role::Model {
        edition_key: edition_key.to_owned(),
        key: role.key.clone(),
        title: role.title.clone(),
        family: role.family.clone(),
        occupation_code: role.occupation_code.clone(),
        score: score_value(&role.to_definition().tasks),
        task_count: count(role.tasks.len()),
        definition: json(role)?,
    }))
}

async fn insert_combinations(
    tx: &DatabaseTransaction,
    edition_key: &str,
    combinations: &[LibraryCombination],
) -> Result<(), ImportError> {
    for (number, batch) in combinations.chunks(ROWS_IN_A_STATEMENT).enumerate() {
        let mut rows = Vec::with_capacity(batch.len());
        for (offset, combination) in batch.iter().enumerate() {
            let row: library_combination::ActiveModel = all_set(library_combination::Model {
                edition_key: edition_key.to_owned(),
                key: combination.key.clone(),
                position: count(number * ROWS_IN_A_STATEMENT + offset),
                definition: json(combination)?,
            });
            rows.push(row);
        }
        library_combination::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Of editions of the same day the one that was imported last.
#[expect(clippy::disallowed_methods, reason = "library tables belong to no organization")]
async fn make_newest_current(tx: &DatabaseTransaction, source: &str) -> Result<(), ImportError> {
    use library_edition::Column;
    let of_source = editions().filter(Column::Source.eq(source));
    let newest = of_source.order_by_desc(Column::PublishedOn).order_by_desc(Column::ImportedAt);
    let Some(newest) = newest.order_by_desc(Column::Key).one(tx).await? else { return Ok(()) };
    // First none, then one: at no time may two be current.
    let update = || library_edition::Entity::update_many();
    let former = update().col_expr(Column::IsCurrent, Expr::value(false)).filter(Column::IsCurrent.eq(true));
    former.filter(Column::Source.eq(source)).exec(tx).await?;
    let current = update().col_expr(Column::IsCurrent, Expr::value(true)).filter(Column::Key.eq(newest.key));
    current.exec(tx).await?;
    Ok(())
}

fn json(value: &impl serde::Serialize) -> Result<String, ImportError> {
    serde_json::to_string(value).map_err(|error| ImportError::Database(error.to_string()))
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
