//! API keys: credentials for programs.

mod faults;
mod inputs;
mod loader;
mod mutations;
mod queries;
mod types;
mod viewer;

pub(crate) use faults::user_errors;
pub(crate) use inputs::input_faults;
pub(crate) use mutations::KeyMutations;
pub(crate) use queries::{ApiKeyFilter, api_keys};
pub(crate) use types::{ApiKey, ApiKeyConnection, ApiKeyScope};
pub(crate) use viewer::ViewerApiKey;
