//! A grant to a user, from beginning to end.

use rolemark_tests::{TestServer, sign_up};
use serde_json::{Value, json};

use super::{clients, grant, in_days, lend, revoke, sees, try_accept};
use crate::steps::{create, mutate, node, organization, texts};

const ALL: &str = "id name email firmId accessLevel families reason state grantedAt acceptedAt expiresAt endedAt
    renewedFromId";

pub async fn a_grant_to_a_user_lives_and_ends(t: &TestServer) {
    let (client, person) = (sign_up(t, "Northwind").await, sign_up(t, "Person's own").await);
    let role = create(&client, json!({ "title": "A role", "family": "Sales" })).await;
    let expires_at = in_days(30);
    let input = json!({
        "email": format!(" {} ", person.email.to_uppercase()), "name": " Ada ", "accessLevel": "WRITE",
        "families": ["Sales", "Marketing"], "expiresAt": expires_at, "reason": " To redesign sales ",
    });
    let given = grant(&client, input).await;
    assert!(given.token.as_deref().is_some_and(|token| token.starts_with("rolemark_grant_")), "{given:?}");
    let pending = node(&client.client, &given.id, "ConsultantGrant", ALL).await;
    for (field, value) in [
        ("id", json!(given.id)),
        ("name", json!("Ada")),
        ("email", json!(person.email)),
        ("firmId", Value::Null),
        ("accessLevel", json!("WRITE")),
        ("families", json!(["Sales", "Marketing"])),
        ("reason", json!("To redesign sales")),
        ("state", json!("PENDING")),
        ("acceptedAt", Value::Null),
        ("endedAt", Value::Null),
        ("renewedFromId", Value::Null),
    ] {
        assert_eq!(pending[field], value, "{field}: {pending}");
    }
    assert!(clients(&person.client).await.is_empty(), "nobody gets in before accepting");
    assert!(!sees(&person.client, &role.id).await);

    let answer = try_accept(&person.client, given.token.as_deref().unwrap_or_default()).await;
    assert_eq!(answer.payload("acceptConsultantGrant")["organizationId"], client.organization_id.as_str());
    let active = node(&client.client, &given.id, "ConsultantGrant", ALL).await;
    assert_eq!(active["state"], "ACTIVE");
    assert!(active["acceptedAt"].is_string(), "{active}");
    let listed = clients(&person.client).await;
    assert_eq!(listed.len(), 1, "{listed:?}");
    for (field, value) in [
        ("organization", json!({ "id": client.organization_id, "name": "Northwind" })),
        ("accessLevel", json!("WRITE")),
        ("families", json!(["sales", "marketing"])),
        ("expiresAt", active["expiresAt"].clone()),
        ("grantId", json!(given.id)),
        ("firmId", Value::Null),
        ("firmName", Value::Null),
    ] {
        assert_eq!(listed[0][field], value, "{field}: {listed:?}");
    }
    assert!(sees(&person.client, &role.id).await);
    assert!(!sees(&person.client, &given.id).await, "a grant is the client's own");

    let renewed = renew(&client, &given.id, json!({ "expiresAt": in_days(366) })).await;
    assert_eq!(renewed["token"], Value::Null, "accepted already");
    let renewed_id = renewed["consultantGrant"]["id"].as_str().unwrap_or_default().to_owned();
    assert_eq!(renewed["consultantGrant"]["renewedFromId"], given.id.as_str());
    assert_eq!(renewed["consultantGrant"]["state"], "ACTIVE");
    for field in ["name", "email", "accessLevel", "families", "reason", "acceptedAt"] {
        assert_eq!(renewed["consultantGrant"][field], active[field], "{field}");
    }
    assert_eq!(node(&client.client, &given.id, "ConsultantGrant", "state").await["state"], "ENDED");
    assert!(sees(&person.client, &role.id).await, "whoever has accepted need not do so again");
    assert_eq!(clients(&person.client).await[0]["grantId"], renewed_id.as_str());

    revoke(&client, &super::Grant { id: renewed_id, token: None }).await;
    assert!(!sees(&person.client, &role.id).await);
    assert!(clients(&person.client).await.is_empty());
    let actions = ["revoke", "renew", "accept", "create"].map(|action| format!("consultantGrant.{action}"));
    let answer = organization(&client, "auditEvents(filter: { objectType: \"ConsultantGrant\" }) { nodes { action } }");
    assert_eq!(texts(answer.await.at("organization.auditEvents.nodes"), "action"), actions);
}

