//! One server whose signing key is rotated while it runs.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use chrono::{SecondsFormat, Utc};
use rolemark_tests::{Client, Result, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use super::commands::{CURRENT, PREVIOUS, rotate};
use super::forge::{Forge, now, server_with_directory};
use super::{OPEN, assert_unauthenticated, with};
use crate::direct::NOTICED;

/// Writes a file of keys past the program.
pub(super) fn write(path: &Path, content: &str) -> Result<()> {
    fs::write(path, content)?;
    Ok(fs::set_permissions(path, Permissions::from_mode(0o600))?)
}

/// Moves the rotation into the past, as if time had gone by.
fn rotated_minutes_ago(directory: &Path, minutes: i64) -> Result<()> {
    let pem = fs::read_to_string(directory.join(PREVIOUS))?;
    let (_, key) = pem.split_once('\n').ok_or("one line")?;
    let instant = Utc::now() - chrono::Duration::minutes(minutes);
    let date = instant.to_rfc3339_opts(SecondsFormat::Secs, true);
    write(&directory.join(PREVIOUS), &format!("Rotated-At: {date}\n{key}"))
}

/// The name of the key that signed a token.
pub(super) fn key_of(token: &str) -> Value {
    Forge::parts(token).0["kid"].clone()
}

/// Asserts that the public keys are these, in this order.
#[track_caller]
fn assert_published(set: &rolemark_tests::Answer, names: &[&Value]) {
    let keys = set.body["keys"].as_array().cloned().unwrap_or_default();
    assert_eq!(keys.iter().map(|key| &key["kid"]).collect::<Vec<_>>(), names, "{set}");
    assert!(keys.iter().all(|key| key["d"].is_null() && key["x"].is_string()), "{set}");
}

async fn key_set(t: &TestServer) -> rolemark_tests::Answer {
    t.anonymous().get("/.well-known/jwks.json").await
}

pub(super) async fn assert_known(client: &Client) {
    let answer = client.query("{ viewer { name } }").await;
    assert!(answer.status == 200 && answer.at("viewer.name").is_string(), "{answer}");
}

/// Uses up a person's refresh token; the new access token.
pub(super) async fn refresh(client: &Client, person: &mut SignedIn) -> String {
    let document = "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) {
        session { accessToken refreshToken } userErrors { code } } }";
    let answer = client.graphql(document, json!({ "input": { "refreshToken": person.refresh_token } })).await;
    let token = answer.text_at("refreshSession.session.accessToken").to_owned();
    person.refresh_token = answer.text_at("refreshSession.session.refreshToken").to_owned();
    token
}

pub async fn tokens_outlive_a_rotation(t: &TestServer) -> Result<()> {
    let (server, directory) = server_with_directory(t.backend()).await?;
    let mut person = sign_up(&server, "Rotated").await;
    let (client, old) = (server.anonymous(), key_of(&person.token));
    let stolen = Forge::with_key_of(&directory)?;
    assert_known(&person.client).await;
    assert_published(&key_set(&server).await, &[&old]);

    rotate(&directory, &[]).await?;
    assert_known(&person.client).await;
    tokio::time::sleep(NOTICED).await;
    let token = refresh(&client, &mut person).await;
    let new = key_of(&token);
    assert_ne!(new, old, "new tokens are signed with the new key");
    assert_known(&person.client).await;
    assert_known(&client.with_token(&token)).await;
    assert_published(&key_set(&server).await, &[&new, &old]);
    // The key of one under the name of the other.
    let (header, claims) = Forge::parts(&person.token);
    let confused = client.with_token(&stolen.sign(&with(&header, "kid", new.clone()), &claims));
    assert_unauthenticated("the old key under the name of the new one", &confused.query(OPEN).await);

    rotated_minutes_ago(&directory, 15)?;
    tokio::time::sleep(NOTICED).await;
    assert_known(&person.client).await;
    let late = with(&with(&claims, "iat", now()), "exp", now() + 900);
    let late = client.with_token(&stolen.sign(&header, &late));
    assert_known(&late).await;

    rotated_minutes_ago(&directory, 17)?;
    tokio::time::sleep(NOTICED).await;
    for document in [OPEN, "{ viewer { name } }"] {
        assert_unauthenticated("a token of the old key", &person.client.query(document).await);
        assert_unauthenticated("a new token of the old key", &late.query(document).await);
    }
    assert_known(&client.with_token(&token)).await;
    assert_published(&key_set(&server).await, &[&new]);

    rotate(&directory, &[]).await?;
    tokio::time::sleep(NOTICED).await;
    let third = refresh(&client, &mut person).await;
    assert_known(&client.with_token(&token)).await;
    assert_known(&client.with_token(&third)).await;
    assert_published(&key_set(&server).await, &[&key_of(&third), &new]);
    server.stop().await;
    Ok(())
}

