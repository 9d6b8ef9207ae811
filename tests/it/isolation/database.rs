//! The walls of the database itself, past the server.

use rolemark_tests::{Backend, Result, TestServer};
use sqlx::Error;

use crate::direct::Direct;
use crate::ids::{Parts, random_uuid};
use crate::tenant::Tenant;

/// What PostgreSQL says to somebody without the right.
const INSUFFICIENT_PRIVILEGE: &str = "42501";
const FOREIGN_KEY_VIOLATION: &str = "23503";
/// SQLite's extended code of the same.
const SQLITE_FOREIGN_KEY: &str = "787";

/// Tables that the serving role may add to and never read.
const CLOSED: [&str; 1] = ["access_secret"];

fn code(error: &Error) -> String {
    error.as_database_error().and_then(|e| e.code().map(|code| code.into_owned())).unwrap_or_default()
}

/// Row-level security as the serving role meets it, with the raw SQL of a server that forgot every filter.
pub async fn serving_role_reaches_one_organization(t: &TestServer) -> Result<()> {
    let (target, own) = (Tenant::create(t).await, Tenant::create(t).await);
    let mut superuser = Direct::superuser(t).await?;
    let before = superuser.dump(target.uuid()).await?;
    let mut serving = Direct::serving(t, own.uuid()).await?;
    let (theirs, mine) = (superuser.uuid(target.uuid()), superuser.uuid(own.uuid()));
    for table in superuser.tenant_tables().await? {
        let count = |org: &str| format!("SELECT count(*) FROM {table} WHERE org_id = {org}");
        assert!(superuser.number(count(&theirs)).await? > 0, "{table} has no row: this case shows nothing");
        if CLOSED.contains(&table.as_str()) {
            let error = serving.number(count(&mine)).await.expect_err(&table);
            assert_eq!(code(&error), INSUFFICIENT_PRIVILEGE, "{table}: {error}");
        } else {
            assert_eq!(serving.number(count(&theirs)).await?, 0, "rows of the other organization in {table}");
            let all = serving.number(format!("SELECT count(*) FROM {table}")).await?;
            assert_eq!(all, superuser.number(count(&mine)).await?, "{table} shows more than the organization's own");
        }
        for sql in [
            format!("UPDATE {table} SET org_id = org_id WHERE org_id = {theirs}"),
            format!("UPDATE {table} SET org_id = {mine} WHERE org_id = {theirs}"),
            format!("DELETE FROM {table} WHERE org_id = {theirs}"),
        ] {
            assert_reaches_nothing(&sql, serving.execute(sql.clone()).await);
        }
        insert_for_others_is_refused(&mut serving, &mut superuser, &table, &theirs, &mine).await?;
    }
    assert_eq!(before, superuser.dump(target.uuid()).await?, "the other organization has changed");
    Ok(())
}

#[track_caller]
fn assert_reaches_nothing(sql: &str, result: sqlx::Result<u64>) {
    match result {
        Ok(rows) => assert_eq!(rows, 0, "{sql}"),
        Err(error) => assert_eq!(code(&error), INSUFFICIENT_PRIVILEGE, "{sql}: {error}"),
    }
}

/// Copies a row of one's own into the other organization, and gives one's own row away.
async fn insert_for_others_is_refused(
    serving: &mut Direct,
    superuser: &mut Direct,
    table: &str,
    theirs: &str,
    mine: &str,
) -> Result<()> {
    let columns = superuser
        .texts(format!("SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}'"))
        .await?;
    let names = columns.join(", ");
    let value = |column: &String| match column.as_str() {
        "org_id" => theirs.to_owned(),
        "id" | "event_id" => "gen_random_uuid()".to_owned(),
        other => other.to_owned(),
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    let copy = format!("INSERT INTO {table} ({names}) SELECT {} FROM {table} LIMIT 1", values.join(", "));
    let give = format!("UPDATE {table} SET org_id = {theirs} WHERE org_id = {mine}");
    for sql in [copy, give] {
        let error = serving.execute(sql.clone()).await.expect_err(&sql);
        assert_eq!(code(&error), INSUFFICIENT_PRIVILEGE, "{sql}: {error}");
    }
    Ok(())
}

/// Composite keys: a row of one organization cannot refer to one of another, whoever writes it.
pub async fn references_across_organizations_are_refused(t: &TestServer) -> Result<()> {
    let (target, own) = (Tenant::create(t).await, Tenant::create(t).await);
    let mut database = Direct::superuser(t).await?;
    let theirs = |word: &str| Parts::of(target.get(word)).object.expect("the UUID of an object");
    let role = database.uuid(theirs("role"));
    let scenario = database.uuid(theirs("scenario"));
    let event = database.uuid(theirs("auditEvent"));
    let (mine, new) = (database.uuid(own.uuid()), database.uuid(random_uuid()));
    let from = |table: &str| format!("FROM {table} WHERE org_id = {mine} LIMIT 1");
    for sql in [
        format!(
            "INSERT INTO role_version (org_id, id, role_id, number, definition, published_at, published_by)
             SELECT org_id, {new}, {role}, 99, definition, published_at, published_by {}",
            from("role_version")
        ),
        format!(
            "INSERT INTO scenario_source (org_id, id, scenario_id, position, role_id, snapshot)
             SELECT org_id, {new}, scenario_id, 99, {role}, snapshot {}",
            from("scenario_source")
        ),
        format!(
            "INSERT INTO scenario_source (org_id, id, scenario_id, position, canonical_role, snapshot)
             SELECT org_id, {new}, {scenario}, 99, 'rolemark:x', snapshot {}",
            from("scenario_source")
        ),
        format!(
            "INSERT INTO audit_payload (org_id, event_id, salt, payload)
             SELECT org_id, {event}, salt, payload {}",
            from("audit_payload")
        ),
        format!("UPDATE role_version SET role_id = {role} WHERE org_id = {mine}"),
        format!("UPDATE scenario_source SET scenario_id = {scenario} WHERE org_id = {mine}"),
    ] {
        let error = database.execute(sql.clone()).await.expect_err(&sql);
        let expected = if t.backend() == Backend::Postgres { FOREIGN_KEY_VIOLATION } else { SQLITE_FOREIGN_KEY };
        assert_eq!(code(&error), expected, "{sql}: {error}");
    }
    Ok(())
}
