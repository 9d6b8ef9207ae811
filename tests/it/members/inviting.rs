//! Inviting people.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rolemark_tests::{Result, TestServer, sign_up, unique};
use serde_json::json;

use super::{accept_with_account, audit_count, invite, newest_entry, try_invite};
use crate::direct::Direct;
use crate::ids::{Parts, organization_of, random_uuid};
use crate::steps::{assert_done, assert_faults, mutate, organization};

/// The letter to somebody, which comes after the answer.
async fn letter_to(t: &TestServer, email: &str) -> String {
    let outbox = t.directory().join("outbox");
    for _ in 0..100 {
        let files = std::fs::read_dir(&outbox).into_iter().flatten().flatten();
        let letters = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
        let addressed = format!("To: {email}\n");
        if let Some(letter) = letters.into_iter().find(|text| text.starts_with(&addressed) && text.ends_with('\n')) {
            return letter;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no letter to {email}");
}

pub async fn an_invitation_is_sent_and_shown_once(t: &TestServer) -> Result<()> {
    let name = unique("Northwind");
    let admin = sign_up(t, &name).await;
    let email = format!("{}@example.com", unique("Grace.Hopper"));
    let before = audit_count(&admin).await;
    let answer = try_invite(&admin, json!({ "email": format!("  {email} "), "accessLevel": "WRITE" })).await;
    let payload = answer.payload("inviteMember");
    let email = email.to_lowercase();
    let invitation = &payload["invitation"];
    assert_eq!(invitation["email"], email);
    assert_eq!((&invitation["accessLevel"], &invitation["state"]), (&json!("WRITE"), &json!("OPEN")));
    assert_eq!(invitation["invitedBy"]["email"], admin.email);
    assert!(invitation["acceptedAt"].is_null());
    let at = |field: &str| invitation[field].as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok());
    assert_eq!(at("expiresAt").zip(at("invitedAt")).map(|(end, start)| end - start), Some(chrono::Duration::days(7)));

    let token = payload["token"].as_str().unwrap_or_default();
    assert!(token.starts_with("rolemark_invitation_") && token.len() == 108, "{token}");
    let letter = letter_to(t, &email).await;
    for part in [token, &name, "Test Person", &admin.email, "WRITE", "acceptInvitation"] {
        assert!(letter.contains(part), "{part} is not in the letter: {letter}");
    }

    let (action, kind, object, details) = newest_entry(&admin).await;
    assert_eq!((action.as_str(), kind.as_str()), ("member.invite", "Invitation"));
    assert_eq!(object, invitation["id"]);
    assert_eq!((&details["email"], &details["accessLevel"]), (&json!(email), &json!("WRITE")));
    assert_eq!(audit_count(&admin).await, before + 1);
    // Half of the token is no secret: it names the other half in the database.
    let secret = &token[token.len() - 72..];
    let seen = organization(&admin, "auditEvents { nodes { details } } invitations { nodes { id email } }").await;
    assert!(!seen.text().contains(secret), "the token is shown again: {seen}");
    let rows = Direct::superuser(t).await?.dump(organization_of(&admin.organization_id)).await?;
    assert!(rows.iter().all(|row| !row.contains(secret)), "the token is in the database");
    Ok(())
}

pub async fn faults_of_an_invitation_name_their_fields(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let before = audit_count(&admin).await;
    for email in ["", "nobody", "two@at@example.com", "with space@example.com", "nul\0@example.com"] {
        let answer = try_invite(&admin, json!({ "email": email })).await;
        assert_faults(&answer, "inviteMember", &[("MALFORMED", "input.email")]);
    }
    for days in [0, -1, 31, i32::MAX, i32::MIN] {
        let answer = try_invite(&admin, json!({ "expiresInDays": days })).await;
        assert_faults(&answer, "inviteMember", &[("OUT_OF_RANGE", "input.expiresInDays")]);
    }
    let answer = try_invite(&admin, json!({ "email": "nobody", "expiresInDays": 0 })).await;
    let both = [("MALFORMED", "input.email"), ("OUT_OF_RANGE", "input.expiresInDays")];
    assert_faults(&answer, "inviteMember", &both);
    assert_eq!(audit_count(&admin).await, before, "what was refused leaves no entry");
    for days in [1, 30] {
        assert_done(&try_invite(&admin, json!({ "expiresInDays": days })).await, "inviteMember");
    }
}

pub async fn taken_addresses_are_not_invited(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let taken = [("TAKEN", "input.email")];
    let try_email = async |email: &str| try_invite(&admin, json!({ "email": email })).await;
    assert_faults(&try_email(&admin.email.to_uppercase()).await, "inviteMember", &taken);
    let email = format!("{}@example.com", unique("grace"));
    let first = invite(&admin, &email, "READ").await;
    assert_faults(&try_email(&format!(" {}", email.to_uppercase())).await, "inviteMember", &taken);
    let elsewhere = sign_up(t, "Contoso").await;
    assert_done(&try_invite(&elsewhere, json!({ "email": email })).await, "inviteMember");

    mutate(&admin.client, "revokeInvitation", json!({ "id": first.id }), "invitation { id }").await;
    let second = invite(&admin, &email, "READ").await;
    expire(t, &second.id).await?;
    let third = invite(&admin, &email, "READ").await;
    let listed = organization(&admin, "invitations { nodes { id state } }").await;
    let states: Vec<_> =
        ["2", "1", "0"].map(|n| listed.at(&format!("organization.invitations.nodes.{n}.state"))).into();
    assert_eq!(states, ["ENDED", "EXPIRED", "OPEN"]);
    assert_done(&accept_with_account(t, &third.token, &unique("correct horse")).await, "acceptInvitation");
    assert_faults(&try_email(&email).await, "inviteMember", &taken);
    Ok(())
}

/// Lets the time of an invitation run out.
pub(super) async fn expire(t: &TestServer, id: &str) -> Result<()> {
    let mut database = Direct::superuser(t).await?;
    let id = database.uuid(Parts::of(id).object.unwrap_or_default());
    assert_eq!(database.execute(format!("UPDATE invitation SET expires_at = invited_at WHERE id = {id}")).await?, 1);
    Ok(())
}

pub async fn open_invitations_are_limited(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let (one, expired) = (
        invite(&admin, &format!("{}@example.com", unique("one")), "READ").await,
        invite(&admin, &format!("{}@example.com", unique("expired")), "READ").await,
    );
    expire(t, &expired.id).await?;
    let mut database = Direct::superuser(t).await?;
    let like = database.uuid(Parts::of(&one.id).object.unwrap_or_default());
    for _ in 0..98 {
        let (id, email) = (database.uuid(random_uuid()), format!("{}@example.com", unique("copy")));
        let copy = format!(
            "INSERT INTO invitation (org_id, id, email, level, invited_by, invited_at, expires_at, credential_id)
             SELECT org_id, {id}, '{email}', level, invited_by, invited_at, expires_at, credential_id
             FROM invitation WHERE id = {like}"
        );
        assert_eq!(database.execute(copy).await?, 1);
    }
    let hundredth = invite(&admin, &format!("{}@example.com", unique("last")), "READ").await;
    assert_faults(&try_invite(&admin, json!({})).await, "inviteMember", &[("TOO_MANY", "input.email")]);
    let resend = async |id: &str| {
        mutate(&admin.client, "resendInvitation", json!({ "id": id }), "invitation { id } token").await
    };
    assert_faults(&resend(&expired.id).await, "resendInvitation", &[("TOO_MANY", "input.id")]);
    assert_done(&resend(&one.id).await, "resendInvitation");
    mutate(&admin.client, "revokeInvitation", json!({ "id": hundredth.id }), "invitation { id }").await;
    assert_done(&resend(&expired.id).await, "resendInvitation");
    assert_faults(&try_invite(&admin, json!({})).await, "inviteMember", &[("TOO_MANY", "input.email")]);
    Ok(())
}
