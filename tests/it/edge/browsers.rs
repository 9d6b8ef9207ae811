//! What browsers are told, and what pages of others can make them do.

use reqwest::Method;
use rolemark_tests::{Answer, Client, Result, TestServer, sign_up};
use serde_json::Value;

const ORIGIN: &str = "https://app.example.com";
const HELLO: &str = r#"{"query":"{ __typename }"}"#;

async fn from_origin(client: &Client, origin: &str) -> Answer {
    let request = client.request(Method::POST, "/graphql").header("origin", origin);
    client.send(request.header("content-type", "application/json").body(HELLO)).await
}

async fn preflight(client: &Client, origin: &str, method: &str, header: &str) -> Answer {
    let request = client.request(Method::OPTIONS, "/graphql").header("origin", origin);
    let request = request.header("access-control-request-method", method);
    client.send(request.header("access-control-request-headers", header)).await
}

fn cors_headers(answer: &Answer) -> Vec<&str> {
    answer.headers.keys().map(|name| name.as_str()).filter(|name| name.starts_with("access-control-")).collect()
}

pub async fn no_origin_may_ask_by_default(t: &TestServer) {
    let client = t.anonymous();
    for origin in [ORIGIN, "null", t.url()] {
        let asked = preflight(&client, origin, "POST", "content-type").await;
        assert_eq!(asked.status, 405, "{asked}");
        for answer in [asked, from_origin(&client, origin).await] {
            assert!(cors_headers(&answer).is_empty(), "{origin}: {:?}", answer.headers);
        }
    }
}

pub async fn listed_origins_may_ask(t: &TestServer) -> Result<()> {
    let listed = vec![ORIGIN.to_owned(), "http://localhost:3000".to_owned()];
    let server = TestServer::fresh_with(t.backend(), |config| config.cors_origins = listed).await?;
    let client = server.anonymous();
    let allowed = "access-control-allow-origin";
    for origin in [ORIGIN, "http://localhost:3000"] {
        let asked = preflight(&client, origin, "POST", "authorization, content-type, x-request-id").await;
        assert_eq!(asked.status, 200, "{asked}");
        assert_eq!(asked.header("access-control-max-age"), "600");
        let answer = from_origin(&client, origin).await;
        assert_eq!(answer.text_at("__typename"), "Query");
        assert!(answer.header("vary").to_lowercase().contains("origin"), "{:?}", answer.headers);
        assert!(answer.header("access-control-expose-headers").contains("retry-after"), "{:?}", answer.headers);
        for answer in [asked, answer] {
            assert_eq!(answer.header(allowed), origin);
            assert!(!answer.headers.contains_key("access-control-allow-credentials"), "{:?}", answer.headers);
            assert!(!answer.headers.contains_key("cross-origin-resource-policy"), "{:?}", answer.headers);
        }
    }
    for origin in ["https://app.example.com.evil.example", "http://app.example.com", "https://evil.example", "null"] {
        for answer in [preflight(&client, origin, "POST", "accept").await, from_origin(&client, origin).await] {
            assert!(!answer.headers.contains_key(allowed), "{origin}: {:?}", answer.headers);
        }
    }
    for (method, header) in [("DELETE", "accept"), ("POST", "x-other")] {
        assert_eq!(preflight(&client, ORIGIN, method, header).await.status, 400, "{method} {header}");
    }
    server.stop().await;
    Ok(())
}

/// Whatever is answered, and whoever answers it.
async fn answers(t: &TestServer) -> Vec<Answer> {
    let client = t.anonymous();
    let mut answers = Vec::new();
    for path in ["/", "/console.js", "/livez", "/readyz", "/.well-known/jwks.json", "/nothing", "/graphql", "/livez/"] {
        for method in [Method::GET, Method::HEAD, Method::POST, Method::OPTIONS, Method::TRACE] {
            answers.push(client.send(client.request(method, path)).await);
        }
    }
    answers.push(client.send(client.request(Method::GET, "/livez").header("host", "evil.example")).await);
    answers.push(client.send(client.request(Method::GET, "/livez").header("accept-encoding", "identity;q=0")).await);
    answers.push(client.with_token("wrong").query("{ __typename }").await);
    answers.push(client.query("{ __typename }").await);
    answers.push(client.query("{ nothing }").await);
    answers
}

