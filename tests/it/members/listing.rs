//! Lists of members and of invitations.

use rolemark_tests::{Answer, Result, SignedIn, TestServer, sign_up, unique};
use serde_json::{Value, json};

use super::{accept, invite, inviting::expire, new_member, own_id};
use crate::steps::{assert_done, mutate, node, organization, texts};

/// A member with a name of its own.
async fn named(t: &TestServer, admin: &SignedIn, name: &str, level: &str) {
    let invited = invite(admin, &format!("{}@example.com", unique("named")), level).await;
    let input = json!({ "token": invited.token, "name": name, "password": unique("correct horse") });
    let answer = mutate(&t.anonymous(), "acceptInvitation", input, "member { id }").await;
    assert_done(&answer, "acceptInvitation");
}

async fn members(admin: &SignedIn, arguments: &str) -> Answer {
    organization(admin, &format!("members({arguments}) {{ totalCount nodes {{ name }} pageInfo {{ endCursor }} }}"))
        .await
}

async fn names(admin: &SignedIn, arguments: &str) -> Vec<String> {
    let answer = members(admin, arguments).await;
    let names = texts(answer.at("organization.members.nodes"), "name");
    if !arguments.contains("after") && !arguments.contains("first: 2") {
        assert_eq!(answer.at("organization.members.totalCount"), names.len(), "{answer}");
    }
    names
}

pub async fn members_are_filtered_and_ordered(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    for (name, level) in [("bob", "WRITE"), ("Ada", "READ"), ("Ürsula", "READ"), ("100%_sure!", "WRITE")] {
        named(t, &admin, name, level).await;
    }
    let joined = ["Test Person", "bob", "Ada", "Ürsula", "100%_sure!"];
    assert_eq!(names(&admin, "first: 100").await, joined);
    let by_name = ["100%_sure!", "Ada", "bob", "Test Person", "Ürsula"];
    let reversed: Vec<_> = by_name.iter().rev().copied().collect();
    assert_eq!(names(&admin, "orderBy: { field: NAME, direction: ASC }").await, by_name);
    assert_eq!(names(&admin, "orderBy: { field: NAME, direction: DESC }").await, reversed);
    let last_first: Vec<_> = joined.iter().rev().copied().collect();
    assert_eq!(names(&admin, "orderBy: { field: JOINED_AT, direction: DESC }").await, last_first);
    for (filter, expected) in [
        ("accessLevel: [READ]", &["Ada", "Ürsula"][..]),
        ("accessLevel: [ADMIN, WRITE]", &["Test Person", "bob", "100%_sure!"]),
        ("accessLevel: []", &[]),
        ("textContains: \"BO\"", &["bob"]),
        ("textContains: \"üRS\"", &["Ürsula"]),
        ("textContains: \"%_\"", &["100%_sure!"]),
        ("textContains: \"!\"", &["100%_sure!"]),
        ("textContains: \"@EXAMPLE.com\"", &joined),
        ("textContains: \"a\", accessLevel: [WRITE]", &["bob", "100%_sure!"]),
        ("textContains: \"nobody at all\"", &[]),
    ] {
        assert_eq!(names(&admin, &format!("filter: {{ {filter} }}")).await, expected, "{filter}");
    }
    let refused = members(&admin, "filter: { textContains: \"nul\\u0000\" }").await;
    assert_eq!(refused.error_code(), "BAD_USER_INPUT", "{refused}");
    assert_pages(&admin, &by_name).await;
}

async fn assert_pages(admin: &SignedIn, by_name: &[&str]) {
    let (mut met, mut after) = (Vec::new(), String::new());
    while met.len() < by_name.len() {
        let arguments = format!("first: 2, after: \"{after}\", orderBy: {{ field: NAME, direction: ASC }}");
        met.extend(names(admin, &arguments).await);
        after = members(admin, &arguments).await.text_at("organization.members.pageInfo.endCursor").to_owned();
    }
    assert_eq!(met, by_name);
    let other_order = members(admin, &format!("after: \"{after}\"")).await;
    assert_eq!(other_order.error_code(), "BAD_USER_INPUT", "{other_order}");
}

async fn states(admin: &SignedIn, arguments: &str) -> Value {
    let answer = organization(admin, &format!("invitations{arguments} {{ totalCount nodes {{ id state }} }}")).await;
    let nodes = answer.at("organization.invitations.nodes").clone();
    assert_eq!(answer.at("organization.invitations.totalCount"), nodes.as_array().map_or(0, Vec::len), "{answer}");
    nodes
}

