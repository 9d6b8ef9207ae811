//! The guard in front of the engine.
//!
//! The engine alone is not safe to expose: kilobytes of nested fragments or brackets, or a variable that is used many
//! times, stop or kill it before any of its own limits is looked at. So every transport asks here first:
//! [`check_text`] before the document is parsed, [`check_document`] before it is validated. Both take time linear in
//! what they are given, and a bounded stack.
//!
//! - `text`: length, words, nesting of brackets.
//! - `outline`: what each operation and fragment holds, and what the whole document holds once fragments are put in
//!   place; no fragment is walked twice.
//! - `measure`: depth, introspection and cost of the operation that runs.
//! - `cost_model`: what the schema says about the size of answers.

mod cost_model;
mod document;
mod limits;
mod measure;
mod outline;
mod refusal;
mod text;
mod values;
mod variables;

#[cfg(test)]
mod tests;

pub use cost_model::{CostModel, CostModelError};
pub use document::{Checked, check_document, fill_in_defaults};
pub use limits::{GuardLimits, MAX_NESTING};
pub use refusal::{Refusal, RefusalCode};
pub use text::check_text;
