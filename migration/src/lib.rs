//! Database schema of Rolemark, for SQLite and PostgreSQL.
//!
//! Each migration is SQL with the few words in braces that differ between the two databases (see
//! [`dialect`]). On PostgreSQL every table with an `org_id` gets forced row-level security, and each
//! database role gets explicit rights on the tables that it names ([`security`]).

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod benchmark_builder;
mod dialect;
mod m20261122_000001_identity;
mod m20261122_000002_audit;
mod m20261122_000003_library;
mod m20261122_000004_roles;
mod m20261122_000005_scenarios;
mod m20261122_000006_access;
mod m20261122_000007_sessions;
mod m20261122_000008_erasure;
mod m20261122_000009_benchmark;
mod m20261129_000010_builder;
mod security;

pub use benchmark_builder::create_on_sqlite as create_builder_tables_on_sqlite;

/// All migrations of Rolemark in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_identity::Migration),
            Box::new(m20261122_000002_audit::Migration),
            Box::new(m20261122_000003_library::Migration),
            Box::new(m20261122_000004_roles::Migration),
            Box::new(m20261122_000005_scenarios::Migration),
            Box::new(m20261122_000006_access::Migration),
            Box::new(m20261122_000007_sessions::Migration),
            Box::new(m20261122_000008_erasure::Migration),
            Box::new(m20261122_000009_benchmark::Migration),
            Box::new(m20261129_000010_builder::Migration),
        ]
    }
}
