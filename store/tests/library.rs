//! The Platform Roles Library on an SQLite file: the shipped edition, editions of one's own, O*NET, reading and search.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod library {
    mod bench;
    mod onet;
    pub mod place;
}

use std::{collections::BTreeSet, fs, path::Path};

use domain::library::search::MatchedField;
use library::place::Place;
use store::{
    clock::SystemClock,
    library::{
        ImportOutcome, LibraryFilter, LibraryOrder, LibraryOrderField, LibraryRole, NoProgress, SearchError,
        import_edition, list_editions,
    },
    page::{Direction, PageRequest},
};

const NEAR: f64 = 1e-9;

fn forward(limit: u64) -> PageRequest {
    PageRequest { limit, is_backward: false, after: None, before: None }
}

#[tokio::test]
async fn the_shipped_edition_is_there() {
    let place = Place::new("shipped").await;
    let store = place.store().await;
    let library = store.library();
    let editions = library.editions().await.unwrap();
    assert_eq!(editions.len(), 1);
    assert!(editions[0].is_current && editions[0].source == "rolemark" && editions[0].role_count >= 40);
    assert!(library.combinations(None).await.unwrap().len() >= 24);
    let roles = library.roles(&["rolemark:backend-engineer", "rolemark:nobody", "odd"]).await.unwrap();
    assert_eq!(roles.len(), 1);
    let backend = &roles["rolemark:backend-engineer"];
    assert!((backend.score.unwrap() - 55.0).abs() < NEAR);
    assert_eq!(backend.role.tasks.len(), 10);
    assert_eq!(backend.edition_key, editions[0].key);
    assert_eq!(backend.edition_digest, editions[0].digest);
}

#[tokio::test]
async fn a_second_start_changes_nothing() {
    let place = Place::new("restart").await;
    let before = list_editions(&place.url()).await.unwrap();
    store::migrate(&place.url(), &SystemClock).await.unwrap();
    assert_eq!(list_editions(&place.url()).await.unwrap(), before);
}

#[tokio::test]
async fn roles_are_read_in_one_statement_and_then_from_memory() {
    let place = Place::new("cache").await;
    let store = place.store().await;
    let keys = ["rolemark:backend-engineer", "rolemark:data-engineer", "rolemark:accountant"];
    store.library().editions().await.unwrap();
    let start = store.statements();
    assert_eq!(store.library().roles(&keys).await.unwrap().len(), 3);
    assert_eq!(store.statements() - start, 1);
    assert_eq!(store.library().roles(&keys).await.unwrap().len(), 3);
    assert_eq!(store.statements() - start, 1);
}

#[tokio::test]
async fn combinations_are_found_by_key_and_by_roles() {
    let place = Place::new("combinations").await;
    let store = place.store().await;
    let library = store.library();
    let roles = |keys: &[&str]| keys.iter().map(|key| format!("rolemark:{key}")).collect::<BTreeSet<_>>();
    let platform = library.combination_of(&roles(&["devops-engineer", "backend-engineer"])).await.unwrap().unwrap();
    assert_eq!(platform.key, "rolemark:platform-engineer");
    assert_eq!(platform.published_productivity_percent, Some(35.0));
    assert_eq!(library.combination(&platform.key).await.unwrap(), Some(platform));
    assert_eq!(library.combination_of(&roles(&["backend-engineer"])).await.unwrap(), None);
    assert_eq!(library.combination("rolemark:nothing").await.unwrap(), None);
    assert!(library.combinations(Some("onet")).await.unwrap().is_empty());
    assert!(!library.combinations(Some("rolemark")).await.unwrap().is_empty());
}

#[tokio::test]
async fn pages_are_filtered_and_ordered() {
    let place = Place::new("pages").await;
    let store = place.store().await;
    let library = store.library();
    for (field, direction) in [
        (LibraryOrderField::Title, Direction::Ascending),
        (LibraryOrderField::Title, Direction::Descending),
        (LibraryOrderField::Score, Direction::Ascending),
        (LibraryOrderField::Score, Direction::Descending),
    ] {
        check_pages(&store, LibraryOrder { field, direction }).await;
    }
    let order = LibraryOrder { field: LibraryOrderField::Title, direction: Direction::Ascending };
    let filter = LibraryFilter { title_contains: Some("BACKEND".into()), ..LibraryFilter::default() };
    let page = library.page(&filter, order, &forward(10)).await.unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(library.count(&filter).await.unwrap(), 1);
    let wildcard = LibraryFilter { title_contains: Some("%".into()), ..LibraryFilter::default() };
    assert_eq!(library.count(&wildcard).await.unwrap(), 0);
    let families = library.families(Some("rolemark")).await.unwrap();
    assert!(families.contains(&"Engineering".to_owned()) && families.is_sorted());
    let filter = LibraryFilter { family: Some("Engineering".into()), ..LibraryFilter::default() };
    let engineering = library.count(&filter).await.unwrap();
    assert!(engineering > 3 && engineering < 40);
    let filter = LibraryFilter { occupation_code: Some("15-1252.00".into()), ..LibraryFilter::default() };
    assert!(library.count(&filter).await.unwrap() >= 1);
    let filter = LibraryFilter { source: Some("onet".into()), ..LibraryFilter::default() };
    assert_eq!(library.count(&filter).await.unwrap(), 0);
}

