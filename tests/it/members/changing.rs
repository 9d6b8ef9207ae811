//! What members may do, changed.

use rolemark_tests::{Answer, Client, Result, SignedIn, TestServer, join, sign_up};
use serde_json::json;

use super::{audit_count, levels, new_member, newest_entry, own_id, try_invite};
use crate::direct::Direct;
use crate::ids::organization_of;
use crate::steps::{assert_done, assert_faults, mutate, organization};

pub(super) const LAST: [(&str, &str); 1] = [("WRONG_STATE", "input.accessLevel")];

pub(super) async fn change(client: &Client, id: &str, level: &str) -> Answer {
    let selection = "member { id accessLevel viewerPermissions { canRemove } }";
    mutate(client, "changeMemberLevel", json!({ "id": id, "accessLevel": level }), selection).await
}

/// Whether the person may make roles.
async fn may_write(person: &SignedIn, organization_id: &str) -> bool {
    let input = json!({ "organizationId": organization_id, "role": { "title": "A role" } });
    let answer = mutate(&person.client, "createRoleConfiguration", input, "roleConfiguration { id }").await;
    answer.error_codes().is_empty() && answer.user_error_codes("createRoleConfiguration").is_empty()
}

pub async fn levels_are_felt_at_once(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let (person, id) = new_member(t, &admin, "READ").await;
    assert!(!may_write(&person, &admin.organization_id).await);
    let before = audit_count(&admin).await;
    let answer = change(&admin.client, &id, "WRITE").await;
    let member = &answer.payload("changeMemberLevel")["member"];
    assert_eq!(member, &json!({ "id": id, "accessLevel": "WRITE", "viewerPermissions": { "canRemove": true } }));
    let (action, kind, object, details) = newest_entry(&admin).await;
    assert_eq!((action.as_str(), kind.as_str(), &object), ("member.changeLevel", "Member", &id));
    assert_eq!(details, json!({ "email": person.email, "accessLevel": { "before": "READ", "after": "WRITE" } }));
    assert_eq!(audit_count(&admin).await, before + 1);
    assert!(may_write(&person, &admin.organization_id).await);
    let refused = change(&admin.client, &id, "WRITE").await;
    assert_faults(&refused, "changeMemberLevel", &[("WRONG_STATE", "input.accessLevel")]);

    assert_done(&change(&admin.client, &id, "ADMIN").await, "changeMemberLevel");
    assert_done(&try_invite(&person, json!({})).await, "inviteMember");
    // The own level, downwards; the answer has it already.
    let answer = change(&person.client, &id, "READ").await;
    let member = &answer.payload("changeMemberLevel")["member"];
    assert_eq!(member, &json!({ "id": id, "accessLevel": "READ", "viewerPermissions": { "canRemove": false } }));
    assert!(!may_write(&person, &admin.organization_id).await);
    assert_eq!(try_invite(&person, json!({})).await.error_code(), "FORBIDDEN");
}

pub async fn nobody_raises_the_own_rights(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    for level in ["READ", "WRITE"] {
        let (person, id) = new_member(t, &admin, level).await;
        for (whose, to) in [(&id, "ADMIN"), (&id, "WRITE"), (&own_id(&admin).await, "READ")] {
            assert_eq!(change(&person.client, whose, to).await.error_code(), "FORBIDDEN", "{level} to {to}");
        }
        let answer = try_invite(&person, json!({ "accessLevel": "READ" })).await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
        let answer = mutate(&person.client, "removeMember", json!({ "id": id }), "removedMemberId").await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
    }
    assert_eq!(levels(&admin).await, ["ADMIN", "READ", "WRITE"]);
}

/// The server may rely for a second on what it knew of an admin; not when it comes to members.
pub async fn a_demoted_admin_cannot_take_it_back(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let (person, id) = new_member(t, &admin, "ADMIN").await;
    let (third, third_id) = new_member(t, &admin, "READ").await;
    let invited = super::invite(&admin, "somebody@example.com", "READ").await;
    let mut database = Direct::superuser(t).await?;
    let here = database.uuid(organization_of(&admin.organization_id));
    let before = database.dump(organization_of(&admin.organization_id)).await?.len();
    // Read again and again, so that what the server knows is never a second old when it counts.
    let demote = |level: &str| {
        format!("UPDATE member SET level = '{level}' WHERE org_id = {here} AND email = '{}'", person.email)
    };
    for (mutation, input) in [
        ("changeMemberLevel", json!({ "id": id, "accessLevel": "WRITE" })),
        ("changeMemberLevel", json!({ "id": third_id, "accessLevel": "ADMIN" })),
        ("removeMember", json!({ "id": third_id })),
        (
            "inviteMember",
            json!({ "organizationId": admin.organization_id, "email": "new@example.com",
            "accessLevel": "ADMIN" }),
        ),
        ("resendInvitation", json!({ "id": invited.id })),
        ("revokeInvitation", json!({ "id": invited.id })),
    ] {
        database.execute(demote("ADMIN")).await?;
        tokio::time::sleep(crate::direct::NOTICED).await;
        let answer = organization(&person, "viewerPermissions { accessLevel }").await;
        assert_eq!(answer.at("organization.viewerPermissions.accessLevel"), "ADMIN");
        database.execute(demote("READ")).await?;
        let answer = mutate(&person.client, mutation, input, "").await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{mutation}: {answer}");
    }
    assert_eq!(database.dump(organization_of(&admin.organization_id)).await?.len(), before);
    assert!(!may_write(&third, &admin.organization_id).await);
    Ok(())
}

pub async fn the_last_admin_stays_one(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let (writer, writer_id) = new_member(t, &admin, "WRITE").await;
    let id = own_id(&admin).await;
    let before = audit_count(&admin).await;
    let leave = async |person: &SignedIn| {
        let input = json!({ "organizationId": admin.organization_id });
        mutate(&person.client, "leaveOrganization", input, "leftOrganizationId").await
    };
    let remove = async |id: &str| mutate(&admin.client, "removeMember", json!({ "id": id }), "removedMemberId").await;
    for level in ["READ", "WRITE"] {
        assert_faults(&change(&admin.client, &id, level).await, "changeMemberLevel", &LAST);
    }
    let refused = remove(&id).await;
    assert_faults(&refused, "removeMember", &[("WRONG_STATE", "input.id")]);
    assert!(refused.text().contains("make another member an admin"), "it says what to do: {refused}");
    assert_faults(&leave(&admin).await, "leaveOrganization", &[("WRONG_STATE", "input.organizationId")]);
    assert_eq!(audit_count(&admin).await, before);

    assert_done(&change(&admin.client, &writer_id, "ADMIN").await, "changeMemberLevel");
    assert_done(&change(&admin.client, &id, "WRITE").await, "changeMemberLevel");
    assert_faults(&change(&writer.client, &writer_id, "READ").await, "changeMemberLevel", &LAST);
    assert_faults(&leave(&writer).await, "leaveOrganization", &[("WRONG_STATE", "input.organizationId")]);
    assert_done(&leave(&admin).await, "leaveOrganization");
    assert_eq!(levels(&writer).await, ["ADMIN"]);
    // An admin of another organization is none here.
    join(&writer.client, &admin.organization_id, &sign_up(t, "Contoso").await, "WRITE").await;
    assert_faults(&leave(&writer).await, "leaveOrganization", &[("WRONG_STATE", "input.organizationId")]);
}
