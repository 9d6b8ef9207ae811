//! Who enters an organization by a grant or with an API key has nothing to do with its members.

use aws_lc_rs::digest::{SHA256, digest};
use rolemark_tests::{Client, Result, SignedIn, TestServer, sign_up, unique};
use serde_json::{Value, json};

use super::{invite, new_member};
use crate::direct::{Direct, NOTICED};
use crate::ids::{organization_of, random_uuid};
use crate::secrets::with_checksum;
use crate::steps::{mutate, node};

/// Nothing of members and invitations is read or changed; `email` is that of the one invited.
async fn assert_kept_out(t: &TestServer, admin: &SignedIn, outsider: &Client) -> Result<()> {
    let (_, member) = new_member(t, admin, "READ").await;
    let invited = invite(admin, &format!("{}@example.com", unique("invited")), "READ").await;
    let organization = organization_of(&admin.organization_id);
    let mut database = Direct::superuser(t).await?;
    let rows = |lines: Vec<String>| {
        let of =
            |line: &String| ["member:", "invitation:", "access_secret:"].iter().any(|table| line.starts_with(table));
        lines.into_iter().filter(of).collect::<Vec<_>>()
    };
    let before = rows(database.dump(organization).await?);
    for list in ["members", "invitations"] {
        let document = format!("query($id: ID!) {{ organization(id: $id) {{ name {list} {{ totalCount }} }} }}");
        let answer = outsider.graphql(&document, json!({ "id": admin.organization_id })).await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
        assert_eq!(answer.body["data"]["organization"]["name"], "Northwind", "the organization is seen: {answer}");
    }
    for (id, kind) in [(&member, "Member"), (&invited.id, "Invitation")] {
        assert_eq!(node(outsider, id, kind, "email").await, Value::Null);
    }
    let here = &admin.organization_id;
    for (mutation, input) in [
        ("inviteMember", json!({ "organizationId": here, "email": "new@example.com", "accessLevel": "READ" })),
        ("revokeInvitation", json!({ "id": invited.id })),
        ("resendInvitation", json!({ "id": invited.id })),
        ("changeMemberLevel", json!({ "id": member, "accessLevel": "ADMIN" })),
        ("removeMember", json!({ "id": member })),
        ("leaveOrganization", json!({ "organizationId": here })),
    ] {
        let answer = mutate(outsider, mutation, input, "").await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{mutation}: {answer}");
    }
    assert_eq!(rows(database.dump(organization).await?), before);
    Ok(())
}

pub async fn consultants_reach_no_member(t: &TestServer) -> Result<()> {
    let (admin, consultant) = (sign_up(t, "Northwind").await, sign_up(t, "Consultant").await);
    let mut database = Direct::superuser(t).await?;
    let (here, id) = (database.uuid(organization_of(&admin.organization_id)), database.uuid(random_uuid()));
    let grant = format!(
        "INSERT INTO consultant_grant (org_id, id, name, email, user_id, level, reason, granted_by, granted_at,
             accepted_at, expires_at)
         SELECT {here}, {id}, 'Consultant', u.email, u.id, 'WRITE', 'a test', u.id, u.created_at, u.created_at,
             '2999-01-01T00:00:00+00:00'
         FROM user_account u WHERE u.email = '{}'",
        consultant.email
    );
    assert_eq!(database.execute(grant).await?, 1);
    tokio::time::sleep(NOTICED).await;
    assert_kept_out(t, &admin, &consultant.client).await
}

pub async fn api_keys_reach_no_member(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let (lookup, secret) = ("0123456789abcdef", format!("{}{}", random_uuid().simple(), random_uuid().simple()));
    let key = with_checksum(&format!("rolemark_key_{lookup}{secret}"));
    let hash: String = digest(&SHA256, key.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut database = Direct::superuser(t).await?;
    let hash = match database {
        Direct::Sqlite(_) => format!("X'{hash}'"),
        Direct::Postgres(_) => format!("'\\x{hash}'::bytea"),
    };
    let (here, id) = (database.uuid(organization_of(&admin.organization_id)), database.uuid(random_uuid()));
    let scopes = "[\"WRITE_ROLES\",\"READ_AUDIT\",\"EXPORT\"]";
    for sql in [
        format!(
            "INSERT INTO api_key (org_id, id, name, prefix, scopes, created_at, expires_at)
             SELECT org_id, {id}, 'A key', 'rolemark_key_{lookup}', '{scopes}', created_at, '2999-01-01T00:00:00+00:00'
             FROM organization WHERE org_id = {here}"
        ),
        format!(
            "INSERT INTO access_secret (org_id, id, kind, lookup, digest)
             VALUES ({here}, {id}, 'API_KEY', '{lookup}', {hash})"
        ),
    ] {
        assert_eq!(database.execute(sql).await?, 1);
    }
    let program = t.anonymous().with_token(&key);
    assert_kept_out(t, &admin, &program).await?;
    let invited = invite(&admin, &format!("{}@example.com", unique("invited")), "READ").await;
    for (mutation, input) in [
        ("acceptInvitation", json!({ "token": invited.token, "name": "Key", "password": "correct horse battery" })),
        ("createOrganization", json!({ "name": "Of a key" })),
    ] {
        let answer = mutate(&program, mutation, input, "").await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{mutation}: {answer}");
    }
    Ok(())
}
