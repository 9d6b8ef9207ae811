//! Who may enter an organization besides its members: invitations, consultant grants, a firm's staff on them, API keys.
//! Memberships, grants and assignments are ended, never deleted: who could see what, and when, stays known.
//!
//! Secrets lie apart from what they open, as digests: the serving role may add them and never read them.

use sea_orm_migration::prelude::*;

use crate::{
    dialect::{is_postgres, run, run_plain},
    security,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const UP: &str = "
ALTER TABLE organization ADD COLUMN closed_at {timestamp};
ALTER TABLE organization ADD COLUMN closed_by {uuid};
ALTER TABLE organization ADD COLUMN erased_at {timestamp};
ALTER TABLE organization ADD COLUMN audit_seq bigint;
ALTER TABLE organization ADD COLUMN audit_hash {bytes};
ALTER TABLE audit_event ADD COLUMN format integer NOT NULL DEFAULT 1;
ALTER TABLE audit_event ADD COLUMN grant_id {uuid};
ALTER TABLE audit_event ADD COLUMN firm_id {uuid};
ALTER TABLE audit_payload ADD COLUMN address text;
ALTER TABLE member ADD COLUMN name_key {text_c} NOT NULL DEFAULT '';
CREATE TABLE access_secret (
    org_id {uuid} NOT NULL REFERENCES organization (org_id),
    id {uuid} NOT NULL,
    kind text NOT NULL CHECK (kind IN ('INVITATION', 'CONSULTANT_GRANT', 'API_KEY')),
    lookup text NOT NULL,
    digest {bytes} NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX access_secret_by_lookup ON access_secret (lookup);
CREATE TABLE invitation (
    org_id {uuid} NOT NULL REFERENCES organization (org_id),
    id {uuid} NOT NULL,
    email text NOT NULL,
    level text NOT NULL CHECK (level IN ('READ', 'WRITE', 'ADMIN')),
    invited_by {uuid} NOT NULL,
    invited_at {timestamp} NOT NULL,
    expires_at {timestamp} NOT NULL,
    accepted_at {timestamp},
    ended_at {timestamp},
    credential_id {uuid} NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, credential_id) REFERENCES access_secret (org_id, id)
);
CREATE UNIQUE INDEX invitation_open ON invitation (org_id, email) WHERE accepted_at IS NULL AND ended_at IS NULL;
CREATE TABLE consultant_grant (
    org_id {uuid} NOT NULL REFERENCES organization (org_id),
    id {uuid} NOT NULL,
    name text NOT NULL,
    email text,
    user_id {uuid},
    firm_id {uuid},
    level text NOT NULL CHECK (level IN ('READ', 'WRITE')),
    families text,
    reason text NOT NULL,
    granted_by {uuid} NOT NULL,
    granted_at {timestamp} NOT NULL,
    accepted_at {timestamp},
    expires_at {timestamp} NOT NULL,
    ended_at {timestamp},
    ended_by {uuid},
    renewed_from {uuid},
    PRIMARY KEY (org_id, id),
    CHECK ((email IS NULL) <> (firm_id IS NULL))
);
CREATE INDEX consultant_grant_by_user ON consultant_grant (user_id) WHERE ended_at IS NULL;
CREATE INDEX consultant_grant_by_firm ON consultant_grant (firm_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX consultant_grant_live_email ON consultant_grant (org_id, email) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX consultant_grant_live_firm ON consultant_grant (org_id, firm_id) WHERE ended_at IS NULL;
CREATE TABLE firm_assignment (
    org_id {uuid} NOT NULL REFERENCES organization (org_id),
    id {uuid} NOT NULL,
    member_id {uuid} NOT NULL,
    client_org_id {uuid} NOT NULL,
    assigned_by {uuid} NOT NULL,
    assigned_at {timestamp} NOT NULL,
    ended_at {timestamp},
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, member_id) REFERENCES member (org_id, id)
);
CREATE UNIQUE INDEX firm_assignment_live ON firm_assignment (org_id, member_id, client_org_id) WHERE ended_at IS NULL;
CREATE INDEX firm_assignment_by_client ON firm_assignment (org_id, client_org_id) WHERE ended_at IS NULL;
CREATE TABLE api_key (
    org_id {uuid} NOT NULL REFERENCES organization (org_id),
    id {uuid} NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    scopes text NOT NULL,
    created_by {uuid},
    created_at {timestamp} NOT NULL,
    expires_at {timestamp} NOT NULL,
    last_used_at {timestamp},
    ended_at {timestamp},
    ended_by {uuid},
    rotated_from {uuid},
    PRIMARY KEY (org_id, id)
);
CREATE TABLE api_key_client (
    org_id {uuid} NOT NULL,
    api_key_id {uuid} NOT NULL,
    client_org_id {uuid} NOT NULL,
    PRIMARY KEY (org_id, api_key_id, client_org_id),
    FOREIGN KEY (org_id, api_key_id) REFERENCES api_key (org_id, id)
);
CREATE INDEX role_configuration_by_canonical_role ON role_configuration (org_id, canonical_role)
    WHERE canonical_role IS NOT NULL;
";

/// Members are found by name whatever its case. The owner sees no rows of a table that forces security upon it.
const NAME_KEYS: &str = "UPDATE member SET name_key = lower(name)";

/// Names what a member or an admin may change; everything else of the row stands as it was made.
const COLUMN_RIGHTS: &str = "
GRANT UPDATE (name, closed_at, closed_by) ON organization TO rolemark_app;
GRANT UPDATE (level, ended_at) ON member TO rolemark_app;
GRANT UPDATE (ended_at, expires_at, credential_id) ON invitation TO rolemark_app;
GRANT UPDATE (ended_at, ended_by) ON consultant_grant TO rolemark_app;
GRANT UPDATE (ended_at) ON firm_assignment TO rolemark_app;
GRANT UPDATE (ended_at, ended_by) ON api_key TO rolemark_app;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        security::run_unforced(manager, "member", NAME_KEYS).await?;
        for table in ["invitation", "consultant_grant", "firm_assignment", "api_key", "api_key_client"] {
            security::protect(manager, table, "SELECT, INSERT").await?;
            security::let_auth_read(manager, table).await?;
        }
        security::protect(manager, "access_secret", "INSERT").await?;
        security::let_auth_read(manager, "access_secret").await?;
        // Accepting is the sign-in role's: it alone sees that a secret is right.
        for table in ["invitation", "consultant_grant", "api_key"] {
            security::let_auth_write(manager, table, &["UPDATE"]).await?;
        }
        if is_postgres(manager) {
            run_plain(manager, COLUMN_RIGHTS).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(
            manager,
            "DROP INDEX role_configuration_by_canonical_role;\nDROP TABLE api_key_client;\nDROP TABLE api_key;\n\
             DROP TABLE firm_assignment;\nDROP TABLE consultant_grant;\nDROP TABLE invitation;\nDROP TABLE access_secret;\n\
             ALTER TABLE member DROP COLUMN name_key;\nALTER TABLE audit_payload DROP COLUMN address;\n\
             ALTER TABLE audit_event DROP COLUMN firm_id;\nALTER TABLE audit_event DROP COLUMN grant_id;\n\
             ALTER TABLE audit_event DROP COLUMN format;\nALTER TABLE organization DROP COLUMN audit_hash;\n\
             ALTER TABLE organization DROP COLUMN audit_seq;\nALTER TABLE organization DROP COLUMN erased_at;\n\
             ALTER TABLE organization DROP COLUMN closed_by;\nALTER TABLE organization DROP COLUMN closed_at;\n",
        )
        .await
    }
}
