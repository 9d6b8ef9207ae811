use std::collections::HashMap;
use std::fmt;

use super::canonical::{CanonicalRole, Edition, LibraryCombination};
use super::files::{CombinationsFile, RoleFile};
use crate::roles::RoleLimits;
use crate::violations::Violations;

/// An edition with its roles and combinations, all checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Library {
    /// The edition.
    pub edition: Edition,
    /// The roles, in the order of their keys.
    pub roles: Vec<CanonicalRole>,
    /// The combinations, in the order of their file.
    pub combinations: Vec<LibraryCombination>,
}

/// A problem in a file of an edition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {field}: {message}")]
pub struct LibraryError {
    /// The name of the file.
    pub file: String,
    /// The field in the file, such as `tasks.3.time_share`; list positions count from 0.
    pub field: String,
    /// What is wrong, and the way out.
    pub message: String,
}

/// All problems of the files of an edition. Never empty as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LibraryErrors(pub Vec<LibraryError>);

impl fmt::Display for LibraryErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, error) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { "\n" };
            write!(formatter, "{separator}{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for LibraryErrors {}

impl LibraryErrors {
    fn push(&mut self, file: &str, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(LibraryError { file: file.to_owned(), field: field.into(), message: message.into() });
    }

    /// Adds violations, their paths below `prefix` and written as in the file.
    fn extend(&mut self, file: &str, prefix: &str, violations: Result<(), Violations>) {
        for violation in violations.err().unwrap_or_default() {
            let path = violation.path.iter().map(|step| snake_case(step)).collect::<Vec<_>>().join(".");
            self.push(file, format!("{prefix}{path}"), violation.message);
        }
    }
}

/// Makes a library of the files of an edition. Files come with their names, for messages.
///
/// # Errors
/// Every problem of every file: of form, keys that occur twice, combinations of roles that do not exist.
pub fn assemble(
    (edition_file, edition): (&str, Edition),
    role_files: Vec<(String, RoleFile)>,
    (combinations_file, combinations): (&str, CombinationsFile),
) -> Result<Library, LibraryErrors> {
    let mut errors = LibraryErrors::default();
    errors.extend(edition_file, "", edition.validate());
    let roles = assemble_roles(&edition.source, role_files, &mut errors);
    let entries = combinations.combinations.into_iter();
    let combinations: Vec<_> = entries.map(|entry| entry.into_combination(&edition.source)).collect();
    check_combinations(combinations_file, &combinations, &roles, &mut errors);
    if errors.0.is_empty() { Ok(Library { edition, roles, combinations }) } else { Err(errors) }
}

fn assemble_roles(source: &str, files: Vec<(String, RoleFile)>, errors: &mut LibraryErrors) -> Vec<CanonicalRole> {
    let mut first_files: HashMap<String, String> = HashMap::new();
    let mut roles = Vec::with_capacity(files.len());
    for (file, content) in files {
        let role = content.into_canonical(source);
        errors.extend(&file, "", role.validate(&RoleLimits::default()));
        if let Some(first) = first_files.get(&role.key) {
            errors.push(&file, "key", format!("The key is that of {first} too: change one."));
        } else {
            first_files.insert(role.key.clone(), file);
        }
        roles.push(role);
    }
    roles.sort_by(|a, b| a.key.cmp(&b.key));
    roles
}

fn check_combinations(
    file: &str,
    combinations: &[LibraryCombination],
    roles: &[CanonicalRole],
    errors: &mut LibraryErrors,
) {
    for (position, combination) in combinations.iter().enumerate() {
        let prefix = format!("combinations.{position}.");
        errors.extend(file, &prefix, combination.validate());
        if combinations.iter().take(position).any(|earlier| earlier.key == combination.key) {
            errors.push(file, format!("{prefix}key"), "The key occurs twice: change one.");
        }
        for (role_position, key) in combination.roles.iter().enumerate() {
            let field = format!("{prefix}roles.{role_position}");
            if !roles.iter().any(|role| role.key == *key) {
                errors.push(file, field, format!("There is no role {key}: add its file or correct the key."));
            } else if combination.roles.iter().take(role_position).any(|earlier| earlier == key) {
                errors.push(file, field, "The role occurs twice: remove one.");
            }
        }
    }
}

/// The name of a field in a file, from its name in the schema.
fn snake_case(camel_case: &str) -> String {
    let mut snake = String::with_capacity(camel_case.len() + 2);
    for character in camel_case.chars() {
        if character.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}
