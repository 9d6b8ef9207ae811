//! Firms: who let them in, and who of their staff may use it.

use rolemark_tests::{Result, TestServer, sign_up};
use serde_json::{Value, json};

use super::{assign, clients, let_in, member, revoke, sees, try_assign};
use crate::direct::{Direct, NOTICED};
use crate::ids::{Parts, organization_of};
use crate::steps::{assert_faults, create, mutate, node, organization, texts};

const FIRM_CLIENT: &str = "organizationId name grantId accessLevel families reason grantedAt expiresAt
    assignments { id member { email } }";

pub async fn a_firm_assigns_its_staff(t: &TestServer) -> Result<()> {
    let (client, firm, staff) =
        (sign_up(t, "Northwind").await, sign_up(t, "Consultants Ltd").await, sign_up(t, "Own").await);
    let role = create(&client, json!({ "title": "A role" })).await;
    Direct::superuser(t).await?.add_member(organization_of(&firm.organization_id), &staff.email, "READ").await?;
    tokio::time::sleep(NOTICED).await;
    let given = let_in(&client, &firm, json!({ "accessLevel": "WRITE", "families": ["Sales"] })).await;
    assert_eq!(given.token, None, "a firm need not accept");
    let state = node(&client.client, &given.id, "ConsultantGrant", "state acceptedAt firmId email").await;
    let expected = json!({ "state": "ACTIVE", "acceptedAt": null, "firmId": firm.organization_id, "email": null });
    assert_eq!(state, expected);
    for person in [&firm, &staff] {
        assert!(!sees(&person.client, &role.id).await && clients(&person.client).await.is_empty(), "not assigned yet");
    }

    let assignment = assign(&firm, &client, &staff.email).await;
    let listed = clients(&staff.client).await;
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(
        (&listed[0]["firmId"], &listed[0]["firmName"]),
        (&json!(firm.organization_id), &json!("Consultants Ltd"))
    );
    assert_eq!((&listed[0]["accessLevel"], &listed[0]["families"]), (&json!("WRITE"), &json!(["sales"])));
    assert!(clients(&firm.client).await.is_empty(), "the firm's admin has not assigned itself");
    let taken = try_assign(&firm, &client.organization_id, &member(&firm, &staff.email).await).await;
    assert_faults(&taken, "assignConsultant", &[("TAKEN", "input.memberId")]);

    let fields = "member { email accessLevel } clientOrganizationId assignedAt endedAt";
    let found = node(&firm.client, &assignment, "FirmAssignment", fields).await;
    assert_eq!(found["member"], json!({ "email": staff.email, "accessLevel": "READ" }));
    assert_eq!(found["clientOrganizationId"], client.organization_id.as_str());
    assert!(found["assignedAt"].is_string() && found["endedAt"].is_null(), "{found}");
    for other in [&staff, &client] {
        assert!(!sees(&other.client, &assignment).await, "an assignment is for the firm's admins");
    }
    let selection = "firmAssignment { endedAt member { email } }";
    let ended = mutate(&firm.client, "unassignConsultant", json!({ "id": assignment }), selection).await;
    assert!(ended.payload("unassignConsultant")["firmAssignment"]["endedAt"].is_string(), "{ended}");
    assert!(clients(&staff.client).await.is_empty());
    let again = mutate(&firm.client, "unassignConsultant", json!({ "id": assignment }), "").await;
    assert_eq!(again.user_error_codes("unassignConsultant"), ["WRONG_STATE"], "{again}");
    let log =
        organization(&firm, "auditEvents(filter: { objectType: \"FirmAssignment\" }) { nodes { action details } }");
    let log = log.await;
    let entries = log.at("organization.auditEvents.nodes");
    assert_eq!(texts(entries, "action"), ["firmAssignment.end", "firmAssignment.create"]);
    let details: Value = serde_json::from_str(entries[1]["details"].as_str().unwrap_or_default())?;
    assert_eq!(details["clientOrganizationId"], client.organization_id.as_str());
    assert_eq!(details["memberId"], member(&firm, &staff.email).await.as_str());
    Ok(())
}

