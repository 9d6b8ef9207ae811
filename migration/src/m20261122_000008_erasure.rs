//! The erasing role: it deletes what an organization has, and prunes the details of the audit log. It sees which
//! organizations there are, and nothing of what they hold.

use sea_orm_migration::prelude::*;

use crate::{
    dialect::{is_postgres, run_plain},
    security,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Every table of an organization, but for the organization itself.
const TABLES: [&str; 14] = [
    "access_secret",
    "api_key",
    "api_key_client",
    "audit_event",
    "audit_head",
    "audit_payload",
    "consultant_grant",
    "firm_assignment",
    "invitation",
    "member",
    "role_configuration",
    "role_version",
    "scenario",
    "scenario_source",
];

/// The organization stays as a tombstone without a name. Pruning finds old entries by their time, and leaves one of its
/// own; what entries say stays closed.
const RIGHTS: &str = "
CREATE POLICY erase_read ON organization FOR SELECT TO rolemark_erase USING (true);
CREATE POLICY erase_bound ON organization FOR UPDATE TO rolemark_erase
    USING (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
    WITH CHECK (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
GRANT SELECT, UPDATE (name, closed_at, closed_by, erased_at, audit_seq, audit_hash) ON organization TO rolemark_erase;
GRANT SELECT (seq, hash), UPDATE (seq, hash) ON audit_head TO rolemark_erase;
GRANT SELECT (id, occurred_at, action), INSERT ON audit_event TO rolemark_erase;
GRANT SELECT (event_id), INSERT ON audit_payload TO rolemark_erase;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        security::create_database_role(manager, "rolemark_erase").await?;
        for table in TABLES {
            security::let_erase(manager, table).await?;
        }
        if is_postgres(manager) {
            run_plain(manager, RIGHTS).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !is_postgres(manager) {
            return Ok(());
        }
        for table in TABLES {
            run_plain(
                manager,
                &format!("DROP POLICY erase_bound ON {table};\nREVOKE ALL ON {table} FROM rolemark_erase"),
            )
            .await?;
        }
        run_plain(
            manager,
            "DROP POLICY erase_bound ON organization;\nDROP POLICY erase_read ON organization;\n\
             REVOKE ALL ON organization FROM rolemark_erase;\nREVOKE USAGE ON SCHEMA public FROM rolemark_erase",
        )
        .await
    }
}
