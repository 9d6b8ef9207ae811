//! The audit log: per organization a chain of digests, with the payloads in a table of their own, so that
//! retention and erasure can remove payloads and leave a verifiable chain. An event is written by the statement that
//! advances its organization's head, so the head's reference to the organization stands for the event's.

use sea_orm_migration::prelude::*;

use crate::{dialect::run, security};

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = "
CREATE TABLE audit_head (
    org_id {uuid} NOT NULL PRIMARY KEY REFERENCES organization (org_id),
    seq bigint NOT NULL,
    hash {bytes} NOT NULL
);
CREATE TABLE audit_event (
    org_id {uuid} NOT NULL,
    id {uuid} NOT NULL,
    seq bigint NOT NULL,
    occurred_at {timestamp} NOT NULL,
    actor_id {uuid},
    actor_kind text NOT NULL,
    action text NOT NULL,
    object_type text NOT NULL,
    object_id text,
    request_id text NOT NULL,
    payload_digest {bytes} NOT NULL,
    hash {bytes} NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX audit_event_chain ON audit_event (org_id, seq);
CREATE TABLE audit_payload (
    org_id {uuid} NOT NULL,
    event_id {uuid} NOT NULL,
    salt {bytes} NOT NULL,
    payload {document} NOT NULL,
    PRIMARY KEY (org_id, event_id),
    FOREIGN KEY (org_id, event_id) REFERENCES audit_event (org_id, id)
);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        security::protect(manager, "audit_head", "SELECT, UPDATE").await?;
        // Append-only for every serving role.
        security::protect(manager, "audit_event", "SELECT, INSERT").await?;
        security::protect(manager, "audit_payload", "SELECT, INSERT").await?;
        security::let_auth_write(manager, "audit_head", &["SELECT", "INSERT", "UPDATE"]).await?;
        security::let_auth_write(manager, "audit_event", &["INSERT"]).await?;
        security::let_auth_write(manager, "audit_payload", &["INSERT"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, "DROP TABLE audit_payload;\nDROP TABLE audit_event;\nDROP TABLE audit_head;\n").await
    }
}
