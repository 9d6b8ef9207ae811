//! Cells by their keys.

use std::{collections::HashMap, sync::Arc};

use domain::disclosure::ReleasedCell;
use sea_orm::{DbBackend, QueryResult};

use super::{BenchmarkReader, CellKey, PublishedVersion, cache::Cell};
use crate::{StoreError, database::Door};

/// A look-up by primary key for each cell, `$1` being a list of `[release, role, peer group]` in JSON.
const ON_POSTGRES: &str = "
SELECT c.release_key, c.role_key, c.peer_group, v.id, v.as_of_release, v.figures
FROM jsonb_array_elements(CAST($1 AS jsonb)) AS k(value)
JOIN benchmark_cell c ON c.release_key = k.value->>0 AND c.role_key = k.value->>1 AND c.peer_group = k.value->>2
JOIN benchmark_version v ON v.id = c.version_id";
const ON_SQLITE: &str = "
SELECT c.release_key, c.role_key, c.peer_group, v.id, v.as_of_release, v.figures
FROM json_each($1) k
CROSS JOIN benchmark_cell c ON c.release_key = k.value->>0 AND c.role_key = k.value->>1 AND c.peer_group = k.value->>2
JOIN benchmark_version v ON v.id = c.version_id";

impl BenchmarkReader<'_> {
    /// The cells of these keys; those that are not in memory are read in one statement.
    pub(super) async fn cells(
        &self,
        keys: impl Iterator<Item = CellKey>,
    ) -> Result<HashMap<CellKey, Cell>, StoreError> {
        let cache = self.store.benchmark_cache();
        let mut found = HashMap::new();
        let mut missing = Vec::new();
        for key in keys {
            match cache.cell(&key) {
                _ if found.contains_key(&key) => {}
                Some(cell) => drop(found.insert(key, cell)),
                None => {
                    found.insert(key.clone(), None);
                    missing.push(key);
                }
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        found.extend(self.read_cells(&missing).await?);
        for key in missing {
            let cell = found.get(&key).cloned().flatten();
            cache.put_cell(key, cell);
        }
        Ok(found)
    }

    async fn read_cells(&self, keys: &[CellKey]) -> Result<Vec<(CellKey, Cell)>, StoreError> {
        let keys: Vec<_> = keys.iter().map(|key| (&key.release, &key.role, key.peer_group)).collect();
        let sql = match self.store.database().backend() {
            DbBackend::Postgres => ON_POSTGRES,
            _ => ON_SQLITE,
        };
        let keys = serde_json::to_string(&keys)?;
        let rows = self.store.ask(Door::App, sql, [keys.into()]).await?;
        rows.iter().map(read_row).collect()
    }
}

fn read_row(row: &QueryResult) -> Result<(CellKey, Cell), StoreError> {
    let text = |column| row.try_get::<String>("", column);
    let cell = ReleasedCell::from_published_json(&text("figures")?);
    let cell = cell.map_err(|error| StoreError::internal(error.to_string()))?;
    let peer_group = text("peer_group")?.parse();
    let peer_group = peer_group.map_err(|_| StoreError::internal("unknown peer group"))?;
    let version = PublishedVersion { id: row.try_get("", "id")?, as_of: text("as_of_release")?, cell };
    let key = CellKey { release: text("release_key")?.into(), role: text("role_key")?.into(), peer_group };
    Ok((key, Some(Arc::new(version))))
}
