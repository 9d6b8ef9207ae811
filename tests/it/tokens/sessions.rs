//! Tokens whose session or membership has ended.

use rolemark_tests::{Client, Result, SignedIn, TestServer, sign_in, sign_up};
use serde_json::json;

use super::{OPEN, assert_unauthenticated};
use crate::direct::{Direct, NOTICED};
use crate::ids::organization_of;
use crate::tenant::Tenant;

async fn assert_signed_in(client: &Client) {
    let answer = client.query("{ viewer { name } }").await;
    assert!(answer.at("viewer.name").is_string(), "{answer}");
}

async fn refresh(t: &TestServer, token: &str) -> rolemark_tests::Answer {
    let document = "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) {
        session { accessToken refreshToken } userErrors { code } } }";
    t.anonymous().graphql(document, json!({ "input": { "refreshToken": token } })).await
}

pub async fn a_signed_out_session_ends_at_once(t: &TestServer) -> Result<()> {
    let person = sign_up(t, "Signed out").await;
    let other = sign_in(t, &person.email, &person.password).await;
    assert_signed_in(&person.client).await;
    let answer = person.client.query("mutation { signOut(input: {}) { userErrors { code } } }").await;
    assert!(answer.user_error_codes("signOut").is_empty(), "{answer}");
    for document in [OPEN, "{ viewer { name } }", "mutation { signOut(input: {}) { userErrors { code } } }"] {
        assert_unauthenticated(document, &person.client.query(document).await);
    }
    let answer = refresh(t, &person.refresh_token).await;
    assert_eq!(answer.user_error_codes("refreshSession"), ["WRONG_CREDENTIALS"], "{answer}");
    assert_signed_in(&other.client).await;
    Ok(())
}

/// Ended past the server, as by another server over the same database: no longer than a second.
pub async fn a_deleted_session_ends_within_a_second(t: &TestServer) -> Result<()> {
    for end in [
        "DELETE FROM session WHERE user_id = @user",
        "UPDATE session SET ended_at = created_at, end_reason = 'SIGNED_OUT' WHERE user_id = @user",
        "UPDATE session SET expires_at = created_at WHERE user_id = @user",
    ] {
        let person = sign_up(t, "Ended").await;
        assert_signed_in(&person.client).await;
        let mut database = Direct::superuser(t).await?;
        let user = format!("(SELECT id FROM user_account WHERE email = '{}')", person.email);
        assert_eq!(database.execute(end.replace("@user", &user)).await?, 1, "{end}");
        tokio::time::sleep(NOTICED).await;
        assert_unauthenticated(end, &person.client.query(OPEN).await);
        let answer = refresh(t, &person.refresh_token).await;
        assert_eq!(answer.user_error_codes("refreshSession"), ["WRONG_CREDENTIALS"], "{end}: {answer}");
    }
    Ok(())
}

pub async fn an_ended_membership_ends_within_a_second(t: &TestServer) -> Result<()> {
    let (tenant, person) = (Tenant::create(t).await, sign_up(t, "Leaving").await);
    let organization = tenant.get("organization");
    let mut database = Direct::superuser(t).await?;
    database.add_member(organization_of(organization), &person.email, "ADMIN").await?;
    tokio::time::sleep(NOTICED).await;
    let sees = async |person: &SignedIn| {
        let document = "query($id: ID!) { node(id: $id) { id } }";
        let answer = person.client.graphql(document, json!({ "id": tenant.get("role") })).await;
        answer.at("node").is_object()
    };
    assert!(sees(&person).await, "a member sees the role");
    let organization = database.uuid(tenant.uuid());
    let sql =
        format!("UPDATE member SET ended_at = joined_at WHERE org_id = {organization} AND email = '{}'", person.email);
    assert_eq!(database.execute(sql).await?, 1);
    tokio::time::sleep(NOTICED).await;
    assert!(!sees(&person).await, "the membership has ended");
    let input = json!({ "input": { "organizationId": tenant.get("organization"), "role": { "title": "Late" } } });
    let document = "mutation($input: CreateRoleConfigurationInput!) {
        createRoleConfiguration(input: $input) { userErrors { code } } }";
    let answer = person.client.graphql(document, input).await;
    assert_eq!(answer.user_error_codes("createRoleConfiguration"), ["NOT_FOUND"], "{answer}");
    Ok(())
}

/// No token stands in for another kind, and an answer tells nothing of why.
pub async fn tokens_are_no_refresh_tokens(t: &TestServer) -> Result<()> {
    let person = sign_up(t, "Refreshing").await;
    let mut told = Vec::new();
    for token in [person.token.as_str(), "", "garbage", &"A".repeat(5_000), "\0"] {
        let answer = refresh(t, token).await;
        assert_eq!(answer.user_error_codes("refreshSession"), ["WRONG_CREDENTIALS"], "{answer}");
        told.push(answer.text());
    }
    assert!(told.iter().all(|text| *text == told[0]), "{told:?}");
    assert!(refresh(t, &person.refresh_token).await.at("refreshSession.session.accessToken").is_string());
    // Used twice: stolen or lost, so the whole session ends, with every token of it.
    assert_signed_in(&person.client).await;
    let answer = refresh(t, &person.refresh_token).await;
    assert_eq!(answer.text(), told[0], "a used refresh token is told apart");
    assert_unauthenticated("a session whose refresh token was used twice", &person.client.query(OPEN).await);
    Ok(())
}
