//! Users, sessions, organizations and members.

use sea_orm_migration::prelude::*;

use crate::{dialect::run, security};

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = "
CREATE TABLE user_account (
    id {uuid} NOT NULL PRIMARY KEY,
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    password_hash text NOT NULL,
    created_at {timestamp} NOT NULL
);
CREATE TABLE session (
    id {uuid} NOT NULL PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    created_at {timestamp} NOT NULL,
    last_used_at {timestamp} NOT NULL,
    expires_at {timestamp} NOT NULL,
    ended_at {timestamp},
    end_reason text
);
CREATE INDEX session_by_user ON session (user_id, created_at);
CREATE TABLE refresh_token (
    digest {bytes} NOT NULL PRIMARY KEY,
    session_id {uuid} NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    issued_at {timestamp} NOT NULL,
    used_at {timestamp}
);
CREATE INDEX refresh_token_by_session ON refresh_token (session_id);
CREATE TABLE organization (
    org_id {uuid} NOT NULL PRIMARY KEY,
    name text NOT NULL,
    created_at {timestamp} NOT NULL
);
CREATE TABLE member (
    org_id {uuid} NOT NULL REFERENCES organization (org_id),
    id {uuid} NOT NULL,
    user_id {uuid} NOT NULL REFERENCES user_account (id),
    name text NOT NULL,
    email text NOT NULL,
    level text NOT NULL CHECK (level IN ('READ', 'WRITE', 'ADMIN')),
    joined_at {timestamp} NOT NULL,
    ended_at {timestamp},
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX member_live ON member (org_id, user_id) WHERE ended_at IS NULL;
CREATE INDEX member_by_user ON member (user_id) WHERE ended_at IS NULL;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        security::create_database_roles(manager).await?;
        run(manager, UP).await?;
        // The server compares its own migrations with the applied ones before it serves.
        security::grant(manager, "SELECT", "seaql_migrations", "rolemark_app, rolemark_auth").await?;
        for table in ["user_account", "session", "refresh_token"] {
            security::grant(manager, "SELECT, INSERT, UPDATE, DELETE", table, "rolemark_auth").await?;
        }
        for table in ["organization", "member"] {
            security::protect(manager, table, "SELECT").await?;
            security::let_auth_read(manager, table).await?;
            security::let_auth_write(manager, table, &["INSERT"]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(
            manager,
            "DROP TABLE member;\nDROP TABLE organization;\nDROP TABLE refresh_token;\nDROP TABLE session;\nDROP TABLE user_account;\n",
        )
        .await
    }
}