pub async fn assigning_needs_a_client_and_a_member(t: &TestServer) -> Result<()> {
    let (client, firm, other) = (sign_up(t, "Northwind").await, sign_up(t, "Firm").await, sign_up(t, "Other").await);
    let own = member(&firm, &firm.email).await;
    let not_a_client = ("NOT_FOUND", "input.clientOrganizationId");
    let unknown = Parts::of(&client.organization_id).elsewhere().encode();
    for id in [&client.organization_id, &unknown, &firm.organization_id] {
        let answer = try_assign(&firm, id, &own).await;
        assert_faults(&answer, "assignConsultant", &[not_a_client]);
    }
    // A grant to another firm, to one of the firm's people, or one that has ended, is none to the firm.
    let_in(&client, &other, json!({})).await;
    super::lend(&client, &firm, json!({})).await;
    let given = let_in(&client, &firm, json!({})).await;
    assert!(super::sees(&firm.client, &client.organization_id).await);
    revoke(&client, &given).await;
    assert_faults(&try_assign(&firm, &client.organization_id, &own).await, "assignConsultant", &[not_a_client]);
    let given = let_in(&client, &firm, json!({})).await;
    super::ending::expire(&mut Direct::superuser(t).await?, &given).await?;
    assert_faults(&try_assign(&firm, &client.organization_id, &own).await, "assignConsultant", &[not_a_client]);

    let_in(&client, &firm, json!({})).await;
    let foreign = member(&other, &other.email).await;
    for id in [foreign, Parts::of(&own).sibling().encode()] {
        let answer = try_assign(&firm, &client.organization_id, &id).await;
        assert_faults(&answer, "assignConsultant", &[("NOT_FOUND", "input.memberId")]);
    }
    assign(&firm, &client, &firm.email).await;
    Ok(())
}

/// The assignment names the client: it goes on when the client renews, and comes back when the client lets the firm in
/// again.
pub async fn assignments_outlast_renewals(t: &TestServer) {
    let (client, firm) = (sign_up(t, "Northwind").await, sign_up(t, "Firm").await);
    let role = create(&client, json!({ "title": "A role" })).await;
    let given = let_in(&client, &firm, json!({})).await;
    assign(&firm, &client, &firm.email).await;
    let input = json!({ "id": given.id, "expiresAt": super::in_days(300) });
    let renewed = mutate(&client.client, "renewConsultantGrant", input, "token consultantGrant { id state }").await;
    let renewed = renewed.payload("renewConsultantGrant");
    assert_eq!((&renewed["token"], &renewed["consultantGrant"]["state"]), (&Value::Null, &json!("ACTIVE")));
    assert!(sees(&firm.client, &role.id).await);
    let id = renewed["consultantGrant"]["id"].as_str().unwrap_or_default().to_owned();
    assert_eq!(clients(&firm.client).await[0]["grantId"], id.as_str());
    revoke(&client, &super::Grant { id, token: None }).await;
    assert!(!sees(&firm.client, &role.id).await);
    let_in(&client, &firm, json!({})).await;
    tokio::time::sleep(NOTICED).await;
    assert!(sees(&firm.client, &role.id).await);
}

