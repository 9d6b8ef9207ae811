//! Importing O*NET: the real files where they are, and small ones written here.

use std::fs;

use domain::{exposure::ExposureName, library::search::MatchedField, stage::Stage};
use store::{
    clock::SystemClock,
    library::{
        ImportOutcome, LibraryRole, NoProgress, import_onet, import_onet_as, list_editions, occupation_exposures,
    },
};

use super::{
    bench,
    place::{Place, shared_data},
};

const NEAR: f64 = 1e-9;

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
    bench::report(&store).await;
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
    assert!(error.starts_with("onet_29_3_task_statements.txt.gz, line "), "{error}");
    assert!(error.contains("the gzip data is damaged or cut off"), "{error}");
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
