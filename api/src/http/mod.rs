//! HTTP: what stands in front of all paths, the one GraphQL handler, downloads, health, keys and the page for people.

mod authentication;
mod documents;
mod edge;
mod execution;
mod export;
mod graphql;
mod masking;
mod negotiation;
mod origin;
mod pages;
pub mod protocol;
mod routes;

pub(crate) use documents::Documents;
pub use edge::SettingError;
pub(crate) use edge::{Connections, Edge, cors, stand_in_front};
pub(crate) use export::Exports;
pub(crate) use routes::{HttpState, configure};
