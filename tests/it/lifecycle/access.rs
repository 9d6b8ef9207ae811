//! Consultants, API keys and what else lies in the tables of access, made past the server.

use aws_lc_rs::digest::{SHA256, digest};
use rolemark_tests::{Client, Result, TestServer, unique};
use uuid::Uuid;

use crate::direct::Direct;
use crate::ids::random_uuid;

/// Every scope that a key can have.
pub(crate) const ALL_SCOPES: &str =
    r#"["READ_ROLES","READ_BENCHMARK","READ_SCENARIOS","READ_AUDIT","WRITE_ROLES","IMPORT","EXPORT"]"#;

/// An instant as this database writes it, so many days from now.
pub(crate) fn days_from_now(database: &Direct, days: i32) -> String {
    match database {
        Direct::Sqlite(_) => format!("strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', '{days:+} days')"),
        Direct::Postgres(_) => format!("now() + interval '{days} days'"),
    }
}

/// A client with a new API key of the organization.
pub(crate) async fn api_key(t: &TestServer, organization: Uuid, scopes: &str) -> Result<Client> {
    let mut database = Direct::superuser(t).await?;
    let digits = unique("").replace('_', "");
    let secret = format!("{digits}{}", format!("{digits}{}", unique("").replace('_', "")).repeat(2));
    let body = format!("rolemark_key_{secret}");
    let mut crc = flate2::Crc::new();
    crc.update(body.as_bytes());
    let text = format!("{body}{:08x}", crc.sum());
    let (org, id, nobody) = (database.uuid(organization), database.uuid(random_uuid()), database.uuid(random_uuid()));
    let (now, later) = (days_from_now(&database, 0), days_from_now(&database, 30));
    let digest = database.bytes(digest(&SHA256, text.as_bytes()).as_ref());
    database
        .execute(format!(
            "INSERT INTO api_key (org_id, id, name, prefix, scopes, created_by, created_at, expires_at)
             VALUES ({org}, {id}, 'A key', 'rolemark_key_{digits}', '{scopes}', {nobody}, {now}, {later})"
        ))
        .await?;
    let secret = "INSERT INTO access_secret (org_id, id, kind, lookup, digest)";
    database.execute(format!("{secret} VALUES ({org}, {id}, 'API_KEY', '{digits}', {digest})")).await?;
    Ok(t.anonymous().with_token(&text))
}

/// Makes a user, by the e-mail address, a consultant of the organization.
pub(crate) async fn consultant(t: &TestServer, organization: Uuid, email: &str) -> Result<()> {
    let mut database = Direct::superuser(t).await?;
    let (org, id, nobody) = (database.uuid(organization), database.uuid(random_uuid()), database.uuid(random_uuid()));
    let (now, later) = (days_from_now(&database, 0), days_from_now(&database, 30));
    let sql = format!(
        "INSERT INTO consultant_grant (org_id, id, name, email, user_id, level, reason, granted_by, granted_at,
            accepted_at, expires_at)
         SELECT {org}, {id}, name, email, id, 'WRITE', 'A project', {nobody}, {now}, {now}, {later}
         FROM user_account WHERE email = '{email}'"
    );
    assert_eq!(database.execute(sql).await?, 1, "no user {email}");
    Ok(())
}

/// A row in each table of access, with the mark in every text.
pub(crate) async fn one_of_everything(t: &TestServer, organization: Uuid, mark: &str) -> Result<()> {
    let mut database = Direct::superuser(t).await?;
    let (org, id, other) = (database.uuid(organization), database.uuid(random_uuid()), database.uuid(random_uuid()));
    let (now, digest) = (days_from_now(&database, 0), database.bytes(format!("{mark} digest").as_bytes()));
    for sql in [
        format!(
            "INSERT INTO access_secret (org_id, id, kind, lookup, digest)
             VALUES ({org}, {id}, 'INVITATION', '{mark}-lookup', {digest})"
        ),
        format!(
            "INSERT INTO invitation (org_id, id, email, level, invited_by, invited_at, expires_at, ended_at,
                credential_id)
             VALUES ({org}, {id}, '{mark}-invited@example.com', 'READ', {other}, {now}, {now}, {now}, {id})"
        ),
        format!(
            "INSERT INTO consultant_grant (org_id, id, name, email, level, families, reason, granted_by, granted_at,
                expires_at, ended_at)
             VALUES ({org}, {id}, '{mark} consultant', '{mark}-consultant@example.com', 'READ',
                '[\"{mark} family of a grant\"]', '{mark} reason', {other}, {now}, {now}, {now})"
        ),
        format!(
            "INSERT INTO firm_assignment (org_id, id, member_id, client_org_id, assigned_by, assigned_at, ended_at)
             SELECT {org}, {id}, id, {other}, {other}, {now}, {now} FROM member WHERE org_id = {org}"
        ),
        format!(
            "INSERT INTO api_key (org_id, id, name, prefix, scopes, created_at, expires_at, ended_at)
             VALUES ({org}, {id}, '{mark} key', '{mark}-prefix', '[\"EXPORT\"]', {now}, {now}, {now})"
        ),
        format!("INSERT INTO api_key_client (org_id, api_key_id, client_org_id) VALUES ({org}, {id}, {other})"),
    ] {
        assert_eq!(database.execute(sql.clone()).await.map_err(|e| format!("{sql}: {e}"))?, 1, "{sql}");
    }
    Ok(())
}