async fn renew(client: &rolemark_tests::SignedIn, id: &str, more: Value) -> Value {
    let input = crate::steps::merged(json!({ "id": id }), more);
    let selection = format!("token consultantGrant {{ {ALL} }}");
    mutate(&client.client, "renewConsultantGrant", input, &selection).await.payload("renewConsultantGrant").clone()
}

pub async fn pending_grants_are_renewed_with_a_new_token(t: &TestServer) {
    let (client, person) = (sign_up(t, "Northwind").await, sign_up(t, "Person's own").await);
    let given = grant(&client, json!({ "email": person.email })).await;
    let renewed = renew(&client, &given.id, json!({ "expiresAt": in_days(2), "reason": "Another" })).await;
    assert_eq!(renewed["consultantGrant"]["state"], "PENDING");
    assert_eq!(renewed["consultantGrant"]["reason"], "Another");
    let old = try_accept(&person.client, given.token.as_deref().unwrap_or_default()).await;
    assert_eq!(old.user_error_codes("acceptConsultantGrant"), ["WRONG_CREDENTIALS"], "{old}");
    let new = try_accept(&person.client, renewed["token"].as_str().unwrap_or_default()).await;
    assert!(new.user_error_codes("acceptConsultantGrant").is_empty(), "{new}");
    assert_eq!(clients(&person.client).await.len(), 1);
}

pub async fn grants_are_listed_by_state(t: &TestServer) -> rolemark_tests::Result<()> {
    let (client, person, firm) =
        (sign_up(t, "Northwind").await, sign_up(t, "Person's own").await, sign_up(t, "Firm").await);
    let expired = grant(&client, json!({ "name": "Expired", "email": "expired@example.org" })).await;
    let mut database = crate::direct::Direct::superuser(t).await?;
    super::ending::expire(&mut database, &expired).await?;
    let ended = grant(&client, json!({ "name": "Ended", "email": "ended@example.org" })).await;
    revoke(&client, &ended).await;
    lend(&client, &person, json!({ "name": "Active" })).await;
    grant(&client, json!({ "name": "Firm", "firmId": firm.organization_id })).await;
    grant(&client, json!({ "name": "Pending", "email": "pending@example.org" })).await;
    for (filter, expected) in [
        ("", vec!["Pending", "Firm", "Active", "Ended", "Expired"]),
        ("(filter: { state: [PENDING] })", vec!["Pending"]),
        ("(filter: { state: [ACTIVE] })", vec!["Firm", "Active"]),
        ("(filter: { state: [EXPIRED] })", vec!["Expired"]),
        ("(filter: { state: [ENDED] })", vec!["Ended"]),
        ("(filter: { state: [ENDED, PENDING] })", vec!["Pending", "Ended"]),
        ("(filter: { state: [] })", vec![]),
        ("(first: 2)", vec!["Pending", "Firm"]),
        ("(last: 2)", vec!["Ended", "Expired"]),
    ] {
        let answer =
            organization(&client, &format!("consultantGrants{filter} {{ totalCount nodes {{ name }} }}")).await;
        let names = texts(answer.at("organization.consultantGrants.nodes"), "name");
        assert_eq!(names, expected, "{filter}");
        let total = if filter.contains("filter") { expected.len() } else { 5 };
        assert_eq!(answer.at("organization.consultantGrants.totalCount"), total, "{filter}");
    }
    // The same address may get a new grant once the old one has expired, which stays what it was.
    let again = grant(&client, json!({ "name": "Again", "email": "expired@example.org" })).await;
    for (grant, state) in [(&expired, "EXPIRED"), (&again, "PENDING")] {
        let found = node(&client.client, &grant.id, "ConsultantGrant", "state endedAt").await;
        assert_eq!(found, json!({ "state": state, "endedAt": null }));
    }
    Ok(())
}