/// What leaked counts for nothing a second later, although the server remembers what it has verified.
pub async fn forced_rotation_ends_all_tokens(t: &TestServer) -> Result<()> {
    let (server, directory) = server_with_directory(t.backend()).await?;
    let mut person = sign_up(&server, "Leaked").await;
    let client = server.anonymous();
    let stolen = Forge::with_key_of(&directory)?;
    let (header, claims) = Forge::parts(&person.token);
    rotate(&directory, &[]).await?;
    tokio::time::sleep(NOTICED).await;
    let second = client.with_token(&refresh(&client, &mut person).await);
    assert_known(&person.client).await;
    assert_known(&second).await;

    rotate(&directory, &["--force"]).await?;
    tokio::time::sleep(NOTICED).await;
    for (what, client) in [("the first key", &person.client), ("the second key", &second)] {
        assert_unauthenticated(what, &client.query(OPEN).await);
        assert_unauthenticated(what, &client.query("{ viewer { name } }").await);
    }
    let forged = client.with_token(&stolen.sign(&header, &with(&claims, "exp", now() + 900)));
    assert_unauthenticated("a token made with the leaked key", &forged.query(OPEN).await);
    let token = refresh(&client, &mut person).await;
    assert_known(&client.with_token(&token)).await;
    assert_published(&key_set(&server).await, &[&key_of(&token)]);
    server.stop().await;
    Ok(())
}

/// The old key was put aside, and then the power failed.
pub async fn cut_off_rotation_does_no_harm(t: &TestServer) -> Result<()> {
    let (server, directory) = server_with_directory(t.backend()).await?;
    let mut person = sign_up(&server, "Cut off").await;
    let old = key_of(&person.token);
    let pem = fs::read_to_string(directory.join(CURRENT))?;
    let date = Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true);
    write(&directory.join(PREVIOUS), &format!("Rotated-At: {date}\n{pem}"))?;
    write(&directory.join("signing-key.pem.new"), &pem[..pem.len() / 2])?;
    tokio::time::sleep(NOTICED).await;
    assert_known(&person.client).await;
    assert_published(&key_set(&server).await, &[&old]);
    // Not even when its time has come: it is still the current one.
    rotated_minutes_ago(&directory, 60)?;
    tokio::time::sleep(NOTICED).await;
    assert_known(&person.client).await;
    let server = server.restart_with(|_| ()).await?;
    let client = server.anonymous();
    let token = refresh(&client, &mut person).await;
    assert_eq!(key_of(&token), old);
    rotated_minutes_ago(&directory, 0)?;

    rotate(&directory, &[]).await?;
    tokio::time::sleep(NOTICED).await;
    let new = refresh(&client, &mut person).await;
    assert_known(&client.with_token(&person.token)).await;
    assert_known(&client.with_token(&new)).await;
    assert_published(&key_set(&server).await, &[&key_of(&new), &old]);
    server.stop().await;
    Ok(())
}

pub async fn damaged_key_files_do_not_stop_a_running_server(t: &TestServer) -> Result<()> {
    let (server, directory) = server_with_directory(t.backend()).await?;
    let mut person = sign_up(&server, "Damaged").await;
    let (client, old) = (server.anonymous(), key_of(&person.token));
    let (path, previous) = (directory.join(CURRENT), directory.join(PREVIOUS));
    let pem = fs::read_to_string(&path)?;
    for damaged in ["", "not a key", &pem[..60]] {
        write(&path, damaged)?;
        assert_goes_on(&server, &mut person, &old).await;
    }
    fs::remove_file(&path)?;
    assert_goes_on(&server, &mut person, &old).await;
    write(&path, &pem)?;
    write(&previous, "not a key")?;
    assert_goes_on(&server, &mut person, &old).await;
    fs::remove_file(&previous)?;

    // A new key that others can read is not taken; once its owner has seen to that, it is.
    rotate(&directory, &[]).await?;
    tokio::time::sleep(NOTICED).await;
    let new = refresh(&client, &mut person).await;
    assert_ne!(key_of(&new), old, "the server goes on to look");
    write(&path, &pem)?;
    fs::set_permissions(&path, Permissions::from_mode(0o644))?;
    assert_goes_on(&server, &mut person, &key_of(&new)).await;
    fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    tokio::time::sleep(NOTICED).await;
    assert_eq!(key_of(&refresh(&client, &mut person).await), old, "the key is private again");
    server.stop().await;
    Ok(())
}

/// Asserts that the server, which has had the time to notice, knows its tokens and signs with this key.
async fn assert_goes_on(server: &TestServer, person: &mut SignedIn, key: &Value) {
    tokio::time::sleep(NOTICED).await;
    let token = refresh(&server.anonymous(), person).await;
    assert_eq!(key_of(&token), *key);
    assert_known(&server.anonymous().with_token(&token)).await;
    assert!(key_set(server).await.text().contains(key.as_str().expect("a name")));
}
