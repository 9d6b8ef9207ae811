//! The Platform Roles Library: editions, canonical roles and combinations. Platform data without an organization.

use sea_orm_migration::prelude::*;

use crate::{dialect::run, security};

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = "
CREATE TABLE library_edition (
    key text NOT NULL PRIMARY KEY,
    source text NOT NULL,
    title text NOT NULL,
    published_on text NOT NULL,
    license text NOT NULL,
    attribution text NOT NULL,
    digest text NOT NULL,
    role_count integer NOT NULL,
    task_count integer NOT NULL,
    is_current boolean NOT NULL,
    imported_at {timestamp} NOT NULL
);
CREATE UNIQUE INDEX library_edition_current ON library_edition (source) WHERE is_current;
CREATE TABLE canonical_role (
    edition_key text NOT NULL REFERENCES library_edition (key) ON DELETE CASCADE,
    key {text_c} NOT NULL,
    title {text_c} NOT NULL,
    family {text_c} NOT NULL,
    occupation_code text,
    score {double},
    task_count integer NOT NULL,
    definition {document} NOT NULL,
    PRIMARY KEY (edition_key, key)
);
CREATE INDEX canonical_role_by_key ON canonical_role (key);
CREATE INDEX canonical_role_by_title ON canonical_role (edition_key, title, key);
CREATE TABLE library_combination (
    edition_key text NOT NULL REFERENCES library_edition (key) ON DELETE CASCADE,
    key {text_c} NOT NULL,
    position integer NOT NULL,
    definition {document} NOT NULL,
    PRIMARY KEY (edition_key, key)
);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        for table in ["library_edition", "canonical_role", "library_combination"] {
            security::grant(manager, "SELECT", table, "rolemark_app").await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, "DROP TABLE library_combination;\nDROP TABLE canonical_role;\nDROP TABLE library_edition;\n").await
    }
}
