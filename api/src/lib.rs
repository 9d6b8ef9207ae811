//! Rolemark: a multi-tenant GraphQL server for organizations that redesign work around AI.
//!
//! This crate is the edge: configuration, command line, HTTP and the GraphQL schema. What is stored, and who may see it,
//! is the business of `store`; the arithmetic is that of `domain`.

mod audit;
pub mod cli;
mod config;
mod graphql;
pub mod guard;
mod http;
mod identity;
mod library;
mod organizations;
mod roles;
mod scenarios;
mod server;

pub use config::{Config, ConfigError, LogFormat};
pub use graphql::schema_sdl;
pub use server::{Server, StartError, migrate};
