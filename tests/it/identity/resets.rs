//! Forgotten passwords: a letter with a token, and what the token can do.

use rolemark_tests::letters::{letter, letters};
use rolemark_tests::{Answer, Backend, Result, SignedIn, TestServer, sign_in, sign_up, unique};
use serde_json::json;

use super::{is_known, plain_headers, try_sign_in};
use crate::direct::Direct;
use crate::steps::{assert_done, assert_faults, mutate};

const NEW: &str = "plum lantern oversees geese";

pub(super) async fn request(t: &TestServer, email: &str) -> Answer {
    mutate(&t.anonymous(), "requestPasswordReset", json!({ "email": email }), "").await
}

async fn reset(t: &TestServer, token: &str, new: &str) -> Answer {
    let input = json!({ "token": token, "newPassword": new });
    mutate(&t.anonymous(), "resetPassword", input, "").await
}

/// The token in a letter: the one line of 43 characters.
pub(crate) fn token_in(letter: &str) -> String {
    let is_token =
        |line: &&str| line.len() == 43 && line.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    letter.lines().find(is_token).unwrap_or_else(|| panic!("no token: {letter}")).to_owned()
}

/// Asks for a letter, the first one of this person.
async fn token_of(t: &TestServer, person: &SignedIn) -> String {
    assert_done(&request(t, &person.email).await, "requestPasswordReset");
    token_in(&letter(t, &person.email, 0).await)
}

#[track_caller]
fn assert_invalid(answer: &Answer) {
    assert_faults(answer, "resetPassword", &[("WRONG_CREDENTIALS", "input.token")]);
}

pub async fn a_reset_token_works_once(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let other = sign_in(t, &person.email, &person.password).await;
    let token = token_of(t, &person).await;
    assert!(is_known(&person.client).await, "asking for a letter ends nothing");
    let answer = reset(t, &token, NEW).await;
    assert_done(&answer, "resetPassword");
    assert!(!answer.text().contains("oken"), "nobody is signed in by it: {answer}");
    for ended in [&person, &other] {
        ended.client.query("{ method { version } }").await.assert_refused(401, "UNAUTHENTICATED");
        let input = json!({ "refreshToken": ended.refresh_token });
        let answer = mutate(&t.anonymous(), "refreshSession", input, "session { expiresAt }").await;
        assert_faults(&answer, "refreshSession", &[("WRONG_CREDENTIALS", "")]);
    }
    assert_eq!(try_sign_in(t, &person.email, &person.password).await.user_error_codes("signIn"), ["WRONG_CREDENTIALS"]);
    sign_in(t, &person.email, NEW).await;
    let told = letter(t, &person.email, 1).await;
    assert!(told.contains("was changed") && !told.contains(&token) && !told.contains(NEW), "{told}");
    assert_invalid(&reset(t, &token, "walnut canoe sings tonight").await);
    sign_in(t, &person.email, NEW).await;
}

/// Wrong, used, replaced and expired tokens, and tokens of another kind: the same bytes.
pub async fn invalid_tokens_are_not_told_apart(t: &TestServer) -> Result<()> {
    let (person, expired) = (sign_up(t, "Northwind").await, sign_up(t, "Expired").await);
    let replaced = token_of(t, &person).await;
    request(t, &person.email).await;
    let used = token_in(&letter(t, &person.email, 1).await);
    assert_ne!(used, replaced);
    assert_done(&reset(t, &used, NEW).await, "resetPassword");
    let late = token_of(t, &expired).await;
    let mut database = Direct::superuser(t).await?;
    let sql = format!(
        "UPDATE password_reset SET expires_at = created_at
         WHERE user_id = (SELECT id FROM user_account WHERE email = '{}')",
        expired.email
    );
    assert_eq!(database.execute(sql).await?, 1);
    let first = reset(t, "garbage", NEW).await;
    assert_invalid(&first);
    let long = "A".repeat(5_000);
    for token in ["", "\0", &long, &replaced, &used, &late, &expired.refresh_token, &expired.token, &"A".repeat(43)] {
        let answer = reset(t, token, NEW).await;
        assert_eq!((answer.status, &answer.bytes), (first.status, &first.bytes), "{token}: {answer}");
        assert_eq!(reset(t, token, "weak").await.bytes, first.bytes, "a weak password is told to nobody");
    }
    sign_in(t, &expired.email, &expired.password).await;
    // The other way round: it is good for nothing else.
    let token = token_of(t, &sign_up(t, "Another").await).await;
    let input = json!({ "refreshToken": token });
    let answer = mutate(&t.anonymous(), "refreshSession", input, "session { expiresAt }").await;
    assert_faults(&answer, "refreshSession", &[("WRONG_CREDENTIALS", "")]);
    t.anonymous().with_token(&token).query("{ viewer { email } }").await.assert_refused(401, "UNAUTHENTICATED");
    Ok(())
}