/// Walks through all pages forwards and backwards.
async fn check_pages(store: &store::Store, order: LibraryOrder) {
    let filter = LibraryFilter::default();
    let total = store.library().count(&filter).await.unwrap();
    let mut forwards = Vec::new();
    let mut request = forward(7);
    loop {
        let page = store.library().page(&filter, order, &request).await.unwrap();
        request.after = page.items.last().map(|(position, _)| position.clone());
        forwards.extend(page.items);
        if !page.has_more {
            break;
        }
    }
    assert_eq!(forwards.len() as u64, total);
    let mut backwards = Vec::new();
    let mut request = PageRequest { is_backward: true, ..forward(7) };
    loop {
        let mut page = store.library().page(&filter, order, &request).await.unwrap();
        request.before = page.items.first().map(|(position, _)| position.clone());
        page.items.append(&mut backwards);
        backwards = page.items;
        if !page.has_more {
            break;
        }
    }
    let key = |(_, role): &(_, std::sync::Arc<LibraryRole>)| role.role.key.clone();
    assert_eq!(forwards.iter().map(key).collect::<Vec<_>>(), backwards.iter().map(key).collect::<Vec<_>>());
    assert_eq!(forwards.iter().map(key).collect::<BTreeSet<_>>().len() as u64, total);
}

#[tokio::test]
async fn searches_forgive_slips() {
    let place = Place::new("search").await;
    let store = place.store().await;
    let library = store.library();
    let hits = library.search("bakend enginer", None, 5).await.unwrap();
    assert_eq!(hits[0].key, "rolemark:backend-engineer");
    assert_eq!(hits[0].matched, MatchedField::Title);
    let hits = library.search("reconcile bank accounts", None, 5).await.unwrap();
    assert_eq!((hits[0].key.as_str(), hits[0].matched), ("rolemark:accountant", MatchedField::Task));
    for nothing in ["", "  ", "?!", "qwxyzzy"] {
        assert!(library.search(nothing, None, 5).await.unwrap().is_empty(), "{nothing}");
    }
    assert!(library.search("engineer", Some("onet"), 5).await.unwrap().is_empty());
    assert!(library.search("engineer", None, 0).await.unwrap().is_empty());
    let refused = library.search(&"x".repeat(201), None, 5).await;
    assert!(matches!(refused, Err(SearchError::TooLong { maximum: 200 })));
    assert!(library.search(&"é".repeat(200), None, 5).await.unwrap().is_empty());
}

const ROLE: &str = "key = \"clerk\"\ntitle = \"Clerk\"\nfamily = \"Office\"\nsummary = \"Files.\"\n\
    [[tasks]]\nkey = \"filing\"\ntitle = \"Filing\"\nstage = \"AUTOMATED\"\n";

fn write_edition(directory: &Path, key: &str, published_on: &str, role: &str) {
    fs::create_dir_all(directory.join("roles")).unwrap();
    let edition = format!(
        "key = \"{key}\"\ntitle = \"Own\"\nsource = \"own\"\npublished_on = \"{published_on}\"\n\
         license = \"none\"\nattribution = \"Ourselves.\"\n"
    );
    fs::write(directory.join("edition.toml"), edition).unwrap();
    fs::write(directory.join("roles/clerk.toml"), role).unwrap();
}

#[tokio::test]
async fn an_edition_of_ones_own_is_replaced_and_succeeded() {
    let place = Place::new("own").await;
    let (url, directory) = (place.url(), place.directory("edition"));
    let store = place.store().await;
    let import = || import_edition(&url, &directory, &SystemClock, &NoProgress);
    write_edition(&directory, "own-1", "2026-01-31", ROLE);
    let first = import().await.unwrap();
    assert_eq!((first.outcome, first.edition.task_count), (ImportOutcome::Added, 1));
    assert!(first.edition.is_current);
    let again = import().await.unwrap();
    assert_eq!((again.outcome, &again.edition), (ImportOutcome::AlreadyImported, &first.edition));
    let clerk = &store.library().roles(&["own:clerk"]).await.unwrap()["own:clerk"];
    assert_eq!(clerk.role.title, "Clerk");
    write_edition(&directory, "own-1", "2026-01-31", &ROLE.replace("Clerk", "Scribe"));
    assert_eq!(import().await.unwrap().outcome, ImportOutcome::Replaced);
    tokio::time::sleep(std::time::Duration::from_millis(2_050)).await;
    let scribe = &store.library().roles(&["own:clerk"]).await.unwrap()["own:clerk"];
    assert_eq!(scribe.role.title, "Scribe", "seen within two seconds");
    assert_eq!(store.library().search("scribe", None, 1).await.unwrap()[0].key, "own:clerk");
    write_edition(&directory, "own-0", "2025-01-31", ROLE);
    assert!(!import().await.unwrap().edition.is_current, "an older one does not become current");
    write_edition(&directory, "own-2", "2026-02-28", ROLE);
    assert!(import().await.unwrap().edition.is_current);
    let editions = list_editions(&url).await.unwrap();
    let current: Vec<_> = editions.iter().filter(|edition| edition.is_current).map(|e| e.key.as_str()).collect();
    assert_eq!(current, ["own-2", "rolemark-2026.1"]);
    assert_eq!(editions.len(), 4);
}

#[tokio::test]
async fn faulty_editions_change_nothing() {
    let place = Place::new("faulty").await;
    let (url, directory) = (place.url(), place.directory("edition"));
    let before = list_editions(&url).await.unwrap();
    let error = async || import_edition(&url, &directory, &SystemClock, &NoProgress).await.unwrap_err().to_string();
    assert!(error().await.contains("roles"));
    write_edition(&directory, "own-1", "2026-01-31", &ROLE.replace("stage =", "stag ="));
    assert!(error().await.starts_with("roles/clerk.toml, line 8: "));
    write_edition(&directory, "rolemark-2026.1", "2026-01-31", ROLE);
    assert!(error().await.contains("shipped edition"));
    assert_eq!(list_editions(&url).await.unwrap(), before);
    let nowhere = place.sqlite("missing.sqlite");
    assert!(list_editions(&nowhere).await.is_err());
}
