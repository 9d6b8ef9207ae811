//! Accepting invitations.

use rolemark_tests::{Result, TestServer, sign_in, sign_up, unique};
use serde_json::{Value, json};

use super::{JOINED, accept, accept_with_account, audit_count, invite, inviting::expire, newest_entry, try_invite};
use crate::direct::Direct;
use crate::ids::organization_of;
use crate::secrets::with_checksum;
use crate::steps::{assert_done, assert_faults, mutate, node, organization};

pub async fn a_new_person_joins_with_an_account(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let (email, password) = (format!("{}@example.com", unique("grace")), unique("correct horse"));
    let invited = invite(&admin, &email, "WRITE").await;
    let before = audit_count(&admin).await;
    let answer = accept_with_account(t, &invited.token, &password).await;
    let payload = answer.payload("acceptInvitation");
    assert_eq!(payload["organization"]["id"], admin.organization_id);
    assert_eq!(payload["organization"]["viewerPermissions"]["accessLevel"], "WRITE");
    let member = &payload["member"];
    assert_eq!((&member["name"], &member["email"]), (&json!("Grace"), &json!(email)));
    assert_eq!((&member["accessLevel"], &member["isViewer"]), (&json!("WRITE"), &json!(true)));

    let (action, kind, object, details) = newest_entry(&admin).await;
    assert_eq!((action.as_str(), kind.as_str()), ("member.join", "Member"));
    assert_eq!(object, member["id"]);
    let level = json!({ "before": null, "after": "WRITE" });
    assert_eq!(details, json!({ "email": email, "accessLevel": level, "invitation": invited.id }));
    assert_eq!(audit_count(&admin).await, before + 1);
    let invitation = node(&admin.client, &invited.id, "Invitation", "state acceptedAt").await;
    assert!(invitation["state"] == "ACCEPTED" && invitation["acceptedAt"].is_string(), "{invitation}");

    let by_session = t.anonymous().with_token(answer.text_at("acceptInvitation.session.accessToken"));
    let by_password = sign_in(t, &email, &password).await.client;
    for client in [by_session, by_password] {
        let answer = client.query("{ viewer { name email organizations { nodes { id } } } }").await;
        let expected = json!({ "name": "Grace", "email": email, "organizations": {
            "nodes": [{ "id": admin.organization_id }] } });
        assert_eq!(answer.at("viewer"), &expected);
    }
}

/// One person, three organizations, three levels.
pub async fn a_user_joins_another_organization(t: &TestServer) {
    let (one, two) = (sign_up(t, "One").await, sign_up(t, "Two").await);
    let person = sign_up(t, "Three").await;
    for (admin, level) in [(&one, "READ"), (&two, "WRITE")] {
        let invited = invite(admin, &person.email.to_uppercase(), level).await;
        let answer = accept(&person.client, &invited.token).await;
        let payload = answer.payload("acceptInvitation");
        assert_eq!(payload["organization"]["id"], admin.organization_id);
        assert_eq!(payload["organization"]["viewerPermissions"]["accessLevel"], level);
        assert!(payload["session"].is_null(), "the session that there is goes on");
    }
    let list = "{ viewer { organizations { totalCount nodes { name viewerPermissions { accessLevel canEdit
        canReadAuditLog canManageMembers } } } } }";
    let answer = person.client.query(list).await;
    let permissions = |level: &str| {
        json!({ "accessLevel": level, "canEdit": level != "READ", "canReadAuditLog": level == "ADMIN",
            "canManageMembers": level == "ADMIN" })
    };
    let of = |name: &str, level: &str| json!({ "name": name, "viewerPermissions": permissions(level) });
    let expected = json!([of("One", "READ"), of("Three", "ADMIN"), of("Two", "WRITE")]);
    assert_eq!(answer.at("viewer.organizations.nodes"), &expected);
    for (admin, code) in [(&one, vec!["FORBIDDEN"]), (&two, vec![])] {
        let input = json!({ "organizationId": admin.organization_id, "role": { "title": "A role" } });
        let answer = mutate(&person.client, "createRoleConfiguration", input, "roleConfiguration { id }").await;
        assert_eq!(answer.error_codes(), code, "{answer}");
    }
}

pub async fn whoever_has_an_account_signs_in_first(t: &TestServer) {
    let (admin, person) = (sign_up(t, "Northwind").await, sign_up(t, "Contoso").await);
    let invited = invite(&admin, &person.email, "READ").await;
    for (name, password) in [("Grace", "another password"), ("", "")] {
        let input = json!({ "token": invited.token, "name": name, "password": password });
        let answer = mutate(&t.anonymous(), "acceptInvitation", input, JOINED).await;
        assert_faults(&answer, "acceptInvitation", &[("WRONG_STATE", "input.token")]);
    }
    sign_in(t, &person.email, &person.password).await;
    assert_done(&accept(&person.client, &invited.token).await, "acceptInvitation");
}

