//! Invitations that are taken back, or sent once more.

use rolemark_tests::{Answer, Result, SignedIn, TestServer, sign_up, unique};
use serde_json::{Value, json};

use super::{accept, accept_with_account, audit_count, invite, inviting::expire, newest_entry};
use crate::steps::{assert_done, assert_faults, mutate, node};

const WRONG_STATE: [(&str, &str); 1] = [("WRONG_STATE", "input.id")];
const NOT_FOUND: [(&str, &str); 1] = [("NOT_FOUND", "input.token")];

async fn revoke(admin: &SignedIn, id: &str) -> Answer {
    mutate(&admin.client, "revokeInvitation", json!({ "id": id }), "invitation { id state }").await
}

async fn resend(admin: &SignedIn, id: &str, changes: Value) -> Answer {
    let input = crate::steps::merged(json!({ "id": id }), changes);
    mutate(&admin.client, "resendInvitation", input, "invitation { id state expiresAt } token").await
}

async fn state(admin: &SignedIn, id: &str) -> Value {
    node(&admin.client, id, "Invitation", "state").await["state"].clone()
}

pub async fn revoked_invitations_are_over(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let person = sign_up(t, "Contoso").await;
    let invited = invite(&admin, &person.email, "ADMIN").await;
    let answer = revoke(&admin, &invited.id).await;
    assert_eq!(answer.payload("revokeInvitation")["invitation"], json!({ "id": invited.id, "state": "ENDED" }));
    let (action, kind, object, details) = newest_entry(&admin).await;
    assert_eq!((action.as_str(), kind.as_str(), &object), ("invitation.revoke", "Invitation", &invited.id));
    assert_eq!(details, json!({ "email": person.email, "state": { "before": "OPEN", "after": "ENDED" } }));
    assert_faults(&accept(&person.client, &invited.token).await, "acceptInvitation", &NOT_FOUND);
    let before = audit_count(&admin).await;
    assert_faults(&revoke(&admin, &invited.id).await, "revokeInvitation", &WRONG_STATE);
    assert_faults(&resend(&admin, &invited.id, json!({})).await, "resendInvitation", &WRONG_STATE);

    let accepted = invite(&admin, &person.email, "READ").await;
    assert_done(&accept(&person.client, &accepted.token).await, "acceptInvitation");
    assert_faults(&revoke(&admin, &accepted.id).await, "revokeInvitation", &WRONG_STATE);
    assert_faults(&resend(&admin, &accepted.id, json!({})).await, "resendInvitation", &WRONG_STATE);
    assert_eq!(audit_count(&admin).await, before + 2, "an invitation and a member");

    let expired = invite(&admin, &format!("{}@example.com", unique("late")), "READ").await;
    expire(t, &expired.id).await?;
    assert_eq!(state(&admin, &expired.id).await, "EXPIRED");
    assert_faults(&revoke(&admin, &expired.id).await, "revokeInvitation", &WRONG_STATE);
    assert_eq!(state(&admin, &expired.id).await, "EXPIRED");
    Ok(())
}

pub async fn resent_invitations_have_a_new_token(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let email = format!("{}@example.com", unique("grace"));
    let invited = invite(&admin, &email, "READ").await;
    let first = node(&admin.client, &invited.id, "Invitation", "expiresAt").await["expiresAt"].clone();
    assert_faults(
        &resend(&admin, &invited.id, json!({ "expiresInDays": 31 })).await,
        "resendInvitation",
        &[("OUT_OF_RANGE", "input.expiresInDays")],
    );
    let answer = resend(&admin, &invited.id, json!({ "expiresInDays": 30 })).await;
    let payload = answer.payload("resendInvitation");
    assert_eq!(payload["invitation"]["id"], invited.id, "it is the same invitation");
    let (action, _, object, details) = newest_entry(&admin).await;
    assert_eq!((action.as_str(), &object), ("invitation.resend", &invited.id));
    let after = &payload["invitation"]["expiresAt"];
    let instant = |value: &Value| value.as_str().and_then(|text| text.parse::<chrono::DateTime<chrono::Utc>>().ok());
    assert_eq!(instant(&details["expiresAt"]["before"]), instant(&first), "{details}");
    assert_eq!(instant(&details["expiresAt"]["after"]), instant(after), "{details}");
    assert!(instant(after) > instant(&first));

    let second = payload["token"].as_str().unwrap_or_default().to_owned();
    assert_ne!(second, invited.token);
    let password = unique("correct horse");
    let old = accept_with_account(t, &invited.token, &password).await;
    assert_faults(&old, "acceptInvitation", &NOT_FOUND);
    // One that has run out is given more time.
    expire(t, &invited.id).await?;
    assert_faults(&accept_with_account(t, &second, &password).await, "acceptInvitation", &NOT_FOUND);
    let answer = resend(&admin, &invited.id, json!({})).await;
    assert_eq!(answer.payload("resendInvitation")["invitation"]["state"], "OPEN");
    let third = answer.text_at("resendInvitation.token");
    for old in [&invited.token, &second] {
        assert_faults(&accept_with_account(t, old, &password).await, "acceptInvitation", &NOT_FOUND);
    }
    assert_done(&accept_with_account(t, third, &password).await, "acceptInvitation");
    assert_eq!(state(&admin, &invited.id).await, "ACCEPTED");
    Ok(())
}
