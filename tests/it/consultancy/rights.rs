//! What a grant allows: READ or WRITE, all roles or some families, and never to administer.

use rolemark_tests::{Client, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use super::{client_organization, consultant, lend, sees};
use crate::steps::{
    Role, assert_done, assert_faults, change, create, merged, mutate, publish, texts, titles, try_change,
};

const ROLE: &str = "roleConfiguration { id revision }";

async fn make_role(person: &Client, client: &SignedIn, role: Value) -> rolemark_tests::Answer {
    let input = json!({ "organizationId": client.organization_id, "role": role });
    mutate(person, "createRoleConfiguration", input, ROLE).await
}

fn combination(client: &SignedIn, ids: &[&str]) -> Value {
    let roles: Vec<Value> = ids.iter().map(|id| json!({ "roleConfigurationId": id })).collect();
    json!({ "organizationId": client.organization_id, "roles": roles })
}

fn role(title: &str, family: Option<&str>) -> Value {
    json!({ "title": title, "family": family, "externalId": title, "canonicalRoleKey": "rolemark:backend-engineer",
        "tasks": [{ "title": "A task", "stage": "HUMAN" }] })
}

pub async fn readers_do_not_write(t: &TestServer) {
    let client = sign_up(t, "Northwind").await;
    let (one, two) = (create(&client, role("One", None)).await, create(&client, role("Two", None)).await);
    let version = publish(&client.client, &one).await;
    let reader = consultant(t, &client, json!({})).await;
    for id in [&one.id, &two.id, &version, &client.organization_id] {
        assert!(sees(&reader.client, id).await, "{id}");
    }
    let selection = "name roleConfigurations { totalCount nodes { title viewerPermissions { canEdit } } }
        scenarios { totalCount } viewerPermissions { accessLevel canEdit canReadAuditLog }";
    let answer = client_organization(&reader.client, &client, selection).await;
    assert_eq!(answer.at("organization.roleConfigurations.totalCount"), 2);
    let permissions = json!({ "accessLevel": "READ", "canEdit": false, "canReadAuditLog": false });
    assert_eq!(answer.at("organization.viewerPermissions"), &permissions);
    assert_eq!(answer.at("organization.roleConfigurations.nodes.0.viewerPermissions.canEdit"), false);

    assert_eq!(make_role(&reader.client, &client, role("Late", None)).await.error_code(), "FORBIDDEN");
    for mutation in ["updateRoleConfiguration", "publishRoleConfiguration", "archiveRoleConfiguration"] {
        let answer = try_change(&reader.client, mutation, &two, json!({})).await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{mutation}: {answer}");
    }
    let input = merged(combination(&client, &[&one.id, &two.id]), json!({ "name": "A scenario" }));
    let answer = mutate(&reader.client, "createScenario", input, "scenario { id }").await;
    assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
    nothing_is_administered(&reader.client, &client).await;
}

pub async fn writers_write_and_administer_nothing(t: &TestServer) {
    let client = sign_up(t, "Northwind").await;
    let writer = consultant(t, &client, json!({ "accessLevel": "WRITE" })).await;
    let made = Role::of(&make_role(&writer.client, &client, role("Made", None)).await, "createRoleConfiguration");
    let changed = change(&writer.client, "updateRoleConfiguration", &made, json!({ "title": "Changed" })).await;
    publish(&writer.client, &changed).await;
    let other = Role::of(&make_role(&writer.client, &client, role("Other", None)).await, "createRoleConfiguration");
    let input = merged(combination(&client, &[&made.id, &other.id]), json!({ "name": "A scenario" }));
    let saved = mutate(&writer.client, "createScenario", input, "scenario { id }").await;
    let scenario = saved.payload("createScenario")["scenario"]["id"].as_str().unwrap_or_default().to_owned();
    assert!(sees(&client.client, &scenario).await && sees(&writer.client, &scenario).await);
    let input = json!({ "id": scenario, "expectedRevision": 1, "name": "Renamed" });
    assert_done(&mutate(&writer.client, "updateScenario", input, "").await, "updateScenario");
    assert_done(&mutate(&writer.client, "deleteScenario", json!({ "id": scenario }), "").await, "deleteScenario");
    assert_eq!(titles(&client, "").await, ["Changed", "Other"]);
    nothing_is_administered(&writer.client, &client).await;
}

/// Members, the audit log, grants, and what a firm has: out of reach of every consultant.
async fn nothing_is_administered(person: &Client, client: &SignedIn) {
    for list in ["members", "auditEvents", "consultantGrants", "firmClients"] {
        let answer = client_organization(person, client, &format!("{list} {{ totalCount }}")).await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{list}: {answer}");
        assert!(answer.body["data"]["organization"][list].is_null(), "{list}: {answer}");
    }
    assert!(!sees(person, &super::member(client, &client.email).await).await, "members are no nodes");
    let input = json!({ "organizationId": client.organization_id, "email": "x@example.org", "name": "X",
        "accessLevel": "READ", "expiresAt": super::in_days(1), "reason": "Y" });
    let answer = mutate(person, "grantConsultantAccess", input, "token").await;
    assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
}

/// Roles of other families do not exist: by identifier, in lists, counts, filters, versions, comparisons, combinations.
pub async fn families_hide_all_other_roles(t: &TestServer) {
    let client = sign_up(t, "Northwind").await;
    let sales = create(&client, role("Sales one", Some("SALES"))).await;
    let more = create(&client, role("Sales two", Some("sales"))).await;
    let legal = create(&client, role("Legal", Some("Legal"))).await;
    let none = create(&client, role("None", None)).await;
    let seen = publish(&client.client, &sales).await;
    let unseen = publish(&client.client, &legal).await;
    let input = merged(combination(&client, &[&sales.id, &more.id]), json!({ "name": "A scenario" }));
    let saved = mutate(&client.client, "createScenario", input, "scenario { id }").await;
    let scenario = saved.payload("createScenario")["scenario"]["id"].as_str().unwrap_or_default().to_owned();
    let limited = consultant(t, &client, json!({ "families": ["Sales", "Marketing"], "accessLevel": "WRITE" })).await;
    let person = &limited.client;

    for id in [&sales.id, &more.id, &seen] {
        assert!(sees(person, id).await, "{id}");
    }
    for id in [&legal.id, &none.id, &unseen, &scenario] {
        assert!(!sees(person, id).await, "{id}");
    }
    for (filter, expected) in [
        ("", vec!["Sales one", "Sales two"]),
        ("(filter: { family: \"Legal\" })", vec![]),
        ("(filter: { titleContains: \"e\" })", vec!["Sales one", "Sales two"]),
        ("(filter: { externalId: \"None\" })", vec![]),
        ("(filter: { canonicalRoleKey: \"rolemark:backend-engineer\" })", vec!["Sales one", "Sales two"]),
        ("(orderBy: { field: SCORE, direction: DESC }, filter: { scoreMaximum: 100 })", vec!["Sales one", "Sales two"]),
    ] {
        let selection = format!("roleConfigurations{filter} {{ totalCount nodes {{ title }} }}");
        let answer = client_organization(person, &client, &selection).await;
        let mut titles = texts(answer.at("organization.roleConfigurations.nodes"), "title");
        titles.sort();
        assert_eq!(titles, expected, "{filter}");
        assert_eq!(answer.at("organization.roleConfigurations.totalCount"), expected.len(), "{filter}");
    }
    let answer = client_organization(person, &client, "scenarios { totalCount }").await;
    assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
    nothing_is_administered(person, &client).await;

    let document = "query($input: SimulateRoleCombinationInput!) { simulateRoleCombination(input: $input) {
        outcome { gain } userErrors { code field } } }";
    let simulate = async |ids: &[&str]| {
        person
            .graphql(document, json!({ "input": combination(&client, ids) }))
            .await
            .at("simulateRoleCombination")
            .clone()
    };
    assert!(simulate(&[&sales.id, &more.id]).await["outcome"]["gain"].is_number());
    let mixed = simulate(&[&sales.id, &legal.id]).await;
    assert_eq!((&mixed["outcome"], &mixed["userErrors"][0]["code"]), (&Value::Null, &json!("NOT_FOUND")), "{mixed}");
    let compare = format!("{{ scenarioComparison(ids: [\"{scenario}\"]) {{ scenarios {{ gain }} }} }}");
    assert!(person.query(&compare).await.data()["scenarioComparison"].is_null());
    for mutation in ["updateRoleConfiguration", "publishRoleConfiguration", "archiveRoleConfiguration"] {
        let answer = try_change(person, mutation, &legal, json!({})).await;
        assert_faults(&answer, mutation, &[("NOT_FOUND", "input.id")]);
    }
    // A role that moves into a family is seen from then on.
    change(&client.client, "updateRoleConfiguration", &none, json!({ "family": "Marketing" })).await;
    assert!(sees(person, &none.id).await);
}

