//! What happens to accounts is in the program's log, under fixed names.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Answer, Client, Error, Result, unique};
use serde_json::{Value, json};

use super::sessions::sessions;
use crate::steps::{PROGRAM, assert_done, mutate};

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

/// The program in a process of its own, and all that it writes.
struct Program {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    fn serve(directory: &ScratchDirectory) -> Result<Self> {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--data-directory"])
            .arg(directory.path())
            .env("ROLEMARK_THROTTLE__FAILURES_PER_ACCOUNT_AND_ADDRESS", "2")
            .current_dir(directory.path())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        let lines = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&lines);
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(std::result::Result::ok) {
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        Ok(Self { child, lines })
    }

    fn text(&self) -> String {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }

    /// What `find` finds in the log, once it is there.
    async fn wait_for<T>(&self, find: impl Fn(&str) -> Option<T>) -> Result<T> {
        for _ in 0..200 {
            if let Some(found) = find(&self.text()) {
                return Ok(found);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(Error::from(format!("not in the log: {}", self.text())))
    }
}

fn url_in(log: &str) -> Option<String> {
    let rest = log.split("http://127.0.0.1:").nth(1)?;
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(format!("http://127.0.0.1:{port}"))
}

fn events_in(log: &str) -> Vec<Value> {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["event"].as_str().is_some_and(|event| event.starts_with("identity."))).collect()
}

async fn run(client: &Client, mutation: &str, input: Value, selection: &str) -> Answer {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let query =
        format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} userErrors {{ code }} }} }}");
    let request = client.request(reqwest::Method::POST, "/graphql").header("x-request-id", REQUEST);
    client.send(request.json(&json!({ "query": query, "variables": { "input": input } }))).await
}

pub async fn security_events_are_logged() -> Result<()> {
    let directory = ScratchDirectory::create()?;
    let program = Program::serve(&directory)?;
    let client = Client::anonymous(&program.wait_for(url_in).await?);
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
        events_in(log).iter().filter_map(|line| line["event"].as_str().map(str::to_owned)).collect()
    };
    let expected: BTreeSet<String> = EVENTS.map(str::to_owned).into();
    program.wait_for(|log| (names(log) == expected).then_some(())).await?;
    let log = program.text();
    for event in events_in(&log) {
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
