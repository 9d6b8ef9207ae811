//! Roles by their keys.

use std::{collections::HashMap, sync::Arc};

use domain::library::CanonicalRole;
use entity::{
    canonical_role::{Column, Entity},
    library_edition,
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, QueryTrait, RelationDef, Select,
};

use super::{LibraryReader, LibraryRole};
use crate::error::StoreError;

#[derive(FromQueryResult)]
struct Row {
    edition_key: String,
    definition: String,
    score: Option<f64>,
    digest: String,
}

impl Row {
    fn into_role(self) -> Result<LibraryRole, StoreError> {
        Ok(LibraryRole {
            role: serde_json::from_str::<CanonicalRole>(&self.definition)?,
            edition_key: self.edition_key,
            edition_digest: self.digest,
            score: self.score,
        })
    }
}

/// The roles of current editions, joined with their editions and without columns yet.
#[expect(clippy::disallowed_methods, reason = "library tables belong to no organization")]
pub(super) fn current_roles() -> Select<Entity> {
    let edition: RelationDef =
        Entity::belongs_to(library_edition::Entity).from(Column::EditionKey).to(library_edition::Column::Key).into();
    Entity::find().select_only().join(JoinType::InnerJoin, edition).filter(library_edition::Column::IsCurrent.eq(true))
}

impl LibraryReader<'_> {
    /// The roles of these canonical keys in the current editions of their sources, by key; keys that name no role are
    /// left out. Roles that are not kept in memory are read in one statement.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn roles(&self, keys: &[&str]) -> Result<HashMap<String, Arc<LibraryRole>>, StoreError> {
        let mut found = HashMap::with_capacity(keys.len());
        if keys.is_empty() {
            return Ok(found);
        }
        let (editions, cache) = (self.known_editions().await?, self.store.library_cache());
        let mut missing = Vec::new();
        for key in keys {
            match cache.role(key, &editions) {
                Some(role) => drop(found.insert((*key).to_owned(), role)),
                None => missing.push(*key),
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        for role in self.read_roles(&missing).await? {
            let role = Arc::new(role);
            cache.put_role(&role);
            found.insert(role.role.key.clone(), role);
        }
        Ok(found)
    }

    async fn read_roles(&self, keys: &[&str]) -> Result<Vec<LibraryRole>, StoreError> {
        let query = current_roles()
            .columns([Column::EditionKey, Column::Definition, Column::Score])
            .column(library_edition::Column::Digest)
            .filter(Column::Key.is_in(keys.iter().copied()));
        let rows = self.rows(query.build(self.backend())).await?;
        rows.iter().map(|row| Row::from_query_result(row, "")?.into_role()).collect()
    }
}