pub async fn every_answer_has_its_headers(t: &TestServer) {
    for answer in answers(t).await {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{name}: {answer} {:?}", answer.headers);
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(answer.header("permissions-policy").contains("camera=()"), "{:?}", answer.headers);
        for absent in ["server", "x-powered-by", "via", "set-cookie", "strict-transport-security"] {
            assert!(!answer.headers.contains_key(absent), "{absent}: {:?}", answer.headers);
        }
        let headers = format!("{:?}", answer.headers);
        assert!(!headers.to_lowercase().contains("actix") && !headers.contains(env!("CARGO_PKG_VERSION")), "{headers}");
    }
}

pub async fn console_may_run_its_own_script(t: &TestServer) {
    let client = t.anonymous();
    let policy = |answer: &Answer| answer.header("content-security-policy").to_owned();
    let page = policy(&client.get("/").await);
    for needed in ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"] {
        assert!(page.contains(needed), "{page}");
    }
    assert!(!page.contains("unsafe") && !page.contains("http"), "{page}");
    assert_eq!(policy(&client.get("/livez").await), "default-src 'none'; frame-ancestors 'none'");
}

pub async fn https_is_asked_for_by_name(t: &TestServer) -> Result<()> {
    for (url, expected) in [("https://rolemark.example", "max-age=31536000"), ("http://rolemark.example", "")] {
        let server = TestServer::fresh_with(t.backend(), |config| config.public_url = Some(url.to_owned())).await?;
        for path in ["/livez", "/nothing"] {
            let answer = server.anonymous().get(path).await;
            assert_eq!(answer.header("strict-transport-security"), expected, "{url}");
        }
        server.stop().await;
    }
    Ok(())
}

pub async fn pages_are_only_read(t: &TestServer) {
    let client = t.anonymous();
    for path in ["/", "/console.js", "/console.css", "/livez", "/readyz", "/.well-known/jwks.json"] {
        let read = client.get(path).await;
        let head = client.send(client.request(Method::HEAD, path)).await;
        assert_eq!((read.status, head.status, head.bytes.len()), (200, 200, 0), "{path}");
        assert_eq!(read.header("content-type"), head.header("content-type"), "{path}");
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE] {
            let answer = client.send(client.request(method.clone(), path)).await;
            assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"), "{method} {path}");
        }
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::HEAD, Method::OPTIONS, Method::TRACE] {
        let answer = client.send(client.request(method.clone(), "/graphql")).await;
        assert_eq!((answer.status, answer.header("allow")), (405, "GET, POST"), "{method}");
    }
}

pub async fn cookies_are_ignored(t: &TestServer) {
    let person = sign_up(t, "Cookies").await;
    let client = t.anonymous();
    let token = &person.token;
    for cookie in
        [format!("Authorization=Bearer {token}"), format!("accessToken={token}; access_token={token}; token={token}")]
    {
        let request = client.request(Method::POST, "/graphql").header("cookie", cookie);
        let body = r#"{"query":"{ viewer { email } }"}"#;
        let answer = client.send(request.header("content-type", "application/json").body(body)).await;
        assert_eq!(answer.at("viewer"), &Value::Null, "a cookie signs in: {answer}");
        assert!(!answer.headers.contains_key("set-cookie"), "{:?}", answer.headers);
    }
    let answer = client.get(&format!("/graphql?query={{viewer{{email}}}}&access_token={token}&token={token}")).await;
    assert_eq!(answer.at("viewer"), &Value::Null, "a token in the address signs in: {answer}");
}

/// What a foreign page can send without being asked for leave: each in the browser of somebody who is signed in.
pub async fn foreign_forms_are_refused(t: &TestServer) {
    let person = sign_up(t, "Forms").await;
    let mutation = r#"mutation { signOut(input: {}) { userErrors { code } } }"#;
    let json = format!(r#"{{"query":"{mutation}"}}"#);
    let form = format!("query={mutation}").replace(' ', "+");
    let part = format!("--x\r\ncontent-disposition: form-data; name=\"query\"\r\n\r\n{mutation}\r\n--x--\r\n");
    for (content_type, body) in [
        ("text/plain", json.clone()),
        ("text/plain; charset=utf-8", json),
        ("application/x-www-form-urlencoded", form.clone()),
        ("multipart/form-data; boundary=x", part),
    ] {
        let answer = person.client.post_raw(Some(content_type), body).await;
        answer.assert_refused(415, "BAD_USER_INPUT");
    }
    let answer = person.client.get(&format!("/graphql?{form}")).await;
    answer.assert_refused(405, "BAD_USER_INPUT");
    let answer = person.client.query("{ viewer { email } }").await;
    assert_eq!(answer.text_at("viewer.email"), person.email, "something ran");
}