pub async fn limited_writers_stay_within_their_families(t: &TestServer) {
    let client = sign_up(t, "Northwind").await;
    let limited = consultant(t, &client, json!({ "families": ["Sales", "Marketing"], "accessLevel": "WRITE" })).await;
    let person = &limited.client;
    let made = Role::of(&make_role(person, &client, role("Made", Some("sales"))).await, "createRoleConfiguration");
    for family in [Some("Legal"), None, Some("")] {
        let answer = make_role(person, &client, role("Outside", family)).await;
        assert_faults(&answer, "createRoleConfiguration", &[("FORBIDDEN", "input.role.family")]);
    }
    let input = json!({ "organizationId": client.organization_id,
        "roles": [role("Inside", Some("Sales")), role("Outside", Some("Legal"))] });
    let answer = mutate(person, "createRoleConfigurations", input, "roleConfigurations { id }").await;
    assert_faults(&answer, "createRoleConfigurations", &[("FORBIDDEN", "input.roles.1.family")]);
    let input = json!({ "organizationId": client.organization_id, "canonicalRoleKey": "rolemark:backend-engineer" });
    let answer = mutate(person, "createRoleConfigurationFromCanonicalRole", input, ROLE).await;
    assert_faults(&answer, "createRoleConfigurationFromCanonicalRole", &[("FORBIDDEN", "input.family")]);
    for family in [json!("Legal"), Value::Null] {
        let answer = try_change(person, "updateRoleConfiguration", &made, json!({ "family": family })).await;
        assert_faults(&answer, "updateRoleConfiguration", &[("FORBIDDEN", "input.family")]);
    }
    let moved = change(person, "updateRoleConfiguration", &made, json!({ "family": "MARKETING" })).await;
    publish(person, &moved).await;
    // The client took it out and back; the version that is in force is of another family.
    let legal = create(&client, role("Was legal", Some("Legal"))).await;
    publish(&client.client, &legal).await;
    let back = change(&client.client, "updateRoleConfiguration", &legal, json!({ "family": "Sales" })).await;
    let answer = try_change(person, "deleteRoleConfigurationDraft", &back, json!({})).await;
    assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
    let input = merged(combination(&client, &[&moved.id, &back.id]), json!({ "name": "A scenario" }));
    let answer = mutate(person, "createScenario", input, "scenario { id }").await;
    assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
    assert_eq!(titles(&client, "").await, ["Made", "Was legal"]);
}

