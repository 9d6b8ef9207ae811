//! Guessing is slow: failures are counted by account and by address, and nobody can lock somebody else out.
//!
//! All cases come from 127.0.0.1, so each has a server of its own; the rules by other addresses are unit tests of `store`.

mod limits;
mod once;

use std::time::Duration;

use rolemark_tests::{Answer, Client, Result, SignedIn, TestServer, sign_up, unique};
use serde_json::json;

use crate::direct::Direct;
use crate::steps::{assert_done, assert_faults, mutate};

pub use limits::{
    closed_servers_take_no_sign_ups, limits_come_from_the_configuration, sign_ups_of_an_address_are_limited,
    taken_addresses_count_as_failures,
};
pub use once::one_attempt_for_each_request;

const WRONG: &str = "not the password";
const NEW: &str = "plum lantern oversees geese";

async fn try_sign_in(client: &Client, email: &str, password: &str) -> Answer {
    mutate(client, "signIn", json!({ "email": email, "password": password }), "session { expiresAt }").await
}

async fn try_change(person: &SignedIn, current: &str) -> Answer {
    let input = json!({ "currentPassword": current, "newPassword": NEW });
    mutate(&person.client, "changePassword", input, "").await
}

fn nobody() -> String {
    format!("{}@example.com", unique("nobody"))
}

/// A server with other limits than those that the tests have.
async fn server_with(t: &TestServer, pair: usize, address: usize, account: usize) -> Result<TestServer> {
    TestServer::fresh_with(t.backend(), |config| {
        config.throttle.failures_per_account_and_address = pair;
        config.throttle.failures_per_address = address;
        config.throttle.failures_per_account = account;
    })
    .await
}

/// Asserts that an attempt was not looked at; how many seconds to wait.
#[track_caller]
fn seconds(answer: &Answer) -> u64 {
    assert_eq!(answer.error_code(), "RATE_LIMITED", "{answer}");
    let seconds = answer.body["errors"][0]["extensions"]["retryAfterSeconds"].as_u64();
    let seconds = seconds.unwrap_or_else(|| panic!("no seconds: {answer}"));
    assert!(seconds > 0, "{answer}");
    if answer.status == 429 {
        assert_eq!(answer.header("retry-after"), seconds.to_string(), "{answer}");
    }
    seconds
}

#[track_caller]
fn assert_wrong(answer: &Answer) {
    assert_faults(answer, "signIn", &[("WRONG_CREDENTIALS", "")]);
}

pub async fn failures_slow_down_one_account_from_one_address(t: &TestServer) -> Result<()> {
    let server = server_with(t, 5, 1_000, 1_000).await?;
    let (person, other, client) = (sign_up(&server, "Ada").await, sign_up(&server, "Bob").await, server.anonymous());
    for _ in 0..2 {
        assert_wrong(&try_sign_in(&client, &person.email, WRONG).await);
    }
    assert_done(&try_sign_in(&client, &person.email, &person.password).await, "signIn");
    // Forgotten by that: three more.
    for _ in 0..3 {
        assert_wrong(&try_sign_in(&client, &person.email, WRONG).await);
    }
    let hashes = server.password_hashes().await;
    let refused = try_sign_in(&client, &person.email, WRONG).await;
    assert!(seconds(&refused) <= 2, "{refused}");
    let right = try_sign_in(&client, &person.email.to_uppercase(), &person.password).await;
    assert_eq!(without_digits(&right), without_digits(&refused), "the right password is not told from a wrong one");
    assert_eq!(server.password_hashes().await, hashes, "what is refused costs no hash");
    assert_done(&try_sign_in(&client, &other.email, &other.password).await, "signIn");
    assert!(person.client.query("{ viewer { email } }").await.at("viewer").is_object(), "sessions go on");

    tokio::time::sleep(Duration::from_millis(2_050)).await;
    assert_wrong(&try_sign_in(&client, &person.email, WRONG).await);
    let waits = seconds(&try_sign_in(&client, &person.email, WRONG).await);
    assert!((3..=4).contains(&waits), "each failure makes the next wait longer: {waits} s");
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let left = seconds(&try_sign_in(&client, &person.email, WRONG).await);
    assert!(left < waits, "the seconds shrink: {left} s after {waits} s");
    tokio::time::sleep(Duration::from_secs(left)).await;
    assert_done(&try_sign_in(&client, &person.email, &person.password).await, "signIn");
    server.stop().await;
    Ok(())
}

