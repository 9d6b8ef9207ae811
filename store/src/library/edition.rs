//! Editions as the database has them.

use chrono::{DateTime, Utc};
use entity::library_edition::{Column, Entity, Model};
use sea_orm::{EntityTrait, QueryOrder, Select};

use super::import::{ImportError, owner_connection};
use crate::database::DatabaseUrl;

/// An edition of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionRecord {
    /// Names the edition, such as `rolemark-2026.1`.
    pub key: String,
    /// The source of its keys: the part before the colon, such as `onet`.
    pub source: String,
    /// What the edition is called.
    pub title: String,
    /// The day it was published, as `YYYY-MM-DD`.
    pub published_on: String,
    /// The licence of its content.
    pub license: String,
    /// The words of credit that must travel with its content.
    pub attribution: String,
    /// SHA-256 of what it was made from, in hexadecimal: the same content has the same digest.
    pub digest: String,
    /// How many roles it holds.
    pub role_count: i32,
    /// How many tasks its roles have.
    pub task_count: i32,
    /// Whether it is the edition of its source that readers see.
    pub is_current: bool,
    /// When it was imported.
    pub imported_at: DateTime<Utc>,
}

impl From<Model> for EditionRecord {
    fn from(row: Model) -> Self {
        Self {
            key: row.key,
            source: row.source,
            title: row.title,
            published_on: row.published_on,
            license: row.license,
            attribution: row.attribution,
            digest: row.digest,
            role_count: row.role_count,
            task_count: row.task_count,
            is_current: row.is_current,
            imported_at: row.imported_at,
        }
    }
}

/// All editions: current ones first, then by source, the newest first.
#[expect(clippy::disallowed_methods, reason = "library tables belong to no organization")]
pub(super) fn all_editions() -> Select<Entity> {
    Entity::find()
        .order_by_desc(Column::IsCurrent)
        .order_by_asc(Column::Source)
        .order_by_desc(Column::PublishedOn)
        .order_by_asc(Column::Key)
}

/// All editions in a database, for the command line: current ones first.
///
/// # Errors
/// [`ImportError::Database`] if the database does not answer or has not been migrated.
pub async fn list_editions(url: &DatabaseUrl) -> Result<Vec<EditionRecord>, ImportError> {
    let connection = owner_connection(url).await?;
    let rows = all_editions().all(&connection).await?;
    connection.close().await?;
    Ok(rows.into_iter().map(EditionRecord::from).collect())
}
