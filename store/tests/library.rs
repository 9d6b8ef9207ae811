//! The Platform Roles Library on an SQLite file: the shipped edition, editions of one's own, O*NET, reading and search.

mod library {
    pub mod bench;
    pub mod place;
}

use std::{collections::BTreeSet, fs, path::Path};

use domain::{exposure::ExposureName, library::search::MatchedField, stage::Stage};
use library::place::{Place, shared_data};
use store::{
    clock::SystemClock,
    library::{
        ImportOutcome, LibraryFilter, LibraryOrder, LibraryOrderField, LibraryRole, NoProgress, SearchError,
        import_edition, import_onet, import_onet_as, list_editions, occupation_exposures,
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

fn shared_or_skip(test: &str) -> Option<std::path::PathBuf> {
    let data = shared_data();
    if data.is_none() {
        println!("{test}: skipped, since the reference data is not there (ROLEMARK_SHARED_DATA)");
    }
    data
}

#[test]
fn real_label_file_gives_the_published_exposures() {
    let Some(data) = shared_or_skip("real_label_file_gives_the_published_exposures") else { return };
    let labels = fs::File::open(data.join("eloundou_full_labelset.tsv.gz")).unwrap();
    let exposures = occupation_exposures(labels).unwrap();
    assert_eq!(exposures.len(), 923);
    let mut table = csv::Reader::from_path(data.join("eloundou_occ_level_soc15.csv")).unwrap();
    let mut rows = 0;
    for row in table.records() {
        let row = row.unwrap();
        let expected: Vec<f64> = row.iter().skip(2).map(|cell| cell.parse().unwrap()).collect();
        let found = exposures[&row[0]];
        let figures = [found.gpt4, found.human].map(|exposure| [exposure.alpha, exposure.beta, exposure.gamma]);
        for (figure, expected) in figures.concat().iter().zip(expected) {
            assert!((figure - expected).abs() < NEAR, "{}", &row[0]);
        }
        rows += 1;
    }
    assert_eq!(rows, 36);
    let golden: serde_json::Value =
        serde_json::from_slice(&fs::read(data.join("golden_vectors.json")).unwrap()).unwrap();
    let checks = golden["exposure_hand_checks"].as_array().unwrap();
    assert!(checks.iter().any(|check| check["title"] == "Shampooers"));
    for check in checks {
        let found = exposures[check["onet_soc"].as_str().unwrap()];
        for (name, exposure) in [("gpt4", found.gpt4), ("human", found.human)] {
            for (part, value) in [("alpha", exposure.alpha), ("beta", exposure.beta), ("gamma", exposure.gamma)] {
                assert!((value - check[name][part].as_f64().unwrap()).abs() < NEAR, "{} {name} {part}", check["title"]);
            }
        }
    }
}

#[tokio::test]
async fn real_onet_is_imported_and_searched() {
    let Some(data) = shared_or_skip("real_onet_is_imported_and_searched") else { return };
    let place = Place::new("onet").await;
    let url = place.url();
    let started = std::time::Instant::now();
    let summary = import_onet(&url, &data, &SystemClock, &NoProgress).await.unwrap();
    println!("O*NET imported in {:?}: {:?}", started.elapsed(), summary.notes);
    assert_eq!(summary.outcome, ImportOutcome::Added);
    let edition = &summary.edition;
    assert_eq!((edition.key.as_str(), edition.source.as_str()), ("onet-29.3", "onet"));
    assert_eq!((edition.role_count, edition.task_count), (923, 18_796));
    assert_eq!(edition.published_on, "2025-05-01");
    for words in ["O*NET 29.3 Database", "CC BY 4.0", "Copyright (c) 2024 OpenAI", "arXiv:2503.04761"] {
        assert!(edition.attribution.contains(words), "{words}");
    }
    let again = import_onet(&url, &data, &SystemClock, &NoProgress).await.unwrap();
    assert_eq!((again.outcome, &again.edition), (ImportOutcome::AlreadyImported, edition));
    let store = place.store().await;
    check_developers(&store).await;
    check_searches(&store).await;
    library::bench::report(&store).await;
}

async fn check_developers(store: &store::Store) {
    let roles = store.library().roles(&["onet:15-1252.00", "onet:39-5093.00", "onet:11-1011.00"]).await.unwrap();
    let LibraryRole { role, score, .. } = &*roles["onet:15-1252.00"];
    assert_eq!((role.title.as_str(), role.family.as_str()), ("Software Developers", "Computer and Mathematical"));
    assert!(score.is_some_and(|score| score > 12.5 && score < 100.0));
    assert!(role.tasks.iter().all(|task| task.key.starts_with("onet:")));
    assert!(role.tasks.iter().any(|task| task.stage == Some(Stage::AiAssisted) && task.stage_is_derived));
    assert!((10..=20).contains(&role.technology_stack.len()));
    assert!((50..=100).contains(&role.alternate_titles.len()));
    assert_eq!(role.exposure.len(), 7);
    assert!(role.pathways.is_empty(), "O*NET knows no months");
    assert!(role.attribution.as_ref().is_some_and(|credit| credit.contains("O*NET 29.3")));
    let executives = &roles["onet:11-1011.00"].role;
    assert!(executives.skills.len() > 10 && executives.skills.iter().all(|skill| skill.canonical_skill.is_some()));
    let shampooers = &roles["onet:39-5093.00"].role;
    let alpha = shampooers.exposure.iter().find(|measure| measure.name == ExposureName::Gpt4Alpha).unwrap();
    assert!((alpha.value - 1.0 / 7.0).abs() < NEAR);
}

async fn check_searches(store: &store::Store) {
    let library = store.library();
    let first = async |text: &str, source: Option<&str>| {
        let hits = library.search(text, source, 5).await.unwrap();
        println!("{text}:");
        for hit in &hits {
            println!("  {:.3} {} ({}): {:?} {}", hit.score, hit.title, hit.key, hit.matched, hit.matched_text);
        }
        hits.into_iter().next().map(|hit| (hit.key, hit.matched))
    };
    assert_eq!(first("bakend enginer", None).await.unwrap().0, "rolemark:backend-engineer");
    let developers = Some(("onet:15-1252.00".to_owned(), MatchedField::Title));
    assert_eq!(first("sofware devloper", None).await, developers);
    assert_eq!(first("software developers", Some("onet")).await, developers);
    assert_eq!(first("softw", Some("onet")).await.unwrap().1, MatchedField::Title);
    let accountants = first("reconcile bank accounts", None).await.unwrap();
    assert_eq!(accountants, ("rolemark:accountant".to_owned(), MatchedField::Task));
    first("reconcile bank accounts", Some("onet")).await;
    first("nurse", Some("onet")).await;
    first("truck driver", Some("onet")).await;
    first("shampo", Some("onet")).await;
    first("data", None).await;
    assert_eq!(first("qwxyzzy flumph", None).await, None);
}

#[tokio::test]
async fn real_onet_cut_off_imports_nothing() {
    let Some(data) = shared_or_skip("real_onet_cut_off_imports_nothing") else { return };
    let place = Place::new("cut").await;
    let directory = place.directory("db_29_3_text");
    for name in ["onet_29_3_occupation_data.txt.gz", "onet_29_3_task_statements.txt.gz"] {
        fs::write(directory.join(name), fs::read(data.join(name)).unwrap()).unwrap();
    }
    let before = list_editions(&place.url()).await.unwrap();
    let tasks = directory.join("onet_29_3_task_statements.txt.gz");
    let whole = fs::read(&tasks).unwrap();
    fs::write(&tasks, &whole[..whole.len() / 2]).unwrap();
    let error = import_onet(&place.url(), &directory, &SystemClock, &NoProgress).await.unwrap_err().to_string();
    assert!(error.starts_with("onet_29_3_task_statements.txt.gz: the gzip data is damaged or cut off"), "{error}");
    assert_eq!(list_editions(&place.url()).await.unwrap(), before);
}

const OCCUPATIONS: &str = "O*NET-SOC Code\tTitle\tDescription\n15-1252.00\tSoftware Developers\tThey develop.\n\
    55-1011.00\tAir Crew Officers\tNo tasks.\n";
const TASKS: &str = "O*NET-SOC Code\tTitle\tTask ID\tTask\tTask Type\tIncumbents Responding\tDate\tDomain Source\n\
    15-1252.00\tSoftware Developers\t1\tWrite \"code.\tCore\t90\t08/2023\tIncumbent\n\
    15-1252.00\tSoftware Developers\t2\tMeet people.\tCore\t90\t02/2024\tIncumbent\n";
const LABELS: &str = "\tO*NET-SOC Code\tTask ID\tTask\tTask Type\tTitle\thuman_exposure_agg\tgpt4_exposure\tgpt4_automation\n\
    0\t15-1252.00\t1.0\tWrite \"code.\tCore\tSoftware Developers\tE1\tE1\tT3\n";

#[tokio::test]
async fn small_onet_files_are_imported_with_what_is_there() {
    let place = Place::new("small").await;
    let directory = place.directory("files");
    fs::write(directory.join("Occupation Data.txt"), OCCUPATIONS).unwrap();
    fs::write(directory.join("Task Statements.txt"), TASKS.replace('\n', "\r\n")).unwrap();
    fs::write(directory.join("full_labelset.tsv"), LABELS).unwrap();
    let summary = import_onet(&place.url(), &directory, &SystemClock, &NoProgress).await.unwrap();
    assert_eq!(summary.edition.key, "onet-unversioned");
    assert_eq!((summary.edition.role_count, summary.edition.task_count), (1, 2));
    assert_eq!(summary.edition.published_on, "2024-02-01");
    assert_eq!(summary.notes.len(), 6, "{:?}", summary.notes);
    assert!(summary.notes.contains(&"1 of 2 tasks have no automation label: they have no stage".to_owned()));
    let named = import_onet_as(&place.url(), &directory, Some("30.0"), &SystemClock, &NoProgress).await.unwrap();
    assert_eq!((named.edition.key.as_str(), named.outcome), ("onet-30.0", ImportOutcome::Added));
    let roles = place.store().await.library().roles(&["onet:15-1252.00"]).await.unwrap();
    let developers = &roles["onet:15-1252.00"];
    assert_eq!(developers.score, Some(75.0));
    assert_eq!(developers.role.tasks[0].title, "Write \"code.");
    assert_eq!((developers.role.tasks[1].stage, developers.role.tasks[1].stage_is_derived), (None, false));
}

#[tokio::test]
async fn wrong_onet_files_import_nothing() {
    let place = Place::new("wrong").await;
    let directory = place.directory("files");
    let before = list_editions(&place.url()).await.unwrap();
    let error =
        async || import_onet(&place.url(), &directory, &SystemClock, &NoProgress).await.unwrap_err().to_string();
    assert!(error().await.contains("there is no file for occupations, such as \"Occupation Data.txt\""));
    fs::write(directory.join("Occupation Data.txt"), OCCUPATIONS).unwrap();
    assert!(error().await.contains("there is no file for task statements"));
    fs::write(directory.join("Task Statements.txt"), TASKS.replace("15-1252.00\tSoftware Developers\t2", "2")).unwrap();
    assert_eq!(error().await, "Task Statements.txt, line 3: 6 columns where the header has 8");
    fs::write(directory.join("Task Statements.txt"), TASKS.replace("15-1252", "15-9999")).unwrap();
    assert!(error().await.contains("has tasks of the occupation 15-9999.00"));
    fs::write(directory.join("Task Statements.txt"), TASKS).unwrap();
    fs::write(directory.join("full_labelset.tsv"), LABELS.replace("T3", "T9")).unwrap();
    assert_eq!(error().await, "full_labelset.tsv, line 2: unexpected gpt4_automation \"T9\"");
    fs::write(directory.join("full_labelset.tsv"), &LABELS[..LABELS.len() - 3]).unwrap();
    assert_eq!(error().await, "full_labelset.tsv, line 2: the last line has no end: the file is empty or cut off");
    assert_eq!(list_editions(&place.url()).await.unwrap(), before);
}
