//! Members of an organization: invited, joining, changed, removed and leaving.

mod accepting;
mod changing;
mod ending;
mod founding;
mod inviting;
mod listing;
mod outsiders;
mod races;
mod resending;

use rolemark_tests::{Answer, Client, SignedIn, TestServer, sign_in, unique};
use serde_json::{Value, json};

use crate::steps::{assert_done, mutate, organization};

pub use accepting::{
    a_new_person_joins_with_an_account, a_user_joins_another_organization, faults_of_a_new_account_name_their_fields,
    invitations_are_no_credentials, tokens_that_open_nothing_answer_alike, whoever_has_an_account_signs_in_first,
};
pub use changing::{
    a_demoted_admin_cannot_take_it_back, levels_are_felt_at_once, nobody_raises_the_own_rights,
    the_last_admin_stays_one,
};
pub use ending::{
    a_removed_member_is_out_at_once, assignments_end_with_the_membership, everybody_may_leave,
    who_comes_back_has_a_new_membership,
};
pub use founding::{founded_organizations_are_like_signed_up_ones, organizations_of_an_admin_are_limited};
pub use inviting::{
    an_invitation_is_sent_and_shown_once, faults_of_an_invitation_name_their_fields, open_invitations_are_limited,
    taken_addresses_are_not_invited,
};
pub use listing::{
    invitations_are_for_admins, invitations_are_listed_by_state, members_are_filtered_and_ordered,
    viewers_are_told_what_they_may_do,
};
pub use outsiders::{api_keys_reach_no_member, consultants_reach_no_member};
pub use races::{
    parallel_acceptances_have_one_winner, parallel_demotions_leave_an_admin, parallel_departures_leave_an_admin,
    parallel_invitations_have_one_winner,
};
pub use resending::{resent_invitations_have_a_new_token, revoked_invitations_are_over};

const INVITED: &str =
    "invitation { id email accessLevel state invitedAt expiresAt acceptedAt invitedBy { email } } token";
const JOINED: &str =
    "organization { id name viewerPermissions { accessLevel } } member { id name email accessLevel isViewer }
    session { accessToken refreshToken }";

/// An invitation that a case goes on with.
struct Invited {
    id: String,
    token: String,
}

async fn try_invite(admin: &SignedIn, changes: Value) -> Answer {
    let right = json!({
        "organizationId": admin.organization_id, "email": format!("{}@example.com", unique("invited")),
        "accessLevel": "READ",
    });
    mutate(&admin.client, "inviteMember", crate::steps::merged(right, changes), INVITED).await
}

async fn invite(admin: &SignedIn, email: &str, level: &str) -> Invited {
    let answer = try_invite(admin, json!({ "email": email, "accessLevel": level })).await;
    assert_done(&answer, "inviteMember");
    let text = |path| answer.text_at(path).to_owned();
    Invited { id: text("inviteMember.invitation.id"), token: text("inviteMember.token") }
}

async fn accept(client: &Client, token: &str) -> Answer {
    mutate(client, "acceptInvitation", json!({ "token": token }), JOINED).await
}

async fn accept_with_account(t: &TestServer, token: &str, password: &str) -> Answer {
    let input = json!({ "token": token, "name": "Grace", "password": password });
    mutate(&t.anonymous(), "acceptInvitation", input, JOINED).await
}

/// A new person, who joins by an invitation.
async fn new_member(t: &TestServer, admin: &SignedIn, level: &str) -> (SignedIn, String) {
    let (email, password) = (format!("{}@example.com", unique("member")), unique("correct horse"));
    let invited = invite(admin, &email, level).await;
    let answer = accept_with_account(t, &invited.token, &password).await;
    let id = answer.payload("acceptInvitation")["member"]["id"].as_str().unwrap_or_default().to_owned();
    let person = sign_in(t, &email, &password).await;
    (SignedIn { organization_id: admin.organization_id.clone(), ..person }, id)
}

/// The identifier of one's own membership.
async fn own_id(person: &SignedIn) -> String {
    let answer = organization(person, "members(first: 100) { nodes { id isViewer } }").await;
    let nodes = answer.at("organization.members.nodes").as_array().cloned().unwrap_or_default();
    let own = nodes.iter().find(|node| node["isViewer"] == true);
    own.and_then(|node| node["id"].as_str()).unwrap_or_else(|| panic!("no member: {answer}")).to_owned()
}

/// The access levels of the members, sorted.
async fn levels(admin: &SignedIn) -> Vec<String> {
    let answer = organization(admin, "members(first: 100) { nodes { accessLevel } }").await;
    let mut levels = crate::steps::texts(answer.at("organization.members.nodes"), "accessLevel");
    levels.sort();
    levels
}

/// The newest audit entry: action, kind of object, object, and its details.
async fn newest_entry(admin: &SignedIn) -> (String, String, String, Value) {
    let selection = "auditEvents(first: 1) { nodes { action objectType objectId details } }";
    let entry = organization(admin, selection).await.at("organization.auditEvents.nodes.0").clone();
    let text = |field: &str| entry[field].as_str().unwrap_or_default().to_owned();
    let details = serde_json::from_str(&text("details")).unwrap_or_default();
    (text("action"), text("objectType"), text("objectId"), details)
}

async fn audit_count(admin: &SignedIn) -> i64 {
    let answer = organization(admin, "auditEvents { totalCount }").await;
    answer.at("organization.auditEvents.totalCount").as_i64().unwrap_or_default()
}
