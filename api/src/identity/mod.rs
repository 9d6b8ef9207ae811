//! Signing up, signing in, and who is asking.

mod mutations;
mod types;
mod viewer;

pub(crate) use mutations::{IdentityMutations, audit_name, fault_code};
pub(crate) use types::AccessLevel;
pub(crate) use viewer::Viewer;
