//! Documentation that names tests names those that there are.

use std::collections::BTreeSet;

use rolemark_tests::{Result, workspace_root};

/// The cases of this binary, as `context::case`, from the source that registers them.
fn registered() -> BTreeSet<String> {
    let source = include_str!("main.rs");
    let mut cases = BTreeSet::new();
    let mut context = "";
    for line in source.lines().map(str::trim) {
        let (head, names) = line.split_once(": [").unwrap_or(("", line));
        context = head.rsplit(' ').next().filter(|name| !name.is_empty()).unwrap_or(context);
        let words = names.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
        cases.extend(words.map(|case| format!("{context}::{case}")));
    }
    cases
}

/// What stands between backticks and looks like a case.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase());
    text.split('`').skip(1).step_by(2).filter(move |code| {
        code.split_once("::")
            .is_some_and(|(context, case)| is_name(context) && context != "rolemark" && (is_name(case) || case == "*"))
    })
}

pub async fn named_tests_exist() -> Result<()> {
    let cases = registered();
    let text = std::fs::read_to_string(workspace_root().join("docs/security.md"))?;
    let exists = |name: &str| match name.strip_suffix('*') {
        Some(context) => cases.iter().any(|case| case.starts_with(context)),
        None => cases.contains(name),
    };
    let all: Vec<&str> = named(&text).collect();
    assert!(all.len() > 50, "only {} tests are named: this case shows nothing", all.len());
    let missing: Vec<&str> = all.into_iter().filter(|name| !exists(name)).collect();
    assert!(missing.is_empty(), "docs/security.md names tests that do not exist: {missing:#?}");
    Ok(())
}
