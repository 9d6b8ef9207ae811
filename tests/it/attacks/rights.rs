//! Rising: from a low level to a high one, from one family to all, from a scope to another.

use rolemark_tests::{Client, Result, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use crate::{
    direct::{Direct, NOTICED},
    ids::organization_of,
    steps::{self, merged},
};

/// Lets a consultant in; the identifier of the grant and the token to accept it with.
pub(super) async fn grant(client: &SignedIn, email: &str, more: Value) -> (String, String) {
    let input = merged(
        json!({
            "organizationId": client.organization_id, "email": email, "name": "A consultant", "accessLevel": "READ",
            "expiresAt": "2027-06-30T00:00:00Z", "reason": "A walk through the roles",
        }),
        more,
    );
    let answer = steps::mutate(&client.client, "grantConsultantAccess", input, "consultantGrant { id } token").await;
    let payload = answer.payload("grantConsultantAccess");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&payload["consultantGrant"]["id"]), text(&payload["token"]))
}

/// Accepts a grant.
pub(super) async fn accept(consultant: &SignedIn, token: &str) {
    let input = json!({ "token": token });
    let answer = steps::mutate(&consultant.client, "acceptConsultantGrant", input, "organizationId").await;
    steps::assert_done(&answer, "acceptConsultantGrant");
}

/// Makes an API key; its secret.
pub(super) async fn key_of(admin: &Client, organization: &str, scopes: Value) -> String {
    let input = json!({ "organizationId": organization, "name": "A program", "scopes": scopes });
    let answer = steps::mutate(admin, "createApiKey", input, "secret").await;
    answer.payload("createApiKey")["secret"].as_str().unwrap_or_default().to_owned()
}

/// Asserts that a mutation was refused: by its code, or as if the organization did not exist.
#[track_caller]
fn assert_out_of_reach(answer: &rolemark_tests::Answer, mutation: &str) {
    let payload = &answer.body["data"][mutation];
    let is_forbidden = answer.error_codes().contains(&"FORBIDDEN") || answer.error_codes().contains(&"UNAUTHENTICATED");
    let is_hidden = payload["userErrors"][0]["code"] == "NOT_FOUND" || payload["userErrors"][0]["code"] == "FORBIDDEN";
    assert!(is_forbidden || is_hidden, "{mutation}: {answer}");
}

/// What an attacker with some right in `organization` would try to get more.
async fn tries_to_rise(attacker: &Client, organization: &str, own_email: &str) {
    for (mutation, input) in [
        ("inviteMember", json!({ "organizationId": organization, "email": own_email, "accessLevel": "ADMIN" })),
        (
            "createApiKey",
            json!({ "organizationId": organization, "name": "Mine", "scopes": ["WRITE_ROLES", "READ_AUDIT"] }),
        ),
        (
            "grantConsultantAccess",
            json!({ "organizationId": organization, "email": own_email, "name": "Me", "accessLevel": "WRITE",
                "expiresAt": "2027-06-30T00:00:00Z", "reason": "Because" }),
        ),
        ("renameOrganization", json!({ "organizationId": organization, "name": "Mine" })),
        ("closeOrganization", json!({ "organizationId": organization, "name": "Victim" })),
    ] {
        assert_out_of_reach(&steps::mutate(attacker, mutation, input, "").await, mutation);
    }
}

pub async fn a_reader_cannot_rise(t: &TestServer) -> Result<()> {
    let (owner, reader) = (sign_up(t, "Victim").await, sign_up(t, "Reader").await);
    let organization = organization_of(&owner.organization_id);
    Direct::superuser(t).await?.add_member(organization, &reader.email, "READ").await?;
    tokio::time::sleep(NOTICED).await;
    tries_to_rise(&reader.client, &owner.organization_id, &reader.email).await;
    let answer = steps::organization(&owner, "members { nodes { id email } }").await;
    let nodes = answer.at("organization.members.nodes").as_array().cloned().unwrap_or_default();
    for node in nodes {
        let input = json!({ "id": node["id"], "accessLevel": "ADMIN" });
        let raised = steps::mutate(&reader.client, "changeMemberLevel", input, "member { accessLevel }").await;
        assert_out_of_reach(&raised, "changeMemberLevel");
        let removed = steps::mutate(&reader.client, "removeMember", json!({ "id": node["id"] }), "").await;
        assert_out_of_reach(&removed, "removeMember");
    }
    Ok(())
}

