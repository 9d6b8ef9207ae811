//! Row-level security and rights on PostgreSQL. SQLite has neither; there the types of `store` are the wall.

use sea_orm_migration::prelude::*;

use crate::dialect::{is_postgres, run_plain};

/// The organization that the transaction or the connection is bound to. Unset, and the empty string
/// that a finished transaction leaves behind, both mean *no rows*.
const BOUND_ORGANIZATION: &str = "nullif(current_setting('app.org_id', true), '')::uuid";

/// Creates the database roles that do not exist yet, without the right to sign in.
///
/// An operator who wants to sign in as them creates them with a password beforehand, or grants them to
/// login roles of their own.
pub(crate) async fn create_database_roles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if !is_postgres(manager) {
        return Ok(());
    }
    for role in ["rolemark_app", "rolemark_auth"] {
        create_database_role(manager, role).await?;
    }
    Ok(())
}

/// Creates one such role, if it does not exist yet.
pub(crate) async fn create_database_role(manager: &SchemaManager<'_>, role: &str) -> Result<(), DbErr> {
    if !is_postgres(manager) {
        return Ok(());
    }
    let sql = format!(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') \
         THEN CREATE ROLE {role} NOLOGIN; END IF; END $$"
    );
    manager.get_connection().execute_unprepared(&sql).await?;
    let usage = format!("GRANT USAGE ON SCHEMA public TO {role}");
    manager.get_connection().execute_unprepared(&usage).await?;
    Ok(())
}

/// Forces row-level security on a tenant table and gives the serving role the rights named.
pub(crate) async fn protect(manager: &SchemaManager<'_>, table: &str, app_rights: &str) -> Result<(), DbErr> {
    if !is_postgres(manager) {
        return Ok(());
    }
    let sql = format!(
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n\
         ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n\
         CREATE POLICY tenant ON {table} TO rolemark_app \
           USING (org_id = {BOUND_ORGANIZATION}) WITH CHECK (org_id = {BOUND_ORGANIZATION});\n\
         GRANT {app_rights} ON {table} TO rolemark_app"
    );
    run_plain(manager, &sql).await
}

/// Runs a statement on all rows of a tenant table, from which its owner is kept otherwise.
pub(crate) async fn run_unforced(manager: &SchemaManager<'_>, table: &str, sql: &str) -> Result<(), DbErr> {
    if !is_postgres(manager) {
        return run_plain(manager, sql).await;
    }
    let (off, on) = ("NO FORCE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY");
    run_plain(manager, &format!("ALTER TABLE {table} {off};\n{sql};\nALTER TABLE {table} {on}")).await
}

/// Lets the sign-in role read a tenant table across organizations: it resolves memberships.
pub(crate) async fn let_auth_read(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    if !is_postgres(manager) {
        return Ok(());
    }
    let sql = format!(
        "CREATE POLICY auth_read ON {table} FOR SELECT TO rolemark_auth USING (true);\n\
         GRANT SELECT ON {table} TO rolemark_auth"
    );
    run_plain(manager, &sql).await
}

/// Lets the sign-in role write rows of the organization that it is bound to: signing up makes one.
pub(crate) async fn let_auth_write(manager: &SchemaManager<'_>, table: &str, rights: &[&str]) -> Result<(), DbErr> {
    if !is_postgres(manager) {
        return Ok(());
    }
    for right in rights {
        let check = match *right {
            "INSERT" => format!("WITH CHECK (org_id = {BOUND_ORGANIZATION})"),
            "UPDATE" => format!("USING (org_id = {BOUND_ORGANIZATION}) WITH CHECK (org_id = {BOUND_ORGANIZATION})"),
            _ => format!("USING (org_id = {BOUND_ORGANIZATION})"),
        };
        let name = right.to_lowercase();
        let sql = format!(
            "CREATE POLICY auth_{name}_bound ON {table} FOR {right} TO rolemark_auth {check};\n\
             GRANT {right} ON {table} TO rolemark_auth"
        );
        run_plain(manager, &sql).await?;
    }
    Ok(())
}

/// Lets the erasing role delete the rows of the organization that it is bound to, and read none of what they hold: a
/// `DELETE` reads the columns that its condition names.
pub(crate) async fn let_erase(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    if !is_postgres(manager) {
        return Ok(());
    }
    let sql = format!(
        "CREATE POLICY erase_bound ON {table} TO rolemark_erase \
           USING (org_id = {BOUND_ORGANIZATION}) WITH CHECK (org_id = {BOUND_ORGANIZATION});\n\
         GRANT DELETE, SELECT (org_id) ON {table} TO rolemark_erase"
    );
    run_plain(manager, &sql).await
}

/// Grants rights on a platform table, one without an organization.
pub(crate) async fn grant(manager: &SchemaManager<'_>, rights: &str, table: &str, role: &str) -> Result<(), DbErr> {
    if !is_postgres(manager) {
        return Ok(());
    }
    run_plain(manager, &format!("GRANT {rights} ON {table} TO {role}")).await
}

/// Gives a function to a role that the owner is a member of, as every owner who gives something away must be.
pub(crate) async fn give_function(manager: &SchemaManager<'_>, function: &str, role: &str) -> Result<(), DbErr> {
    let schema = function.split_once('.').map_or("public", |(schema, _)| schema);
    let sql = format!(
        "GRANT CREATE ON SCHEMA {schema} TO {role};\n\
         ALTER FUNCTION {function} OWNER TO {role};\n\
         REVOKE CREATE ON SCHEMA {schema} FROM {role}"
    );
    run_plain(manager, &sql).await
}
