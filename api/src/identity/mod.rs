//! Signing up, signing in, and who is asking.

mod letters;
mod mutations;
mod passwords;
mod person;
mod sessions;
mod types;
mod viewer;

pub(crate) use mutations::{IdentityMutations, audit_name, fault_code, from_faults};
pub(crate) use passwords::PasswordMutations;
pub(crate) use sessions::{SessionMutations, UserSession};
pub(crate) use types::{AccessLevel, Session};
pub(crate) use viewer::Viewer;
