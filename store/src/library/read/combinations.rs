//! Combinations that the current editions suggest.

use std::collections::BTreeSet;

use domain::library::{LibraryCombination, source_of};
use entity::library_combination::{Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::{LibraryReader, cache::Combinations};
use crate::error::StoreError;

#[expect(clippy::disallowed_methods, reason = "library tables belong to no organization")]
fn of_editions(keys: Vec<String>) -> Select<Entity> {
    Entity::find()
        .select_only()
        .column(Column::Definition)
        .filter(Column::EditionKey.is_in(keys))
        .order_by_asc(Column::EditionKey)
        .order_by_asc(Column::Position)
}

impl LibraryReader<'_> {
    /// The combinations of the current editions, of one source or of all, in the order of their edition.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn combinations(&self, source: Option<&str>) -> Result<Vec<LibraryCombination>, StoreError> {
        let all = self.all_combinations().await?;
        let is_wanted = |combination: &&LibraryCombination| source.is_none_or(|s| source_of(&combination.key) == s);
        Ok(all.iter().filter(is_wanted).cloned().collect())
    }

    /// The combination of exactly these roles, if an edition suggests one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn combination_of(&self, roles: &BTreeSet<String>) -> Result<Option<LibraryCombination>, StoreError> {
        let all = self.all_combinations().await?;
        let is_of_roles = |combination: &&LibraryCombination| {
            combination.roles.len() == roles.len() && combination.roles.iter().all(|role| roles.contains(role))
        };
        Ok(all.iter().find(is_of_roles).cloned())
    }

    /// The combination of this key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn combination(&self, key: &str) -> Result<Option<LibraryCombination>, StoreError> {
        let all = self.all_combinations().await?;
        Ok(all.iter().find(|combination| combination.key == key).cloned())
    }

    async fn all_combinations(&self) -> Result<Combinations, StoreError> {
        let cache = self.store.library_cache();
        let current = self.current_editions(None).await?;
        let digests: Vec<String> = current.iter().map(|edition| edition.digest.clone()).collect();
        if let Some(combinations) = cache.combinations(&digests) {
            return Ok(combinations);
        }
        let keys = current.into_iter().map(|edition| edition.key).collect();
        let rows = self.rows(of_editions(keys).build(self.backend())).await?;
        let mut combinations = Vec::with_capacity(rows.len());
        for row in rows {
            combinations.push(serde_json::from_str(&row.try_get::<String>("", "definition")?)?);
        }
        let combinations: Combinations = combinations.into();
        cache.put_combinations(digests, &combinations);
        Ok(combinations)
    }
}
