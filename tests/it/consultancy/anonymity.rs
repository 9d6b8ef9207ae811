//! Comparisons that can be shown to others.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolemark_tests::{SignedIn, TestServer, sign_up, unique};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    comparing::{BACKEND, compare},
    lend, revoke,
};
use crate::ids::organization_of;
use crate::steps::{create, organization};

/// Clients with names of their own, each with a role of another headcount, so that columns can be told apart.
async fn clients(t: &TestServer, person: &SignedIn, number: usize) -> Vec<(SignedIn, String, super::Grant)> {
    let mut clients = Vec::new();
    for index in 0..number {
        let name = unique("client");
        let client = sign_up(t, &name).await;
        let role = json!({ "title": format!("{name} role"), "headcount": index + 1, "canonicalRoleKey": BACKEND,
            "family": format!("{name} family"), "tasks": [{ "title": format!("{name} task"), "stage": "HUMAN" }] });
        create(&client, role).await;
        let given = lend(&client, person, json!({ "reason": format!("{name} reason") })).await;
        clients.push((client, name, given));
    }
    clients
}

/// The columns' labels, by the index of the client.
fn labels(answer: &Value) -> Vec<(usize, String)> {
    let cells = answer["rows"][0]["cells"].as_array().cloned().unwrap_or_default();
    let of_cell = |cell: &Value| {
        let headcount = cell["headcount"].as_f64().unwrap_or_default() as usize;
        (headcount - 1, cell["label"].as_str().unwrap_or_default().to_owned())
    };
    cells.iter().map(of_cell).collect()
}

pub async fn anonymized_answers_name_nobody(t: &TestServer) {
    let person = sign_up(t, "Own").await;
    let clients = clients(t, &person, 4).await;
    let answer = compare(&person.client, json!({ "canonicalRoleKeys": [BACKEND], "isAnonymized": true })).await;
    let found = answer.at("clientComparison");
    let columns: Vec<_> = (0..4)
        .map(|at| json!({ "label": format!("Client {}", ["A", "B", "C", "D"][at]), "organization": null }))
        .collect();
    assert_eq!(found["clients"], json!(columns), "{answer}");
    assert_eq!(labels(found).len(), 4);
    let told = format!("{} {:?}", answer.text(), answer.headers).to_lowercase();
    for (client, name, given) in &clients {
        let id = organization_of(&client.organization_id);
        let secrets =
            [name.clone(), client.organization_id.clone(), given.id.clone(), id.to_string(), id.simple().to_string()];
        for secret in &secrets {
            assert!(!told.contains(&secret.to_lowercase()), "{secret} is told: {answer}");
            let hidden = URL_SAFE_NO_PAD.encode(secret).to_lowercase();
            assert!(!told.contains(&hidden), "{secret} is told in base64: {answer}");
        }
    }
    // The same figures as with names.
    let named = compare(&person.client, json!({ "canonicalRoleKeys": [BACKEND] })).await;
    let figures = |answer: &Value| {
        let cells = answer["rows"][0]["cells"].as_array().cloned().unwrap_or_default();
        let mut figures: Vec<String> =
            cells.iter().map(|cell| format!("{} {}", cell["headcount"], cell["score"])).collect();
        figures.sort();
        figures
    };
    assert_eq!(figures(found), figures(named.at("clientComparison")));
}

pub async fn anonymized_labels_stay(t: &TestServer) {
    let person = sign_up(t, "Own").await;
    let clients = clients(t, &person, 5).await;
    let ask = async |ids: Value| {
        let input = json!({ "canonicalRoleKeys": [BACKEND], "isAnonymized": true, "clientIds": ids });
        labels(compare(&person.client, input).await.at("clientComparison"))
    };
    let first = ask(Value::Null).await;
    let ids: Vec<&str> = clients.iter().map(|(client, ..)| client.organization_id.as_str()).collect();
    let reversed: Vec<&str> = ids.iter().rev().copied().collect();
    assert_eq!(ask(json!(ids)).await, first, "whichever way the same clients are asked for");
    assert_eq!(ask(json!(reversed)).await, first);
    // By a digest of the caller and the client, which has nothing to do with names.
    let log = organization(&clients[0].0, "auditEvents(first: 1) { nodes { actorId } }").await;
    let caller = Uuid::try_parse(log.text_at("organization.auditEvents.nodes.0.actorId")).expect("the caller");
    let mut expected: Vec<usize> = (0..5).collect();
    expected.sort_by_key(|index| {
        let client = organization_of(ids[*index]);
        digest(&SHA256, &[caller.as_bytes().as_slice(), client.as_bytes()].concat()).as_ref().to_vec()
    });
    let order: Vec<usize> = first.iter().map(|(index, _)| *index).collect();
    assert_eq!(order, expected);
    // One that has left leaves no gap.
    let gone = order[2];
    revoke(&clients[gone].0, &clients[gone].2).await;
    let rest = ask(Value::Null).await;
    let letters: Vec<&str> = rest.iter().map(|(_, label)| label.as_str()).collect();
    assert_eq!(letters, ["Client A", "Client B", "Client C", "Client D"]);
    assert!(rest.iter().all(|(index, _)| *index != gone));
}
