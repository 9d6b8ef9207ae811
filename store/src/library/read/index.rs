//! Building the search index of an edition.

use domain::library::search::{SearchDocument, SearchIndex, SearchText};
use entity::{
    canonical_role::{Column, Entity},
    library_edition,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde::Deserialize;

use super::{LibraryReader, cache::IndexCell, roles::current_roles};
use crate::{Store, error::StoreError, library::EditionRecord};

/// What the search needs of a role's definition.
#[derive(Deserialize)]
struct Definition {
    key: String,
    title: String,
    #[serde(default)]
    alternate_titles: Vec<String>,
    #[serde(default)]
    tasks: Vec<Task>,
}

#[derive(Deserialize)]
struct Task {
    title: String,
    description: Option<String>,
}

impl From<Definition> for SearchDocument {
    fn from(role: Definition) -> Self {
        let tasks = role.tasks.into_iter().map(SearchText::from).collect();
        Self { key: role.key, title: role.title, alternate_titles: role.alternate_titles, tasks }
    }
}

impl From<Task> for SearchText {
    fn from(task: Task) -> Self {
        match task.description {
            // A long statement whose beginning is the title.
            Some(whole) if task.title.ends_with('…') => Self { shown: whole, also: None },
            also => Self { shown: task.title, also },
        }
    }
}

/// The index of an edition, built if this is the first search in it. A search that is given up in the meantime does not
/// stop the building.
pub(super) async fn built(store: &Store, edition: &EditionRecord) -> Result<IndexCell, StoreError> {
    let cell = store.library_cache().index(&edition.digest);
    if cell.initialized() {
        return Ok(cell);
    }
    let (store, edition, building) = (store.clone(), edition.clone(), IndexCell::clone(&cell));
    let task = tokio::spawn(async move { building.get_or_try_init(|| build(&store, &edition)).await.map(drop) });
    task.await.map_err(|error| StoreError::internal(error.to_string()))??;
    Ok(cell)
}

async fn build(store: &Store, edition: &EditionRecord) -> Result<SearchIndex, StoreError> {
    let reader = LibraryReader { store };
    let query = current_roles()
        .column(Column::Definition)
        .filter(library_edition::Column::Digest.eq(&edition.digest))
        .order_by_asc(sea_orm::sea_query::Expr::col((Entity, Column::Key)));
    let rows = reader.rows(query.build(reader.backend())).await?;
    let index = tokio::task::spawn_blocking(move || {
        let mut documents = Vec::with_capacity(rows.len());
        for row in rows {
            let definition: Definition = serde_json::from_str(&row.try_get::<String>("", "definition")?)?;
            documents.push(SearchDocument::from(definition));
        }
        Ok::<_, StoreError>(SearchIndex::build(documents.into_iter()))
    });
    let index = index.await.map_err(|error| StoreError::internal(error.to_string()))??;
    tracing::debug!(edition = edition.key, roles = index.len(), bytes = index.memory_bytes(), "search index built");
    Ok(index)
}
