//! Thousands of requests that are almost right: whatever they are, the server says so, and none is a fault of its own.

mod corpus;
mod mutate;

use std::sync::Arc;

use rolemark_tests::{Answer, Result, TestServer};
use serde_json::{Value, json};

use self::corpus::Seed;
use self::mutate::Random;
use crate::tenant::Tenant;
use crate::transport::assert_still_answers;

const REQUESTS: u64 = 2_000;
const CLIENTS: u64 = 4;

/// What a fault of the server's own looks like.
fn is_fault(answer: &Answer) -> bool {
    let codes = answer.error_codes();
    answer.status >= 500 || codes.contains(&"INTERNAL_SERVER_ERROR") || codes.contains(&"")
}

fn told(what: &str, document: &str, variables: &Value, answer: &Answer) -> String {
    let mut variables = variables.to_string();
    if variables.len() > 600 {
        let end = (0..=600).rev().find(|index| variables.is_char_boundary(*index)).unwrap_or_default();
        variables.truncate(end);
        variables += " …";
    }
    format!("{what}: {answer}\n    {}\n    {variables}", document.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Random changes of valid documents, identifiers, cursors and inputs, the same ones at every run.
pub async fn random_changes_are_no_fault_of_the_server(t: &TestServer) -> Result<()> {
    let tenant = Arc::new(Tenant::create(t).await);
    let mut running = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let (tenant, anonymous) = (Arc::clone(&tenant), t.anonymous());
        running.spawn(async move {
            let seeds = corpus::seeds(&tenant);
            let mut random = Random::new(client + 1);
            let (mut faults, mut answered) = (Vec::new(), 0);
            for number in 0..REQUESTS / CLIENTS {
                let seed = random.pick(&seeds);
                let (document, variables) = random.change(seed);
                // Some as nobody: other paths through the same code.
                let caller = if number % 10 == 0 { &anonymous } else { &tenant.admin };
                let answer = caller.graphql(&document, variables.clone()).await;
                answered += u64::from(answer.body["errors"].is_null());
                if is_fault(&answer) {
                    faults.push(told(&format!("request {number} of client {client}"), &document, &variables, &answer));
                }
            }
            (faults, answered)
        });
    }
    let (faults, answered): (Vec<_>, Vec<u64>) = running.join_all().await.into_iter().unzip();
    assert_no_faults(&faults.concat());
    // Neither all refused at the door nor none.
    let answered: u64 = answered.iter().sum();
    assert!((REQUESTS / 10..REQUESTS * 9 / 10).contains(&answered), "{answered} of {REQUESTS} were answered");
    assert_still_answers(&t.anonymous()).await;
    Ok(())
}

/// Each text and number of every valid request replaced by each nasty one.
pub async fn nasty_values_are_no_fault_of_the_server(t: &TestServer) -> Result<()> {
    let tenant = Arc::new(Tenant::create(t).await);
    let mut running = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let tenant = Arc::clone(&tenant);
        running.spawn(async move {
            let seeds = corpus::seeds(&tenant);
            let mut faults = Vec::new();
            let all = seeds.iter().flat_map(|seed| mutate::nasty(&seed.variables).into_iter().map(move |v| (seed, v)));
            for (index, (seed, variables)) in (0..).zip(all) {
                if index % CLIENTS != client {
                    continue;
                }
                let answer = tenant.admin.graphql(&seed.document, variables.clone()).await;
                if is_fault(&answer) {
                    faults.push(told("nasty", &seed.document, &variables, &answer));
                }
            }
            faults
        });
    }
    let faults: Vec<String> = running.join_all().await.into_iter().flatten().collect();
    assert_no_faults(&faults);
    assert_still_answers(&t.anonymous()).await;
    Ok(())
}

/// Cursors with the right seal and wrong contents: a client that looks into one can make them.
pub async fn forged_cursors_are_no_fault_of_the_server(t: &TestServer) -> Result<()> {
    let tenant = Tenant::create(t).await;
    let mut faults = Vec::new();
    for Seed { document, variables } in corpus::lists(&tenant) {
        let cursor = variables["cursor"].as_str().unwrap_or_default().to_owned();
        for forged in mutate::forged_cursors(&cursor) {
            let mut variables = variables.clone();
            variables["cursor"] = json!(forged);
            let answer = tenant.admin.graphql(&document, variables.clone()).await;
            if is_fault(&answer) {
                let what = format!("cursor {}", mutate::decoded(&forged));
                faults.push(told(&what, &document, &variables, &answer));
            }
        }
    }
    assert_no_faults(&faults);
    Ok(())
}

#[track_caller]
fn assert_no_faults(faults: &[String]) {
    let shown: Vec<&str> = faults.iter().take(12).map(String::as_str).collect();
    assert!(faults.is_empty(), "{} faults, among them:\n  {}", faults.len(), shown.join("\n  "));
}
