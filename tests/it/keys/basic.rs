//! Keys as the password of HTTP Basic, and where they are not accepted.

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use rolemark_tests::client::GRAPHQL_RESPONSE;
use rolemark_tests::{Answer, Client, TestServer, sign_up};
use serde_json::json;

use super::{WHO, assert_lets_in, assert_refused, make};

fn basic(pair: impl AsRef<[u8]>) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

async fn with_headers(client: &Client, headers: &[(&str, &str)], document: &str) -> Answer {
    let mut request = client.request(Method::POST, "/graphql").header("accept", GRAPHQL_RESPONSE);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    client.send(request.json(&json!({ "query": document }))).await
}

async fn with_authorization(client: &Client, value: &str) -> Answer {
    with_headers(client, &[("authorization", value)], WHO).await
}

pub async fn keys_are_passwords_of_basic(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let key = make(t, &admin, "BI tool", &["READ_ROLES"]).await;
    let anonymous = t.anonymous();
    for user in ["", "token", "ada@example.com", "Ä ☃", "rolemark_key_", &"u".repeat(500)] {
        let header = basic(format!("{user}:{}", key.secret));
        assert_lets_in(&with_authorization(&anonymous, &header).await, &key);
    }
    for scheme in ["basic", "BASIC", "bAsIc"] {
        let header = basic(format!("x:{}", key.secret)).replace("Basic", scheme);
        assert_lets_in(&with_authorization(&anonymous, &header).await, &key);
    }
    // As a data source that can only GET.
    let request = anonymous.request(Method::GET, "/graphql?query=%7Bviewer%7BapiKey%7BapiKeyId%7D%7D%7D");
    assert_lets_in(&anonymous.send(request.basic_auth("x", Some(&key.secret))).await, &key);
}

pub async fn nothing_else_is_a_password_of_basic(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let key = make(t, &admin, "BI tool", &["READ_ROLES"]).await;
    let (secret, pair) = (key.secret.as_str(), format!("x:{}", key.secret));
    let encoded = STANDARD.encode(&pair);
    let mut told = Vec::new();
    for (what, header) in [
        ("a person's password", basic(format!("{}:{}", admin.email, admin.password))),
        ("an access token", basic(format!("x:{}", admin.token))),
        ("a refresh token", basic(format!("x:{}", admin.refresh_token))),
        ("the key as user name", basic(format!("{secret}:"))),
        ("no colon", basic(secret)),
        ("nothing", basic("")),
        ("a colon", basic(":")),
        ("a slip", basic(format!("x:{}", key.slip(100)))),
        ("something before the key", basic(format!("x: {secret}"))),
        ("something after the key", basic(format!("{pair}\n"))),
        ("bytes that are no text", basic([b"\xff\xfe:".as_slice(), secret.as_bytes()].concat())),
        ("the key without base64", format!("Basic {pair}")),
        ("no base64", "Basic %%%".to_owned()),
        ("base64 of URLs", format!("Basic {}", base64::engine::general_purpose::URL_SAFE.encode(b"\xfb\xff:x"))),
        ("half of it", format!("Basic {}", &encoded[..encoded.len() / 2])),
        ("two of them", format!("Basic {encoded} {encoded}")),
        ("a list", format!("Basic {encoded}, Bearer {secret}")),
        ("the scheme alone", "Basic".to_owned()),
        ("the scheme and a space", "Basic ".to_owned()),
    ] {
        let answer = with_authorization(&t.anonymous(), &header).await;
        assert_refused(what, &answer);
        told.push(answer.text());
    }
    told.push(with_authorization(&t.anonymous(), "Bearer wrong").await.text());
    assert!(told.iter().all(|text| *text == told[0]), "the answers tell what is wrong: {told:#?}");
}

pub async fn challenges_ask_programs_and_not_browsers(t: &TestServer) {
    let anonymous = t.anonymous();
    let both = ["Bearer", r#"Basic realm="rolemark", charset="UTF-8""#];
    let refused = basic("x:y");
    let needs_a_caller = "{ canonicalRoles { totalCount } }";
    for (what, headers, expected) in [
        ("a program without credentials", &[][..], &both[..]),
        ("a program with Basic", &[("authorization", refused.as_str())], &both),
        ("a program with a bearer token", &[("authorization", "Bearer x")], &both[..1]),
        ("a page", &[("origin", t.url())], &both[..1]),
        ("a page that navigates", &[("sec-fetch-mode", "navigate")], &both[..1]),
        ("a page with an old token", &[("origin", t.url()), ("authorization", "Bearer x")], &both[..1]),
    ] {
        let answer = with_headers(&anonymous, headers, needs_a_caller).await;
        assert_eq!((answer.status, answer.error_code()), (401, "UNAUTHENTICATED"), "{what}: {answer}");
        let found: Vec<_> = answer.headers.get_all("www-authenticate").iter().filter_map(|v| v.to_str().ok()).collect();
        assert_eq!(found, expected, "{what}");
    }
    let open = with_headers(&anonymous, &[], "{ method { version } }").await;
    assert!(open.headers.get("www-authenticate").is_none() && open.status == 200, "{open}");
}

/// Addresses are logged, kept and passed on.
pub async fn keys_in_the_address_count_for_nothing(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let key = make(t, &admin, "BI tool", &["READ_ROLES"]).await;
    let (client, secret) = (t.anonymous(), key.secret.as_str());
    let nobody = |what: &str, answer: &Answer| {
        assert!(answer.body["data"]["viewer"].is_null(), "let in by {what}: {answer}");
        assert!(!answer.text().contains(secret), "the answer repeats the key: {answer}");
    };
    for name in ["api_key", "apiKey", "key", "token", "access_token", "authorization", "secret", "password"] {
        let get = format!("/graphql?query=%7Bviewer%7Bname%7D%7D&{name}={secret}");
        nobody(name, &client.get(&get).await);
        let request = client.request(Method::POST, &format!("/graphql?{name}={secret}"));
        nobody(name, &client.send(request.json(&json!({ "query": WHO, name: secret }))).await);
    }
    for header in ["x-api-key", "cookie", "proxy-authorization", "x-authorization"] {
        let value = if header == "cookie" { format!("key={secret}") } else { format!("Bearer {secret}") };
        nobody(header, &with_headers(&client, &[(header, &value)], WHO).await);
    }
    // Two headers may be believed by different programs on the way.
    let request = client.request(Method::POST, "/graphql").header("accept", GRAPHQL_RESPONSE);
    let request = request.header(AUTHORIZATION, format!("Bearer {secret}")).basic_auth("x", Some(secret));
    assert_refused("two headers", &client.send(request.json(&json!({ "query": WHO }))).await);
}
