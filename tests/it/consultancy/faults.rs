//! Inputs that are refused, and what they say.

use rolemark_tests::{Result, TestServer, sign_up};
use serde_json::{Value, json};

use super::{Grant, grant, in_days, lend, let_in, revoke, try_grant};
use crate::direct::Direct;
use crate::ids::{Parts, organization_of, random_uuid};
use crate::steps::{assert_faults, merged, mutate};

pub async fn faults_of_a_grant_name_their_field(t: &TestServer) {
    let client = sign_up(t, "Northwind").await;
    let email = json!({ "email": "ada@example.org" });
    for (more, faults) in [
        (json!({}), vec![("MALFORMED", "input.email")]),
        (json!({ "email": "a@example.org", "firmId": client.organization_id }), vec![("MALFORMED", "input.email")]),
        (json!({ "email": "nobody" }), vec![("MALFORMED", "input.email")]),
        (json!({ "email": "a@b c.org" }), vec![("MALFORMED", "input.email")]),
        (json!({ "firmId": client.organization_id }), vec![("WRONG_STATE", "input.firmId")]),
        (merged(email.clone(), json!({ "accessLevel": "ADMIN" })), vec![("OUT_OF_RANGE", "input.accessLevel")]),
        (merged(email.clone(), json!({ "name": "  " })), vec![("REQUIRED", "input.name")]),
        (merged(email.clone(), json!({ "name": "a\u{7}" })), vec![("CONTROL_CHARACTER", "input.name")]),
        (merged(email.clone(), json!({ "reason": "" })), vec![("REQUIRED", "input.reason")]),
        (merged(email.clone(), json!({ "reason": "r".repeat(501) })), vec![("TOO_LONG", "input.reason")]),
        (merged(email.clone(), json!({ "families": [] })), vec![("TOO_FEW", "input.families")]),
        (
            merged(email.clone(), json!({ "families": ["Sales", "sales", "a\u{0}"] })),
            vec![("DUPLICATE_KEY", "input.families.1"), ("CONTROL_CHARACTER", "input.families.2")],
        ),
        (merged(email.clone(), json!({ "expiresAt": in_days(-1) })), vec![("OUT_OF_RANGE", "input.expiresAt")]),
        (merged(email.clone(), json!({ "expiresAt": in_days(367) })), vec![("OUT_OF_RANGE", "input.expiresAt")]),
        (
            merged(
                email,
                json!({ "expiresAt": "9999-12-31T23:59:59Z", "name": "n".repeat(201), "accessLevel": "ADMIN" }),
            ),
            vec![
                ("OUT_OF_RANGE", "input.expiresAt"),
                ("TOO_LONG", "input.name"),
                ("OUT_OF_RANGE", "input.accessLevel"),
            ],
        ),
    ] {
        assert_faults(&try_grant(&client, more).await, "grantConsultantAccess", &faults);
    }
    let malformed = try_grant(&client, json!({ "firmId": "nonsense" })).await;
    assert_eq!(malformed.error_code(), "BAD_USER_INPUT", "{malformed}");
    let answer = crate::steps::organization(&client, "consultantGrants { totalCount }").await;
    assert_eq!(answer.at("organization.consultantGrants.totalCount"), 0);
}

pub async fn limits_of_a_grant_are_inclusive(t: &TestServer) {
    let client = sign_up(t, "Northwind").await;
    let families: Vec<String> = (0..50).map(|number| format!("{number:0200}")).collect();
    let input = json!({
        "email": "ada@example.org", "name": "n".repeat(200), "reason": "r".repeat(500), "families": families,
        "expiresAt": in_days(366), "accessLevel": "WRITE",
    });
    assert!(grant(&client, input).await.token.is_some());
    let many: Vec<String> = (0..51).map(|number| format!("family {number}")).collect();
    let answer = try_grant(&client, json!({ "email": "b@example.org", "families": many })).await;
    assert_faults(&answer, "grantConsultantAccess", &[("TOO_MANY", "input.families")]);
}

async fn try_renew(client: &rolemark_tests::SignedIn, grant: &Grant, more: Value) -> rolemark_tests::Answer {
    let input = merged(json!({ "id": grant.id, "expiresAt": in_days(30) }), more);
    mutate(&client.client, "renewConsultantGrant", input, "consultantGrant { id }").await
}

pub async fn faults_of_a_renewal_name_their_field(t: &TestServer) {
    let client = sign_up(t, "Northwind").await;
    let given = grant(&client, json!({ "email": "ada@example.org" })).await;
    for (more, faults) in [
        (json!({ "expiresAt": in_days(-1) }), vec![("OUT_OF_RANGE", "input.expiresAt")]),
        (json!({ "expiresAt": in_days(367) }), vec![("OUT_OF_RANGE", "input.expiresAt")]),
        (
            json!({ "expiresAt": in_days(400), "reason": "r".repeat(501) }),
            vec![("OUT_OF_RANGE", "input.expiresAt"), ("TOO_LONG", "input.reason")],
        ),
        (json!({ "reason": " " }), vec![("REQUIRED", "input.reason")]),
    ] {
        assert_faults(&try_renew(&client, &given, more).await, "renewConsultantGrant", &faults);
    }
    let unknown = Grant { id: Parts::of(&given.id).sibling().encode(), token: None };
    assert_faults(&try_renew(&client, &unknown, json!({})).await, "renewConsultantGrant", &[("NOT_FOUND", "input.id")]);
    assert!(super::sees(&client.client, &given.id).await);
}

