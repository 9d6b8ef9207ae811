//! What consultants read and write stands in the client's audit log before they get their answer.

use std::collections::BTreeSet;

use rolemark_tests::{Answer, Client, Result, SignedIn, TestServer, client::GRAPHQL_RESPONSE, sign_up};
use serde_json::{Value, json};

use super::{assign, consultant, lend, let_in};
use crate::direct::Direct;
use crate::ids::organization_of;
use crate::steps::{Role, create, create_from, mutate, organization, publish};

const ENTRY: &str = "action actorKind actorId objectType objectId requestId grantId onBehalfOfId address details";

/// The audit log of a client, the newest entry first.
async fn log(client: &SignedIn) -> Vec<Value> {
    let answer = organization(client, &format!("auditEvents(first: 100) {{ nodes {{ {ENTRY} }} }}")).await;
    answer.at("organization.auditEvents.nodes").as_array().cloned().unwrap_or_default()
}

async fn ask(person: &Client, name: Option<&str>, document: &str, variables: Value) -> Answer {
    let body = json!({ "query": document, "operationName": name, "variables": variables });
    person.post_graphql(GRAPHQL_RESPONSE, &body).await
}

fn details(entry: &Value) -> Value {
    serde_json::from_str(entry["details"].as_str().unwrap_or_default()).unwrap_or_default()
}

/// The identifiers of one kind that an entry names.
fn read_of(entry: &Value, kind: &str) -> BTreeSet<String> {
    let details = details(entry);
    let read = details["read"].as_array().cloned().unwrap_or_default();
    let of_kind = read.iter().filter(|read| read["objectType"] == kind);
    let ids = of_kind.flat_map(|read| read["objectIds"].as_array().cloned().unwrap_or_default());
    ids.filter_map(|id| id.as_str().map(str::to_owned)).collect()
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

pub async fn reads_are_recorded_once_for_each_request(t: &TestServer) {
    let (one, two, person) = (sign_up(t, "One").await, sign_up(t, "Two").await, sign_up(t, "Own").await);
    let (a, b) = (create(&one, json!({ "title": "A" })).await, create(&one, json!({ "title": "B" })).await);
    let version = publish(&one.client, &a).await;
    let other = create(&two, json!({ "title": "Other" })).await;
    let (grant, _) = (lend(&one, &person, json!({})).await, lend(&two, &person, json!({})).await);
    let document = "query Portfolio($id: ID!, $ids: [ID!]!) {
        organization(id: $id) { roleConfigurations { totalCount nodes { title publishedVersion { number } } } }
        nodes(ids: $ids) { id } again: nodes(ids: $ids) { id }
    }";
    let before = (log(&one).await.len(), log(&two).await.len());
    let variables = json!({ "id": one.organization_id, "ids": [a.id, other.id] });
    let answer = ask(&person.client, Some("Portfolio"), document, variables).await;
    assert!(answer.data()["nodes"][1].is_object(), "{answer}");
    let (of_one, of_two) = (log(&one).await, log(&two).await);
    assert_eq!((of_one.len(), of_two.len()), (before.0 + 1, before.1 + 1), "one entry for each client");
    let entry = &of_one[0];
    for (field, value) in [
        ("action", json!("organization.read")),
        ("actorKind", json!("USER")),
        ("objectType", json!("Organization")),
        ("requestId", json!(answer.header("x-request-id"))),
        ("grantId", json!(grant.id)),
        ("onBehalfOfId", Value::Null),
        ("address", json!("127.0.0.1")),
    ] {
        assert_eq!(entry[field], value, "{field}: {entry}");
    }
    assert!(entry["actorId"].is_string(), "{entry}");
    assert_eq!(details(entry)["operation"], "Portfolio");
    assert_eq!(read_of(entry, "RoleConfiguration"), set(&[&a.id, &b.id]));
    assert_eq!(read_of(entry, "RoleVersion"), set(&[&version]));
    assert_eq!(read_of(&of_two[0], "RoleConfiguration"), set(&[&other.id]));

    // What shows nothing of the client leaves nothing; looking for what is not there does.
    let before = of_one.len();
    ask(&person.client, None, "{ viewer { clients { nodes { expiresAt } } } method { version } }", json!({})).await;
    assert_eq!(log(&one).await.len(), before);
    let unknown = crate::ids::Parts::of(&a.id).sibling().encode();
    assert!(!super::sees(&person.client, &unknown).await);
    let newest = log(&one).await;
    assert_eq!(newest.len(), before + 1);
    assert_eq!((read_of(&newest[0], "RoleConfiguration"), &details(&newest[0])["operation"]), (set(&[]), &Value::Null));
    // A member's reading is the client's own business.
    organization(&one, "roleConfigurations { nodes { title } }").await;
    assert_eq!(log(&one).await.len(), before + 1);
}

