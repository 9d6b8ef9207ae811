//! Memberships that end.

use rolemark_tests::{Answer, Result, SignedIn, TestServer, join, sign_up};
use serde_json::{Value, json};

use super::{audit_count, invite, new_member, newest_entry};
use crate::direct::Direct;
use crate::ids::{Parts, organization_of, random_uuid};
use crate::steps::{assert_done, assert_faults, mutate, node, organization};

async fn remove(admin: &SignedIn, id: &str) -> Answer {
    mutate(&admin.client, "removeMember", json!({ "id": id }), "removedMemberId").await
}

async fn leave(person: &SignedIn, organization_id: &str) -> Answer {
    let input = json!({ "organizationId": organization_id });
    mutate(&person.client, "leaveOrganization", input, "leftOrganizationId").await
}

/// Nothing of the organization is there any more for a person whose session goes on.
async fn assert_outside(person: &SignedIn, organization_id: &str, object: &str) {
    let document = "query($id: ID!, $object: ID!) { organization(id: $id) { name } node(id: $object) { id }
        viewer { email organizations { nodes { id } } } }";
    let variables = json!({ "id": organization_id, "object": object });
    let answer = person.client.graphql(document, variables).await;
    assert!(answer.data()["organization"].is_null() && answer.data()["node"].is_null(), "{answer}");
    assert_eq!(answer.text_at("viewer.email"), person.email, "the session goes on");
    assert!(!answer.text().contains(organization_id), "{answer}");
    let input = json!({ "organizationId": organization_id, "role": { "title": "Late" } });
    let answer = mutate(&person.client, "createRoleConfiguration", input, "roleConfiguration { id }").await;
    assert_faults(&answer, "createRoleConfiguration", &[("NOT_FOUND", "input.organizationId")]);
}

pub async fn a_removed_member_is_out_at_once(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let person = sign_up(t, "Contoso").await;
    join(&admin.client, &admin.organization_id, &person, "ADMIN").await;
    let at_northwind = SignedIn { organization_id: admin.organization_id.clone(), ..person.clone() };
    let id = super::own_id(&at_northwind).await;
    let before = audit_count(&at_northwind).await;
    let answer = remove(&admin, &id).await;
    assert_eq!(answer.payload("removeMember")["removedMemberId"], id);
    assert_outside(&person, &admin.organization_id, &id).await;
    let own = organization(&person, "name members { totalCount }").await;
    assert_eq!(own.at("organization.members.totalCount"), 1, "the own organization is as it was: {own}");

    let (action, kind, object, details) = newest_entry(&admin).await;
    assert_eq!((action.as_str(), kind.as_str(), &object), ("member.remove", "Member", &id));
    let level = json!({ "before": "ADMIN", "after": null });
    assert_eq!(details, json!({ "email": person.email, "accessLevel": level, "endedAssignments": 0 }));
    assert_eq!(audit_count(&admin).await, before + 1);
    assert_eq!(node(&admin.client, &id, "Member", "name").await, Value::Null);
    assert_faults(&remove(&admin, &id).await, "removeMember", &[("NOT_FOUND", "input.id")]);
    let input = json!({ "id": id, "accessLevel": "READ" });
    let answer = mutate(&admin.client, "changeMemberLevel", input, "member { id }").await;
    assert_faults(&answer, "changeMemberLevel", &[("NOT_FOUND", "input.id")]);
    assert_faults(
        &leave(&person, &admin.organization_id).await,
        "leaveOrganization",
        &[("NOT_FOUND", "input.organizationId")],
    );
}

pub async fn everybody_may_leave(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    for level in ["READ", "WRITE", "ADMIN"] {
        let (person, id) = new_member(t, &admin, level).await;
        let before = audit_count(&admin).await;
        let answer = leave(&person, &admin.organization_id).await;
        assert_eq!(answer.payload("leaveOrganization")["leftOrganizationId"], admin.organization_id);
        assert_outside(&person, &admin.organization_id, &id).await;
        let (action, kind, object, details) = newest_entry(&admin).await;
        assert_eq!((action.as_str(), kind.as_str(), &object), ("member.leave", "Member", &id));
        assert_eq!(details["accessLevel"], json!({ "before": level, "after": null }));
        assert_eq!(details["email"], person.email);
        assert_eq!(audit_count(&admin).await, before + 1);
    }
}

/// What was is history: it says for ever who could see what, and when.
pub async fn who_comes_back_has_a_new_membership(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let (person, first) = new_member(t, &admin, "WRITE").await;
    assert_done(&remove(&admin, &first).await, "removeMember");
    let invited = invite(&admin, &person.email, "READ").await;
    let answer = super::accept(&person.client, &invited.token).await;
    let second = answer.payload("acceptInvitation")["member"]["id"].as_str().unwrap_or_default().to_owned();
    assert_ne!(first, second);
    assert_eq!(answer.at("acceptInvitation.organization.viewerPermissions.accessLevel"), "READ");
    let mut database = Direct::superuser(t).await?;
    let here = database.uuid(organization_of(&admin.organization_id));
    let of_person = format!("SELECT count(*) FROM member WHERE org_id = {here} AND email = '{}'", person.email);
    assert_eq!(database.number(&of_person).await?, 2);
    let ended = format!("{of_person} AND level = 'WRITE' AND ended_at > joined_at");
    assert_eq!(database.number(ended).await?, 1, "the first one as it was, and ended");
    Ok(())
}

/// Staff of a firm who leave it leave its clients too.
pub async fn assignments_end_with_the_membership(t: &TestServer) -> Result<()> {
    let firm = sign_up(t, "Firm").await;
    let mut database = Direct::superuser(t).await?;
    let here = database.uuid(organization_of(&firm.organization_id));
    for (is_removed, action) in [(true, "member.remove"), (false, "member.leave")] {
        let (person, id) = new_member(t, &firm, "READ").await;
        let member = database.uuid(Parts::of(&id).object.unwrap_or_default());
        let [assignment, client] = [(); 2].map(|()| database.uuid(random_uuid()));
        let assign = format!(
            "INSERT INTO firm_assignment (org_id, id, member_id, client_org_id, assigned_by, assigned_at)
             SELECT org_id, {assignment}, id, {client}, user_id, joined_at FROM member
             WHERE org_id = {here} AND id = {member}"
        );
        assert_eq!(database.execute(assign).await?, 1);
        let answer = if is_removed { remove(&firm, &id).await } else { leave(&person, &firm.organization_id).await };
        assert!(answer.error_codes().is_empty(), "{answer}");
        let live = format!("SELECT count(*) FROM firm_assignment WHERE org_id = {here} AND ended_at IS NULL");
        assert_eq!(database.number(live).await?, 0);
        let (found, _, _, details) = newest_entry(&firm).await;
        assert_eq!((found.as_str(), &details["endedAssignments"]), (action, &json!(1)));
    }
    Ok(())
}
