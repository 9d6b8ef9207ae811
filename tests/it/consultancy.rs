//! Consultants: access that an organization lends to a user or to a firm, what it allows, what it leaves behind, how it
//! ends, and clients side by side.

mod accepting;
mod anonymity;
mod comparing;
mod ending;
mod faults;
mod firms;
mod interleaving;
mod life;
mod recording;
mod rights;

use rolemark_tests::{Answer, Client, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use crate::steps::{merged, mutate};

pub use accepting::{
    a_letter_brings_the_token, grants_to_addresses_tell_nothing_of_accounts, tokens_that_do_not_work_answer_alike,
    tokens_work_for_seven_days,
};
pub use anonymity::{anonymized_answers_name_nobody, anonymized_labels_stay};
pub use comparing::{
    a_client_that_revoked_is_gone, api_keys_of_a_firm_compare_its_clients, clients_are_compared_with_the_library,
    comparing_costs_the_same_for_each_client, families_are_compared, faults_of_a_comparison_name_their_field,
    limited_grants_count_what_they_see, only_clients_are_compared, several_roles_count_by_headcount,
};
pub use ending::{
    a_closed_client_lets_nobody_in, a_closed_firm_has_no_clients, a_grant_ends_with_its_time,
    a_member_who_leaves_has_no_clients, ends_are_felt_on_every_replica, grants_are_given_back,
};
pub use faults::{
    a_grantee_has_one_grant, an_organization_has_200_grants, ended_grants_stay_ended,
    faults_of_a_grant_name_their_field, faults_of_a_renewal_name_their_field, firms_are_not_looked_up,
    limits_of_a_grant_are_inclusive,
};
pub use firms::{
    a_firm_assigns_its_staff, assigning_needs_a_client_and_a_member, assignments_outlast_renewals,
    clients_of_a_firm_are_listed, lists_of_clients_are_walked,
};
pub use interleaving::interleaved_consultants_never_mix;
pub use life::{
    a_grant_to_a_user_lives_and_ends, grants_are_listed_by_state, pending_grants_are_renewed_with_a_new_token,
};
pub use recording::{
    comparisons_are_recorded_with_each_client, reads_are_recorded_once_for_each_request,
    unrecorded_answers_do_not_leave, writes_name_the_grant_and_the_firm,
};
pub use rights::{
    families_hide_all_other_roles, limited_writers_stay_within_their_families, readers_do_not_write,
    the_widest_grant_counts, writers_write_and_administer_nothing,
};

/// A grant that was given.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) id: String,
    /// For a user.
    pub(crate) token: Option<String>,
}

/// An instant so many days from now.
pub(crate) fn in_days(days: i64) -> String {
    (chrono::Utc::now() + chrono::Duration::days(days)).to_rfc3339()
}

/// Tries to lend access.
pub(crate) async fn try_grant(client: &SignedIn, more: Value) -> Answer {
    let input = json!({
        "organizationId": client.organization_id, "name": "Consultants Ltd", "accessLevel": "READ",
        "expiresAt": in_days(30), "reason": "A project",
    });
    mutate(&client.client, "grantConsultantAccess", merged(input, more), "consultantGrant { id state } token").await
}

/// Lends access.
pub(crate) async fn grant(client: &SignedIn, more: Value) -> Grant {
    let answer = try_grant(client, more).await;
    let payload = answer.payload("grantConsultantAccess");
    Grant {
        id: payload["consultantGrant"]["id"].as_str().unwrap_or_default().to_owned(),
        token: payload["token"].as_str().map(str::to_owned),
    }
}

/// Accepts a grant.
pub(crate) async fn try_accept(person: &Client, token: &str) -> Answer {
    mutate(person, "acceptConsultantGrant", json!({ "token": token }), "organizationId").await
}

