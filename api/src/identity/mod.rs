//! Signing up, signing in, and who is asking.

mod mutations;
mod types;
mod viewer;

pub(crate) use mutations::{IdentityMutations, audit_name, from_faults};
pub(crate) use types::{AccessLevel, Session};
pub(crate) use viewer::Viewer;