/// Whoever asks learns nothing: neither from the bytes nor from the headers, and nothing is done before the answer.
pub async fn requests_answer_alike(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let person = sign_up(&server, "Northwind").await;
    let known = request(&server, &person.email).await;
    assert_done(&known, "requestPasswordReset");
    letter(&server, &person.email, 0).await;
    let (hashes, statements) = (server.password_hashes().await, server.statements().await);
    let unknown = format!("{}@example.com", unique("nobody"));
    for email in [unknown.as_str(), "no address", "", "nul\0@example.com", &"x".repeat(5_000), &person.email] {
        let answer = request(&server, email).await;
        assert_eq!((answer.status, &answer.bytes), (known.status, &known.bytes), "{email:?}: {answer}");
        assert_eq!(plain_headers(&answer), plain_headers(&known), "{email:?}");
    }
    letter(&server, &person.email, 1).await;
    assert_eq!(server.password_hashes().await, hashes);
    assert!(server.statements().await > statements, "the work was done at last");
    assert!(letters(&server, &unknown).is_empty());
    server.stop().await;
    Ok(())
}

/// A stranger must not be able to fill somebody's letter box.
pub async fn an_account_is_sent_few_letters(t: &TestServer) -> Result<()> {
    let (person, other) = (sign_up(t, "Northwind").await, sign_up(t, "Other").await);
    for number in 0..3 {
        request(t, &person.email).await;
        letter(t, &person.email, number).await;
    }
    let last = token_in(&letters(t, &person.email)[2]);
    for _ in 0..3 {
        assert_done(&request(t, &person.email.to_uppercase()).await, "requestPasswordReset");
    }
    // Somebody else's comes; by then theirs would have, too.
    request(t, &other.email).await;
    letter(t, &other.email, 0).await;
    assert_eq!(letters(t, &person.email).len(), 3);
    assert_done(&reset(t, &last, NEW).await, "resetPassword");
    Ok(())
}

pub async fn a_weak_password_leaves_the_token_alone(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let token = token_of(t, &person).await;
    for (new, code) in
        [("short", "OUT_OF_RANGE"), ("aaaaaaaaaaaaaaaa", "WEAK_PASSWORD"), (&person.email, "WEAK_PASSWORD")]
    {
        assert_faults(&reset(t, &token, new).await, "resetPassword", &[(code, "input.newPassword")]);
    }
    assert!(is_known(&person.client).await);
    assert_done(&reset(t, &token, NEW).await, "resetPassword");
}

pub async fn parallel_resets_have_one_winner(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let token = token_of(t, &person).await;
    let (one, two) = tokio::join!(reset(t, &token, NEW), reset(t, &token, NEW));
    let codes = [one.user_error_codes("resetPassword"), two.user_error_codes("resetPassword")];
    let lost = vec!["WRONG_CREDENTIALS"];
    assert!(codes == [vec![], lost.clone()] || codes == [lost, vec![]], "{one}\n{two}");
}

/// Whoever changes the password knows it: the letter under way may have been a thief's wish.
pub async fn changing_the_password_voids_the_token(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let token = token_of(t, &person).await;
    let input = json!({ "currentPassword": person.password, "newPassword": NEW });
    assert_done(&mutate(&person.client, "changePassword", input, "").await, "changePassword");
    assert_invalid(&reset(t, &token, "walnut canoe sings tonight").await);
}

/// A copy of the database opens no account, and a user has one token at most.
pub async fn tokens_are_stored_as_digests(t: &TestServer) -> Result<()> {
    let person = sign_up(t, "Northwind").await;
    token_of(t, &person).await;
    request(t, &person.email).await;
    let token = token_in(&letter(t, &person.email, 1).await);
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes());
    let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let column = match t.backend() {
        Backend::Sqlite => "lower(hex(digest))",
        Backend::Postgres => "encode(digest, 'hex')",
    };
    let sql = format!(
        "SELECT {column} FROM password_reset WHERE user_id = (SELECT id FROM user_account WHERE email = '{}')",
        person.email
    );
    assert_eq!(Direct::superuser(t).await?.texts(sql).await?, [hex]);
    Ok(())
}
