//! Credentials that are not the server's, and identifiers that are not the attacker's.

use rolemark_tests::{Result, TestServer, sign_up};
use serde_json::json;

use super::rights::key_of;
use crate::isolation::Spy;

/// What the attacker presents instead of a token of its own.
pub async fn stolen_and_forged_credentials_are_refused(t: &TestServer) -> Result<()> {
    let victim = sign_up(t, "Victim").await;
    let (head, rest) = victim.token.split_once('.').expect("three parts");
    let (claims, signature) = rest.split_once('.').expect("three parts");
    let refused = [
        ("no signature", format!("{head}.{claims}.")),
        ("a signature of another token", format!("{head}.{claims}.{}", signature.chars().rev().collect::<String>())),
        ("the claims of an admin under no algorithm", format!("eyJhbGciOiJub25lIn0.{claims}.")),
        ("the refresh token", victim.refresh_token.clone()),
        ("the password", victim.password.clone()),
        ("an API key with a wrong checksum", format!("rolemark_key_{}", "0".repeat(88))),
        ("two tokens", format!("{0} {0}", victim.token)),
        ("an empty token", String::new()),
    ];
    for (what, credential) in refused {
        let answer = t.anonymous().with_token(&credential).query("{ viewer { email } }").await;
        assert_eq!(answer.status, 401, "{what}: {answer}");
        assert!(!answer.text().contains(&victim.email), "{what}: {answer}");
    }
    // The token itself is all that it takes: it is worth stealing, and so it lasts 15 minutes and dies with its session.
    let thief = t.anonymous().with_token(&victim.token);
    assert_eq!(thief.query("{ viewer { email } }").await.text_at("viewer.email"), victim.email);
    let sign_out = "mutation { signOut(input: {}) { userErrors { code } } }";
    crate::steps::assert_done(&victim.client.query(sign_out).await, "signOut");
    assert_eq!(thief.query("{ viewer { email } }").await.status, 401);
    Ok(())
}

/// Every argument of the schema that names something, with another organization's values, asked by a key with all scopes.
pub async fn identifiers_of_others_are_worth_nothing_to_a_key(t: &TestServer) -> Result<()> {
    let mut spy = Spy::new(t).await?;
    let all =
        json!(["READ_ROLES", "READ_BENCHMARK", "READ_SCENARIOS", "READ_AUDIT", "WRITE_ROLES", "IMPORT", "EXPORT"]);
    let secret = key_of(&spy.own.admin, spy.own.get("organization"), all).await;
    spy.own.admin = t.anonymous().with_token(&secret);
    let faults = spy.ask_everything().await;
    assert!(faults.is_empty(), "{} faults:\n  {}", faults.len(), faults.join("\n  "));
    spy.assert_unchanged(t).await
}
