//! Organizations of people who have signed in.

use rolemark_tests::{Answer, Result, SignedIn, TestServer, sign_up};
use serde_json::json;

use super::{new_member, newest_entry};
use crate::direct::Direct;
use crate::ids::organization_of;
use crate::steps::{assert_done, assert_faults, mutate, organization};

async fn found(person: &SignedIn, name: &str) -> Answer {
    let selection = "organization { id name viewerPermissions { accessLevel } members { nodes { email isViewer } } }";
    mutate(&person.client, "createOrganization", json!({ "name": name }), selection).await
}

pub async fn founded_organizations_are_like_signed_up_ones(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let answer = found(&person, "  Contoso Ltd ").await;
    let made = &answer.payload("createOrganization")["organization"];
    let id = made["id"].as_str().unwrap_or_default().to_owned();
    let permissions = json!({ "accessLevel": "ADMIN" });
    let members = json!({ "nodes": [{ "email": person.email, "isViewer": true }] });
    assert_eq!(made, &json!({ "id": id, "name": "Contoso Ltd", "viewerPermissions": permissions, "members": members }));
    let answer = person.client.query("{ viewer { organizations { nodes { name } } } }").await;
    assert_eq!(answer.at("viewer.organizations.nodes"), &json!([{ "name": "Contoso Ltd" }, { "name": "Northwind" }]));
    let at_contoso = SignedIn { organization_id: id.clone(), ..person.clone() };
    let (action, kind, object, details) = newest_entry(&at_contoso).await;
    assert_eq!((action.as_str(), kind.as_str(), &object), ("organization.create", "Organization", &id));
    assert_eq!(details, json!({ "after": { "name": "Contoso Ltd", "admin": person.email } }));
    let (second, _) = new_member(t, &at_contoso, "ADMIN").await;
    assert!(organization(&second, "name").await.at("organization.name") == "Contoso Ltd");

    for (name, code) in [
        ("", "OUT_OF_RANGE"),
        (" \t ", "OUT_OF_RANGE"),
        (&*"n".repeat(201), "OUT_OF_RANGE"),
        ("bell\u{7}", "CONTROL_CHARACTER"),
        ("nul\0", "CONTROL_CHARACTER"),
    ] {
        assert_faults(&found(&person, name).await, "createOrganization", &[(code, "input.name")]);
    }
    assert_done(&found(&person, &"名".repeat(200)).await, "createOrganization");
}

pub async fn organizations_of_an_admin_are_limited(t: &TestServer) -> Result<()> {
    let person = sign_up(t, "Number 1").await;
    // What one only reads does not count.
    let other = sign_up(t, "Other").await;
    rolemark_tests::join(&other.client, &other.organization_id, &person, "WRITE").await;
    for number in 2..=19 {
        assert_done(&found(&person, &format!("Number {number}")).await, "createOrganization");
    }
    let (one, two) = tokio::join!(found(&person, "Twin"), found(&person, "Twin"));
    let mut codes = [&one, &two].map(|answer| answer.user_error_codes("createOrganization").concat());
    codes.sort();
    assert_eq!(codes, ["", "TOO_MANY"], "{one}\n{two}");
    assert_faults(&found(&person, "One more").await, "createOrganization", &[("TOO_MANY", "input.name")]);
    let mut database = Direct::superuser(t).await?;
    let first = database.uuid(organization_of(&person.organization_id));
    database.execute(format!("UPDATE organization SET closed_at = created_at WHERE org_id = {first}")).await?;
    assert_done(&found(&person, "Instead").await, "createOrganization");
    Ok(())
}
