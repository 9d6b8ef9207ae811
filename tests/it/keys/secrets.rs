//! The secret of a key: in one answer, and nowhere else.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Client, Error, Result, SignedIn, TestServer, role, sign_up};
use serde_json::json;

use super::{Key, WHO, make, revoke, revoke_now, rotate, try_make};
use crate::direct::Direct;
use crate::steps::{PROGRAM, organization};

/// The 256 random bits of a key.
fn random_digits(key: &Key) -> &str {
    &key.secret[29..93]
}

pub async fn secret_is_shown_once(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let key = make(t, &admin, "Program", &["READ_ROLES", "READ_AUDIT"]).await;
    let fields = "id name prefix scopes state createdAt expiresAt lastUsedAt revokedAt rotatedFrom { prefix }";
    let log = "auditEvents { nodes { details objectId } }";
    let twice = json!({ "name": "Program" });
    let answers = [
        key.client.query(WHO).await,
        admin.client.query(&format!("{{ node(id: \"{}\") {{ ... on ApiKey {{ {fields} }} }} }}", key.id)).await,
        organization(&admin, &format!("apiKeys {{ nodes {{ {fields} }} }} {log}")).await,
        try_make(&admin, twice).await,
        t.anonymous().with_token(&format!("{}0", key.secret)).query(WHO).await,
        admin.client.query(&format!("{{ node(id: \"{}\") {{ id }} }}", key.secret)).await,
        rotate(&admin, &key.id, json!({})).await,
        revoke(&admin, &key.id).await,
    ];
    for answer in answers {
        assert!(!answer.text().contains(random_digits(&key)), "{answer}");
    }
}

/// Every row of every table, in lower case.
async fn all_rows(t: &TestServer) -> Result<Vec<String>> {
    let mut database = Direct::superuser(t).await?;
    let mut lines = Vec::new();
    for table in database.tables().await? {
        lines.extend(database.rows(&table).await?.into_iter().map(|row| format!("{table}: {}", row.to_lowercase())));
    }
    Ok(lines)
}

pub async fn secret_is_in_no_table(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let admin = sign_up(&server, "Northwind").await;
    let key = make(&server, &admin, "Program", &["READ_ROLES"]).await;
    let successor = Key::of(&server, &rotate(&admin, &key.id, json!({})).await, "rotateApiKey");
    key.client.query(WHO).await;
    let rows = all_rows(&server).await?;
    for key in [&key, &successor] {
        let digest: String =
            digest(&SHA256, key.secret.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let known: Vec<&String> = rows.iter().filter(|row| row.contains(&digest)).collect();
        assert!(known.len() == 1 && known[0].starts_with("access_secret:"), "the digest is not there: {known:?}");
        // As text, as bytes of the text, and as bytes of the digits.
        let as_bytes: String = random_digits(key).bytes().map(|byte| format!("{byte:02x}")).collect();
        for form in [random_digits(key), as_bytes.as_str()] {
            let leaks: Vec<&String> = rows.iter().filter(|row| row.contains(form)).collect();
            assert!(leaks.is_empty(), "{leaks:#?}");
        }
    }
    server.stop().await;
    Ok(())
}

/// The program in a process of its own, whose output is kept.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Serves the database of a server and says all there is to say; where it serves.
async fn serve_talkatively(t: &TestServer, directory: &Path) -> Result<(Process, String)> {
    let output = std::fs::File::create(directory.join("log"))?;
    let mut command = Command::new(PROGRAM);
    command.args(["serve", "--listen", "127.0.0.1:0", "--log", "trace", "--log-format", "json"]);
    command.args([
        "--database-url",
        &t.database().url(role::APP),
        "--auth-database-url",
        &t.database().url(role::AUTH),
    ]);
    command.arg("--data-directory").arg(directory).current_dir(directory);
    let process = Process(command.stdout(Stdio::from(output.try_clone()?)).stderr(output).spawn()?);
    for _ in 0..300 {
        let log = std::fs::read_to_string(directory.join("log"))?;
        if let Some((_, rest)) = log.split_once("http://127.0.0.1:") {
            let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
            return Ok((process, format!("http://127.0.0.1:{port}")));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(Error::from("the program never said where it serves"))
}

pub async fn secret_is_in_no_log_line(t: &TestServer) -> Result<()> {
    let scratch = ScratchDirectory::create()?;
    let (process, url) = serve_talkatively(t, scratch.path()).await?;
    let anonymous = Client::anonymous(&url);
    let person = sign_up(t, "Northwind").await;
    // Tokens are signed by each server with a key of its own here.
    let document = "mutation($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }";
    let input = json!({ "input": { "email": person.email, "password": person.password } });
    let token = anonymous.graphql(document, input).await.text_at("signIn.session.accessToken").to_owned();
    let admin = SignedIn { client: anonymous.with_token(&token), ..person };
    let key = make(t, &admin, "Program", &["READ_ROLES"]).await;
    let there = anonymous.with_token(&key.secret);
    there.query(WHO).await;
    let slip = key.slip(100);
    anonymous.with_token(&slip).query(WHO).await;
    for password in [&key.secret, &slip] {
        let request = anonymous.request(reqwest::Method::POST, "/graphql").basic_auth("x", Some(password));
        anonymous.send(request.json(&json!({ "query": WHO }))).await;
    }
    there.query(&format!("{{ nothing(key: \"{}\") }}", key.secret)).await;
    Key::of(t, &rotate(&admin, &key.id, json!({})).await, "rotateApiKey");
    revoke_now(&admin, &key.id).await;
    there.query(WHO).await;
    drop(process);
    let log = std::fs::read_to_string(scratch.path().join("log"))?;
    assert!(log.lines().filter(|line| line.contains("\"graphql\"")).count() > 8, "the log says nothing: {log}");
    for secret in [random_digits(&key), &key.secret[29..60], token.as_str(), admin.password.as_str()] {
        let leaks: Vec<&str> = log.lines().filter(|line| line.contains(secret)).collect();
        assert!(leaks.is_empty(), "{leaks:#?}");
    }
    Ok(())
}