/// Lends access to a person, who accepts.
pub(crate) async fn lend(client: &SignedIn, person: &SignedIn, more: Value) -> Grant {
    let given = grant(client, merged(json!({ "email": person.email }), more)).await;
    let answer = try_accept(&person.client, given.token.as_deref().unwrap_or_default()).await;
    assert_eq!(answer.payload("acceptConsultantGrant")["organizationId"], client.organization_id.as_str(), "{answer}");
    given
}

/// Somebody without an organization of interest, who is lent access.
pub(crate) async fn consultant(t: &TestServer, client: &SignedIn, more: Value) -> SignedIn {
    let person = sign_up(t, "Consultant's own").await;
    lend(client, &person, more).await;
    person
}

/// Lends access to a firm.
pub(crate) async fn let_in(client: &SignedIn, firm: &SignedIn, more: Value) -> Grant {
    grant(client, merged(json!({ "firmId": firm.organization_id }), more)).await
}

/// Ends a grant, as an admin of the client.
pub(crate) async fn revoke(client: &SignedIn, grant: &Grant) {
    let selection = "consultantGrant { state endedAt }";
    let answer = mutate(&client.client, "revokeConsultantGrant", json!({ "id": grant.id }), selection).await;
    let payload = answer.payload("revokeConsultantGrant");
    assert_eq!(payload["consultantGrant"]["state"], "ENDED", "{answer}");
    assert!(payload["consultantGrant"]["endedAt"].is_string(), "{answer}");
}

/// The member with this address, as the admin sees it.
pub(crate) async fn member(admin: &SignedIn, email: &str) -> String {
    let document = "query($id: ID!) { organization(id: $id) { members(first: 100) { nodes { id email } } } }";
    let answer = admin.client.graphql(document, json!({ "id": admin.organization_id })).await;
    let members = answer.at("organization.members.nodes").as_array().cloned().unwrap_or_default();
    let found = members.iter().find(|member| member["email"] == email);
    found.and_then(|member| member["id"].as_str()).unwrap_or_else(|| panic!("no member {email}: {answer}")).to_owned()
}

/// Tries to let a member of the firm enter a client.
pub(crate) async fn try_assign(firm: &SignedIn, client: &str, member: &str) -> Answer {
    let input = json!({
        "organizationId": firm.organization_id, "clientOrganizationId": client, "memberId": member,
    });
    let selection = "firmAssignment { id assignedAt endedAt clientOrganizationId member { id email } }";
    mutate(&firm.client, "assignConsultant", input, selection).await
}

/// Lets a member of the firm enter a client; the assignment.
pub(crate) async fn assign(firm: &SignedIn, client: &SignedIn, email: &str) -> String {
    let member = member(firm, email).await;
    let answer = try_assign(firm, &client.organization_id, &member).await;
    let payload = answer.payload("assignConsultant");
    payload["firmAssignment"]["id"].as_str().unwrap_or_else(|| panic!("no assignment: {answer}")).to_owned()
}

/// Whether a person sees an object.
pub(crate) async fn sees(person: &Client, id: &str) -> bool {
    let answer = person.graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
    !answer.data()["node"].is_null()
}

/// The clients that a person has, with what there is to know about each.
pub(crate) async fn clients(person: &Client) -> Vec<Value> {
    let document = "{ viewer { clients(first: 100) { totalCount nodes {
        organization { id name } accessLevel families expiresAt grantId firmId firmName } } } }";
    let answer = person.query(document).await;
    let nodes = answer.at("viewer.clients.nodes").as_array().cloned().unwrap_or_default();
    assert_eq!(answer.at("viewer.clients.totalCount"), nodes.len(), "{answer}");
    nodes
}

/// What `organization` answers about a client.
pub(crate) async fn client_organization(person: &Client, client: &SignedIn, selection: &str) -> Answer {
    let document = format!("query Look($id: ID!) {{ organization(id: $id) {{ id {selection} }} }}");
    person.graphql(&document, json!({ "id": client.organization_id })).await
}
