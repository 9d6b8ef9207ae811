//! What is wrong with an input: every problem at once, each with the field it is about.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text_enum::text_enum;

/// The most violations that are reported at once.
pub const VIOLATIONS_MAXIMUM: usize = 50;

text_enum! {
    /// The kind of a violation, for programs.
    ViolationCode {
        /// A value is missing.
        Required = "REQUIRED",
        /// A text has too many characters.
        TooLong = "TOO_LONG",
        /// A list has too many entries.
        TooMany = "TOO_MANY",
        /// A list has too few entries.
        TooFew = "TOO_FEW",
        /// A number is outside its range, or no number at all.
        OutOfRange = "OUT_OF_RANGE",
        /// The same key or name occurs twice.
        DuplicateKey = "DUPLICATE_KEY",
        /// Time shares that were given do not add up to 1.
        SharesDoNotAddUp = "SHARES_DO_NOT_ADD_UP",
        /// A text holds a control character.
        ControlCharacter = "CONTROL_CHARACTER",
        /// A text does not have the form that it must have.
        Malformed = "MALFORMED",
    }
}

/// One problem of an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The field as a GraphQL client writes it: names in camelCase, list positions as numbers from 0.
    pub path: Vec<String>,
    /// The kind of the problem.
    pub code: ViolationCode,
    /// The field, what is wrong with its value, and the way out, for people.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path.join("."), self.message)
    }
}

/// All problems of an input, in the order of its fields, at most [`VIOLATIONS_MAXIMUM`]. Never empty as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Violations(pub Vec<Violation>);

impl Violations {
    /// Adds a violation, unless there are [`VIOLATIONS_MAXIMUM`] already.
    pub fn push(&mut self, path: &FieldPath<'_>, code: ViolationCode, message: impl Into<String>) {
        if !self.is_full() {
            self.0.push(Violation { path: path.to_vec(), code, message: message.into() });
        }
    }

    /// Whether no more violations are taken.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.0.len() >= VIOLATIONS_MAXIMUM
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The violations in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }

    /// Nothing wrong, or the list of what is.
    ///
    /// # Errors
    /// Itself, when it holds a violation.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, violation) in self.iter().enumerate() {
            let separator = if position == 0 { "" } else { "; " };
            write!(formatter, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Where in an input a check is: built on the stack on the way down, and written out only for a violation.
#[derive(Clone, Copy, Debug)]
pub struct FieldPath<'a> {
    parent: Option<&'a FieldPath<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Root,
    Field(&'a str),
    Position(usize),
}

impl<'a> FieldPath<'a> {
    /// The input itself.
    pub const ROOT: FieldPath<'static> = FieldPath { parent: None, step: Step::Root };

    /// A field of what this path names; `name` is in camelCase.
    #[must_use]
    pub const fn field(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Field(name) }
    }

    /// An entry of the list that this path names, counted from 0.
    #[must_use]
    pub const fn position(&'a self, position: usize) -> Self {
        Self { parent: Some(self), step: Step::Position(position) }
    }

    /// The path written out, from the input down.
    #[must_use]
    pub fn to_vec(&self) -> Vec<String> {
        let mut steps = Vec::new();
        let mut current = Some(self);
        while let Some(path) = current {
            match path.step {
                Step::Root => {}
                Step::Field(name) => steps.push(name.to_owned()),
                Step::Position(position) => steps.push(position.to_string()),
            }
            current = path.parent;
        }
        steps.reverse();
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_from_the_input_down() {
        let tasks = FieldPath::ROOT.field("tasks");
        let task = tasks.position(3);
        assert_eq!(task.field("timeShare").to_vec(), ["tasks", "3", "timeShare"]);
        assert!(FieldPath::ROOT.to_vec().is_empty());
    }

    #[test]
    fn violations_stop_at_their_maximum() {
        let mut violations = Violations::default();
        for _ in 0..VIOLATIONS_MAXIMUM + 5 {
            violations.push(&FieldPath::ROOT.field("title"), ViolationCode::Required, "title is missing");
        }
        assert_eq!(violations.0.len(), VIOLATIONS_MAXIMUM);
        assert_eq!(violations.0[0].to_string(), "title: title is missing");
        assert!(violations.into_result().is_err());
    }
}
