//! Canonical roles by key, batched within a request.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use domain::roles::is_canonical_key;
use store::{Store, StoreError, library::LibraryRole};

pub(crate) struct LibraryLoader {
    store: Store,
}

impl LibraryLoader {
    pub(crate) fn new(store: &Store) -> Self {
        Self { store: store.clone() }
    }
}

impl Loader<String> for LibraryLoader {
    type Value = Arc<LibraryRole>;
    type Error = StoreError;

    async fn load(&self, keys: &[String]) -> Result<HashMap<String, Self::Value>, StoreError> {
        // What is no key names nothing, and need not trouble the database.
        let keys: Vec<&str> = keys.iter().map(String::as_str).filter(|key| is_canonical_key(key)).collect();
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        self.store.library().roles(&keys).await
    }
}
