use std::time::{Duration, Instant};

use super::*;

/// `f0 { ...f1 ...f1 }`, `f1 { ...f2 ...f2 }` and so on: twice the work with each fragment.
fn bomb(depth: usize) -> String {
    let fragments: String = (0..depth).map(|i| format!("fragment f{i} on Role{{...f{0} ...f{0}}}", i + 1)).collect();
    format!("{{role{{...f0}}}}{fragments}fragment f{depth} on Role{{id}}")
}

fn chain(length: usize) -> String {
    let fragments: String = (0..length).map(|i| format!("fragment f{i} on Role{{...f{}}}", i + 1)).collect();
    format!("{{role{{...f0}}}}{fragments}fragment f{length} on Role{{id}}")
}

fn refused_fast(document: &str) -> Refusal {
    let limits = GuardLimits { document_bytes: usize::MAX, tokens: usize::MAX, ..GuardLimits::default() };
    let parsed = parse_query(document).unwrap();
    let costs = model();
    let attempt = || {
        let start = Instant::now();
        check_text(document, &limits).unwrap();
        let refusal = check_document(&parsed, None, &Variables::default(), &costs, &limits).unwrap_err();
        (start.elapsed(), refusal)
    };
    // The best of several: another test may hold the processor for a moment.
    let attempts: Vec<_> = (0..5).map(|_| attempt()).collect();
    let (took, refusal) = attempts.into_iter().min_by_key(|(took, _)| *took).unwrap();
    println!("{} bytes in {took:?}: {}", document.len(), refusal.message);
    assert!(took < Duration::from_millis(100), "{took:?}");
    refusal
}

#[test]
fn bombs_are_refused_at_once() {
    for depth in [11, 24, 100, 1_000] {
        assert_eq!(refused_fast(&bomb(depth)).code, RefusalCode::QueryTooComplex, "{depth}");
    }
    assert!(check(&bomb(3)).is_ok());
}

#[test]
fn wide_bombs_are_refused_at_once() {
    let wide = |level: usize| format!("fragment f{level} on Role{{{}}}", format!("...f{} ", level + 1).repeat(100));
    let fragments: String = (0..20).map(wide).collect();
    let document = format!("{{role{{...f0}}}}{fragments}fragment f20 on Role{{id}}");
    assert_eq!(refused_fast(&document).code, RefusalCode::QueryTooComplex);
}

/// No explosion, but the engine would recurse as deep.
#[test]
fn long_chains_are_refused_without_recursion() {
    for length in [64, 1_000, 3_000, 5_000] {
        let refusal = refused_fast(&chain(length));
        assert!(refusal.message.starts_with("Levels of selections"), "{}", refusal.message);
    }
    assert!(check(&chain(20)).is_ok());
}

#[test]
fn circles_are_refused() {
    for document in [
        "{role{...a}} fragment a on Role{...a}",
        "{role{...a}} fragment a on Role{...b} fragment b on Role{related{nodes{...a}}}",
        "{role{id}} fragment a on Role{...b} fragment b on Role{...c} fragment c on Role{... on Role{...a}}",
    ] {
        assert_eq!(refused_fast(document).code, RefusalCode::ValidationFailed, "{document}");
    }
    let links = |i: usize| format!("fragment f{i} on Role{{...f{}}}", (i + 1) % 3_000);
    let ring = format!("{{role{{...f0}}}}{}", (0..3_000).map(links).collect::<String>());
    assert_eq!(refused_fast(&ring).code, RefusalCode::ValidationFailed);
}

#[test]
fn fragments_that_nothing_spreads_count() {
    let unused = bomb(24).replacen("...f0", "id", 1);
    assert_eq!(refused_fast(&unused).code, RefusalCode::QueryTooComplex);
    let aliases: String = (0..31).map(|i| format!("a{i}:id ")).collect();
    too_complex(&format!("{{role{{id}}}} fragment f on Role{{{aliases}}}"), "Aliases");
}

/// Each is small, but the engine validates each with the large one in place.
#[test]
fn many_fragments_that_spread_one_large_one_are_refused() {
    let small: String = (0..1_000).map(|i| format!("fragment s{i} on Role{{...large}}")).collect();
    let document = format!("{{role{{id}}}}{small}fragment large on Role{{{}}}", "id ".repeat(1_000));
    assert_eq!(refused_fast(&document).code, RefusalCode::QueryTooComplex);
}

#[test]
fn aliases_and_selections_count_at_each_spread() {
    let spreads = |count: usize| format!("{{role{{{}}}}} fragment f on Role{{a:id b:id}}", "...f ".repeat(count));
    assert_eq!(check(&spreads(15)).unwrap().aliases, 30);
    too_complex(&spreads(16), "Aliases");
    let checked = check(&spreads(10)).unwrap();
    assert_eq!(checked.selections, 1 + 10 * 3);
}

#[test]
fn fragments_that_do_not_exist_are_left_to_the_engine() {
    assert!(check("{role{...missing}}").is_ok());
    assert!(check("{...missing}").is_ok());
}
