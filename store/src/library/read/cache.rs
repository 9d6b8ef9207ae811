//! What a server keeps of the library in memory.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use domain::library::{LibraryCombination, search::SearchIndex, source_of};
use tokio::sync::OnceCell;

use super::LibraryRole;
use crate::library::EditionRecord;

/// How long the list of editions stands in for asking the database.
const FRESH_FOR: Duration = Duration::from_secs(2);
/// How many roles a generation holds; two generations are kept, so 2,000 roles at most.
const GENERATION: usize = 1_000;

/// The search index of an edition, being built or built.
pub(super) type IndexCell = Arc<OnceCell<SearchIndex>>;
/// The combinations of the current editions.
pub(super) type Combinations = Arc<[LibraryCombination]>;

/// What is kept of the library. Everything is kept with the digest of its edition, so that nothing of a former edition is
/// ever given out once the new one is known.
#[derive(Default)]
pub(crate) struct LibraryCache {
    editions: Mutex<Option<(Instant, Arc<[EditionRecord]>)>>,
    roles: Mutex<Roles>,
    indexes: Mutex<HashMap<String, IndexCell>>,
    /// With the digests that it is of.
    combinations: Mutex<Option<(Vec<String>, Combinations)>>,
}

/// Roles by key in two generations: when the young one is full, the old one is forgotten.
#[derive(Default)]
struct Roles {
    young: HashMap<String, Arc<LibraryRole>>,
    old: HashMap<String, Arc<LibraryRole>>,
}

impl Roles {
    fn get(&mut self, key: &str) -> Option<Arc<LibraryRole>> {
        if let Some(role) = self.young.get(key) {
            return Some(Arc::clone(role));
        }
        let (key, role) = self.old.remove_entry(key)?;
        self.put(key, Arc::clone(&role));
        Some(role)
    }

    fn put(&mut self, key: String, role: Arc<LibraryRole>) {
        if self.young.len() >= GENERATION && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, role);
    }

    fn retain(&mut self, is_kept: impl Fn(&LibraryRole) -> bool) {
        self.young.retain(|_, role| is_kept(role));
        self.old.retain(|_, role| is_kept(role));
    }
}

impl LibraryCache {
    /// The editions, if they were read lately.
    pub(super) fn editions(&self) -> Option<Arc<[EditionRecord]>> {
        let known = lock(&self.editions);
        let (read_at, editions) = known.as_ref()?;
        (read_at.elapsed() < FRESH_FOR).then(|| Arc::clone(editions))
    }

    /// Remembers the editions, and forgets everything that is not of a current one.
    pub(super) fn put_editions(&self, read_at: Instant, editions: Arc<[EditionRecord]>) -> Arc<[EditionRecord]> {
        let former = lock(&self.editions).replace((read_at, Arc::clone(&editions)));
        if former.is_none_or(|(_, former)| *former != *editions) {
            let is_current =
                |digest: &str| editions.iter().any(|edition| edition.is_current && edition.digest == digest);
            lock(&self.roles).retain(|role| is_current(&role.edition_digest));
            lock(&self.indexes).retain(|digest, _| is_current(digest));
        }
        editions
    }

    /// The role of a key, if it is kept and of a current edition.
    pub(super) fn role(&self, key: &str, current: &[EditionRecord]) -> Option<Arc<LibraryRole>> {
        let role = lock(&self.roles).get(key)?;
        let source = source_of(key);
        let is_current = |edition: &EditionRecord| {
            edition.is_current && edition.source == source && edition.digest == role.edition_digest
        };
        current.iter().any(is_current).then_some(role)
    }

    pub(super) fn put_role(&self, role: &Arc<LibraryRole>) {
        lock(&self.roles).put(role.role.key.clone(), Arc::clone(role));
    }

    /// The place of the search index of an edition.
    pub(super) fn index(&self, digest: &str) -> IndexCell {
        Arc::clone(lock(&self.indexes).entry(digest.to_owned()).or_default())
    }

    /// The combinations, if they are those of these editions.
    pub(super) fn combinations(&self, digests: &[String]) -> Option<Combinations> {
        let known = lock(&self.combinations);
        known.as_ref().filter(|(of, _)| of == digests).map(|(_, combinations)| Arc::clone(combinations))
    }

    pub(super) fn put_combinations(&self, digests: Vec<String>, combinations: &Combinations) {
        *lock(&self.combinations) = Some((digests, Arc::clone(combinations)));
    }
}

/// Nothing here is left half done by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::library::CanonicalRole;

    use super::*;

    fn role(key: &str, digest: &str) -> Arc<LibraryRole> {
        let role = CanonicalRole { key: key.into(), ..CanonicalRole::default() };
        let (edition_key, edition_digest) = ("e".into(), digest.into());
        Arc::new(LibraryRole { role, edition_key, edition_digest, score: None })
    }

    fn edition(source: &str, digest: &str) -> EditionRecord {
        EditionRecord {
            key: format!("{source}-1"),
            source: source.into(),
            title: String::new(),
            published_on: "2026-01-01".into(),
            license: String::new(),
            attribution: String::new(),
            digest: digest.into(),
            role_count: 0,
            task_count: 0,
            is_current: true,
            imported_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn another_digest_makes_roles_unknown() {
        let cache = LibraryCache::default();
        let (one, two): (Arc<[_]>, Arc<[_]>) = ([edition("a", "1")].into(), [edition("a", "2")].into());
        cache.put_editions(Instant::now(), Arc::clone(&one));
        cache.put_role(&role("a:x", "1"));
        assert!(cache.role("a:x", &one).is_some());
        assert!(cache.role("a:x", &two).is_none());
        let index = cache.index("1");
        cache.put_editions(Instant::now(), Arc::clone(&two));
        assert!(cache.role("a:x", &one).is_none(), "forgotten");
        assert!(!Arc::ptr_eq(&index, &cache.index("1")));
    }

    #[test]
    fn the_number_of_roles_is_bounded() {
        let mut roles = Roles::default();
        for number in 0..5 * GENERATION {
            roles.put(format!("a:{number}"), role("a:x", "1"));
            // What is asked for stays.
            assert!(roles.get("a:0").is_some(), "{number}");
            assert!(roles.young.len() + roles.old.len() <= 2 * GENERATION);
        }
        assert!(roles.get("a:1").is_none());
        assert!(roles.get("a:4999").is_some());
    }

    #[test]
    fn editions_grow_old() {
        let cache = LibraryCache::default();
        assert!(cache.editions().is_none());
        cache.put_editions(Instant::now(), [edition("a", "1")].into());
        assert!(cache.editions().is_some());
        if let Some(before) = Instant::now().checked_sub(FRESH_FOR) {
            cache.put_editions(before, [edition("a", "1")].into());
            assert!(cache.editions().is_none());
        }
    }
}
