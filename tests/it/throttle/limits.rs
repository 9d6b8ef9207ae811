//! Sign-ups, and what the configuration says.

use rolemark::{SignUpPolicy, ThrottleLimits};
use rolemark_tests::{Answer, Result, TestServer, sign_up, unique};
use serde_json::{Value, json};

use super::{WRONG, assert_wrong, nobody, seconds, server_with, try_sign_in};
use crate::steps::{assert_done, assert_faults, merged, mutate};

async fn try_sign_up(server: &TestServer, changes: Value) -> Answer {
    let right = json!({ "email": nobody(), "password": unique("correct horse"), "name": "Ada",
        "organizationName": "Northwind" });
    mutate(&server.anonymous(), "signUp", merged(right, changes), "organization { id }").await
}

pub async fn sign_ups_of_an_address_are_limited(t: &TestServer) -> Result<()> {
    let server =
        TestServer::fresh_with(t.backend(), |config| config.throttle.sign_ups_per_address_per_hour = 2).await?;
    assert_done(&try_sign_up(&server, json!({})).await, "signUp");
    for _ in 0..4 {
        let weak = try_sign_up(&server, json!({ "password": "aaaaaaaaaaaaaaaa" })).await;
        assert_faults(&weak, "signUp", &[("WEAK_PASSWORD", "input.password")]);
    }
    let person = sign_up(&server, "Contoso").await;
    let waits = seconds(&try_sign_up(&server, json!({})).await);
    assert!((3_590..=3_600).contains(&waits), "{waits} s");
    let answer = try_sign_in(&server.anonymous(), &person.email, &person.password).await;
    assert_done(&answer, "signIn");
    server.stop().await;
    Ok(())
}

/// A sign-up says whether an address has an account, so asking for many of them is slow.
pub async fn taken_addresses_count_as_failures(t: &TestServer) -> Result<()> {
    let server = server_with(t, 100, 3, 100).await?;
    let person = sign_up(&server, "Northwind").await;
    for _ in 0..3 {
        let taken = try_sign_up(&server, json!({ "email": person.email })).await;
        assert_faults(&taken, "signUp", &[("TAKEN", "input.email")]);
    }
    seconds(&try_sign_up(&server, json!({ "email": person.email })).await);
    seconds(&try_sign_in(&server.anonymous(), &person.email, &person.password).await);
    server.stop().await;
    Ok(())
}

pub async fn closed_servers_take_no_sign_ups(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let person = sign_up(&server, "Northwind").await;
    let server = server.restart_with(|config| config.sign_up = SignUpPolicy::Closed).await?;
    for changes in [json!({}), json!({ "email": person.email }), json!({ "password": "short" })] {
        let answer = try_sign_up(&server, changes).await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
        assert!(answer.body["errors"][0]["message"].as_str().is_some_and(|text| text.contains("invite")), "{answer}");
    }
    assert_done(&try_sign_in(&server.anonymous(), &person.email, &person.password).await, "signIn");
    server.stop().await;
    Ok(())
}

/// What is not configured is what the documentation says, and a figure of 0 is no limit.
pub async fn limits_come_from_the_configuration(t: &TestServer) -> Result<()> {
    let defaults = ThrottleLimits {
        failures_per_account_and_address: 10,
        failures_per_address: 100,
        failures_per_account: 100,
        sign_ups_per_address_per_hour: 20,
    };
    assert_eq!(rolemark::Config::default().throttle, defaults);
    assert_eq!(rolemark::Config::default().sign_up, SignUpPolicy::Open);
    let file = rolemark_tests::scratch::ScratchDirectory::create()?;
    let path = file.path().join("rolemark.toml");
    std::fs::write(&path, "sign_up = \"closed\"\n[throttle]\nfailures_per_address = 7\n[mail]\nfrom = \"a@b.c\"\n")?;
    let config = rolemark::Config::load(Some(&path)).map_err(|error| error.to_string())?;
    assert_eq!(config.throttle, ThrottleLimits { failures_per_address: 7, ..defaults });
    assert_eq!((config.sign_up, config.mail.from.as_deref()), (SignUpPolicy::Closed, Some("a@b.c")));
    std::fs::write(&path, "[throttle]\nfailures = 7\n")?;
    let refusal = rolemark::Config::load(Some(&path)).err().ok_or("an unknown key was taken")?.to_string();
    assert!(refusal.contains("failures"), "{refusal}");

    let server = server_with(t, 0, 0, 0).await?;
    let email = nobody();
    for _ in 0..12 {
        assert_wrong(&try_sign_in(&server.anonymous(), &email, WRONG).await);
    }
    server.stop().await;
    Ok(())
}
