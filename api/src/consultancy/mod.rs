//! Access that an organization lends to consultants, and what consultants do with it across their clients.

mod checks;
mod clients;
mod comparison;
mod comparison_types;
mod firm;
mod grants;
mod inputs;
mod mutations;
mod queries;
mod types;

pub(crate) use clients::{ClientConnection, clients};
pub(crate) use firm::{FirmAssignment, FirmClientConnection, firm_clients};
pub(crate) use mutations::ConsultancyMutations;
pub(crate) use queries::{ConsultancyQueries, ConsultantGrantFilter, consultant_grants};
pub(crate) use types::{ConsultantGrant, ConsultantGrantConnection};
