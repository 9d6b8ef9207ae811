//! Searching the current editions.

use domain::library::search::SearchHit;

use super::{LibraryReader, index::built};
use crate::error::StoreError;

/// The longest text that is searched for, in characters.
pub const SEARCH_LENGTH_MAXIMUM: usize = 200;
/// The most hits of one search.
pub const SEARCH_HITS_MAXIMUM: usize = 100;

/// Why nothing was searched.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SearchError {
    /// The text is too long.
    #[error("the text has more than {maximum} characters: shorten it")]
    TooLong {
        /// How many characters it may have.
        maximum: usize,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl LibraryReader<'_> {
    /// The roles of the current editions, of one source or of all, that fit a text best, the best first, at most `limit`
    /// and at most [`SEARCH_HITS_MAXIMUM`]. Titles, other titles and tasks are searched, and slips of the pen
    /// forgiven; see [`domain::library::search`]. The first search after an import builds the index.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub async fn search(&self, text: &str, source: Option<&str>, limit: usize) -> Result<Vec<SearchHit>, SearchError> {
        let maximum = SEARCH_LENGTH_MAXIMUM;
        if text.chars().nth(maximum).is_some() {
            return Err(SearchError::TooLong { maximum });
        }
        let limit = limit.min(SEARCH_HITS_MAXIMUM);
        if limit == 0 || text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let mut indexes = Vec::new();
        for edition in self.current_editions(source).await? {
            indexes.push(built(self.store, &edition).await?);
        }
        let text = text.to_owned();
        let hits = tokio::task::spawn_blocking(move || {
            let indexes = indexes.iter().filter_map(|index| index.get());
            merged(indexes.flat_map(|index| index.search(&text, limit)).collect(), limit)
        });
        Ok(hits.await.map_err(|error| StoreError::internal(error.to_string()))?)
    }
}

/// The best hits of several indexes, whose scores are comparable.
fn merged(mut hits: Vec<SearchHit>, limit: usize) -> Vec<SearchHit> {
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| (&a.title, &a.key).cmp(&(&b.title, &b.key))));
    hits.truncate(limit);
    hits
}
