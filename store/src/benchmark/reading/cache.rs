//! What a server keeps of the benchmark in memory.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use lru::LruCache;

use super::{CellKey, PublishedRelease, PublishedVersion};

/// How long the list of releases stands in for asking the database.
const FRESH_FOR: Duration = Duration::from_secs(2);
/// How many cells are kept. The largest, with figures for all tasks and skills, take about 10 kB.
const CELLS: NonZeroUsize = NonZeroUsize::new(4_096).unwrap();

/// The releases, the newest first.
pub(super) type Releases = Arc<[Arc<PublishedRelease>]>;
/// A cell's figures; `None` where the release shows none.
pub(super) type Cell = Option<Arc<PublishedVersion>>;

/// Releases for two seconds, and cells for as long as there is room: that a cell is withheld never changes either.
pub(crate) struct BenchmarkCache {
    releases: Mutex<Option<(Instant, Releases)>>,
    cells: Mutex<LruCache<CellKey, Cell>>,
}

impl Default for BenchmarkCache {
    fn default() -> Self {
        Self { releases: Mutex::default(), cells: Mutex::new(LruCache::new(CELLS)) }
    }
}

impl BenchmarkCache {
    /// The releases, if they were read lately.
    pub(super) fn releases(&self) -> Option<Releases> {
        let known = lock(&self.releases);
        let (read_at, releases) = known.as_ref()?;
        (read_at.elapsed() < FRESH_FOR).then(|| Arc::clone(releases))
    }

    pub(super) fn put_releases(&self, read_at: Instant, releases: &Releases) {
        *lock(&self.releases) = Some((read_at, Arc::clone(releases)));
    }

    /// The cell, if it is kept.
    pub(super) fn cell(&self, key: &CellKey) -> Option<Cell> {
        lock(&self.cells).get(key).cloned()
    }

    pub(super) fn put_cell(&self, key: CellKey, cell: Cell) {
        lock(&self.cells).put(key, cell);
    }
}

/// Nothing here is left half done by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use domain::disclosure::PeerGroup;

    use super::*;

    #[test]
    fn the_number_of_cells_is_bounded() {
        let cache = BenchmarkCache::default();
        let key = |number: usize| {
            let role = number.to_string().into();
            CellKey { release: "2026-Q3".into(), role, peer_group: PeerGroup::All }
        };
        for number in 0..2 * CELLS.get() {
            cache.put_cell(key(number), None);
            assert!(cache.cell(&key(0)).is_some(), "what is asked for stays: {number}");
        }
        assert_eq!(lock(&cache.cells).len(), CELLS.get());
        assert!(cache.cell(&key(1)).is_none());
    }

    #[test]
    fn releases_grow_old() {
        let cache = BenchmarkCache::default();
        assert!(cache.releases().is_none());
        let none: Releases = Arc::new([]);
        cache.put_releases(Instant::now(), &none);
        assert!(cache.releases().is_some());
        if let Some(before) = Instant::now().checked_sub(FRESH_FOR) {
            cache.put_releases(before, &none);
            assert!(cache.releases().is_none());
        }
    }
}
