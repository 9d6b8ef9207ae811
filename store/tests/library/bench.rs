//! Figures for people who look: printed, never asserted.

use std::time::Instant;

use domain::library::search::{SearchDocument, SearchIndex, SearchText};
use store::{
    Store,
    library::{LibraryFilter, LibraryOrder, LibraryOrderField},
    page::{Direction, PageRequest},
};

const QUERIES: [&str; 6] = [
    "sofware devloper",
    "reconcile bank accounts",
    "manager",
    "ma",
    "registerd nurse",
    "prepare financial statements for customers and analyze operating budgets",
];

/// Prints how large the index of O*NET is, and how long searches take once it is built.
pub async fn report(store: &Store) {
    let documents = documents(store).await;
    let started = Instant::now();
    let index = SearchIndex::build(documents.into_iter());
    println!("index of {} roles: {} bytes, built in {:?}", index.len(), index.memory_bytes(), started.elapsed());
    for query in QUERIES {
        let started = Instant::now();
        for _ in 0..10 {
            store.library().search(query, None, 25).await.unwrap();
        }
        println!("search {query:?}: {:?}", started.elapsed() / 10);
    }
}

async fn documents(store: &Store) -> Vec<SearchDocument> {
    let order = LibraryOrder { field: LibraryOrderField::Title, direction: Direction::Ascending };
    let filter = LibraryFilter { source: Some("onet".into()), ..LibraryFilter::default() };
    let request = PageRequest { limit: 2_000, is_backward: false, after: None, before: None };
    let page = store.library().page(&filter, order, &request).await.unwrap();
    let roles = page.items.into_iter().map(|(_, role)| role.role.clone());
    let document = |role: domain::library::CanonicalRole| SearchDocument {
        key: role.key,
        title: role.title,
        alternate_titles: role.alternate_titles,
        tasks: role
            .tasks
            .into_iter()
            .map(|task| match task.description {
                Some(whole) => SearchText { shown: whole, also: None },
                None => SearchText { shown: task.title, also: None },
            })
            .collect(),
    };
    roles.map(document).collect()
}
