//! Where sessions come from, and password resets.

use sea_orm_migration::prelude::*;

use crate::{dialect::run, security};

#[derive(DeriveMigrationName)]
pub struct Migration;

// A user has at most one password reset: a new one takes the place of the one before.
const UP: &str = "
ALTER TABLE session ADD COLUMN address text;
ALTER TABLE session ADD COLUMN user_agent text;
CREATE TABLE password_reset (
    digest {bytes} NOT NULL PRIMARY KEY,
    user_id {uuid} NOT NULL UNIQUE REFERENCES user_account (id) ON DELETE CASCADE,
    created_at {timestamp} NOT NULL,
    expires_at {timestamp} NOT NULL,
    used_at {timestamp}
);
";

const DOWN: &str = "
DROP TABLE password_reset;
ALTER TABLE session DROP COLUMN user_agent;
ALTER TABLE session DROP COLUMN address;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        security::grant(manager, "SELECT, INSERT, UPDATE, DELETE", "password_reset", "rolemark_auth").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }
}
