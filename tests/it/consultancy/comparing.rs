//! Clients side by side.

use rolemark_tests::{Answer, Client, Result, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use super::{lend, let_in, revoke};
use crate::direct::Direct;
use crate::ids::Parts;
use crate::steps::{assert_close, assert_same, create, create_from, merged, texts};

pub(super) const BACKEND: &str = "rolemark:backend-engineer";
const RECRUITER: &str = "rolemark:recruiter";

const ALL: &str = "methodVersion clients { label organization { id name } }
    rows { canonicalRole { key } libraryScore libraryStageMix { stage count timeShare }
        cells { label roleCount scoredRoleCount headcount score scoreDistance stageMixDistance
            stageMix { stage count timeShare } } }
    userErrors { code field message }";

pub(super) async fn compare(person: &Client, input: Value) -> Answer {
    let document = format!("query($input: ClientComparisonInput!) {{ clientComparison(input: $input) {{ {ALL} }} }}");
    person.graphql(&document, json!({ "input": input })).await
}

async fn compared(person: &Client, input: Value) -> Value {
    let answer = compare(person, input).await;
    assert_eq!(answer.at("clientComparison.userErrors"), &json!([]), "{answer}");
    answer.at("clientComparison").clone()
}

/// A role of so many people that is linked to the Backend Engineer.
async fn backend(client: &SignedIn, headcount: f64, stages: &[&str], more: Value) {
    let tasks: Vec<Value> =
        stages.iter().enumerate().map(|(at, stage)| json!({ "title": format!("Task {at}"), "stage": stage })).collect();
    let role = json!({ "title": "Backend", "headcount": headcount, "canonicalRoleKey": BACKEND, "tasks": tasks });
    create(client, merged(role, more)).await;
}

fn mix(shares: [(usize, f64); 4]) -> Value {
    let stages = ["HUMAN", "AT_RISK", "AI_ASSISTED", "AUTOMATED"];
    stages
        .iter()
        .zip(shares)
        .map(|(stage, (count, share))| json!({ "stage": stage, "count": count, "timeShare": share }))
        .collect()
}

pub async fn clients_are_compared_with_the_library(t: &TestServer) {
    let (one, two, person) = (sign_up(t, "alpha").await, sign_up(t, "Beta").await, sign_up(t, "Own").await);
    create_from(&one, BACKEND).await;
    create_from(&one, RECRUITER).await;
    backend(&two, 4.0, &["HUMAN", "AUTOMATED"], json!({})).await;
    for client in [&two, &one] {
        lend(client, &person, json!({})).await;
    }
    // Never in it: a role that is linked to nothing, one that was archived, and the consultant's own.
    create(&two, json!({ "title": "Unlinked", "tasks": [{ "title": "A", "stage": "HUMAN" }] })).await;
    let gone = create_from(&two, RECRUITER).await;
    crate::steps::change(&two.client, "archiveRoleConfiguration", &gone, json!({})).await;
    create_from(&person, BACKEND).await;

    let found = compared(&person.client, json!({ "canonicalRoleKeys": [BACKEND, RECRUITER, BACKEND] })).await;
    assert_eq!(found["methodVersion"], 1);
    let column = |client: &SignedIn, label: &str| json!({ "label": label, "organization": { "id": client.organization_id, "name": label } });
    assert_eq!(found["clients"], json!([column(&one, "alpha"), column(&two, "Beta")]), "by name, whatever its case");
    assert_eq!(found["rows"].as_array().map(Vec::len), Some(2), "a key that comes twice counts once");
    let library = mix([(4, 0.4), (0, 0.0), (4, 0.4), (2, 0.2)]);
    let expected = json!({
        "canonicalRole": { "key": BACKEND }, "libraryScore": 55, "libraryStageMix": library,
        "cells": [
            { "label": "alpha", "roleCount": 1, "scoredRoleCount": 1, "headcount": 1, "score": 55, "scoreDistance": 0,
              "stageMixDistance": 0, "stageMix": library },
            { "label": "Beta", "roleCount": 1, "scoredRoleCount": 1, "headcount": 4, "score": 56.25,
              "scoreDistance": 1.25, "stageMixDistance": 0.4,
              "stageMix": mix([(1, 0.5), (0, 0.0), (0, 0.0), (1, 0.5)]) },
        ],
    });
    assert_same(&found["rows"][0], &expected);
    let recruiter = &found["rows"][1];
    assert_eq!(recruiter["canonicalRole"]["key"], RECRUITER);
    assert_eq!((&recruiter["cells"][0]["scoreDistance"], &recruiter["cells"][1]), (&json!(0.0), &Value::Null));
    // In the order asked for, each once.
    let ids = json!([two.organization_id, one.organization_id, two.organization_id]);
    let found = compared(&person.client, json!({ "canonicalRoleKeys": [RECRUITER, BACKEND], "clientIds": ids })).await;
    assert_eq!(texts(&found["clients"], "label"), ["Beta", "alpha"]);
    assert_eq!(found["rows"][1]["canonicalRole"]["key"], BACKEND);
    assert_eq!(texts(&found["rows"][1]["cells"], "label"), ["Beta", "alpha"]);
}

pub async fn several_roles_count_by_headcount(t: &TestServer) {
    let (client, person) = (sign_up(t, "Northwind").await, sign_up(t, "Own").await);
    backend(&client, 3.0, &["HUMAN", "HUMAN"], json!({ "title": "Three" })).await;
    backend(&client, 1.0, &["AUTOMATED"], json!({ "title": "One" })).await;
    backend(&client, 6.0, &[], json!({ "title": "Without tasks" })).await;
    lend(&client, &person, json!({})).await;
    let found = compared(&person.client, json!({ "canonicalRoleKeys": [BACKEND] })).await;
    let cell = &found["rows"][0]["cells"][0];
    assert_eq!(
        (&cell["roleCount"], &cell["scoredRoleCount"], &cell["headcount"]),
        (&json!(3), &json!(2), &json!(10.0))
    );
    assert_close(&cell["score"], (3.0 * 12.5 + 100.0) / 4.0, 1e-9);
    assert_close(&cell["scoreDistance"], 34.375 - 55.0, 1e-9);
    assert_close(&cell["stageMixDistance"], 0.4, 1e-9);
    assert_same(&cell["stageMix"], &mix([(2, 0.75), (0, 0.0), (0, 0.0), (1, 0.25)]));
    // Drafts count: there is no published version at all.
    backend(&client, 6.0, &["AT_RISK"], json!({ "title": "More", "canonicalRoleKey": RECRUITER })).await;
    let found = compared(&person.client, json!({ "canonicalRoleKeys": [RECRUITER] })).await;
    assert_close(&found["rows"][0]["cells"][0]["score"], 50.0, 1e-9);
}

pub async fn a_client_that_revoked_is_gone(t: &TestServer) {
    let (one, two, person) = (sign_up(t, "One").await, sign_up(t, "Two").await, sign_up(t, "Own").await);
    create_from(&one, BACKEND).await;
    create_from(&two, BACKEND).await;
    let given = lend(&one, &person, json!({})).await;
    lend(&two, &person, json!({})).await;
    let both = json!([one.organization_id, two.organization_id]);
    for (clients, is_there) in [(both.clone(), true), (both, false), (Value::Null, false)] {
        if !is_there {
            crate::steps::mutate(&one.client, "revokeConsultantGrant", json!({ "id": given.id }), "").await;
        }
        let answer = compare(&person.client, json!({ "canonicalRoleKeys": [BACKEND], "clientIds": clients })).await;
        let labels = texts(answer.at("clientComparison.clients"), "label");
        assert_eq!(labels, if is_there { vec!["One", "Two"] } else { vec!["Two"] }, "{answer}");
        assert_eq!(answer.at("clientComparison.rows.0.cells").as_array().map(Vec::len), Some(labels.len()));
        assert_eq!(answer.text().contains(&one.organization_id), is_there, "{answer}");
    }
}

/// Unknown ones, one's own, those of others, and those that have ended: left out alike.
pub async fn only_clients_are_compared(t: &TestServer) {
    let (client, stranger, person) =
        (sign_up(t, "Client").await, sign_up(t, "Stranger").await, sign_up(t, "Own").await);
    create_from(&client, BACKEND).await;
    create_from(&stranger, BACKEND).await;
    create_from(&person, BACKEND).await;
    lend(&client, &person, json!({})).await;
    let ended = sign_up(t, "Ended").await;
    create_from(&ended, BACKEND).await;
    revoke(&ended, &lend(&ended, &person, json!({})).await).await;
    let ask = async |ids: Value| {
        compare(&person.client, json!({ "canonicalRoleKeys": [BACKEND], "clientIds": ids })).await.text()
    };
    let alone = ask(json!([client.organization_id])).await;
    let nobody = ask(json!([])).await;
    let unknown = Parts::of(&client.organization_id).elsewhere().encode();
    for other in [&unknown, &stranger.organization_id, &person.organization_id, &ended.organization_id] {
        assert_eq!(ask(json!([other, client.organization_id])).await, alone);
        assert_eq!(ask(json!([other])).await, nobody);
    }
    // One who can enter as a member does so as a member.
    let answer = compare(&client.client, json!({ "canonicalRoleKeys": [BACKEND] })).await;
    assert_eq!(answer.at("clientComparison.clients"), &json!([]), "{answer}");
    let answer = compare(&t.anonymous(), json!({ "canonicalRoleKeys": [BACKEND] })).await;
    assert_eq!((answer.status, answer.error_code()), (401, "UNAUTHENTICATED"));
}

pub async fn families_are_compared(t: &TestServer) {
    let (client, person) = (sign_up(t, "Northwind").await, sign_up(t, "Own").await);
    create_from(&client, BACKEND).await;
    lend(&client, &person, json!({})).await;
    let document = "query($f: String!) { canonicalRoles(first: 100, filter: { family: $f }) { nodes { key } } }";
    let answer = person.client.query(&format!("{{ canonicalRole(key: \"{BACKEND}\") {{ family }} }}")).await;
    let family = answer.text_at("canonicalRole.family").to_owned();
    let answer = person.client.graphql(document, json!({ "f": family })).await;
    let keys = texts(answer.at("canonicalRoles.nodes"), "key");
    assert!(keys.len() > 1, "{answer}");
    let found = compared(&person.client, json!({ "family": family })).await;
    let rows = found["rows"].as_array().cloned().unwrap_or_default();
    let of_rows: Vec<&str> = rows.iter().filter_map(|row| row["canonicalRole"]["key"].as_str()).collect();
    assert_eq!(of_rows, keys, "all of the family, by title");
    let filled: Vec<&str> = rows
        .iter()
        .filter(|row| !row["cells"][0].is_null())
        .filter_map(|row| row["canonicalRole"]["key"].as_str())
        .collect();
    assert_eq!(filled, [BACKEND]);
    let none = compared(&person.client, json!({ "family": "No such family" })).await;
    assert_eq!((&none["rows"], texts(&none["clients"], "label")), (&json!([]), vec!["Northwind".to_owned()]));
}

pub async fn limited_grants_count_what_they_see(t: &TestServer) {
    let client = sign_up(t, "Northwind").await;
    backend(&client, 2.0, &["HUMAN"], json!({ "family": "Sales" })).await;
    backend(&client, 5.0, &["AUTOMATED"], json!({ "family": "Legal" })).await;
    let limited = super::consultant(t, &client, json!({ "families": ["SALES"] })).await;
    let found = compared(&limited.client, json!({ "canonicalRoleKeys": [BACKEND] })).await;
    let cell = &found["rows"][0]["cells"][0];
    assert_eq!((&cell["roleCount"], &cell["headcount"], &cell["score"]), (&json!(1), &json!(2.0), &json!(12.5)));
    let blind = super::consultant(t, &client, json!({ "families": ["Marketing"] })).await;
    let found = compared(&blind.client, json!({ "canonicalRoleKeys": [BACKEND] })).await;
    assert_eq!(found["rows"][0]["cells"], json!([null]));
}

pub async fn faults_of_a_comparison_name_their_field(t: &TestServer) {
    let person = sign_up(t, "Own").await;
    let keys = |number: usize| -> Vec<String> { (0..number).map(|at| format!("rolemark:role-{at}")).collect() };
    let one = json!([BACKEND]);
    for (input, faults) in [
        (json!({}), vec![("MALFORMED", "input.canonicalRoleKeys".to_owned())]),
        (json!({ "canonicalRoleKeys": one, "family": "X" }), vec![("MALFORMED", "input.canonicalRoleKeys".to_owned())]),
        (json!({ "canonicalRoleKeys": [] }), vec![("TOO_FEW", "input.canonicalRoleKeys".to_owned())]),
        (
            json!({ "canonicalRoleKeys": keys(51), "clientIds": [] }),
            vec![("TOO_MANY", "input.canonicalRoleKeys".to_owned())],
        ),
        (
            json!({ "canonicalRoleKeys": [BACKEND, "rolemark:none", "no key\u{0}"] }),
            vec![("NOT_FOUND", "input.canonicalRoleKeys.1".into()), ("NOT_FOUND", "input.canonicalRoleKeys.2".into())],
        ),
        (
            json!({ "canonicalRoleKeys": one, "clientIds": vec![person.organization_id.clone(); 51] }),
            vec![("TOO_MANY", "input.clientIds".to_owned())],
        ),
    ] {
        let answer = compare(&person.client, input).await;
        let errors = answer.at("clientComparison.userErrors").as_array().cloned().unwrap_or_default();
        let path = |error: &Value| {
            let steps = error["field"].as_array().cloned().unwrap_or_default();
            steps.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(".")
        };
        let found: Vec<(String, String)> =
            errors.iter().map(|error| (error["code"].as_str().unwrap_or_default().to_owned(), path(error))).collect();
        let expected: Vec<(String, String)> = faults.into_iter().map(|(code, path)| (code.to_owned(), path)).collect();
        assert_eq!(found, expected, "{answer}");
        assert_eq!(
            (answer.at("clientComparison.rows"), answer.at("clientComparison.clients")),
            (&json!([]), &json!([]))
        );
    }
    for input in [
        json!({ "canonicalRoleKeys": one, "clientIds": ["nonsense"] }),
        json!({ "family": "a\u{0}" }),
        json!({ "family": "a".repeat(201) }),
    ] {
        assert_eq!(compare(&person.client, input).await.error_code(), "BAD_USER_INPUT");
    }
}

/// A key of the firm enters the clients that it names, with what both its scopes and the grants allow.
pub async fn api_keys_of_a_firm_compare_its_clients(t: &TestServer) -> Result<()> {
    let (one, two, firm) = (sign_up(t, "One").await, sign_up(t, "Two").await, sign_up(t, "Firm").await);
    create_from(&one, BACKEND).await;
    create_from(&two, BACKEND).await;
    let given = let_in(&one, &firm, json!({})).await;
    let_in(&two, &firm, json!({})).await;
    let mut database = Direct::superuser(t).await?;
    let key = database.add_api_key(&firm, &["READ_ROLES", "READ_BENCHMARK"], &[&one]).await?;
    let program = t.anonymous().with_token(&key);
    let found = compared(&program, json!({ "canonicalRoleKeys": [BACKEND] })).await;
    assert_eq!(texts(&found["clients"], "label"), ["One"]);
    assert_eq!(found["rows"][0]["cells"][0]["score"], 55.0);
    let listed = super::clients(&program).await;
    assert_eq!((&listed[0]["firmId"], &listed[0]["firmName"]), (&json!(firm.organization_id), &json!("Firm")));
    let log = "auditEvents(first: 1) { nodes { action actorKind grantId onBehalfOfId } }";
    let answer = crate::steps::organization(&one, log).await;
    let entry = json!({ "action": "organization.read", "actorKind": "API_KEY", "grantId": given.id,
        "onBehalfOfId": firm.organization_id });
    assert_eq!(answer.at("organization.auditEvents.nodes.0"), &entry);
    for scopes in [["READ_ROLES", "READ_SCENARIOS"], ["READ_BENCHMARK", "READ_SCENARIOS"]] {
        let key = database.add_api_key(&firm, &scopes, &[&one]).await?;
        let answer = compare(&t.anonymous().with_token(&key), json!({ "canonicalRoleKeys": [BACKEND] })).await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{scopes:?}: {answer}");
    }
    revoke(&one, &given).await;
    let found = compared(&program, json!({ "canonicalRoleKeys": [BACKEND] })).await;
    assert_eq!(found["clients"], json!([]));
    Ok(())
}

/// Statements of one client, at most: binding and reading, and the entry of the audit log.
const STATEMENTS_OF_A_CLIENT: u64 = 7;

pub async fn comparing_costs_the_same_for_each_client(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let person = sign_up(&server, "Own").await;
    let mut ids = Vec::new();
    for number in 0..6 {
        let client = sign_up(&server, &format!("Client {number}")).await;
        // Two of each kind: with one role, with ten, with forty.
        for role in 0..[1, 10, 40][number / 2] {
            backend(&client, 1.0, &["HUMAN"], json!({ "title": format!("Role {role}") })).await;
        }
        lend(&client, &person, json!({})).await;
        ids.push(client.organization_id);
    }
    let cost = async |ids: &[String]| {
        let mut least = u64::MAX;
        for _ in 0..4 {
            let before = server.statements().await;
            compared(&person.client, json!({ "canonicalRoleKeys": [BACKEND], "clientIds": ids })).await;
            least = least.min(server.statements().await - before);
        }
        least
    };
    let (few, more, many) = (cost(&ids[..2]).await, cost(&ids[2..4]).await, cost(&ids[4..]).await);
    let (none, all) = (cost(&[]).await, cost(&ids).await);
    println!("{}: statements of 0, 2 and 6 clients: {none}, {few} {more} {many}, {all}", t.backend());
    assert_eq!((few, more), (more, many), "whatever the number of roles");
    assert!(few - none <= 2 * STATEMENTS_OF_A_CLIENT && all - none <= 6 * STATEMENTS_OF_A_CLIENT);
    server.stop().await;
    Ok(())
}