pub async fn a_consultant_stays_within_the_grant(t: &TestServer) -> Result<()> {
    let (client, consultant) = (sign_up(t, "Victim").await, sign_up(t, "Consultant").await);
    let sales = steps::create(&client, json!({ "title": "Secret seller", "family": "Sales" })).await;
    let engineer = steps::create(&client, json!({ "title": "Engineer", "family": "Engineering" })).await;
    let more = json!({ "accessLevel": "WRITE", "families": ["Engineering"] });
    let (_, token) = grant(&client, &consultant.email, more).await;
    accept(&consultant, &token).await;
    tries_to_rise(&consultant.client, &client.organization_id, &consultant.email).await;
    let id = &client.organization_id;
    let document = "query($id: ID!) { organization(id: $id) { roleConfigurations { totalCount nodes { title } } } }";
    let list = consultant.client.graphql(document, json!({ "id": id })).await;
    assert_eq!(list.at("organization.roleConfigurations.totalCount"), 1, "{list}");
    for part in ["scenarios", "members", "auditEvents", "consultantGrants", "apiKeys"] {
        let document = format!("query($id: ID!) {{ organization(id: $id) {{ {part} {{ nodes {{ id }} }} }} }}");
        let answer = consultant.client.graphql(&document, json!({ "id": id })).await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{part}: {answer}");
    }
    assert!(steps::node(&consultant.client, &sales.id, "RoleConfiguration", "title").await.is_null());
    let moved =
        steps::try_change(&consultant.client, "updateRoleConfiguration", &engineer, json!({ "family": "Sales" })).await;
    steps::assert_faults(&moved, "updateRoleConfiguration", &[("FORBIDDEN", "input.family")]);
    let stolen =
        steps::try_change(&consultant.client, "updateRoleConfiguration", &sales, json!({ "family": "Engineering" }))
            .await;
    steps::assert_faults(&stolen, "updateRoleConfiguration", &[("NOT_FOUND", "input.id")]);
    Ok(())
}

pub async fn a_key_stays_within_its_scopes(t: &TestServer) -> Result<()> {
    let owner = sign_up(t, "Victim").await;
    let role = steps::create(&owner, json!({ "title": "Engineer" })).await;
    let program = t.anonymous().with_token(&key_of(&owner.client, &owner.organization_id, json!(["READ_ROLES"])).await);
    assert_eq!(steps::role(&program, &role.id, "title").await["title"], "Engineer");
    tries_to_rise(&program, &owner.organization_id, &owner.email).await;
    let changed = steps::try_change(&program, "updateRoleConfiguration", &role, json!({ "title": "Mine" })).await;
    assert_out_of_reach(&changed, "updateRoleConfiguration");
    for (mutation, input) in [
        ("changePassword", json!({ "currentPassword": owner.password, "newPassword": "entirely different horse" })),
        ("endAllSessions", json!({})),
        ("createOrganization", json!({ "name": "Mine" })),
        ("acceptInvitation", json!({ "token": "rolemark_invitation_0" })),
    ] {
        assert_out_of_reach(&steps::mutate(&program, mutation, input, "").await, mutation);
    }
    Ok(())
}

/// Places where a careless server would look for the organization.
pub async fn organizations_cannot_be_smuggled_in(t: &TestServer) -> Result<()> {
    let (victim, attacker) = (sign_up(t, "Victim").await, sign_up(t, "Attacker").await);
    steps::create(&victim, json!({ "title": "Secret engineer" })).await;
    let id = &victim.organization_id;
    let uuid = organization_of(id).to_string();
    let document = "{ viewer { organizations { nodes { id name roleConfigurations { nodes { title } } } } } }";
    let body = json!({ "query": document, "variables": { "organizationId": id, "org_id": uuid }, "extensions": { "organization": id } });
    let mut request =
        attacker.client.request(reqwest::Method::POST, &format!("/graphql?organizationId={id}&org_id={uuid}"));
    for header in [
        "x-organization-id",
        "x-org-id",
        "x-tenant-id",
        "x-tenant",
        "organization",
        "x-forwarded-user",
        "x-original-user",
    ] {
        request = request.header(header, if header == "organization" { id } else { &uuid });
    }
    let request = request.header("cookie", format!("org_id={uuid}; organization={id}")).json(&body);
    let answer = attacker.client.send(request).await;
    assert!(!answer.text().contains("Secret engineer") && !answer.text().contains(id), "{answer}");
    assert_eq!(answer.at("viewer.organizations.nodes").as_array().map(Vec::len), Some(1), "{answer}");
    Ok(())
}