pub async fn writes_name_the_grant_and_the_firm(t: &TestServer) {
    let (client, firm) = (sign_up(t, "Northwind").await, sign_up(t, "Firm").await);
    let grant = let_in(&client, &firm, json!({ "accessLevel": "WRITE" })).await;
    assign(&firm, &client, &firm.email).await;
    let input = json!({ "organizationId": client.organization_id, "role": { "title": "Made by a consultant" } });
    let made = mutate(&firm.client, "createRoleConfiguration", input, "roleConfiguration { id revision }").await;
    let role = Role::of(&made, "createRoleConfiguration");
    let of_request = |answer: &Answer| answer.header("x-request-id").to_owned();
    let written = log(&client).await.into_iter().find(|entry| {
        entry["requestId"] == of_request(&made).as_str() && entry["action"] == "roleConfiguration.create"
    });
    let written = written.unwrap_or_else(|| panic!("no entry of {made}"));
    assert_eq!((&written["grantId"], &written["onBehalfOfId"]), (&json!(grant.id), &json!(firm.organization_id)));
    assert_eq!((&written["objectId"], &written["address"]), (&json!(role.id), &json!("127.0.0.1")));
    publish(&firm.client, &role).await;
    let published = log(&client).await.into_iter().find(|entry| entry["action"] == "roleConfiguration.publish");
    assert_eq!(published.unwrap_or_default()["grantId"], grant.id.as_str());
    // What members do names no grant.
    create(&client, json!({ "title": "Made by a member" })).await;
    let newest = &log(&client).await[0];
    assert_eq!((&newest["grantId"], &newest["onBehalfOfId"]), (&Value::Null, &Value::Null));
    let of_firm = log(&firm).await;
    assert!(of_firm.iter().all(|entry| entry["action"] != "organization.read"), "the client's log, not the firm's");
}

/// If it cannot be written down, it is not shown.
pub async fn unrecorded_answers_do_not_leave(t: &TestServer) -> Result<()> {
    let client = sign_up(t, "Northwind").await;
    let role = create(&client, json!({ "title": "A secret title" })).await;
    let person = consultant(t, &client, json!({})).await;
    assert!(super::sees(&person.client, &role.id).await);
    let mut database = Direct::superuser(t).await?;
    let id = database.uuid(organization_of(&client.organization_id));
    assert_eq!(database.execute(format!("DELETE FROM audit_head WHERE org_id = {id}")).await?, 1);
    for document in [
        "query($id: ID!) { organization(id: $id) { roleConfigurations { nodes { title } } } }",
        "query($id: ID!) { organization(id: $id) { roleConfigurations { totalCount } } }",
    ] {
        let answer = person.client.graphql(document, json!({ "id": client.organization_id })).await;
        assert_eq!((answer.status, answer.error_code()), (503, "SERVICE_UNAVAILABLE"), "{answer}");
        assert!(answer.body["data"].is_null() && !answer.text().contains("A secret title"), "{answer}");
    }
    // Members still get theirs.
    let answer = organization(&client, "roleConfigurations { nodes { title } }").await;
    assert!(answer.text().contains("A secret title"));
    Ok(())
}

pub async fn comparisons_are_recorded_with_each_client(t: &TestServer) {
    let (one, two, person) = (sign_up(t, "One").await, sign_up(t, "Two").await, sign_up(t, "Own").await);
    let a = create_from(&one, "rolemark:backend-engineer").await;
    create_from(&one, "rolemark:recruiter").await;
    lend(&one, &person, json!({})).await;
    lend(&two, &person, json!({})).await;
    for is_anonymized in [false, true] {
        let before = (log(&one).await.len(), log(&two).await.len());
        let document = format!(
            "query Slides {{ clientComparison(input: {{ canonicalRoleKeys: [\"rolemark:backend-engineer\"],
                isAnonymized: {is_anonymized} }}) {{ rows {{ cells {{ score }} }} }} }}"
        );
        let answer = ask(&person.client, Some("Slides"), &document, json!({})).await;
        assert!(answer.at("clientComparison.rows").is_array(), "{answer}");
        let (of_one, of_two) = (log(&one).await, log(&two).await);
        assert_eq!((of_one.len(), of_two.len()), (before.0 + 1, before.1 + 1));
        assert_eq!(details(&of_one[0])["operation"], "Slides");
        assert_eq!(read_of(&of_one[0], "RoleConfiguration"), set(&[&a.id]));
        assert_eq!(
            (&of_two[0]["action"], read_of(&of_two[0], "RoleConfiguration")),
            (&json!("organization.read"), set(&[]))
        );
    }
}
