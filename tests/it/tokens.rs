//! Access tokens: what is none is refused with 401, and never treated as the absence of one.

mod commands;
mod forge;
mod keys;
mod rotation;
mod servers;
mod sessions;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::header::AUTHORIZATION;
use rolemark_tests::client::GRAPHQL_RESPONSE;
use rolemark_tests::{Answer, Client, Result, TestServer, sign_up};
use serde_json::{Value, json};

use self::forge::{Forge, now};

pub use commands::{
    refused_rotations_change_nothing, rotated_keys_belong_to_the_same_person, rotating_says_what_it_did,
};
pub use keys::{
    exposed_key_file_is_refused, key_file_is_its_owners_only, malformed_file_of_the_previous_key_is_refused,
    malformed_key_file_is_refused,
};
pub use rotation::{
    cut_off_rotation_does_no_harm, damaged_key_files_do_not_stop_a_running_server, forced_rotation_ends_all_tokens,
    tokens_outlive_a_rotation,
};
pub use servers::{parallel_requests_do_not_notice_a_rotation, servers_share_their_keys};
pub use sessions::{
    a_deleted_session_ends_within_a_second, a_signed_out_session_ends_at_once,
    an_ended_membership_ends_within_a_second, tokens_are_no_refresh_tokens,
};

/// Answered without credentials, so that a bad token that counted as none would show.
const OPEN: &str = "{ method { version } }";

async fn with_header(client: &Client, value: &str, document: &str) -> Answer {
    let body = json!({ "query": document });
    let request = client.request(reqwest::Method::POST, "/graphql").header(AUTHORIZATION, value);
    client.send(request.header("accept", GRAPHQL_RESPONSE).json(&body)).await
}

#[track_caller]
fn assert_unauthenticated(what: &str, answer: &Answer) {
    assert_eq!(answer.status, 401, "{what}: {answer}");
    assert_eq!(answer.error_code(), "UNAUTHENTICATED", "{what}: {answer}");
    assert!(answer.header("www-authenticate").starts_with("Bearer"), "{what}: {:?}", answer.headers);
    assert!(answer.body["data"].is_null(), "{what}: something ran: {answer}");
}

/// Refused for everything, with the same words whatever is wrong.
async fn assert_refused(t: &TestServer, what: &str, header: &str) -> String {
    let client = t.anonymous();
    let sign_in = r#"mutation { signIn(input: { email: "a@example.com", password: "b" }) { userErrors { code } } }"#;
    let mut told = Vec::new();
    for document in [OPEN, "{ viewer { name } }", "{ __typename }", sign_in] {
        let answer = with_header(&client, header, document).await;
        assert_unauthenticated(what, &answer);
        told.push(answer.text());
    }
    assert!(told.iter().all(|text| *text == told[0]), "{what}: {told:?}");
    told.swap_remove(0)
}

pub async fn forged_tokens_are_refused(t: &TestServer) -> Result<()> {
    let (server, forge) = Forge::over_a_fresh_server(t.backend()).await?;
    let person = sign_up(&server, "Forged").await;
    let (header, claims) = Forge::parts(&person.token);
    let right = forge.sign(&header, &claims);
    let viewer = with_header(&server.anonymous(), &format!("Bearer {right}"), "{ viewer { email } }").await;
    assert_eq!(viewer.text_at("viewer.email"), person.email, "what is forged rightly is taken");

    let mut forgeries = changed_parts(&forge, &header, &claims);
    forgeries.extend(forge.other_parameters(&header, &claims));
    forgeries.extend(forge.wrong_signatures(&header, &claims));
    forgeries.extend(no_tokens(&person.token, &person.refresh_token));
    let other = sign_up(&server, "Other").await;
    let (_, theirs) = Forge::parts(&other.token);
    forgeries.push(("another user's session", forge.sign(&header, &with(&claims, "sid", theirs["sid"].clone()))));
    forgeries.push(("another user", forge.sign(&header, &with(&claims, "sub", theirs["sub"].clone()))));
    let mut told = Vec::new();
    for (what, token) in forgeries {
        told.push(assert_refused(&server, what, &format!("Bearer {token}")).await);
    }
    assert!(told.iter().all(|text| *text == told[0]), "the answers tell what is wrong with a token: {told:#?}");
    server.stop().await;
    Ok(())
}

