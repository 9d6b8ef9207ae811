use super::*;

fn document(key: &str, title: &str, alternate_titles: &[&str], tasks: &[&str]) -> SearchDocument {
    SearchDocument {
        key: key.into(),
        title: title.into(),
        alternate_titles: alternate_titles.iter().map(|&text| text.into()).collect(),
        tasks: tasks.iter().map(|&text| SearchText { shown: text.into(), also: None }).collect(),
    }
}

fn index() -> SearchIndex {
    let mut described = document("r:controller", "Financial Controller", &[], &["Month-end close"]);
    described.tasks[0].also = Some("Match ledger balances to bank records and clear differences.".into());
    let documents = [
        document("r:backend", "Backend Engineer", &["Backend Developer", "API Engineer"], &["Design database schemas"]),
        document("r:frontend", "Frontend Engineer", &["UI Developer"], &["Build page components"]),
        document("r:software", "Software Developers", &["Programmer", "C++ Developer"], &["Analyze user needs"]),
        document(
            "r:accountant",
            "Accountants and Auditors",
            &["Tax Accountant"],
            &["Reconcile bank account statements."],
        ),
        document("r:teller", "Tellers", &["Bank Clerk", "Bank Teller"], &["Cash checks for customers"]),
        document("r:chef", "Chefs and Head Cooks", &["Café Cook"], &["Prepare and season dishes"]),
        described,
    ];
    SearchIndex::build(documents.into_iter())
}

fn first(query: &str) -> (String, MatchedField) {
    let hits = index().search(query, 5);
    let hit = hits.first().unwrap_or_else(|| panic!("nothing found for {query}"));
    (hit.key.clone(), hit.matched)
}

#[test]
fn slips_of_the_pen_are_forgiven() {
    assert_eq!(first("bakend enginer"), ("r:backend".into(), MatchedField::Title));
    assert_eq!(first("sofware devloper"), ("r:software".into(), MatchedField::Title));
    assert_eq!(first("acountant"), ("r:accountant".into(), MatchedField::Title));
}

#[test]
fn tasks_are_found_in_other_forms_of_their_words() {
    for query in ["reconcile bank accounts", "bank account reconciliation", "reconciling statements"] {
        assert_eq!(first(query), ("r:accountant".into(), MatchedField::Task), "{query}");
    }
    let (key, matched) = first("ledger balances");
    assert_eq!((key.as_str(), matched), ("r:controller", MatchedField::Task));
    assert_eq!(index().search("ledger balances", 1)[0].matched_text, "Month-end close");
}

#[test]
fn better_matches_come_first() {
    let scores = |query: &str, key: &str| {
        let hits = index().search(query, 10);
        hits.iter().find(|hit| hit.key == key).map_or(0.0, |hit| hit.score)
    };
    let exact = scores("backend engineer", "r:backend");
    assert_eq!(exact, 1.0);
    let other_form = scores("software developer", "r:software");
    let prefix = scores("backend eng", "r:backend");
    let words = scores("auditors", "r:accountant");
    let alternate = scores("ui developer", "r:frontend");
    let task = scores("season dishes", "r:chef");
    let order = [exact, prefix, words, alternate, task];
    assert!(order.windows(2).all(|pair| pair[0] > pair[1]), "{order:?}");
    assert!(other_form > 0.9 && other_form < exact);
    assert!(task > 0.4);
}

#[test]
fn the_last_word_may_be_unfinished() {
    assert_eq!(first("back"), ("r:backend".into(), MatchedField::Title));
    assert_eq!(first("head co"), ("r:chef".into(), MatchedField::Title));
    assert_eq!(first("tax acc"), ("r:accountant".into(), MatchedField::AlternateTitle));
    assert!(index().search("tell bakery", 5).is_empty());
}

#[test]
fn signs_and_accents_do_not_matter() {
    assert_eq!(first("c++"), ("r:software".into(), MatchedField::AlternateTitle));
    assert_eq!(first("cafe cook"), ("r:chef".into(), MatchedField::AlternateTitle));
    assert_eq!(first("CAFÉ"), ("r:chef".into(), MatchedField::AlternateTitle));
}

#[test]
fn empty_and_hopeless_queries_find_nothing() {
    let long = "zebra ".repeat(50);
    for query in ["", "   ", "!?", "the of", "xylophone", "quantum xylophone engineer", long.as_str(), "データ"] {
        assert_eq!(index().search(query, 5), [], "{query}");
    }
    assert_eq!(index().search("engineer", 0), []);
    assert_eq!(SearchIndex::build(std::iter::empty()).search("engineer", 5), []);
}

#[test]
fn a_role_is_found_once_and_the_order_is_total() {
    let hits = index().search("engineer", 10);
    let keys: Vec<_> = hits.iter().map(|hit| hit.key.as_str()).collect();
    assert_eq!(keys, ["r:backend", "r:frontend"]);
    assert_eq!(hits[0].score, hits[1].score);
    assert_eq!(index().search("engineer", 1).len(), 1);
}

#[test]
fn the_index_knows_its_size() {
    let index = index();
    assert_eq!(index.len(), 7);
    assert!(!index.is_empty());
    assert!(index.memory_bytes() > 1_000);
}
