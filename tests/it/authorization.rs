//! The authorization matrix: what every field answers to every kind of caller, kept in
//! `expected/authorization_matrix.txt` for people to review.

mod callers;
mod calls;
mod table;

use std::collections::BTreeSet;

use rolemark_tests::{Answer, Backend, Result, TestServer};
use serde_json::Value;

use self::{
    callers::{COLUMNS, World},
    table::Table,
};
use crate::sdl::Sdl;

/// Set to 1, it writes the file anew from what SQLite's server answers; PostgreSQL's is compared all the same.
const UPDATE_VARIABLE: &str = "ROLEMARK_UPDATE_EXPECTED";

/// Fields without arguments that not everybody who sees their object may read.
const WITHOUT_ARGUMENTS: [&str; 2] = ["Organization.benchmarkParticipation", "BenchmarkParticipation.preview"];

/// The rows that the schema asks for: the root fields, with `node` once for each kind of object, and what the two
/// objects that everything hangs on take arguments for.
fn wanted_rows() -> Result<Vec<String>> {
    let sdl = Sdl::read()?;
    let mut rows = Vec::new();
    for field in sdl.fields("Query") {
        match field.as_str() {
            "Query.node" => rows.extend(sdl.implementors("Node").iter().map(|kind| format!("{field}:{kind}"))),
            _ => rows.push(field),
        }
    }
    rows.extend(sdl.fields("Mutation"));
    for object in ["Organization", "Viewer", "BenchmarkParticipation"] {
        rows.extend(sdl.fields_with_arguments(object));
    }
    rows.extend(WITHOUT_ARGUMENTS.map(str::to_owned));
    Ok(rows)
}

fn is_updating() -> bool {
    std::env::var(UPDATE_VARIABLE).is_ok_and(|value| value == "1")
}

pub async fn every_field_has_a_row() -> Result<()> {
    if is_updating() {
        return Ok(());
    }
    let wanted: BTreeSet<String> = wanted_rows()?.into_iter().collect();
    let table = Table::read()?;
    let rows: BTreeSet<String> = table.names().map(str::to_owned).collect();
    let list = |names: Vec<&String>| names.into_iter().map(String::as_str).collect::<Vec<_>>().join("\n  ");
    let missing = list(wanted.difference(&rows).collect());
    assert!(
        missing.is_empty(),
        "fields of schema.graphql without a row in {}:\n  {missing}\n\
         Add a call to tests/it/authorization/calls.rs, run this binary with {UPDATE_VARIABLE}=1, review the rows.",
        table::path().display()
    );
    let obsolete = list(rows.difference(&wanted).collect());
    assert!(obsolete.is_empty(), "rows of {} without a field:\n  {obsolete}", table::path().display());
    assert_eq!(table.names().count(), rows.len(), "a field has two rows");
    Ok(())
}

pub async fn every_cell_answers_as_reviewed(t: &TestServer) -> Result<()> {
    let world = World::create(t).await?;
    let mut observed = Table::default();
    for row in wanted_rows()? {
        let mut cells = Vec::new();
        for caller in COLUMNS {
            let (client, path, document, variables) = calls::call(&world, t, &row, caller).await;
            let answer = client.graphql(&document, variables).await;
            cells.push(outcome(&answer, &path));
            calls::settle(&world, &row).await;
        }
        observed.push(row, cells);
    }
    if is_updating() && t.backend() == Backend::Sqlite {
        return observed.write();
    }
    let (expected, observed) = (Table::read()?, observed);
    let differences = observed.differences(&expected);
    assert!(
        differences.is_empty(),
        "the answers differ from {}:\n{}\nIf they are right, run with {UPDATE_VARIABLE}=1 and review the change.",
        table::path().display(),
        differences.join("\n")
    );
    Ok(())
}

/// The word of a cell: a code, `null`, or `ok`.
fn outcome<'a>(answer: &'a Answer, path: &[&str]) -> String {
    let codes: BTreeSet<&str> = answer.error_codes().into_iter().collect();
    if !codes.is_empty() {
        let codes: Vec<&str> = codes.into_iter().collect();
        assert_eq!(answer.status == 401, codes == ["UNAUTHENTICATED"], "status and code differ: {answer}");
        return codes.join("+");
    }
    assert_eq!(answer.status, 200, "{answer}");
    let step_into = |value: &'a Value, step: &&str| match step.parse::<usize>() {
        Ok(index) => &value[index],
        Err(_) => &value[*step],
    };
    let value = path.iter().fold(&answer.body["data"], step_into);
    let is_null = match value {
        Value::Array(items) => !items.is_empty() && items.iter().all(Value::is_null),
        value => value.is_null(),
    };
    match value["userErrors"][0]["code"].as_str() {
        Some(code) => code.to_owned(),
        None if is_null => "null".to_owned(),
        None => "ok".to_owned(),
    }
}
