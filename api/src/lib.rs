//! Rolemark: a multi-tenant GraphQL server for organizations that redesign work around AI.
//!
//! This crate is the edge: configuration, command line, HTTP and the GraphQL schema. What is stored, and who may see it,
//! is the business of `store`; the arithmetic is that of `domain`.

/// Answers are many small objects: this allocator makes and frees them in less time than the system's. It stands here so
/// that every program that serves, the benchmark's too, has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod audit;
mod benchmark;
pub mod cli;
mod config;
mod consultancy;
mod graphql;
pub mod guard;
mod http;
mod identity;
mod keys;
mod library;
mod mail;
mod organizations;
mod rate_limits;
mod roles;
mod scenarios;
mod server;
mod signals;
mod sweeper;

pub use config::{Config, ConfigError, LogFormat, MailConfig, SignUpPolicy};
pub use graphql::schema_sdl;
pub use http::SettingError;
pub use rate_limits::RateLimitSettings;
pub use server::{Server, StartError, migrate};
pub use signals::StopSignal;
pub use store::identity::ThrottleLimits;
