//! Saved combinations: scenarios and the roles they were made from, each kept as it was at that moment.

use sea_orm_migration::prelude::*;

use crate::{dialect::run, security};

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = "
CREATE TABLE scenario (
    org_id {uuid} NOT NULL REFERENCES organization (org_id),
    id {uuid} NOT NULL,
    name text NOT NULL,
    name_key {text_c} NOT NULL,
    description text,
    state text NOT NULL CHECK (state IN ('DRAFT', 'PROPOSED', 'APPROVED')),
    revision integer NOT NULL,
    method_version integer NOT NULL,
    gain {double} NOT NULL,
    assumptions {document} NOT NULL,
    created_at {timestamp} NOT NULL,
    updated_at {timestamp} NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX scenario_by_name ON scenario (org_id, name_key, id);
CREATE INDEX scenario_by_updated ON scenario (org_id, updated_at, id);
CREATE TABLE scenario_source (
    org_id {uuid} NOT NULL REFERENCES organization (org_id),
    id {uuid} NOT NULL,
    scenario_id {uuid} NOT NULL,
    position integer NOT NULL,
    role_id {uuid},
    version_number integer,
    role_revision integer,
    canonical_role text,
    edition_digest text,
    snapshot {document} NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, scenario_id) REFERENCES scenario (org_id, id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, role_id) REFERENCES role_configuration (org_id, id),
    CHECK ((role_id IS NULL) <> (canonical_role IS NULL))
);
CREATE UNIQUE INDEX scenario_source_by_position ON scenario_source (org_id, scenario_id, position);
CREATE INDEX scenario_source_by_role ON scenario_source (org_id, role_id);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        security::protect(manager, "scenario", "SELECT, INSERT, UPDATE, DELETE").await?;
        security::protect(manager, "scenario_source", "SELECT, INSERT, DELETE").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, "DROP TABLE scenario_source;\nDROP TABLE scenario;\n").await
    }
}
