//! People who signed up or in.

use serde_json::{Value, json};

use crate::{Answer, Client, TestServer, unique};

const SESSION: &str = "session { accessToken refreshToken expiresAt } userErrors { code field message }";

/// A person with a session.
#[derive(Clone)]
pub struct SignedIn {
    /// A client with the person's access token.
    pub client: Client,
    /// The access token.
    pub token: String,
    /// The refresh token.
    pub refresh_token: String,
    /// The public ID of the organization that the person signed up with; empty after [`sign_in`].
    pub organization_id: String,
    /// The e-mail address, unique to this person.
    pub email: String,
    /// The password.
    pub password: String,
}

/// Signs a new person up, as the admin of a new organization.
///
/// # Panics
/// If the server refuses.
pub async fn sign_up(server: &TestServer, organization_name: &str) -> SignedIn {
    let mutation = format!(
        "mutation($input: SignUpInput!) {{ signUp(input: $input) {{ organization {{ id name }} {SESSION} }} }}"
    );
    let (email, password) = (format!("{}@example.com", unique("person")), unique("correct horse"));
    let input = json!({
        "email": email, "password": password, "name": "Test Person", "organizationName": organization_name,
    });
    let answer = server.anonymous().graphql(&mutation, json!({ "input": input })).await;
    let organization = answer.payload("signUp")["organization"]["id"].clone();
    signed_in(server, &answer, "signUp", &organization, &email, &password)
}

/// Signs a person in who has signed up.
///
/// # Panics
/// If the server refuses.
pub async fn sign_in(server: &TestServer, email: &str, password: &str) -> SignedIn {
    let mutation = format!("mutation($input: SignInInput!) {{ signIn(input: $input) {{ {SESSION} }} }}");
    let input = json!({ "email": email, "password": password });
    let answer = server.anonymous().graphql(&mutation, json!({ "input": input })).await;
    signed_in(server, &answer, "signIn", &Value::Null, email, password)
}

/// Makes a person a member of an organization: an admin invites, and the person accepts.
///
/// # Panics
/// If the server refuses.
pub async fn join(admin: &Client, organization_id: &str, person: &SignedIn, level: &str) {
    let invite = "mutation($input: InviteMemberInput!) {
        inviteMember(input: $input) { token userErrors { code message } } }";
    let input = json!({ "organizationId": organization_id, "email": person.email, "accessLevel": level });
    let answer = admin.graphql(invite, json!({ "input": input })).await;
    let token = &answer.payload("inviteMember")["token"];
    let accept = "mutation($input: AcceptInvitationInput!) {
        acceptInvitation(input: $input) { member { accessLevel } userErrors { code message } } }";
    let answer = person.client.graphql(accept, json!({ "input": { "token": token } })).await;
    assert_eq!(answer.payload("acceptInvitation")["member"]["accessLevel"], level, "{answer}");
}

fn signed_in(
    server: &TestServer,
    answer: &Answer,
    field: &str,
    organization: &Value,
    email: &str,
    password: &str,
) -> SignedIn {
    let session = &answer.payload(field)["session"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let token = text(&session["accessToken"]);
    assert!(!token.is_empty(), "{field} gave no access token: {answer}");
    SignedIn {
        client: server.anonymous().with_token(&token),
        token,
        refresh_token: text(&session["refreshToken"]),
        organization_id: text(organization),
        email: email.to_owned(),
        password: password.to_owned(),
    }
}
