//! The differences between the contributors of releases, kept for the builder.

use sea_orm_migration::prelude::*;

use crate::{benchmark_builder, dialect::is_postgres};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // On SQLite the builder changes its own file when it opens it.
        if is_postgres(manager) { benchmark_builder::add_differences_on_postgres(manager).await } else { Ok(()) }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if is_postgres(manager) { benchmark_builder::drop_differences_on_postgres(manager).await } else { Ok(()) }
    }
}