/// A grant of the person's own, limited, and one of the firm, which reads all: each is used for what it allows.
pub async fn the_widest_grant_counts(t: &TestServer) {
    let (client, firm) = (sign_up(t, "Northwind").await, sign_up(t, "Firm").await);
    let sales = create(&client, role("Sales", Some("Sales"))).await;
    let legal = create(&client, role("Legal", Some("Legal"))).await;
    let own = lend(&client, &firm, json!({ "accessLevel": "WRITE", "families": ["Sales"] })).await;
    assert!(!sees(&firm.client, &legal.id).await);
    let of_firm = super::let_in(&client, &firm, json!({})).await;
    super::assign(&firm, &client, &firm.email).await;
    let listed = super::clients(&firm.client).await;
    assert_eq!(listed.len(), 1, "one entry for each client: {listed:?}");
    assert_eq!((&listed[0]["grantId"], &listed[0]["families"]), (&json!(of_firm.id), &Value::Null));
    assert!(sees(&firm.client, &legal.id).await && sees(&firm.client, &sales.id).await);
    for (at, can_edit) in [(&sales, true), (&legal, false)] {
        let found = crate::steps::role(&firm.client, &at.id, "viewerPermissions { canEdit }").await;
        assert_eq!(found["viewerPermissions"]["canEdit"], can_edit);
    }
    change(&firm.client, "updateRoleConfiguration", &sales, json!({ "level": "Senior" })).await;
    let log = "auditEvents(filter: { action: \"roleConfiguration.update\" }) { nodes { grantId onBehalfOfId } }";
    let answer = crate::steps::organization(&client, log).await;
    let by_own = json!([{ "grantId": own.id, "onBehalfOfId": null }]);
    assert_eq!(answer.at("organization.auditEvents.nodes"), &by_own);
    let answer = try_change(&firm.client, "updateRoleConfiguration", &legal, json!({ "level": "Senior" })).await;
    assert_eq!(answer.user_error_codes("updateRoleConfiguration"), ["NOT_FOUND"], "{answer}");
    super::revoke(&client, &of_firm).await;
    assert!(!sees(&firm.client, &legal.id).await && sees(&firm.client, &sales.id).await);
    super::revoke(&client, &own).await;
    assert!(!sees(&firm.client, &sales.id).await);
}