pub async fn invitations_are_listed_by_state(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let person = sign_up(t, "Contoso").await;
    let new = || format!("{}@example.com", unique("new"));
    let accepted = invite(&admin, &person.email, "READ").await;
    assert_done(&accept(&person.client, &accepted.token).await, "acceptInvitation");
    let revoked = invite(&admin, &new(), "READ").await;
    mutate(&admin.client, "revokeInvitation", json!({ "id": revoked.id }), "invitation { id }").await;
    let expired = invite(&admin, &new(), "READ").await;
    expire(t, &expired.id).await?;
    let open = invite(&admin, &new(), "READ").await;
    let of = |invited: &super::Invited, state: &str| json!({ "id": invited.id, "state": state });
    let (accepted, revoked) = (of(&accepted, "ACCEPTED"), of(&revoked, "ENDED"));
    let (expired, open) = (of(&expired, "EXPIRED"), of(&open, "OPEN"));
    for (filter, expected) in [
        ("", json!([open, expired, revoked, accepted])),
        ("(filter: {})", json!([open, expired, revoked, accepted])),
        ("(filter: { state: [OPEN] })", json!([open])),
        ("(filter: { state: [ENDED] })", json!([revoked])),
        ("(filter: { state: [EXPIRED] })", json!([expired])),
        ("(filter: { state: [ACCEPTED] })", json!([accepted])),
        ("(filter: { state: [ACCEPTED, EXPIRED] })", json!([expired, accepted])),
        ("(filter: { state: [] })", json!([])),
    ] {
        assert_eq!(states(&admin, filter).await, expected, "{filter}");
    }
    // Half of them, then the other half.
    let half =
        |arguments: &str| format!("invitations({arguments}) {{ nodes {{ id state }} pageInfo {{ endCursor }} }}");
    let first = organization(&admin, &half("first: 2")).await;
    let after = first.text_at("organization.invitations.pageInfo.endCursor");
    let second = organization(&admin, &half(&format!("first: 2, after: \"{after}\""))).await;
    assert_eq!(first.at("organization.invitations.nodes"), &json!([open, expired]));
    assert_eq!(second.at("organization.invitations.nodes"), &json!([revoked, accepted]));
    let filtered = organization(&admin, &half(&format!("after: \"{after}\", filter: {{ state: [OPEN] }}"))).await;
    assert_eq!(filtered.error_code(), "BAD_USER_INPUT", "{filtered}");
    let many = organization(&admin, &half("first: 101")).await;
    assert_eq!(many.error_code(), "BAD_USER_INPUT", "{many}");
    Ok(())
}

pub async fn invitations_are_for_admins(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let (second, second_id) = new_member(t, &admin, "ADMIN").await;
    let email = format!("{}@example.com", unique("secret"));
    let invited = invite(&second, &email, "READ").await;
    for level in ["READ", "WRITE"] {
        let (person, _) = new_member(t, &admin, level).await;
        let answer = organization(&person, "name invitations { totalCount nodes { email } }").await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
        assert_eq!(answer.body["data"]["organization"]["name"], "Northwind", "the rest is there: {answer}");
        assert_eq!(node(&person.client, &invited.id, "Invitation", "email").await, Value::Null);
    }
    let seen = node(&admin.client, &invited.id, "Invitation", "email invitedBy { id }").await;
    assert_eq!(seen, json!({ "email": email, "invitedBy": { "id": second_id } }));
    mutate(&admin.client, "removeMember", json!({ "id": second_id }), "removedMemberId").await;
    let seen = node(&admin.client, &invited.id, "Invitation", "email invitedBy { id }").await;
    assert_eq!(seen, json!({ "email": email, "invitedBy": null }));
}

pub async fn viewers_are_told_what_they_may_do(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let (reader, reader_id) = new_member(t, &admin, "READ").await;
    let own = own_id(&admin).await;
    let selection = "viewerPermissions { canManageMembers }
        members { nodes { id isViewer viewerPermissions { canChangeLevel canRemove } } }";
    for (person, own_id, may) in [(&admin, &own, true), (&reader, &reader_id, false)] {
        let answer = organization(person, selection).await;
        assert_eq!(answer.at("organization.viewerPermissions.canManageMembers"), may);
        let member = |id: &String| {
            json!({ "id": id, "isViewer": id == own_id,
                "viewerPermissions": { "canChangeLevel": may, "canRemove": may } })
        };
        assert_eq!(answer.at("organization.members.nodes"), &json!([member(&own), member(&reader_id)]));
    }
}
