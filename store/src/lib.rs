//! The only crate that holds a database connection.
//!
//! Data flows one way: an authenticated [`access::Actor`] asks for a [`access::TenantScope`] on one organization;
//! with it the [`Store`] opens a [`tenant::TenantReader`] or a [`tenant::TenantTx`]; the repositories of
//! [`roles`], [`scenarios`], [`consultancy`], [`keys`] and [`audit`] hang off those. No other way leads to a tenant's rows, and no write is
//! kept without its audit entry.
//!
//! ```compile_fail
//! // A scope has no public constructor.
//! use store::access::{Read, TenantScope};
//! let scope = TenantScope::<Read> {};
//! ```
//!
//! ```compile_fail
//! // An actor comes from authentication only.
//! use store::access::Actor;
//! let actor = Actor {};
//! ```
//!
//! ```compile_fail
//! // There is no transaction on a read scope.
//! async fn write(store: &store::Store, scope: &store::access::TenantScope<store::access::Read>) {
//!     let _ = store.begin(scope).await;
//! }
//! ```
//!
//! ```compile_fail
//! // A reader cannot write.
//! async fn write(reader: &store::tenant::TenantReader<store::access::Admin>, id: domain::ids::RoleConfigurationId) {
//!     let _ = reader.role_writer().delete(id).await;
//! }
//! ```
//!
//! ```compile_fail
//! // A commit without an audit entry does not exist.
//! async fn keep(tx: store::tenant::TenantTx<store::access::Write>) {
//!     let _ = tx.commit().await;
//! }
//! ```
//!
//! ```compile_fail
//! // The audit log asks for an admin.
//! async fn peek(reader: &store::tenant::TenantReader<store::access::Write>) {
//!     let _ = reader.audit_log();
//! }
//! ```
//!
//! ```compile_fail
//! // API keys are for admins to end.
//! use store::access::{TenantScope, Write};
//! async fn end(store: &store::Store, scope: &TenantScope<Write>, id: domain::ids::ApiKeyId) {
//!     let _ = store.revoke_api_key(scope, id, |_, _, _| String::new()).await;
//! }
//! ```
//!
//! ```compile_fail
//! // Nobody outside reaches the connection.
//! fn connection(store: &store::Store) {
//!     let _ = &store.database;
//! }
//! ```
//!
//! ```compile_fail
//! // A fourth access level cannot be made.
//! struct Owner;
//! impl store::access::Access for Owner {
//!     const LEVEL: store::access::Level = store::access::Level::Admin;
//! }
//! ```
#![deny(missing_docs)]

pub mod access;
pub mod audit;
pub mod benchmark;
pub mod clock;
pub mod consultancy;
mod database;
pub mod erasure;
pub mod error;
pub mod export;
pub mod identity;
pub mod keys;
pub mod library;
pub mod operator;
pub mod organizations;
mod origin;
pub mod page;
pub mod roles;
pub mod scenarios;
mod secret;
mod store;
pub mod tenant;

pub use database::DatabaseUrl;
pub use error::StoreError;
pub use origin::RequestOrigin;
pub use store::{MigrateError, OpenError, Readiness, Store, StoreOptions, migrate};
