//! What admins see of the keys.

use rolemark_tests::{Answer, Result, SignedIn, TestServer, sign_up};
use serde_json::json;

use super::{Key, WHO, assert_lets_in, make, revoke_now, rotate};
use crate::direct::{Direct, NOTICED};
use crate::ids::organization_of;
use crate::steps::{assert_same, node, texts};

async fn list(admin: &SignedIn, arguments: &str) -> Answer {
    let document = format!(
        "query($id: ID!) {{ organization(id: $id) {{ viewerPermissions {{ canManageKeys }} apiKeys{arguments} {{
            totalCount pageInfo {{ hasNextPage endCursor }}
            nodes {{ id name state prefix lastUsedAt rotatedFrom {{ id name }} createdBy {{ email }} }} }} }} }}"
    );
    admin.client.graphql(&document, json!({ "id": admin.organization_id })).await
}

fn names(answer: &Answer) -> Vec<String> {
    texts(answer.at("organization.apiKeys.nodes"), "name")
}

pub async fn keys_are_listed_newest_first(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let mut keys = Vec::new();
    for name in ["One", "Two", "Three"] {
        keys.push(make(t, &admin, name, &["READ_ROLES"]).await);
    }
    keys[0].client.query(WHO).await;
    let successor = Key::of(t, &rotate(&admin, &keys[1].id, json!({})).await, "rotateApiKey");
    let answer = list(&admin, "").await;
    assert_eq!(names(&answer), ["Two", "Three", "Two", "One"], "{answer}");
    assert_eq!(answer.at("organization.apiKeys.totalCount"), 4);
    assert_eq!(answer.at("organization.viewerPermissions.canManageKeys"), true);
    let nodes = answer.at("organization.apiKeys.nodes");
    assert_same(&nodes[0]["rotatedFrom"], &json!({ "id": keys[1].id, "name": "Two" }));
    assert!(nodes[3]["lastUsedAt"].is_string() && nodes[2]["lastUsedAt"].is_null(), "{answer}");
    assert!((0..4).all(|place| nodes[place]["createdBy"]["email"] == admin.email.as_str()), "{answer}");
    assert_eq!(node(&admin.client, &successor.id, "ApiKey", "name state").await["state"], "LIVE");

    let first = list(&admin, "(first: 3)").await;
    let cursor = first.text_at("organization.apiKeys.pageInfo.endCursor");
    let rest = list(&admin, &format!("(first: 3, after: \"{cursor}\")")).await;
    assert_eq!((names(&first).len(), names(&rest)), (3, vec!["One".to_owned()]));
    let other = list(&admin, &format!("(first: 3, after: \"{cursor}\", filter: {{ state: LIVE }})")).await;
    assert_eq!(other.error_code(), "BAD_USER_INPUT", "a cursor of another filter: {other}");
}

pub async fn keys_are_filtered_by_state(t: &TestServer) -> Result<()> {
    let admin = sign_up(t, "Northwind").await;
    let expired = make(t, &admin, "Expired", &["READ_ROLES"]).await;
    let revoked = make(t, &admin, "Revoked", &["READ_ROLES"]).await;
    let both = make(t, &admin, "Both", &["READ_ROLES"]).await;
    make(t, &admin, "Live", &["READ_ROLES"]).await;
    for key in [&revoked, &both] {
        revoke_now(&admin, &key.id).await;
    }
    for key in [&expired, &both] {
        key.change(t, "expires_at = created_at").await?;
    }
    for (filter, expected) in [
        ("{}", &["Live", "Both", "Revoked", "Expired"][..]),
        ("{ state: null }", &["Live", "Both", "Revoked", "Expired"]),
        ("{ state: LIVE }", &["Live"]),
        ("{ state: [EXPIRED] }", &["Expired"]),
        ("{ state: [REVOKED] }", &["Both", "Revoked"]),
        ("{ state: [EXPIRED, LIVE] }", &["Live", "Expired"]),
        ("{ state: [] }", &[]),
    ] {
        let answer = list(&admin, &format!("(filter: {filter})")).await;
        assert_eq!(names(&answer), expected, "{filter}");
        assert_eq!(answer.at("organization.apiKeys.totalCount"), expected.len(), "{filter}");
        let nodes = answer.at("organization.apiKeys.nodes").as_array().cloned().unwrap_or_default();
        for node in nodes {
            let name = node["name"].as_str().unwrap_or_default().to_uppercase();
            assert_eq!(node["state"], if name == "BOTH" { "REVOKED" } else { name.as_str() }, "{node}");
        }
    }
    Ok(())
}

/// A key is the organization's, not that of the person who made it.
pub async fn keys_outlive_the_membership_of_their_maker(t: &TestServer) -> Result<()> {
    let (admin, leaving) = (sign_up(t, "Northwind").await, sign_up(t, "Elsewhere").await);
    let mut database = Direct::superuser(t).await?;
    let organization = organization_of(&admin.organization_id);
    database.add_member(organization, &leaving.email, "ADMIN").await?;
    tokio::time::sleep(NOTICED).await;
    let maker = SignedIn { organization_id: admin.organization_id.clone(), ..leaving };
    let key = make(t, &maker, "Program", &["READ_ROLES"]).await;
    let organization = database.uuid(organization);
    let leave =
        format!("UPDATE member SET ended_at = joined_at WHERE org_id = {organization} AND email = '{}'", maker.email);
    assert_eq!(database.execute(leave).await?, 1);
    tokio::time::sleep(NOTICED).await;
    assert_lets_in(&key.client.query(WHO).await, &key);
    let answer = list(&admin, "").await;
    assert!(answer.at("organization.apiKeys.nodes.0.createdBy").is_null(), "{answer}");
    let hidden = node(&maker.client, &key.id, "ApiKey", "name").await;
    assert!(hidden.is_null(), "{hidden}");
    Ok(())
}