fn with(object: &Value, name: &str, value: impl Into<Value>) -> Value {
    let mut changed = object.clone();
    changed[name] = value.into();
    changed
}

fn without(object: &Value, name: &str) -> Value {
    let mut changed = object.clone();
    changed.as_object_mut().expect("an object").remove(name);
    changed
}

/// Signed with the server's own key: only what they say is wrong.
fn changed_parts(forge: &Forge, header: &Value, claims: &Value) -> Vec<(&'static str, String)> {
    let now = now();
    let of_header = |name, value: Value| forge.sign(&with(header, name, value), claims);
    let of_claim = |name, value: Value| forge.sign(header, &with(claims, name, value));
    let id = |name: &str| json!(claims[name].as_str().map(|id| format!("x{id}")));
    let mut tokens = vec![
        ("expired a second ago", of_claim("exp", json!(now - 1))),
        ("expired long ago", forge.sign(header, &with(&with(claims, "exp", json!(now - 900)), "iat", now - 1800))),
        ("issued in the future", of_claim("iat", json!(now + 60))),
        ("exp beyond every calendar", of_claim("exp", json!(i64::MAX))),
        ("exp as text", of_claim("exp", json!("tomorrow"))),
        ("exp as a fraction of the past", of_claim("exp", json!(1.5))),
        ("negative exp", of_claim("exp", json!(-1))),
        ("wrong audience", of_claim("aud", json!("rolemark-admin"))),
        ("list of audiences", of_claim("aud", json!(["someone", "else"]))),
        ("empty audience", of_claim("aud", json!(""))),
        ("wrong issuer", of_claim("iss", json!("https://issuer.example"))),
        ("issuer as a list", of_claim("iss", json!(["rolemark-not"]))),
        ("unknown session", of_claim("sid", json!("00000000-0000-7000-8000-000000000000"))),
        ("malformed session", of_claim("sid", id("sid"))),
        ("malformed subject", of_claim("sub", id("sub"))),
        ("wrong kid", of_header("kid", json!("0123456789abcdef"))),
        ("kid with a path", of_header("kid", json!("../../signing-key.pem"))),
        ("missing kid", forge.sign(&without(header, "kid"), claims)),
        ("typ JWT", of_header("typ", json!("JWT"))),
        ("typ refresh", of_header("typ", json!("rt+jwt"))),
        ("missing typ", forge.sign(&without(header, "typ"), claims)),
        ("alg of another curve", of_header("alg", json!("ES256"))),
        ("alg in lower case", of_header("alg", json!("eddsa"))),
        ("missing alg", forge.sign(&without(header, "alg"), claims)),
        ("claims that are no object", forge.sign(header, &json!([1, 2]))),
        ("header that is no object", forge.sign(&json!("EdDSA"), claims)),
    ];
    for (what, name) in [
        ("without iss", "iss"),
        ("without aud", "aud"),
        ("without sub", "sub"),
        ("without sid", "sid"),
        ("without jti", "jti"),
        ("without iat", "iat"),
        ("without exp", "exp"),
    ] {
        tokens.push((what, forge.sign(header, &without(claims, name))));
    }
    tokens
}