/// Both lists of clients, page by page, in both directions.
pub async fn lists_of_clients_are_walked(t: &TestServer) {
    let firm = sign_up(t, "Firm").await;
    for name in ["delta", "Alpha", "charlie", "Bravo", "Echo"] {
        let client = sign_up(t, name).await;
        let_in(&client, &firm, json!({})).await;
        assign(&firm, &client, &firm.email).await;
    }
    let by_name = ["Alpha", "Bravo", "charlie", "delta", "Echo"];
    let latest_first = ["Echo", "Bravo", "charlie", "Alpha", "delta"];
    for (list, name, expected) in [("clients", "organization { name }", by_name), ("firmClients", "name", latest_first)]
    {
        for (size, cursor, end) in [("first", "after", "endCursor"), ("last", "before", "startCursor")] {
            let (mut met, mut from): (Vec<Vec<String>>, String) = (Vec::new(), String::new());
            while met.len() < 3 {
                let selection = format!(
                    "list: {list}({size}: 2, {cursor}: \"{from}\") {{ totalCount nodes {{ {name} }} pageInfo {{ {end} }} }}"
                );
                let page = match list {
                    "clients" => firm.client.query(&format!("{{ at: viewer {{ {selection} }} }}")).await,
                    _ => {
                        firm.client
                            .query(&format!(
                                "{{ at: organization(id: \"{}\") {{ {selection} }} }}",
                                firm.organization_id
                            ))
                            .await
                    }
                };
                assert_eq!(page.at("at.list.totalCount"), 5);
                let nodes = page.at("at.list.nodes").as_array().cloned().unwrap_or_default();
                let name =
                    |node: &Value| node["organization"]["name"].as_str().or(node["name"].as_str()).map(str::to_owned);
                met.push(nodes.iter().filter_map(name).collect());
                from = page.text_at(&format!("at.list.pageInfo.{end}")).to_owned();
            }
            if size == "last" {
                met.reverse();
            }
            assert_eq!(met.concat(), expected, "{list} {size}");
        }
    }
}

pub async fn clients_of_a_firm_are_listed(t: &TestServer) -> Result<()> {
    let firm = sign_up(t, "Firm").await;
    let mut givers = Vec::new();
    for name in ["One", "Two", "Three"] {
        let client = sign_up(t, name).await;
        let given = let_in(&client, &firm, json!({ "families": [name], "reason": format!("For {name}") })).await;
        givers.push((client, given));
    }
    let assignment = assign(&firm, &givers[1].0, &firm.email).await;
    let answer = organization(&firm, &format!("firmClients {{ totalCount nodes {{ {FIRM_CLIENT} }} }}")).await;
    assert_eq!(answer.at("organization.firmClients.totalCount"), 3);
    let nodes = answer.at("organization.firmClients.nodes");
    assert_eq!(texts(nodes, "name"), ["Three", "Two", "One"], "the latest first");
    for (index, (client, given)) in givers.iter().rev().enumerate() {
        let found = &nodes[index];
        assert_eq!((&found["organizationId"], &found["grantId"]), (&json!(client.organization_id), &json!(given.id)));
        assert_eq!((&found["accessLevel"], &found["families"]), (&json!("READ"), &json!([found["name"]])));
        assert_eq!(found["reason"], format!("For {}", found["name"].as_str().unwrap_or_default()));
    }
    assert_eq!(nodes[1]["assignments"], json!([{ "id": assignment, "member": { "email": firm.email } }]));
    assert_eq!((&nodes[0]["assignments"], &nodes[2]["assignments"]), (&json!([]), &json!([])));

    let page = organization(&firm, "firmClients(first: 1) { totalCount pageInfo { endCursor hasNextPage } }").await;
    let cursor = page.text_at("organization.firmClients.pageInfo.endCursor").to_owned();
    let rest = format!("firmClients(after: \"{cursor}\") {{ nodes {{ name }} pageInfo {{ hasNextPage }} }}");
    let rest = organization(&firm, &rest).await;
    assert_eq!(texts(rest.at("organization.firmClients.nodes"), "name"), ["Two", "One"]);

    revoke(&givers[1].0, &givers[1].1).await;
    super::ending::expire(&mut Direct::superuser(t).await?, &givers[2].1).await?;
    let answer = organization(&firm, "firmClients { totalCount nodes { name } }").await;
    let expected = json!({ "totalCount": 1, "nodes": [{ "name": "One" }] });
    assert_eq!(answer.at("organization.firmClients"), &expected);
    Ok(())
}
