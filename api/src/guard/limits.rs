//! The figures that the guard holds a document to.

use serde::Deserialize;

/// The deepest nesting that any configuration may allow: the parser of the engine recurses, and its stack is finite.
pub const MAX_NESTING: usize = 64;

/// What one document may ask for. Every figure is the highest that still passes.
///
/// A configuration names only the figures that it changes; an unknown name is an error.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct GuardLimits {
    /// Length of the document text, in bytes.
    pub document_bytes: usize,
    /// Words and punctuation marks in the document text; bounds the time that parsing takes.
    pub tokens: usize,
    /// Levels of `{`, `[` and `(` in the text, and of selection sets once fragments are put in place. Above
    /// [`MAX_NESTING`] it counts as [`MAX_NESTING`].
    pub nesting: usize,
    /// Fields, spreads and inline fragments of the whole document, once fragments are put in place.
    pub selections: u64,
    /// Levels of fields in the operation that runs, introspection left out.
    pub depth: usize,
    /// Lists nested in each other below `__schema` or `__type`; the standard introspection query needs 3.
    pub introspection_lists: usize,
    /// Aliased fields of the whole document, once fragments are put in place.
    pub aliases: u64,
    /// Fields at the root of the operation that runs.
    pub root_fields: usize,
    /// Directives on one field, fragment, operation or variable.
    pub directives_per_field: usize,
    /// Arguments of one field or directive. The engine compares those of equal fields pairwise.
    pub arguments_per_field: usize,
    /// Variables that the whole document declares. The engine looks for each use in the whole list.
    pub variables: usize,
    /// Levels of lists and objects in one variable's value.
    pub variable_nesting: usize,
    /// Values and bytes of text in all arguments, once variables and fragments are put in place. The engine copies
    /// a variable's value for each use, so a few kilobytes could otherwise ask for gigabytes.
    pub argument_weight: u64,
    /// Points of the operation that runs, as [`CostModel`](super::CostModel) counts them.
    pub cost: u64,
}

impl Default for GuardLimits {
    fn default() -> Self {
        Self {
            document_bytes: 100_000,
            tokens: 15_000,
            nesting: MAX_NESTING,
            selections: 2_000,
            depth: 14,
            introspection_lists: 3,
            aliases: 30,
            root_fields: 20,
            directives_per_field: 5,
            arguments_per_field: 50,
            variables: 200,
            variable_nesting: 64,
            argument_weight: 500_000,
            cost: 20_000,
        }
    }
}

impl GuardLimits {
    /// The nesting limit in force: never more than [`MAX_NESTING`].
    #[must_use]
    pub fn safe_nesting(&self) -> usize {
        self.nesting.min(MAX_NESTING)
    }
}
