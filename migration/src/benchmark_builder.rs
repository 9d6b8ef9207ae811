//! The builder's own tables: contributions, noise, who can see whom, drafts. They are closed to the server.
//!
//! On PostgreSQL they are the schema `builder`, in which only `rolemark_release` has rights. On SQLite they are a second file
//! that only the builder opens: it attaches the file as `builder`. Their names are unique, so that SQL without the name of
//! the schema finds them on both.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

use crate::{
    dialect::{run_plain, words},
    m20261129_000010_builder::KEPT,
};

/// What made the tables what they are, in order; the second file of SQLite says how many of it were done to it.
const CHANGES: [&str; 2] = [TABLES, KEPT];

const TABLES: &str = "
CREATE TABLE builder.draft_release (
    key text NOT NULL PRIMARY KEY,
    number integer NOT NULL UNIQUE,
    snapshot_at {timestamp} NOT NULL,
    state text NOT NULL CHECK (state IN ('DRAFT', 'AUDITED', 'PUBLISHED', 'RETRACTED')),
    step text NOT NULL,
    policy text NOT NULL,
    policy_hash text NOT NULL,
    is_loosened boolean NOT NULL,
    is_synthetic boolean NOT NULL,
    code_revision text NOT NULL,
    begun_at {timestamp} NOT NULL,
    built_at {timestamp},
    audited_at {timestamp},
    published_at {timestamp},
    retracted_at {timestamp},
    retraction text,
    values_erased_at {timestamp},
    merkle_root text,
    manifest text,
    signature text
);
CREATE TABLE builder.approver (
    name text NOT NULL PRIMARY KEY,
    public_key text NOT NULL UNIQUE,
    added_at {timestamp} NOT NULL,
    removed_at {timestamp}
);
CREATE TABLE builder.draft_approval (
    release_number integer NOT NULL,
    approver text NOT NULL,
    public_key text NOT NULL,
    manifest_hash text NOT NULL,
    signature text NOT NULL,
    approved_at {timestamp} NOT NULL,
    PRIMARY KEY (release_number, approver)
);
CREATE TABLE builder.axis (
    release_number integer NOT NULL,
    role_number integer NOT NULL,
    role_key {text_c} NOT NULL,
    kind text NOT NULL CHECK (kind IN ('ROLE', 'COMBINATION')),
    tasks text NOT NULL,
    skills text NOT NULL,
    score_centre bigint NOT NULL,
    ratio_centre bigint NOT NULL,
    is_totalled boolean NOT NULL,
    is_done boolean NOT NULL,
    PRIMARY KEY (release_number, role_number)
);
CREATE TABLE builder.control_group (
    group_hash {bytes} NOT NULL PRIMARY KEY,
    first_release integer NOT NULL,
    is_by_contract boolean NOT NULL
);
CREATE TABLE builder.frozen_segment (
    tenant_id {uuid} NOT NULL PRIMARY KEY,
    atom smallint NOT NULL,
    since_release integer NOT NULL
);
CREATE TABLE builder.tenant_group (
    release_number integer NOT NULL,
    tenant_id {uuid} NOT NULL,
    group_hash {bytes} NOT NULL,
    PRIMARY KEY (release_number, tenant_id)
);
CREATE TABLE builder.partner_group (
    release_number integer NOT NULL,
    partner_number integer NOT NULL,
    group_hash {bytes} NOT NULL,
    PRIMARY KEY (release_number, partner_number, group_hash)
);
CREATE TABLE builder.tenant_contribution (
    release_number integer NOT NULL,
    role_number integer NOT NULL,
    tenant_id {uuid} NOT NULL,
    group_hash {bytes} NOT NULL,
    atom smallint NOT NULL,
    heads bigint NOT NULL,
    score integer NOT NULL,
    ratio integer NOT NULL,
    mix_human integer NOT NULL,
    mix_at_risk integer NOT NULL,
    mix_ai_assisted integer NOT NULL,
    mix_automated integer NOT NULL,
    tasks text NOT NULL,
    skills text NOT NULL,
    PRIMARY KEY (release_number, role_number, tenant_id)
);
CREATE TABLE builder.contribution (
    release_number integer NOT NULL,
    role_number integer NOT NULL,
    group_hash {bytes} NOT NULL,
    atom smallint NOT NULL,
    admitted integer NOT NULL,
    is_exempt boolean NOT NULL,
    is_waiting boolean NOT NULL,
    score integer,
    ratio integer,
    mix_human integer,
    mix_at_risk integer,
    mix_ai_assisted integer,
    mix_automated integer,
    tasks text,
    skills text,
    value_hash bigint NOT NULL,
    digest_1 bigint NOT NULL,
    digest_2 bigint NOT NULL,
    digest_3 bigint NOT NULL,
    PRIMARY KEY (release_number, role_number, group_hash)
);
CREATE TABLE builder.contribution_change (
    sign integer NOT NULL CHECK (sign IN (-1, 1)),
    release_number integer NOT NULL,
    role_number integer NOT NULL,
    group_hash {bytes} NOT NULL,
    atom smallint NOT NULL,
    score integer NOT NULL,
    ratio integer NOT NULL,
    mix_human integer NOT NULL,
    mix_at_risk integer NOT NULL,
    mix_ai_assisted integer NOT NULL,
    mix_automated integer NOT NULL,
    tasks text NOT NULL,
    skills text NOT NULL,
    digest_1 bigint NOT NULL,
    digest_2 bigint NOT NULL,
    digest_3 bigint NOT NULL,
    PRIMARY KEY (release_number, role_number, sign, group_hash)
);
CREATE TABLE builder.atom_total (
    release_number integer NOT NULL,
    role_number integer NOT NULL,
    atom smallint NOT NULL,
    numbers {bytes} NOT NULL,
    PRIMARY KEY (release_number, role_number, atom)
);
CREATE TABLE builder.partner_total (
    release_number integer NOT NULL,
    role_number integer NOT NULL,
    partner_number integer NOT NULL,
    atom smallint NOT NULL,
    groups integer NOT NULL,
    PRIMARY KEY (release_number, role_number, partner_number, atom)
);
CREATE TABLE builder.shared_noise (
    release_number integer NOT NULL,
    peer_group smallint NOT NULL,
    statistic {text_c} NOT NULL,
    draw integer NOT NULL,
    PRIMARY KEY (release_number, peer_group, statistic)
);
CREATE TABLE builder.own_noise (
    release_number integer NOT NULL,
    role_number integer NOT NULL,
    peer_group smallint NOT NULL,
    digest text NOT NULL,
    statistic {text_c} NOT NULL,
    draw integer NOT NULL,
    PRIMARY KEY (release_number, role_number, peer_group, digest, statistic)
);
CREATE TABLE builder.draft_version (
    id {uuid} NOT NULL PRIMARY KEY,
    release_number integer NOT NULL,
    role_number integer NOT NULL,
    role_key {text_c} NOT NULL,
    peer_group smallint NOT NULL,
    contributors integer NOT NULL,
    digest text NOT NULL,
    needs_independent integer NOT NULL,
    figures {document} NOT NULL,
    UNIQUE (role_key, release_number, peer_group)
);
CREATE TABLE builder.draft_cell (
    release_number integer NOT NULL,
    role_number integer NOT NULL,
    peer_group smallint NOT NULL,
    version_id {uuid},
    contributors integer NOT NULL,
    reason text,
    PRIMARY KEY (release_number, role_number, peer_group)
);
";

