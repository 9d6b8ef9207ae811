//! The Platform Roles Library, read by every signed-in caller.

mod editions;
mod loader;
mod method;
mod queries;
mod types;

pub(crate) use loader::LibraryLoader;
pub(crate) use method::Parameter;
pub(crate) use queries::LibraryQueries;
pub(crate) use types::CanonicalRole;
