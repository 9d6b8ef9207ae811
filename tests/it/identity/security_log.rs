//! What happens to accounts is in the program's log, under fixed names.

use std::collections::BTreeSet;

use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Answer, Client, Result, unique};
use serde_json::{Value, json};

use super::sessions::sessions;
use crate::{
    program::{Served, events_in},
    steps::{assert_done, mutate},
};

const EVENTS: [&str; 9] = [
    "identity.password_changed",
    "identity.password_reset",
    "identity.password_reset_requested",
    "identity.refresh_token_reused",
    "identity.session_ended",
    "identity.sign_in",
    "identity.sign_in_failed",
    "identity.sign_out",
    "identity.throttled",
];
const REQUEST: &str = "security-log-case";

async fn run(client: &Client, mutation: &str, input: Value, selection: &str) -> Answer {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let query =
        format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} userErrors {{ code }} }} }}");
    let request = client.request(reqwest::Method::POST, "/graphql").header("x-request-id", REQUEST);
    client.send(request.json(&json!({ "query": query, "variables": { "input": input } }))).await
}

pub async fn security_events_are_logged() -> Result<()> {
    let directory = ScratchDirectory::create()?;
    let program = Served::start(directory.path(), &[("ROLEMARK_THROTTLE__FAILURES_PER_ACCOUNT_AND_ADDRESS", "2")])?;
    let client = Client::anonymous(&program.url().await?);
    let (email, password) = (format!("{}@example.com", unique("logged")), unique("correct horse"));
    let new = unique("plum lantern");
    let input = json!({ "email": email, "password": password, "name": "Ada", "organizationName": "Northwind" });
    assert_done(&mutate(&client, "signUp", input, "organization { id }").await, "signUp");
    let mut secrets = vec![password.clone(), new.clone(), email.clone()];
    let credentials = |password: &str| json!({ "email": email, "password": password });

    let tokens = "session { accessToken refreshToken }";
    let signed_in = run(&client, "signIn", credentials(&password), tokens).await;
    let refresh = json!({ "refreshToken": signed_in.text_at("signIn.session.refreshToken") });
    let caller = client.with_token(signed_in.text_at("signIn.session.accessToken"));
    let input = json!({ "currentPassword": password, "newPassword": new });
    assert_done(&run(&caller, "changePassword", input, "").await, "changePassword");
    assert_eq!(sessions(&caller).await.len(), 1);
    run(&client, "refreshSession", refresh.clone(), "").await;
    run(&client, "refreshSession", refresh.clone(), "").await;
    let signed_in = run(&client, "signIn", credentials(&new), tokens).await;
    let caller = client.with_token(signed_in.text_at("signIn.session.accessToken"));
    assert_done(&run(&caller, "signOut", json!({}), "").await, "signOut");
    run(&client, "requestPasswordReset", json!({ "email": email }), "").await;
    let token = program.wait_for(|_| letter_in(&directory)).await?;
    let input = json!({ "token": token, "newPassword": password });
    assert_done(&run(&client, "resetPassword", input, "").await, "resetPassword");
    for _ in 0..3 {
        run(&client, "signIn", credentials("not the password"), "").await;
    }
    secrets.extend([token, refresh["refreshToken"].as_str().unwrap_or_default().to_owned()]);

    let names = |log: &str| -> BTreeSet<String> {
        events_in(log, "identity.").iter().filter_map(|line| line["event"].as_str().map(str::to_owned)).collect()
    };
    let expected: BTreeSet<String> = EVENTS.map(str::to_owned).into();
    program.wait_for(|log| (names(log) == expected).then_some(())).await?;
    let log = program.log();
    for event in events_in(&log, "identity.") {
        assert_eq!((&event["address"], &event["request_id"]), (&json!("127.0.0.1"), &json!(REQUEST)), "{event}");
        let has_user = uuid::Uuid::try_parse(event["user"].as_str().unwrap_or_default()).is_ok();
        assert_eq!(has_user, event["event"] != "identity.throttled", "{event}");
    }
    for secret in secrets {
        assert!(!log.contains(&secret), "the log holds {secret}: {log}");
    }
    Ok(())
}

/// The token of the newest letter that has one.
fn letter_in(directory: &ScratchDirectory) -> Option<String> {
    let files = std::fs::read_dir(directory.path().join("outbox")).ok()?.flatten();
    let texts = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
    texts.filter(|text| text.contains("resetPassword")).map(|text| super::resets::token_in(&text)).last()
}
