//! What a password must be, how it is kept, and how it is changed.

use std::time::{Duration, Instant};

use rolemark_tests::letters::letter;
use rolemark_tests::{Answer, Result, SignedIn, TestServer, sign_in, sign_up, unique};
use serde_json::json;

use super::{is_known, try_sign_in, try_sign_up};
use crate::direct::Direct;
use crate::steps::{assert_done, assert_faults, mutate};

const NEW: &str = "plum lantern oversees geese";

async fn change(person: &SignedIn, current: &str, new: &str) -> Answer {
    let input = json!({ "currentPassword": current, "newPassword": new });
    mutate(&person.client, "changePassword", input, "").await
}

pub async fn weak_passwords_are_refused_with_a_reason(t: &TestServer) {
    for (password, reason) in [
        ("aaaaaaaaaaaaaaaa", "Repeats like \"aaa\""),
        ("abcdefghijklmnop", "Sequences like abc"),
        ("Password12345", "commonly used password"),
        ("qwertyuiop[]", "keys"),
    ] {
        let answer = try_sign_up(t, json!({ "password": password })).await;
        assert_faults(&answer, "signUp", &[("WEAK_PASSWORD", "input.password")]);
        let message = answer.text_at("signUp.userErrors.0.message");
        assert!(message.contains(reason) && message.contains("unrelated words"), "{message}");
        assert!(!answer.text().contains(password), "the answer repeats the password: {answer}");
    }
}

/// Whoever knows the person tries such words first.
pub async fn what_is_known_of_a_person_is_no_password(t: &TestServer) {
    let word = format!("q{}", unique("").replace('_', ""));
    for changes in [
        json!({ "email": format!("{word}@example.com") }),
        json!({ "name": format!("Ada {word}") }),
        json!({ "organizationName": format!("{word} Ltd") }),
    ] {
        let mut changes = changes;
        changes["password"] = json!(word);
        let answer = try_sign_up(t, changes).await;
        assert_faults(&answer, "signUp", &[("WEAK_PASSWORD", "input.password")]);
    }
    assert_done(&try_sign_up(t, json!({ "password": word })).await, "signUp");
}

/// One keyboard sends a letter with its accent as one character, another as two.
pub async fn keyboards_make_no_difference(t: &TestServer) {
    let email = format!("{}@example.com", unique("accent"));
    let composed = json!({ "email": email, "password": "caf\u{e9} lantern geese" });
    assert_done(&try_sign_up(t, composed).await, "signUp");
    assert_done(&try_sign_in(t, &email, "cafe\u{301} lantern geese").await, "signIn");
    let wrong = try_sign_in(t, &email, "cafe lantern geese").await;
    assert_eq!(wrong.user_error_codes("signIn"), ["WRONG_CREDENTIALS"]);
}

/// Only the other sessions end, and at once.
pub async fn changing_a_password_ends_other_sessions(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let other = sign_in(t, &person.email, &person.password).await;
    assert!(is_known(&other.client).await);
    assert_done(&change(&person, &person.password, NEW).await, "changePassword");
    other.client.query("{ method { version } }").await.assert_refused(401, "UNAUTHENTICATED");
    assert!(is_known(&person.client).await, "the session of the change goes on");
    let refreshed = async |token: &str| {
        mutate(&t.anonymous(), "refreshSession", json!({ "refreshToken": token }), "session { expiresAt }").await
    };
    assert_faults(&refreshed(&other.refresh_token).await, "refreshSession", &[("WRONG_CREDENTIALS", "")]);
    assert_done(&refreshed(&person.refresh_token).await, "refreshSession");

    let old = try_sign_in(t, &person.email, &person.password).await;
    assert_eq!(old.user_error_codes("signIn"), ["WRONG_CREDENTIALS"]);
    sign_in(t, &person.email, NEW).await;
    let letter = letter(t, &person.email, 0).await;
    assert!(letter.contains("password") && letter.contains("was changed"), "{letter}");
    for secret in [NEW, &person.password, &person.token, &person.refresh_token] {
        assert!(!letter.contains(secret), "{letter}");
    }
}

pub async fn refused_changes_change_nothing(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let other = sign_in(t, &person.email, &person.password).await;
    let too_long = format!("{NEW}{}", "x".repeat(128));
    for (current, new, fault) in [
        ("not the password", NEW, ("WRONG_CREDENTIALS", "input.currentPassword")),
        ("", NEW, ("WRONG_CREDENTIALS", "input.currentPassword")),
        (&person.password, "elevenchars", ("OUT_OF_RANGE", "input.newPassword")),
        (&person.password, &too_long, ("OUT_OF_RANGE", "input.newPassword")),
        (&person.password, "aaaaaaaaaaaaaaaa", ("WEAK_PASSWORD", "input.newPassword")),
        (&person.password, "NorthwindNorthwind", ("WEAK_PASSWORD", "input.newPassword")),
        (&person.password, &person.email, ("WEAK_PASSWORD", "input.newPassword")),
    ] {
        assert_faults(&change(&person, current, new).await, "changePassword", &[fault]);
    }
    assert!(is_known(&other.client).await, "no session ended");
    sign_in(t, &person.email, &person.password).await;
    let nobody = SignedIn { client: t.anonymous(), ..person };
    let answer = change(&nobody, &nobody.password, NEW).await;
    assert_eq!((answer.status, answer.error_code()), (401, "UNAUTHENTICATED"), "{answer}");
}