/// Expired grants can be renewed, ended ones cannot.
pub async fn ended_grants_stay_ended(t: &TestServer) -> Result<()> {
    let client = sign_up(t, "Northwind").await;
    let ended = grant(&client, json!({ "email": "ended@example.org" })).await;
    revoke(&client, &ended).await;
    let again =
        mutate(&client.client, "revokeConsultantGrant", json!({ "id": ended.id }), "consultantGrant { id }").await;
    assert_faults(&again, "revokeConsultantGrant", &[("WRONG_STATE", "input.id")]);
    assert_faults(&try_renew(&client, &ended, json!({})).await, "renewConsultantGrant", &[("WRONG_STATE", "input.id")]);

    let expired = grant(&client, json!({ "email": "expired@example.org" })).await;
    super::ending::expire(&mut Direct::superuser(t).await?, &expired).await?;
    let late =
        mutate(&client.client, "revokeConsultantGrant", json!({ "id": expired.id }), "consultantGrant { id }").await;
    assert_faults(&late, "revokeConsultantGrant", &[("WRONG_STATE", "input.id")]);
    let (one, two) = tokio::join!(try_renew(&client, &expired, json!({})), try_renew(&client, &expired, json!({})));
    let mut codes = [one.user_error_codes("renewConsultantGrant"), two.user_error_codes("renewConsultantGrant")];
    codes.sort();
    assert_eq!(codes, [vec![], vec!["WRONG_STATE"]], "of two renewals one wins: {one} {two}");
    Ok(())
}

pub async fn a_grantee_has_one_grant(t: &TestServer) {
    let (client, other, person) = (sign_up(t, "Northwind").await, sign_up(t, "Other").await, sign_up(t, "Own").await);
    let of_person = json!({ "email": person.email });
    let given = lend(&client, &person, json!({})).await;
    for more in [of_person.clone(), json!({ "email": person.email.to_uppercase() })] {
        let answer = try_grant(&client, more).await;
        assert_faults(&answer, "grantConsultantAccess", &[("TAKEN", "input.email")]);
    }
    let firm = json!({ "firmId": other.organization_id });
    let (one, two) = tokio::join!(try_grant(&client, firm.clone()), try_grant(&client, firm));
    let mut codes = [one.user_error_codes("grantConsultantAccess"), two.user_error_codes("grantConsultantAccess")];
    codes.sort();
    assert_eq!(codes, [vec![], vec!["TAKEN"]], "of two at once one wins: {one} {two}");
    // Another organization may do as it likes, and an ended grant is in nobody's way.
    lend(&other, &person, json!({})).await;
    revoke(&client, &given).await;
    lend(&client, &person, json!({})).await;
}

pub async fn an_organization_has_200_grants(t: &TestServer) -> Result<()> {
    let client = sign_up(t, "Northwind").await;
    let first = grant(&client, json!({ "email": "first@example.org" })).await;
    let mut database = Direct::superuser(t).await?;
    let here = database.uuid(organization_of(&client.organization_id));
    for number in 0..199 {
        let id = database.uuid(random_uuid());
        let sql = format!(
            "INSERT INTO consultant_grant (org_id, id, name, email, level, reason, granted_by, granted_at, expires_at)
             SELECT org_id, {id}, name, 'copy-{number}@example.org', level, reason, granted_by, granted_at, expires_at
             FROM consultant_grant WHERE org_id = {here} AND email = 'first@example.org'"
        );
        assert_eq!(database.execute(sql).await?, 1);
    }
    let answer = try_grant(&client, json!({ "email": "one.more@example.org" })).await;
    assert_faults(&answer, "grantConsultantAccess", &[("TOO_MANY", "input.organizationId")]);
    let live = try_renew(&client, &first, json!({})).await;
    assert!(live.user_error_codes("renewConsultantGrant").is_empty(), "one for one: {live}");
    let first = live.at("renewConsultantGrant.consultantGrant.id").as_str().unwrap_or_default().to_owned();
    revoke(&client, &Grant { id: first, token: None }).await;
    let expired = grant(&client, json!({ "email": "expired@example.org" })).await;
    super::ending::expire(&mut database, &expired).await?;
    let last = grant(&client, json!({ "email": "last@example.org" })).await;
    let answer = try_renew(&client, &expired, json!({})).await;
    assert_faults(&answer, "renewConsultantGrant", &[("TOO_MANY", "input.id")]);
    revoke(&client, &last).await;
    grant(&client, json!({ "email": "one.more@example.org" })).await;
    Ok(())
}

/// A grant to a firm that there is and one to a firm that there is not: the same answer but for the identifier.
pub async fn firms_are_not_looked_up(t: &TestServer) {
    let (client, firm) = (sign_up(t, "Northwind").await, sign_up(t, "Firm").await);
    let mut told = Vec::new();
    for id in [firm.organization_id.clone(), Parts::of(&firm.organization_id).elsewhere().encode()] {
        let answer = try_grant(&client, json!({ "firmId": id })).await;
        let given = answer.payload("grantConsultantAccess")["consultantGrant"]["id"].as_str().unwrap_or_default();
        let fields = "name firmId email state acceptedAt reason families accessLevel";
        let read = crate::steps::node(&client.client, given, "ConsultantGrant", fields).await;
        told.push((answer.text().replace(given, "id"), read.to_string().replace(&id, "firm")));
    }
    assert_eq!(told[0], told[1]);
    let listed = super::try_assign(&firm, &client.organization_id, &super::member(&firm, &firm.email).await).await;
    assert!(listed.user_error_codes("assignConsultant").is_empty(), "the firm that there is can use it: {listed}");
    let another = let_in(&firm, &client, json!({})).await;
    assert!(!super::sees(&client.client, &another.id).await, "a grant is the giver's own");
}