/// Texts that are no access token of this server.
fn no_tokens(token: &str, refresh_token: &str) -> Vec<(&'static str, String)> {
    let parts: Vec<&str> = token.split('.').collect();
    let half = token.len() / 2;
    vec![
        ("a refresh token", refresh_token.to_owned()),
        ("half a token", token[..half].to_owned()),
        ("one character less", token[..token.len() - 1].to_owned()),
        ("without signature", format!("{}.{}", parts[0], parts[1])),
        ("with an empty signature", format!("{}.{}.", parts[0], parts[1])),
        ("with one part more", format!("{token}.{}", parts[2])),
        ("with the parts turned round", format!("{}.{}.{}", parts[2], parts[1], parts[0])),
        ("with padding", format!("{token}==")),
        ("twice", format!("{token} {token}")),
        ("garbage", "garbage".to_owned()),
        ("dots", "..".to_owned()),
        ("nothing", String::new()),
        ("JSON", r#"{"sub":"admin"}"#.to_owned()),
        ("null", "null".to_owned()),
        ("10,000 letters", "A".repeat(10_000)),
        ("deep JSON", format!("{}.x.x", URL_SAFE_NO_PAD.encode("[".repeat(3_000)))),
    ]
}

/// Neither other schemes nor headers that say two things.
pub async fn other_schemes_are_refused(t: &TestServer) -> Result<()> {
    let person = sign_up(t, "Schemes").await;
    let token = person.token.as_str();
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", person.email, person.password));
    for (what, header) in [
        ("Basic", format!("Basic {basic}")),
        ("Basic with the token", format!("Basic {token}")),
        ("no scheme", token.to_owned()),
        ("an empty header", String::new()),
        ("the scheme alone", "Bearer".to_owned()),
        ("the scheme and a space", "Bearer ".to_owned()),
        ("a joined scheme", format!("Bearer{token}")),
        ("a tab", format!("Bearer\t{token}")),
        ("Digest", "Digest username=\"admin\"".to_owned()),
        ("two schemes in one", format!("Basic {basic}, Bearer {token}")),
        ("two tokens in one", format!("Bearer {token}, Bearer {token}")),
    ] {
        assert_refused(t, what, &header).await;
    }
    let client = t.anonymous();
    let bytes = reqwest::header::HeaderValue::from_bytes(b"Bearer \xff\xfe")?;
    let request = client.request(reqwest::Method::POST, "/graphql").header(AUTHORIZATION, bytes);
    let answer = client.send(request.header("accept", GRAPHQL_RESPONSE).json(&json!({ "query": OPEN }))).await;
    assert_unauthenticated("bytes that are no text", &answer);
    for headers in
        [[format!("Basic {basic}"), format!("Bearer {token}")], [format!("Bearer {token}"), format!("Basic {basic}")]]
    {
        let mut request = client.request(reqwest::Method::POST, "/graphql").header("accept", GRAPHQL_RESPONSE);
        for header in &headers {
            request = request.header(AUTHORIZATION, header);
        }
        let answer = client.send(request.json(&json!({ "query": OPEN }))).await;
        assert_unauthenticated("two Authorization headers", &answer);
    }
    let answer = with_header(&client, &format!("bearer {token}"), "{ viewer { email } }").await;
    assert_eq!(answer.text_at("viewer.email"), person.email, "the name of a scheme has no case: {answer}");
    Ok(())
}

/// Addresses are logged, kept and passed on; cookies are sent by foreign pages.
pub async fn tokens_elsewhere_count_for_nothing(t: &TestServer) -> Result<()> {
    let person = sign_up(t, "Elsewhere").await;
    let (client, token) = (t.anonymous(), person.token.as_str());
    let query = "query=%7Bviewer%7Bemail%7D%7D";
    for name in ["access_token", "token", "authorization", "Authorization", "bearer", "api_key", "apiKey"] {
        for value in [token.to_owned(), format!("Bearer%20{token}")] {
            let path = format!("/graphql?{query}&{name}={value}");
            let answer =
                client.send(client.request(reqwest::Method::GET, &path).header("accept", GRAPHQL_RESPONSE)).await;
            assert_nobody(name, &answer);
            let path = format!("/graphql?{name}={value}");
            let body = json!({ "query": "{ viewer { email } }", name: value,
                "extensions": { name: value }, "variables": { name: value } });
            assert_nobody(name, &client.send(client.request(reqwest::Method::POST, &path).json(&body)).await);
        }
    }
    for (header, value) in [
        ("cookie", format!("access_token={token}; token={token}; session={token}")),
        ("x-api-key", token.to_owned()),
        ("x-authorization", format!("Bearer {token}")),
        ("proxy-authorization", format!("Bearer {token}")),
        ("x-forwarded-user", person.email.clone()),
    ] {
        let request = client.request(reqwest::Method::POST, "/graphql").header(header, value);
        assert_nobody(header, &client.send(request.json(&json!({ "query": "{ viewer { email } }" }))).await);
    }
    Ok(())
}

#[track_caller]
fn assert_nobody(what: &str, answer: &Answer) {
    assert!(answer.body["data"]["viewer"].is_null(), "signed in by {what}: {answer}");
}
