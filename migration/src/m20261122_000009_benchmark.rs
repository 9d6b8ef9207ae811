//! The benchmark: who contributes, as which segment, verified by whom; what was published; and the builder's own tables.
//!
//! What is published never changes but for the step from PUBLISHED to RETRACTED; triggers hold that against everybody.
//! A cell without a row is withheld, whatever the cause: the database itself does not tell one cause from another.

use sea_orm_migration::{prelude::*, sea_orm::ConnectionTrait};

use crate::{
    benchmark_builder,
    dialect::{is_postgres, run, run_plain},
    security,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TENANT_TABLES: [&str; 4] =
    ["benchmark_participation", "benchmark_receipt", "organization_segment", "organization_verification"];

const PUBLISHED_TABLES: [&str; 4] = ["benchmark_release", "benchmark_approval", "benchmark_version", "benchmark_cell"];

const UP: &str = "
CREATE TABLE organization_verification (
    org_id {uuid} NOT NULL REFERENCES organization (org_id),
    id {uuid} NOT NULL,
    legal_entity text NOT NULL,
    legal_group text,
    registrant_domain text,
    payment_instrument text,
    beneficial_owner text,
    is_by_contract boolean NOT NULL,
    verified_at {timestamp} NOT NULL,
    ended_at {timestamp},
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX organization_verification_live ON organization_verification (org_id) WHERE ended_at IS NULL;
CREATE TABLE organization_segment (
    org_id {uuid} NOT NULL REFERENCES organization (org_id),
    id {uuid} NOT NULL,
    industry text NOT NULL,
    size_band text NOT NULL,
    region text NOT NULL,
    declared_at {timestamp} NOT NULL,
    declared_by {uuid} NOT NULL,
    verified_at {timestamp},
    ended_at {timestamp},
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX organization_segment_live ON organization_segment (org_id) WHERE ended_at IS NULL;
CREATE INDEX member_of_user ON member (user_id);
CREATE INDEX consultant_grant_of_user ON consultant_grant (user_id);
CREATE INDEX consultant_grant_of_firm ON consultant_grant (firm_id);
CREATE TABLE benchmark_participation (
    org_id {uuid} NOT NULL REFERENCES organization (org_id),
    id {uuid} NOT NULL,
    joined_at {timestamp} NOT NULL,
    joined_by {uuid} NOT NULL,
    left_at {timestamp},
    left_by {uuid},
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX benchmark_participation_live ON benchmark_participation (org_id) WHERE left_at IS NULL;
CREATE TABLE benchmark_receipt (
    org_id {uuid} NOT NULL REFERENCES organization (org_id),
    id {uuid} NOT NULL,
    release_key {text_c} NOT NULL,
    sent_at {timestamp} NOT NULL,
    payload {document} NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX benchmark_receipt_by_release ON benchmark_receipt (org_id, release_key);
CREATE TABLE benchmark_release (
    key {text_c} NOT NULL PRIMARY KEY,
    number integer NOT NULL UNIQUE,
    snapshot_at {timestamp} NOT NULL,
    published_at {timestamp} NOT NULL,
    state text NOT NULL CHECK (state IN ('PUBLISHED', 'RETRACTED')),
    retracted_at {timestamp},
    retraction text,
    policy_version integer NOT NULL,
    policy text NOT NULL,
    policy_hash text NOT NULL,
    is_loosened boolean NOT NULL,
    is_synthetic boolean NOT NULL,
    code_revision text NOT NULL,
    merkle_root text NOT NULL,
    manifest text NOT NULL,
    signature text NOT NULL,
    public_key text NOT NULL
);
CREATE TABLE benchmark_approval (
    release_key {text_c} NOT NULL REFERENCES benchmark_release (key),
    approver text NOT NULL,
    public_key text NOT NULL,
    signature text NOT NULL,
    approved_at {timestamp} NOT NULL,
    PRIMARY KEY (release_key, approver)
);
CREATE TABLE benchmark_version (
    id {uuid} NOT NULL PRIMARY KEY,
    role_key {text_c} NOT NULL,
    peer_group {text_c} NOT NULL,
    as_of_release {text_c} NOT NULL,
    figures {document} NOT NULL
);
CREATE TABLE benchmark_cell (
    release_key {text_c} NOT NULL REFERENCES benchmark_release (key),
    role_key {text_c} NOT NULL,
    peer_group {text_c} NOT NULL,
    version_id {uuid} NOT NULL REFERENCES benchmark_version (id),
    PRIMARY KEY (release_key, role_key, peer_group)
);
";

const DOWN: &str = "
DROP TABLE benchmark_cell;
DROP TABLE benchmark_version;
DROP TABLE benchmark_approval;
DROP TABLE benchmark_release;
DROP TABLE benchmark_receipt;
DROP INDEX consultant_grant_of_firm;
DROP INDEX consultant_grant_of_user;
DROP INDEX member_of_user;
DROP TABLE benchmark_participation;
DROP TABLE organization_segment;
DROP TABLE organization_verification;
";

/// Everything of a release that must stay as it was when the release is retracted.
const KEPT: &str = "key, number, snapshot_at, published_at, policy_version, policy, policy_hash, is_loosened, is_synthetic, \
     code_revision, merkle_root, manifest, signature, public_key";

/// Names what a person may change; everything else of the row stands as it was made.
const COLUMN_RIGHTS: &str = "
GRANT UPDATE (ended_at) ON organization_verification TO rolemark_app;
GRANT UPDATE (verified_at, ended_at) ON organization_segment TO rolemark_app;
GRANT UPDATE (left_at, left_by) ON benchmark_participation TO rolemark_app;
GRANT UPDATE (state, retracted_at, retraction) ON benchmark_release TO rolemark_release;
";

/// What the builder reads of tenants: who may see whom, who contributes, and the published versions of those that do.
const BUILDER_READS: [(&str, &str, &str); 8] = [
    ("organization", "org_id, created_at, closed_at, erased_at, audit_seq", "true"),
    (
        "organization_verification",
        "org_id, id, legal_entity, legal_group, registrant_domain, payment_instrument, \
      beneficial_owner, is_by_contract, verified_at, ended_at",
        "true",
    ),
    ("organization_segment", "org_id, id, industry, size_band, region, verified_at, ended_at", "true"),
    ("benchmark_participation", "org_id, joined_at, left_at", "true"),
    ("member", "org_id, user_id, joined_at, ended_at", "true"),
    ("consultant_grant", "org_id, user_id, firm_id, granted_at, accepted_at, expires_at, ended_at", "true"),
    ("role_configuration", "org_id, id, archived_at", CONTRIBUTES),
    ("role_version", "org_id, role_id, number, definition, published_at", CONTRIBUTES),
];

/// The condition that the row is of an organization that contributes.
const CONTRIBUTES: &str = "org_id IN (SELECT p.org_id FROM benchmark_participation p WHERE p.left_at IS NULL)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        security::create_database_role(manager, "rolemark_release").await?;
        run(manager, UP).await?;
        for table in TENANT_TABLES {
            security::protect(manager, table, "SELECT, INSERT").await?;
            security::let_erase(manager, table).await?;
        }
        // Whether an organization is verified decides what its people see of the benchmark.
        security::let_auth_read(manager, "organization_verification").await?;
        security::grant(manager, "SELECT", "seaql_migrations", "rolemark_release").await?;
        for table in ["library_edition", "canonical_role", "library_combination"] {
            security::grant(manager, "SELECT", table, "rolemark_release").await?;
        }
        for table in PUBLISHED_TABLES {
            security::grant(manager, "SELECT", table, "rolemark_app, rolemark_auth").await?;
            security::grant(manager, "SELECT, INSERT", table, "rolemark_release").await?;
        }
        make_immutable(manager).await?;
        if !is_postgres(manager) {
            return Ok(());
        }
        run_plain(manager, COLUMN_RIGHTS).await?;
        for (table, columns, condition) in BUILDER_READS {
            let sql = format!(
                "CREATE POLICY release_read ON {table} FOR SELECT TO rolemark_release USING ({condition});\n\
                 GRANT SELECT ({columns}) ON {table} TO rolemark_release"
            );
            run_plain(manager, &sql).await?;
        }
        benchmark_builder::create_on_postgres(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if is_postgres(manager) {
            benchmark_builder::drop_on_postgres(manager).await?;
            for (table, _, _) in BUILDER_READS {
                let revoke =
                    format!("DROP POLICY release_read ON {table};\nREVOKE ALL ON {table} FROM rolemark_release");
                run_plain(manager, &revoke).await?;
            }
        }
        run(manager, DOWN).await?;
        if is_postgres(manager) {
            run_plain(
                manager,
                "DROP FUNCTION benchmark_is_immutable();\nDROP FUNCTION benchmark_release_is_immutable();\n\
                 REVOKE ALL ON seaql_migrations, library_edition, canonical_role, library_combination FROM rolemark_release;\n\
                 REVOKE USAGE ON SCHEMA public FROM rolemark_release",
            )
            .await?;
        }
        Ok(())
    }
}

/// Refuses every change of what was published, but that a release is retracted.
async fn make_immutable(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if is_postgres(manager) { immutable_on_postgres(manager).await } else { immutable_on_sqlite(manager).await }
}

async fn immutable_on_postgres(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let functions = format!(
        "CREATE FUNCTION benchmark_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             RAISE EXCEPTION 'what was published of the benchmark does not change'; END $$;\n\
         CREATE FUNCTION benchmark_release_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF OLD.state = 'PUBLISHED' AND NEW.state = 'RETRACTED' AND NEW.retracted_at IS NOT NULL
                 AND ({}) IS NOT DISTINCT FROM ({}) THEN RETURN NEW; END IF;
             RAISE EXCEPTION 'a release of the benchmark can only be retracted'; END $$",
        prefixed("OLD"),
        prefixed("NEW")
    );
    // As a whole: the bodies have ends of statements of their own.
    manager.get_connection().execute_unprepared(&functions).await?;
    for table in PUBLISHED_TABLES {
        let (events, function) = match table {
            "benchmark_release" => ("DELETE", "benchmark_is_immutable"),
            _ => ("UPDATE OR DELETE", "benchmark_is_immutable"),
        };
        let sql = format!(
            "CREATE TRIGGER {table}_immutable BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();\n\
             CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {function}()"
        );
        run_plain(manager, &sql).await?;
    }
    run_plain(
        manager,
        "CREATE TRIGGER benchmark_release_retracted BEFORE UPDATE ON benchmark_release FOR EACH ROW \
         EXECUTE FUNCTION benchmark_release_is_immutable()",
    )
    .await
}

async fn immutable_on_sqlite(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for table in PUBLISHED_TABLES {
        let update = match table {
            "benchmark_release" => format!(
                "WHEN NOT (OLD.state = 'PUBLISHED' AND NEW.state = 'RETRACTED' AND NEW.retracted_at IS NOT NULL \
                 AND ({}) IS ({}))",
                prefixed("OLD"),
                prefixed("NEW")
            ),
            _ => String::new(),
        };
        for (event, condition) in [("UPDATE", update.as_str()), ("DELETE", "")] {
            let sql = format!(
                "CREATE TRIGGER {table}_{} BEFORE {event} ON {table} {condition} BEGIN \
                 SELECT RAISE(ABORT, 'what was published of the benchmark does not change'); END",
                event.to_lowercase()
            );
            run_plain(manager, &sql).await?;
        }
    }
    Ok(())
}

/// The columns that must stay, of the old or of the new row.
fn prefixed(row: &str) -> String {
    KEPT.split(", ").map(|column| format!("{row}.{}", column.trim())).collect::<Vec<_>>().join(", ")
}