/// The answer but for the seconds in it.
fn without_digits(answer: &Answer) -> String {
    answer.text().chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// Whoever guesses learns nothing by being slowed down either.
pub async fn unknown_accounts_are_throttled_like_known_ones(t: &TestServer) -> Result<()> {
    let server = server_with(t, 3, 1_000, 1_000).await?;
    let (person, client) = (sign_up(&server, "Ada").await, server.anonymous());
    let mut told = Vec::new();
    for email in [person.email.clone(), nobody(), "no address".to_owned(), format!("{}@x.y", "x".repeat(2_000))] {
        let mut answers = Vec::new();
        for _ in 0..4 {
            answers.push(without_digits(&try_sign_in(&client, &email, WRONG).await));
        }
        told.push(answers);
    }
    assert!(told.iter().all(|answers| *answers == told[0]), "known and unknown accounts are told apart");
    assert!(told[0][2].contains("RATE_LIMITED") && told[0][3] == told[0][2], "{told:?}");
    server.stop().await;
    Ok(())
}

/// Many accounts from one address, as with a list of stolen passwords; what else asks for a secret counts, too.
pub async fn an_address_has_its_limit_over_all_accounts(t: &TestServer) -> Result<()> {
    let server = server_with(t, 100, 4, 1_000).await?;
    let (person, client) = (sign_up(&server, "Ada").await, server.anonymous());
    assert_wrong(&try_sign_in(&client, &nobody(), WRONG).await);
    assert_faults(
        &try_change(&person, WRONG).await,
        "changePassword",
        &[("WRONG_CREDENTIALS", "input.currentPassword")],
    );
    let reset = async || {
        let input = json!({ "token": "A".repeat(43), "newPassword": NEW });
        mutate(&client, "resetPassword", input, "").await
    };
    let request = async |email: &str| mutate(&client, "requestPasswordReset", json!({ "email": email }), "").await;
    assert_faults(&reset().await, "resetPassword", &[("WRONG_CREDENTIALS", "input.token")]);
    assert_done(&request(&nobody()).await, "requestPasswordReset");
    let (hashes, mut waits) = (server.password_hashes().await, Vec::new());
    waits.push(seconds(&try_sign_in(&client, &person.email, &person.password).await));
    waits.push(seconds(&try_change(&person, &person.password).await));
    waits.push(seconds(&reset().await));
    let [known, unknown] = [request(&person.email).await, request(&nobody()).await];
    assert_eq!(without_digits(&known), without_digits(&unknown), "a refusal tells nothing of the account");
    waits.push(seconds(&known));
    assert!(waits.iter().all(|seconds| (890..=900).contains(seconds)), "{waits:?}");
    assert_eq!(server.password_hashes().await, hashes, "what is refused costs no hash");
    server.stop().await;
    Ok(())
}

/// The account's limit over all addresses keeps strangers out, but nobody from where the account has signed in.
pub async fn strangers_lock_nobody_out(t: &TestServer) -> Result<()> {
    let server = server_with(t, 100, 1_000, 3).await?;
    let (known, moved, client) = (sign_up(&server, "Ada").await, sign_up(&server, "Bob").await, server.anonymous());
    let elsewhere = async |address: &str, last_used_at: &str| -> Result<()> {
        let sql = format!(
            "UPDATE session SET address = {address}, last_used_at = {last_used_at}
             WHERE user_id = (SELECT id FROM user_account WHERE email = '{}')",
            moved.email
        );
        assert_eq!(Direct::superuser(&server).await?.execute(sql).await?, 1);
        Ok(())
    };
    elsewhere("'192.0.2.1'", "last_used_at").await?;
    for email in [&known.email, &moved.email] {
        for _ in 0..3 {
            assert_wrong(&try_sign_in(&client, email, WRONG).await);
        }
    }
    assert_done(&try_sign_in(&client, &known.email, &known.password).await, "signIn");
    for address in ["'192.0.2.1'", "NULL", "'no address'"] {
        elsewhere(address, "last_used_at").await?;
        let waits = seconds(&try_sign_in(&client, &moved.email, &moved.password).await);
        assert!((3_590..=3_600).contains(&waits), "{waits} s from {address}");
    }
    let long_ago = match t.backend() {
        rolemark_tests::Backend::Sqlite => "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', '-91 days')",
        rolemark_tests::Backend::Postgres => "now() - interval '91 days'",
    };
    elsewhere("'127.0.0.1'", long_ago).await?;
    seconds(&try_sign_in(&client, &moved.email, &moved.password).await);
    elsewhere("'127.0.0.1'", "created_at").await?;
    assert_done(&try_sign_in(&client, &moved.email, &moved.password).await, "signIn");
    server.stop().await;
    Ok(())
}

/// A stolen session must not be a way to guess the password.
pub async fn changing_a_password_is_throttled_like_signing_in(t: &TestServer) -> Result<()> {
    let server = server_with(t, 3, 1_000, 1_000).await?;
    let (person, client) = (sign_up(&server, "Ada").await, server.anonymous());
    assert_faults(
        &try_change(&person, WRONG).await,
        "changePassword",
        &[("WRONG_CREDENTIALS", "input.currentPassword")],
    );
    assert_wrong(&try_sign_in(&client, &person.email, WRONG).await);
    let waits = seconds(&try_change(&person, &person.password).await);
    tokio::time::sleep(Duration::from_secs(waits)).await;
    assert_done(&try_change(&person, &person.password).await, "changePassword");
    // Forgotten by that: two more.
    for _ in 0..2 {
        assert_wrong(&try_sign_in(&client, &person.email, WRONG).await);
    }
    seconds(&try_sign_in(&client, &person.email, NEW).await);
    server.stop().await;
    Ok(())
}

/// Who has set a forgotten password anew need not wait for what was guessed before.
pub async fn a_reset_forgets_the_failures(t: &TestServer) -> Result<()> {
    let server = server_with(t, 2, 1_000, 1_000).await?;
    let (person, client) = (sign_up(&server, "Ada").await, server.anonymous());
    for _ in 0..2 {
        try_sign_in(&client, &person.email, WRONG).await;
        tokio::time::sleep(Duration::from_millis(1_100)).await;
    }
    let waits = seconds(&try_sign_in(&client, &person.email, &person.password).await);
    assert!(waits > 800, "{waits} s");
    mutate(&client, "requestPasswordReset", json!({ "email": person.email }), "").await;
    let token = crate::identity::resets::token_in(&rolemark_tests::letters::letter(&server, &person.email, 0).await);
    let input = json!({ "token": token, "newPassword": NEW });
    assert_done(&mutate(&client, "resetPassword", input, "").await, "resetPassword");
    assert_done(&try_sign_in(&client, &person.email, NEW).await, "signIn");
    server.stop().await;
    Ok(())
}

/// Guesses sent at the same moment are counted before any of them is answered.
pub async fn attempts_at_once_are_no_way_around(t: &TestServer) -> Result<()> {
    let server = server_with(t, 4, 1_000, 1_000).await?;
    let person = sign_up(&server, "Ada").await;
    let hashes = server.password_hashes().await;
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (client, email) = (server.anonymous(), person.email.clone());
        running.spawn(async move { try_sign_in(&client, &email, WRONG).await });
    }
    let answers = running.join_all().await;
    let refused = answers.iter().filter(|answer| answer.error_code() == "RATE_LIMITED").count();
    assert!(refused >= 16, "{refused} of 20 were refused");
    assert!(server.password_hashes().await <= hashes + 4);
    server.stop().await;
    Ok(())
}
