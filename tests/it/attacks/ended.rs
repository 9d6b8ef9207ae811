//! Rights that have ended: by time, by revocation, by removal. Each is used once while it is good, so that the case shows
//! something.

use std::time::{Duration, Instant};

use rolemark_tests::{Client, Result, TestServer, sign_up};
use serde_json::json;

use super::rights::{accept, grant, key_of};
use crate::{
    direct::{Direct, NOTICED},
    ids::organization_of,
    steps,
};

const NAME: &str = "query($id: ID!) { organization(id: $id) { name } }";

async fn sees(client: &Client, organization: &str) -> bool {
    let answer = client.graphql(NAME, json!({ "id": organization })).await;
    answer.status == 200 && answer.body["data"]["organization"]["name"].is_string()
}

/// Asks until the organization is out of sight; how long that took.
async fn hidden_after(client: &Client, organization: &str) -> Duration {
    let started = Instant::now();
    while sees(client, organization).await {
        assert!(started.elapsed() < Duration::from_secs(5), "still to be seen after {:?}", started.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    started.elapsed()
}

pub async fn a_revoked_grant_opens_nothing(t: &TestServer) -> Result<()> {
    let (client, consultant) = (sign_up(t, "Client").await, sign_up(t, "Consultant").await);
    let (id, token) = grant(&client, &consultant.email, json!({})).await;
    accept(&consultant, &token).await;
    assert!(sees(&consultant.client, &client.organization_id).await);
    let answer =
        steps::mutate(&client.client, "revokeConsultantGrant", json!({ "id": id }), "consultantGrant { state }").await;
    assert_eq!(answer.payload("revokeConsultantGrant")["consultantGrant"]["state"], "ENDED");
    assert!(hidden_after(&consultant.client, &client.organization_id).await <= NOTICED);
    let again =
        steps::mutate(&consultant.client, "acceptConsultantGrant", json!({ "token": token }), "organizationId").await;
    assert_eq!(
        again.user_error_codes("acceptConsultantGrant"),
        ["WRONG_CREDENTIALS"],
        "the token of a grant is used up: {again}"
    );
    Ok(())
}

pub async fn a_grant_that_expired_opens_nothing(t: &TestServer) -> Result<()> {
    let (client, consultant) = (sign_up(t, "Client").await, sign_up(t, "Consultant").await);
    let soon = chrono::Utc::now() + chrono::Duration::seconds(3);
    let (_, token) = grant(&client, &consultant.email, json!({ "expiresAt": soon.to_rfc3339() })).await;
    accept(&consultant, &token).await;
    assert!(sees(&consultant.client, &client.organization_id).await);
    tokio::time::sleep((soon - chrono::Utc::now()).to_std().unwrap_or_default()).await;
    assert!(!sees(&consultant.client, &client.organization_id).await, "an expired grant ends at its instant");
    Ok(())
}

pub async fn a_revoked_key_opens_nothing(t: &TestServer) -> Result<()> {
    let owner = sign_up(t, "Owner").await;
    let secret = key_of(&owner.client, &owner.organization_id, json!(["READ_ROLES"])).await;
    let program = t.anonymous().with_token(&secret);
    assert!(sees(&program, &owner.organization_id).await);
    let keys = steps::organization(&owner, "apiKeys { nodes { id } }").await;
    let id = keys.text_at("organization.apiKeys.nodes.0.id");
    let revoked = steps::mutate(&owner.client, "revokeApiKey", json!({ "id": id }), "apiKey { state }").await;
    steps::assert_done(&revoked, "revokeApiKey");
    let started = Instant::now();
    loop {
        let answer = program.query("{ method { version } }").await;
        if answer.status == 401 {
            break;
        }
        assert!(started.elapsed() <= NOTICED, "a revoked key still works: {answer}");
    }
    Ok(())
}

pub async fn a_removed_member_is_out(t: &TestServer) -> Result<()> {
    let (owner, member) = (sign_up(t, "Owner").await, sign_up(t, "Member").await);
    let mut database = Direct::superuser(t).await?;
    database.add_member(organization_of(&owner.organization_id), &member.email, "ADMIN").await?;
    tokio::time::sleep(NOTICED).await;
    assert!(sees(&member.client, &owner.organization_id).await);
    let members = steps::organization(&owner, "members { nodes { id email } }").await;
    let nodes = members.at("organization.members.nodes").as_array().cloned().unwrap_or_default();
    let id = nodes.iter().find(|node| node["email"] == member.email.as_str()).map(|node| node["id"].clone());
    let removed = steps::mutate(&owner.client, "removeMember", json!({ "id": id }), "removedMemberId").await;
    assert!(removed.user_error_codes("removeMember").is_empty(), "{removed}");
    assert!(hidden_after(&member.client, &owner.organization_id).await <= NOTICED);
    Ok(())
}

pub async fn a_used_refresh_token_ends_its_session(t: &TestServer) -> Result<()> {
    let victim = sign_up(t, "Victim").await;
    let refresh = |token: &str| {
        let input = json!({ "input": { "refreshToken": token } });
        let document = "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) {
            session { accessToken refreshToken } userErrors { code } } }";
        let anonymous = t.anonymous();
        async move { anonymous.graphql(document, input).await }
    };
    let fresh = refresh(&victim.refresh_token).await;
    let session = fresh.payload("refreshSession")["session"].clone();
    let stolen = refresh(&victim.refresh_token).await;
    assert_eq!(stolen.user_error_codes("refreshSession"), ["WRONG_CREDENTIALS"], "{stolen}");
    // Nobody can tell the thief from the owner, so both are out.
    let rest = refresh(session["refreshToken"].as_str().unwrap_or_default()).await;
    assert_eq!(rest.user_error_codes("refreshSession"), ["WRONG_CREDENTIALS"], "{rest}");
    let owner = t.anonymous().with_token(session["accessToken"].as_str().unwrap_or_default());
    assert_eq!(owner.query("{ viewer { email } }").await.status, 401);
    Ok(())
}