/// Two changes at the same moment: both know the current password, and one of them is too late.
pub async fn parallel_changes_have_one_winner(t: &TestServer) {
    let person = sign_up(t, "Northwind").await;
    let other = "walnut canoe sings tonight";
    let (one, two) = tokio::join!(change(&person, &person.password, NEW), change(&person, &person.password, other));
    let codes = [one.user_error_codes("changePassword"), two.user_error_codes("changePassword")];
    let lost = vec!["WRONG_CREDENTIALS"];
    assert!(codes == [vec![], lost.clone()] || codes == [lost, vec![]], "{one}\n{two}");
    sign_in(t, &person.email, if codes[0].is_empty() { NEW } else { other }).await;
}

const PASSWORD: &str = "correct horse battery";
/// Hashes of that password with parameters of former times.
const FORMER: [&str; 3] = [
    "$argon2id$v=19$m=8192,t=2,p=1$nUDlYV7rFg5qMSSObaLD6Q$RQKhJ5qQ12QROJTr7hB00cE2PpJM4L73eWTXHN+ATIA",
    "$argon2id$v=19$m=19456,t=1,p=1$i7+sFHoqko4CoH5aVCtZTA$WrEx7Fz+pF1tx/ArhM2Fcjsjc3yZX3PAj+LkcPspDSk",
    "$argon2i$v=19$m=19456,t=2,p=1$+3ciRg2DMOgFjUSMuOc/3A$RcL4W6XHdUlEyUxuC2xGgXXevp5jxuuvEqsu1FkGBAI",
];
const STRONGER: &str =
    "$argon2id$v=19$m=19456,t=3,p=1$ZCM6AjukpidO5gL8c3oQbg$wyNnYofXP1MkOVmTDoWeJUtSzpqSb/BDU2Qwc2oLY2U";

pub async fn weaker_hashes_are_replaced_at_sign_in(t: &TestServer) -> Result<()> {
    let mut database = Direct::superuser(t).await?;
    let person = sign_up(t, "Northwind").await;
    let of_person = format!("WHERE email = '{}'", person.email);
    for former in FORMER.into_iter().chain([STRONGER]) {
        database.execute(format!("UPDATE user_account SET password_hash = '{former}' {of_person}")).await?;
        try_sign_in(t, &person.email, "not the password").await;
        let stored = database.texts(format!("SELECT password_hash FROM user_account {of_person}")).await?;
        assert_eq!(stored, [former], "a wrong password replaces nothing");
        // At the same moment, too: the password is right for both.
        tokio::join!(sign_in(t, &person.email, PASSWORD), sign_in(t, &person.email, PASSWORD));
        let stored = database.texts(format!("SELECT password_hash FROM user_account {of_person}")).await?;
        if former == STRONGER {
            assert_eq!(stored, [former], "a stronger one is kept");
        } else {
            assert!(stored[0].starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && stored[0] != former, "{stored:?}");
        }
    }
    sign_in(t, &person.email, PASSWORD).await;
    Ok(())
}

/// A wrong password costs one hash, for an address that nobody has too; so the time is the same. The clock is asked as
/// well, loosely: one hash takes some ten milliseconds, everything else a fraction of that.
pub async fn unknown_addresses_cost_what_known_ones_do(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let person = sign_up(&server, "Northwind").await;
    let unknown = format!("{}@example.com", unique("nobody"));
    let mut fastest = [Duration::MAX; 2];
    for _ in 0..8 {
        for (email, fastest) in [person.email.as_str(), &unknown].into_iter().zip(&mut fastest) {
            let (hashes, start) = (server.password_hashes().await, Instant::now());
            try_sign_in(&server, email, "not the password").await;
            *fastest = start.elapsed().min(*fastest);
            assert_eq!(server.password_hashes().await, hashes + 1, "hashes for {email}");
        }
    }
    let [known, unknown] = fastest.map(|time| time.as_secs_f64());
    assert!((1.0 / 3.0..3.0).contains(&(known / unknown)), "known {known} s, unknown {unknown} s");
    server.stop().await;
    Ok(())
}

/// The parts of the database that say what a password may be: nothing of it is stored as it was typed.
pub async fn passwords_are_stored_as_hashes(t: &TestServer) -> Result<()> {
    let person = sign_up(t, "Northwind").await;
    assert_done(&change(&person, &person.password, NEW).await, "changePassword");
    let organization = crate::ids::organization_of(&person.organization_id);
    let rows = Direct::superuser(t).await?.dump(organization).await?;
    assert!(rows.iter().any(|row| row.contains("$argon2id$")), "{rows:#?}");
    for secret in [NEW, &person.password, &person.token, &person.refresh_token] {
        assert!(!rows.iter().any(|row| row.contains(secret)), "{rows:#?}");
    }
    Ok(())
}
