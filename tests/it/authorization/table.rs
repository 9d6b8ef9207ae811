//! The file of the matrix.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rolemark_tests::{Result, workspace_root};

use super::callers::COLUMNS;

const HEAD: &str = "\
# Who may call what: one row for each root field and for each field of Organization and Viewer that takes arguments.
# Rows with a kind of object after a colon are `node` for that kind. All identifiers are those of one organization.
#
# anonymous   nobody: no Authorization header
# stranger    signed in, admin of another organization
# reader      member with READ      writer   member with WRITE      admin   member with ADMIN
# expired     the token of a session that has ended
# key         API key of a BI tool: READ_ROLES, READ_BENCHMARK, READ_SCENARIOS
# fullkey     API key with every scope
# consultant  has a READ grant               consult-writer   a WRITE grant
# consult-family    has a WRITE grant for the family of the roles in question
# consult-expired   had a WRITE grant, which has come to the end of its time
#
# ok                  it was done          null   as if it did not exist
# NOT_FOUND           a user error: as if it did not exist
# other words         the code of the error; UNAUTHENTICATED is HTTP status 401
#
# Tests write this file anew when ROLEMARK_UPDATE_EXPECTED=1; every change of it is reviewed by a person.
";

/// Rows in the order of the schema.
#[derive(Default)]
pub(super) struct Table(Vec<(String, Vec<String>)>);

pub(super) fn path() -> PathBuf {
    workspace_root().join("tests/it/expected/authorization_matrix.txt")
}

impl Table {
    pub(super) fn read() -> Result<Self> {
        let text = std::fs::read_to_string(path()).map_err(|e| format!("{}: {e}", path().display()))?;
        let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        let head: Vec<&str> = lines.next().unwrap_or_default().split_whitespace().skip(1).collect();
        assert_eq!(head, COLUMNS.map(|column| column.name()), "the columns of {}", path().display());
        let row = |line: &str| {
            let mut words = line.split_whitespace().map(str::to_owned);
            (words.next().unwrap_or_default(), words.collect())
        };
        Ok(Self(lines.map(row).collect()))
    }

    pub(super) fn push(&mut self, name: String, cells: Vec<String>) {
        self.0.push((name, cells));
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// A line for each cell that is another one there, or is missing.
    pub(super) fn differences(&self, expected: &Self) -> Vec<String> {
        let expected: BTreeMap<&str, &Vec<String>> =
            expected.0.iter().map(|(name, cells)| (name.as_str(), cells)).collect();
        let mut lines = Vec::new();
        for (name, cells) in &self.0 {
            for (column, cell) in COLUMNS.iter().zip(cells) {
                let there = expected.get(name.as_str()).and_then(|cells| cells.get(*column as usize));
                let there = there.map_or("no row", String::as_str);
                if there != cell {
                    lines.push(format!("  {name} for {}: {cell}, expected {there}", column.name()));
                }
            }
        }
        lines
    }

    pub(super) fn write(&self) -> Result<()> {
        let mut text = format!("{HEAD}\n{:53}", "field");
        for column in COLUMNS {
            text += &format!("{:16}", column.name());
        }
        for (name, cells) in &self.0 {
            text = format!("{}\n{name:53}", text.trim_end());
            for cell in cells {
                text += &format!("{cell:16}");
            }
        }
        std::fs::write(path(), format!("{}\n", text.trim_end()))?;
        Ok(())
    }
}
