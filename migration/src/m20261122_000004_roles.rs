//! Role configurations and their published versions.
//!
//! A role is read and written as a whole and a version never changes, so its tasks, skills and pathways are
//! one document; what is filtered or ordered by stands beside it in columns, written with it in one place.
//!
//! An organization has hundreds of roles, so orders other than the default one sort them: an index on the score or the
//! last change would have to be written with every change, and keep PostgreSQL from updating rows in place.

use sea_orm_migration::prelude::*;

use crate::{dialect::run, security};

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = "
CREATE TABLE role_configuration (
    org_id {uuid} NOT NULL REFERENCES organization (org_id),
    id {uuid} NOT NULL,
    external_id text,
    status text NOT NULL CHECK (status IN ('DRAFT', 'PUBLISHED', 'ARCHIVED')),
    revision integer NOT NULL,
    published_number integer,
    published_revision integer,
    title text NOT NULL,
    title_key {text_c} NOT NULL,
    family text,
    family_key {text_c},
    level text,
    headcount {double} NOT NULL,
    canonical_role text,
    score {double},
    human_tasks integer NOT NULL,
    at_risk_tasks integer NOT NULL,
    ai_assisted_tasks integer NOT NULL,
    automated_tasks integer NOT NULL,
    definition {document} NOT NULL,
    created_at {timestamp} NOT NULL,
    updated_at {timestamp} NOT NULL,
    archived_at {timestamp},
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX role_configuration_by_external_id ON role_configuration (org_id, external_id);
CREATE INDEX role_configuration_by_title ON role_configuration (org_id, title_key, id);
CREATE TABLE role_version (
    org_id {uuid} NOT NULL REFERENCES organization (org_id),
    id {uuid} NOT NULL,
    role_id {uuid} NOT NULL,
    number integer NOT NULL,
    score {double},
    definition {document} NOT NULL,
    note text,
    published_at {timestamp} NOT NULL,
    published_by {uuid} NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, role_id) REFERENCES role_configuration (org_id, id)
);
CREATE UNIQUE INDEX role_version_by_number ON role_version (org_id, role_id, number);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        security::protect(manager, "role_configuration", "SELECT, INSERT, UPDATE, DELETE").await?;
        // Published versions are immutable: the serving role may add, never change.
        security::protect(manager, "role_version", "SELECT, INSERT").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, "DROP TABLE role_version;\nDROP TABLE role_configuration;\n").await
    }
}
