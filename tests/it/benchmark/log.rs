//! Who read which figures is in the log, with the cause of what was withheld, which no answer tells.

use std::collections::BTreeSet;

use rolemark_tests::{Client, Result, TestServer, role, sign_up};
use serde_json::{Value, json};

use super::gate::five_of_twelve;
use super::world::{ALL, CELL, Group, INDUSTRY, ROLE, question};
use crate::program::{Served, events_in};

/// A role that nobody contributed to.
const NOBODY: &str = "rolemark:data-analyst";

/// Asks, under a request id of its own.
async fn ask(client: &Client, request: &str, query: &str) {
    let post = client.request(reqwest::Method::POST, "/graphql").header("x-request-id", request);
    client.send(post.json(&json!({ "query": query }))).await;
}

pub async fn every_read_is_logged(t: &TestServer) -> Result<()> {
    let (mut world, firm, _) = five_of_twelve(t, chrono::Utc::now() + chrono::Duration::days(30)).await?;
    let (reader, stranger) = (world.verified("Reader").await?, sign_up(&world.server, "Stranger").await);
    let key = world.direct.add_api_key(&reader, &["READ_BENCHMARK"], &[]).await?;
    let version = world.version_of(("2026-Q3", ROLE, INDUSTRY.0)).await?.hyphenated().to_string();
    world.server.stop().await;
    let database = world.server.database();
    let (app, auth) = (database.url(role::APP), database.url(role::AUTH));
    let urls = [("ROLEMARK_DATABASE_URL", app.as_str()), ("ROLEMARK_AUTH_DATABASE_URL", auth.as_str())];
    let urls = if t.backend() == rolemark_tests::Backend::Sqlite { &urls[..1] } else { &urls[..] };
    let program = Served::start(world.server.directory(), urls)?;
    let anonymous = Client::anonymous(&program.url().await?);

    let of = |token: &str| anonymous.with_token(token);
    ask(&of(&reader.token), "log-shown", &question(ROLE, INDUSTRY)).await;
    ask(&of(&key), "log-api-key", &question(ROLE, INDUSTRY)).await;
    ask(&of(&firm.token), "log-viewer", &question(ROLE, ALL)).await;
    ask(&of(&reader.token), "log-release", &question(NOBODY, ALL)).await;
    ask(&of(&stranger.token), "log-not-verified", &question(ROLE, INDUSTRY)).await;
    let both = |Group(_, _, one): Group, Group(_, _, two): Group| {
        let role = format!("role: \"{ROLE}\"");
        format!(
            "{{ a: roleBenchmark({role}, segment: {one}) {{ {CELL} }} b: roleBenchmark({role}, segment: {two}) {{ {CELL} }} }}"
        )
    };
    ask(&of(&reader.token), "log-both-cells", &both(INDUSTRY, ALL)).await;

    let is_there = |log: &str| (events_in(log, "benchmark.").len() >= 6).then(|| events_in(log, "benchmark."));
    let events = program.wait_for(is_there).await?;
    let requests: BTreeSet<&str> = events.iter().filter_map(|event| event["request_id"].as_str()).collect();
    assert_eq!((requests.len(), events.len()), (6, 6), "one line for each request: {events:?}");
    let event = |request: &str| events.iter().find(|event| event["request_id"] == request).unwrap_or(&Value::Null);
    let cell = |role: &str, Group(group, ..): Group| format!("2026-Q3/{role}/{group}");

    let shown = format!("{}={version}", cell(ROLE, INDUSTRY));
    assert_eq!((&event("log-shown")["shown"], &event("log-shown")["withheld"]), (&json!(shown), &json!("")));
    let user = event("log-shown")["user"].as_str().unwrap_or_default().to_owned();
    assert!(uuid::Uuid::try_parse(&user).is_ok(), "{events:?}");
    assert_eq!(event("log-shown")["address"], "127.0.0.1");
    assert_eq!((&event("log-api-key")["shown"], &event("log-api-key")["user"]), (&json!(shown), &Value::Null));
    assert_ne!(event("log-api-key")["api_key"], Value::Null);
    for (request, withheld) in [
        ("log-viewer", format!("{}=VIEWER", cell(ROLE, ALL))),
        ("log-release", format!("{}=RELEASE", cell(NOBODY, ALL))),
        ("log-not-verified", format!("{}=NOT_VERIFIED", cell(ROLE, INDUSTRY))),
    ] {
        assert_eq!((&event(request)["shown"], &event(request)["withheld"]), (&json!(""), &json!(withheld)));
    }
    let two = event("log-both-cells")["shown"].as_str().unwrap_or_default();
    assert!(two.starts_with(&format!("{}=", cell(ROLE, ALL))) && two.ends_with(&shown), "{two}");
    Ok(())
}
