//! The key with which others check the server's tokens.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolemark_tests::{Result, TestServer, sign_up};
use serde_json::{Value, json};

fn decoded(part: &str) -> Result<Vec<u8>> {
    Ok(URL_SAFE_NO_PAD.decode(part)?)
}

pub async fn tokens_are_signed_by_the_published_key(t: &TestServer) -> Result<()> {
    let person = sign_up(t, "Northwind").await;
    let parts: Vec<&str> = person.token.split('.').collect();
    let [header, claims, signature] = parts[..] else { return Err("no JSON web token".into()) };
    let (header_json, claims_json): (Value, Value) =
        (serde_json::from_slice(&decoded(header)?)?, serde_json::from_slice(&decoded(claims)?)?);
    assert_eq!(header_json["alg"], "EdDSA");

    let answer = t.anonymous().get("/.well-known/jwks.json").await;
    assert_eq!(answer.status, 200, "{answer}");
    assert!(answer.header("content-type").starts_with("application/json"), "{answer}");
    let keys = answer.body["keys"].as_array().ok_or("no list of keys")?;
    let fitting: Vec<_> = keys.iter().filter(|key| key["kid"] == header_json["kid"]).collect();
    let [key] = fitting[..] else { return Err(format!("not one key with the kid of the token: {answer}").into()) };
    assert_eq!((&key["kty"], &key["crv"]), (&json!("OKP"), &json!("Ed25519")), "{answer}");
    assert!(keys.iter().all(|key| key.get("d").is_none()), "the private key is published: {answer}");

    let public = UnparsedPublicKey::new(&ED25519, decoded(key["x"].as_str().ok_or("no x")?)?);
    let signed = format!("{header}.{claims}");
    public.verify(signed.as_bytes(), &decoded(signature)?).map_err(|_| "the key does not verify the token")?;
    assert!(public.verify(format!("{signed}x").as_bytes(), &decoded(signature)?).is_err(), "it verifies anything");

    let seconds = |claim: &str| claims_json[claim].as_i64().unwrap_or_default();
    assert_eq!(seconds("exp") - seconds("iat"), 15 * 60, "{claims_json}");
    for claim in ["iss", "aud", "sub", "jti"] {
        assert!(claims_json[claim].as_str().is_some_and(|text| !text.is_empty()), "no {claim}: {claims_json}");
    }
    Ok(())
}