/// Of the tables with the tenant's identifier, erasing an organization takes its rows.
const ERASED: [&str; 3] = ["frozen_segment", "tenant_group", "tenant_contribution"];

/// Whether a version may be shown to somebody who can see these organizations: enough independent contributors are left
/// when those are taken away. Of the builder's tables nothing else can be asked, and only the sign-in role may ask.
const GATE: &str = "
CREATE FUNCTION builder.shows(version uuid, organizations uuid[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = builder, pg_temp AS $$
SELECT coalesce((
    SELECT v.contributors - (
        SELECT count(DISTINCT c.group_hash)
        FROM tenant_group t
        JOIN contribution c ON c.release_number = t.release_number AND c.role_number = v.role_number
            AND c.group_hash = t.group_hash AND NOT c.is_waiting
        WHERE t.release_number = v.release_number AND t.tenant_id = ANY (organizations)
            AND CASE WHEN v.peer_group = 0 THEN true
                     WHEN v.peer_group <= 20 THEN c.atom / 40 = v.peer_group - 1
                     WHEN v.peer_group <= 120 THEN c.atom / 8 = v.peer_group - 21
                     ELSE c.atom % 8 = v.peer_group - 121 END
    ) >= v.needs_independent
    FROM draft_version v WHERE v.id = version), false)
$$;
CREATE FUNCTION builder.includes(version uuid, organizations uuid[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = builder, pg_temp AS $$
SELECT EXISTS (
    SELECT FROM draft_version v
    JOIN tenant_group t ON t.release_number = v.release_number AND t.tenant_id = ANY (organizations)
    JOIN contribution c ON c.release_number = v.release_number AND c.role_number = v.role_number
        AND c.group_hash = t.group_hash AND NOT c.is_waiting
    WHERE v.id = version
        AND CASE WHEN v.peer_group = 0 THEN true
                 WHEN v.peer_group <= 20 THEN c.atom / 40 = v.peer_group - 1
                 WHEN v.peer_group <= 120 THEN c.atom / 8 = v.peer_group - 21
                 ELSE c.atom % 8 = v.peer_group - 121 END)
$$;
";

/// The functions belong to a role made for them, which reads the three tables that they need.
const GATE_RIGHTS: &str = "
GRANT USAGE ON SCHEMA builder TO rolemark_gate, rolemark_auth;
GRANT SELECT (id, release_number, role_number, peer_group, contributors, needs_independent)
    ON builder.draft_version TO rolemark_gate;
GRANT SELECT ON builder.tenant_group TO rolemark_gate;
GRANT SELECT (release_number, role_number, group_hash, atom, is_waiting) ON builder.contribution TO rolemark_gate;
REVOKE ALL ON FUNCTION builder.shows(uuid, uuid[]), builder.includes(uuid, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION builder.shows(uuid, uuid[]), builder.includes(uuid, uuid[]) TO rolemark_auth;
";

/// Makes the tables, and gives the rights on them to the roles that need them.
pub(crate) async fn create_on_postgres(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    crate::security::create_database_role(manager, "rolemark_gate").await?;
    run_plain(manager, "CREATE SCHEMA builder").await?;
    run_plain(manager, &words(TABLES, true)).await?;
    manager.get_connection().execute_unprepared(GATE).await?;
    manager.get_connection().execute_unprepared(GATE_RIGHTS).await?;
    for function in ["shows", "includes"] {
        crate::security::give_function(manager, &format!("builder.{function}(uuid, uuid[])"), "rolemark_gate").await?;
    }
    run_plain(
        manager,
        "GRANT USAGE ON SCHEMA builder TO rolemark_release, rolemark_erase;\n\
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA builder TO rolemark_release",
    )
    .await?;
    for table in ERASED {
        run_plain(manager, &format!("GRANT DELETE, SELECT (tenant_id) ON builder.{table} TO rolemark_erase")).await?;
    }
    Ok(())
}

/// Takes them away again.
pub(crate) async fn drop_on_postgres(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    run_plain(manager, "DROP SCHEMA builder CASCADE").await
}

/// Makes the tables in the second file of SQLite, attached as `builder`, if they are not there.
///
/// # Errors
/// When the database fails, or the file was made by a newer program.
pub async fn create_on_sqlite(connection: &impl ConnectionTrait) -> Result<(), DbErr> {
    let version = "PRAGMA builder.user_version";
    let row = connection
        .query_one_raw(sea_orm_migration::sea_orm::Statement::from_string(connection.get_database_backend(), version));
    let found: i64 = row.await?.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    let done = usize::try_from(found).ok().filter(|done| *done <= CHANGES.len());
    let Some(done) = done else {
        return Err(DbErr::Custom("the benchmark's file was made by another version of this program".into()));
    };
    for (number, change) in CHANGES.iter().enumerate().skip(done) {
        for statement in words(change, false).split(";\n").map(str::trim).filter(|s| !s.is_empty()) {
            connection.execute_unprepared(statement).await?;
        }
        connection.execute_unprepared(&format!("PRAGMA builder.user_version = {}", number + 1)).await?;
    }
    Ok(())
}