pub async fn faults_of_a_new_account_name_their_fields(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let email = format!("{}@example.com", unique("grace"));
    let invited = invite(&admin, &email, "READ").await;
    let canary = unique("canarysecret");
    let short = ("OUT_OF_RANGE", "input.password");
    let (no_name, control) = (("OUT_OF_RANGE", "input.name"), ("CONTROL_CHARACTER", "input.name"));
    for (changes, faults) in [
        (json!({}), vec![no_name, short]),
        (json!({ "name": null, "password": null }), vec![no_name, short]),
        (json!({ "name": " ", "password": canary }), vec![no_name]),
        (json!({ "name": "bell\u{7}", "password": canary }), vec![control]),
        (json!({ "name": "n".repeat(201), "password": canary }), vec![no_name]),
        (json!({ "name": "Grace", "password": "elevenchars" }), vec![short]),
        (json!({ "name": "Grace", "password": canary.repeat(20) }), vec![short]),
    ] {
        let input = crate::steps::merged(json!({ "token": invited.token }), changes);
        let answer = mutate(&t.anonymous(), "acceptInvitation", input, JOINED).await;
        assert_faults(&answer, "acceptInvitation", &faults);
        assert!(!answer.text().contains(&canary) && !answer.text().contains(&invited.token), "{answer}");
    }
    assert_done(&accept_with_account(t, &invited.token, &canary).await, "acceptInvitation");
}

/// Unknown, used, taken back, expired, somebody else's: who tries tokens learns nothing of why.
pub async fn tokens_that_open_nothing_answer_alike(t: &TestServer) -> Result<()> {
    let (admin, closed) = (sign_up(t, "Northwind").await, sign_up(t, "Closed").await);
    let (person, other) = (sign_up(t, "Contoso").await, sign_up(t, "Other").await);
    let zeros = with_checksum(&format!("rolemark_invitation_{}", "0".repeat(80)));
    let mut tokens = vec![zeros.clone(), zeros.replace("_invitation_", "_key_"), String::new(), "garbage".into()];
    tokens.extend(["\0".into(), "A".repeat(5_000), person.token.clone(), person.refresh_token.clone()]);

    let used = invite(&admin, &person.email, "READ").await;
    assert_done(&accept(&person.client, &used.token).await, "acceptInvitation");
    let new = || format!("{}@example.com", unique("new"));
    let (revoked, expired) = (invite(&admin, &new(), "READ").await, invite(&admin, &new(), "READ").await);
    mutate(&admin.client, "revokeInvitation", json!({ "id": revoked.id }), "invitation { id }").await;
    expire(t, &expired.id).await?;
    let (of_closed, of_other) = (invite(&closed, &new(), "READ").await, invite(&admin, &other.email, "READ").await);
    let mut database = Direct::superuser(t).await?;
    let id = database.uuid(organization_of(&closed.organization_id));
    database.execute(format!("UPDATE organization SET closed_at = created_at WHERE org_id = {id}")).await?;
    // Right but for one digit of the secret, with the right checksum; and right but for the checksum.
    let right = invite(&admin, &new(), "READ").await.token;
    let (body, checksum) = right.split_at(right.len() - 8);
    let flipped = if body.ends_with('0') { "1" } else { "0" };
    let off_by_one = with_checksum(&format!("{}{flipped}", &body[..body.len() - 1]));
    let wrong_sum = format!("{body}{}", if checksum == "00000000" { "11111111" } else { "00000000" });
    tokens.extend([used.token, revoked.token, expired.token, of_closed.token, off_by_one, wrong_sum]);

    let mut answers = Vec::new();
    for token in &tokens {
        answers.push(accept_with_account(t, token, "correct horse battery").await);
    }
    tokens.push(of_other.token.clone());
    for token in &tokens {
        answers.push(accept(&person.client, token).await);
    }
    assert_faults(&answers[0], "acceptInvitation", &[("NOT_FOUND", "input.token")]);
    for (index, answer) in answers.iter().enumerate() {
        assert_eq!((answer.status, answer.text()), (answers[0].status, answers[0].text()), "token {index}");
    }
    assert_done(&accept(&other.client, &of_other.token).await, "acceptInvitation");
    Ok(())
}

/// A token opens what it was made for and nothing else.
pub async fn invitations_are_no_credentials(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let answer = try_invite(&admin, json!({ "accessLevel": "ADMIN" })).await;
    let token = answer.text_at("inviteMember.token").to_owned();
    let answer = t.anonymous().with_token(&token).query("{ viewer { name } }").await;
    answer.assert_refused(401, "UNAUTHENTICATED");
    assert!(!answer.text().contains(&token), "{answer}");
    let input = json!({ "refreshToken": token });
    let answer = mutate(&t.anonymous(), "refreshSession", input, "session { accessToken }").await;
    assert_eq!(answer.user_error_codes("refreshSession"), ["WRONG_CREDENTIALS"]);
    let malformed = json!({ "token": [token, 7] });
    for input in [malformed, json!({ "token": token, "nickname": "Grace" }), json!([token])] {
        let answer = mutate(&t.anonymous(), "acceptInvitation", input, JOINED).await;
        assert_ne!(answer.body["errors"], Value::Null, "{answer}");
        assert!(!answer.text().contains(&token), "the answer repeats a secret: {answer}");
    }
    let seen = organization(&admin, "invitations { nodes { state } }").await;
    assert_eq!(seen.at("organization.invitations.nodes"), &json!([{ "state": "OPEN" }]));
}
