//! HTTP: the one GraphQL handler, downloads, health, keys and the page for people.

mod authentication;
mod documents;
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
pub(crate) use export::Exports;
pub(crate) use routes::{HttpState, configure};
