//! Accepting a grant: by the token, for the address, once.

use rolemark_tests::{Answer, Result, SignedIn, TestServer, sign_up};
use serde_json::json;

use super::{ending::expire, grant, lend, revoke, sees, try_accept, try_grant};
use crate::direct::Direct;
use crate::ids::Parts;
use crate::steps::create;

/// Unknown, used, ended, expired, too old, of another address, of a closed client: one answer, byte for byte.
pub async fn tokens_that_do_not_work_answer_alike(t: &TestServer) -> Result<()> {
    let (client, person) = (sign_up(t, "Northwind").await, sign_up(t, "Person's own").await);
    let mut database = Direct::superuser(t).await?;
    let token = |grant: &super::Grant| grant.token.clone().unwrap_or_default();
    let of_person = || json!({ "email": person.email });

    let mut tokens = vec![
        ("nothing", String::new()),
        ("garbage", "garbage".to_owned()),
        ("NUL", "rolemark_grant_\0".to_owned()),
        ("long", format!("rolemark_grant_{}", "a".repeat(5_000))),
    ];
    let used = lend(&client, &person, json!({})).await;
    tokens.push(("used", token(&used)));
    revoke(&client, &used).await;
    tokens.push(("used and ended", token(&used)));
    let ended = grant(&client, of_person()).await;
    revoke(&client, &ended).await;
    tokens.push(("ended", token(&ended)));
    let expired = grant(&client, of_person()).await;
    expire(&mut database, &expired).await?;
    tokens.push(("expired", token(&expired)));
    let other = grant(&client, json!({ "email": "somebody.else@example.org" })).await;
    tokens.push(("for another address", token(&other)));
    let slip: String = token(&other).chars().rev().collect();
    tokens.push(("slip", slip));
    let closed = sign_up(t, "Closed").await;
    let of_closed = grant(&closed, of_person()).await;
    super::ending::close(&mut database, &closed).await?;
    tokens.push(("of a closed organization", token(&of_closed)));
    // Another kind of secret.
    tokens.push(("refresh token", person.refresh_token.clone()));

    let mut told: Vec<(&str, String)> = Vec::new();
    for (what, token) in &tokens {
        let answer = try_accept(&person.client, token).await;
        assert_eq!(answer.user_error_codes("acceptConsultantGrant"), ["WRONG_CREDENTIALS"], "{what}: {answer}");
        assert!(token.is_empty() || !answer.text().contains(token.as_str()), "{what} comes back");
        told.push((what, answer.text()));
    }
    assert!(told.iter().all(|(_, text)| *text == told[0].1), "{told:#?}");
    let answer = try_accept(&t.anonymous(), &tokens[0].1).await;
    assert_eq!((answer.status, answer.error_code()), (401, "UNAUTHENTICATED"));
    Ok(())
}

/// Of two who accept at the same moment one wins, also when it is the same person twice.
pub async fn tokens_work_for_seven_days(t: &TestServer) -> Result<()> {
    let (client, person) = (sign_up(t, "Northwind").await, sign_up(t, "Person's own").await);
    let role = create(&client, json!({ "title": "A role" })).await;
    let mut database = Direct::superuser(t).await?;
    let given = grant(&client, json!({ "email": person.email })).await;
    let token = given.token.clone().unwrap_or_default();
    let id = database.uuid(Parts::of(&given.id).object.unwrap_or_default());
    for (days, works) in [(8, false), (6, true)] {
        let at = database.instant(chrono::Utc::now() - chrono::Duration::days(days));
        assert_eq!(
            database.execute(format!("UPDATE consultant_grant SET granted_at = {at} WHERE id = {id}")).await?,
            1
        );
        let answers = tokio::join!(try_accept(&person.client, &token), try_accept(&person.client, &token));
        let is_done = |answer: &Answer| answer.user_error_codes("acceptConsultantGrant").is_empty();
        let done = [is_done(&answers.0), is_done(&answers.1)].into_iter().filter(|done| *done).count();
        assert_eq!(done, usize::from(works), "after {days} days: {} {}", answers.0, answers.1);
    }
    assert!(sees(&person.client, &role.id).await);
    Ok(())
}

/// The same answer but for the secrets, and the same row, whether or not the address has an account.
pub async fn grants_to_addresses_tell_nothing_of_accounts(t: &TestServer) {
    let (client, known) = (sign_up(t, "Northwind").await, sign_up(t, "Known's own").await);
    let unknown = format!("{}@example.com", rolemark_tests::unique("person"));
    let answers = [&known.email, &unknown].map(|email| try_grant(&client, json!({ "email": email })));
    let [with, without] = answers;
    let (with, without) = (with.await, without.await);
    assert_eq!(without_secrets(&with), without_secrets(&without));
}

fn without_secrets(answer: &Answer) -> (u16, String) {
    let mut body = answer.body.clone();
    let payload = &mut body["data"]["grantConsultantAccess"];
    assert!(payload["token"].is_string() && payload["consultantGrant"]["id"].is_string(), "{answer}");
    payload["token"] = json!("token");
    payload["consultantGrant"]["id"] = json!("id");
    (answer.status, body.to_string())
}

pub async fn a_letter_brings_the_token(t: &TestServer) -> Result<()> {
    let client: SignedIn = sign_up(t, "Letter Writers").await;
    let email = format!("{}@example.com", rolemark_tests::unique("person"));
    let given = grant(&client, json!({ "email": email, "reason": "For the letter" })).await;
    let token = given.token.unwrap_or_default();
    let mut letter = None;
    for _ in 0..100 {
        letter = t.letters_to(&email)?.pop();
        if letter.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let letter = letter.ok_or("no letter came")?;
    assert!(letter.contains(&token) && letter.contains("Letter Writers"), "{letter}");
    assert!(!letter.contains("For the letter"), "no text that is not the server's own: {letter}");
    Ok(())
}
