//! Sessions: refreshed, stolen, ended.

use std::time::{Duration, Instant};

use rolemark_tests::{Answer, Client, TestServer, sign_in, sign_up};
use serde_json::json;

use super::{SESSION, is_known};
use crate::steps::{assert_done, assert_faults, mutate};

/// How long the server may go on knowing a caller whose session has ended, and a little for the way.
const FORGOTTEN_AFTER: Duration = Duration::from_millis(1_200);

async fn refresh(t: &TestServer, refresh_token: &str) -> Answer {
    mutate(&t.anonymous(), "refreshSession", json!({ "refreshToken": refresh_token }), SESSION).await
}

#[track_caller]
fn assert_not_refreshed(answer: &Answer) {
    assert_faults(answer, "refreshSession", &[("WRONG_CREDENTIALS", "")]);
}

async fn assert_forgotten(client: &Client) {
    let start = Instant::now();
    while is_known(client).await {
        assert!(start.elapsed() < FORGOTTEN_AFTER, "the access token still works after {:?}", start.elapsed());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    client.query("{ viewer { email } }").await.assert_refused(401, "UNAUTHENTICATED");
}

pub async fn refresh_rotates_the_tokens(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let answer = refresh(t, &person.refresh_token).await;
    assert_done(&answer, "refreshSession");
    let access = answer.text_at("refreshSession.session.accessToken").to_owned();
    let next = answer.text_at("refreshSession.session.refreshToken").to_owned();
    assert_ne!(access, person.token);
    assert_ne!(next, person.refresh_token);
    assert!(is_known(&t.anonymous().with_token(&access)).await, "the new access token works");
    assert!(is_known(&person.client).await, "the old one works until it expires");
    let answer = refresh(t, &next).await;
    assert_ne!(answer.text_at("refreshSession.session.refreshToken"), next);
    let garbage = ["", "x", "not a token", "\0", next.trim_end_matches(|c: char| c.is_ascii_lowercase())];
    let answers = [refresh(t, garbage[0]).await, refresh(t, garbage[1]).await];
    answers.iter().for_each(assert_not_refreshed);
    for token in garbage {
        assert_eq!(refresh(t, token).await.bytes, answers[0].bytes, "{token:?}: nothing tells tokens apart");
    }
}

/// A token that is used twice was stolen or lost: nobody can tell who is who, so all of the session ends.
pub async fn used_refresh_token_ends_the_family(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let bystander = sign_in(t, &person.email, &person.password).await;
    let second = refresh(t, &person.refresh_token).await;
    let newest = second.text_at("refreshSession.session.refreshToken").to_owned();
    let newest_client = t.anonymous().with_token(second.text_at("refreshSession.session.accessToken"));
    assert!(is_known(&newest_client).await && is_known(&person.client).await);

    assert_not_refreshed(&refresh(t, &person.refresh_token).await);
    assert_forgotten(&newest_client).await;
    assert_forgotten(&person.client).await;
    assert_not_refreshed(&refresh(t, &newest).await);

    assert!(is_known(&bystander.client).await, "another session of the same person goes on");
    assert_done(&refresh(t, &bystander.refresh_token).await, "refreshSession");
}

pub async fn parallel_refreshes_have_one_winner(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let token = &person.refresh_token;
    let answers = tokio::join!(refresh(t, token), refresh(t, token), refresh(t, token), refresh(t, token));
    let answers = [answers.0, answers.1, answers.2, answers.3];
    let winners: Vec<_> = answers.iter().filter(|a| a.at("refreshSession.session").is_object()).collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    answers.iter().filter(|a| a.at("refreshSession.session").is_null()).for_each(assert_not_refreshed);
    let won = winners[0].text_at("refreshSession.session.refreshToken");
    assert_not_refreshed(&refresh(t, won).await);
    assert_forgotten(&t.anonymous().with_token(winners[0].text_at("refreshSession.session.accessToken"))).await;
}

pub async fn sign_out_ends_the_session(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let bystander = sign_in(t, &person.email, &person.password).await;
    assert!(is_known(&person.client).await);
    let input = json!({ "clientMutationId": "out" });
    let answer = mutate(&person.client, "signOut", input, "clientMutationId").await;
    assert_eq!(answer.payload("signOut")["clientMutationId"], "out");
    assert_forgotten(&person.client).await;
    assert_not_refreshed(&refresh(t, &person.refresh_token).await);
    assert!(is_known(&bystander.client).await, "another session of the same person goes on");
    sign_in(t, &person.email, &person.password).await;
    let answer = mutate(&t.anonymous(), "signOut", json!({}), "clientMutationId").await;
    assert_eq!((answer.status, answer.error_code()), (401, "UNAUTHENTICATED"), "{answer}");
}
