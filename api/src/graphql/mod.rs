//! What all contexts of the schema share.

pub(crate) mod compute;
pub(crate) mod connection;
pub(crate) mod context;
pub(crate) mod error;
pub(crate) mod id;
pub(crate) mod in_memory;
pub(crate) mod node;
pub(crate) mod page;
mod schema;
pub(crate) mod tenant;
pub(crate) mod user_error;

pub use schema::schema_sdl;
pub(crate) use schema::{RolemarkSchema, build_schema};
