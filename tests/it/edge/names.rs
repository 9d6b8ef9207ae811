//! The names that the server answers to, and settings that cannot be meant.

use std::process::Command;
use std::time::Duration;

use reqwest::Method;
use rolemark::{Config, Server};
use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Answer, Client, Result, TestServer};

use super::wire::Wire;
use crate::steps::PROGRAM;

const PATHS: [&str; 6] =
    ["/graphql?query={__typename}", "/", "/livez", "/readyz", "/.well-known/jwks.json", "/nothing"];

async fn asked_for(client: &Client, path: &str, host: &str) -> Answer {
    client.send(client.request(Method::GET, path).header("host", host)).await
}

#[track_caller]
fn assert_misdirected(answer: &Answer) {
    assert_eq!(answer.status, 421, "{answer}");
    assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{answer}");
    assert!(answer.text().contains("`hosts`"), "the key is not named: {answer}");
    assert!(answer.body["data"].is_null(), "{answer}");
}

/// A page of a stranger may have its own name lead to this machine, to read what only a browser here may read.
pub async fn other_names_are_misdirected(t: &TestServer) {
    let client = t.anonymous();
    for path in PATHS {
        let answer = asked_for(&client, path, "evil.example:8080").await;
        assert_misdirected(&answer);
        assert!(!answer.text().contains("evil"), "what the client sent is repeated: {answer}");
    }
    for name in ["localhost.evil.example", "127.0.0.1.evil.example", "0x7f.1", "a.example@localhost"] {
        assert_misdirected(&asked_for(&client, "/livez", name).await);
    }
    for name in ["localhost", "LocalHost:1", "127.0.0.1:8080", "192.0.2.7", "[::1]:8080"] {
        assert_eq!(asked_for(&client, "/livez", name).await.status, 200, "{name}");
    }
}

pub async fn own_names_are_answered(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh_with(t.backend(), |config| {
        config.hosts = vec!["Rolemark.example".into(), "api.rolemark.example:8443".into()];
        config.public_url = Some("http://public.example/".into());
    })
    .await?;
    let client = server.anonymous();
    for name in ["rolemark.example", "ROLEMARK.EXAMPLE:80", "api.rolemark.example:8443", "public.example"] {
        let answer = asked_for(&client, PATHS[0], name).await;
        assert_eq!(answer.text_at("__typename"), "Query", "{name}");
    }
    for name in ["api.rolemark.example", "api.rolemark.example:80", "x.rolemark.example", "evil.example"] {
        assert_misdirected(&asked_for(&client, "/livez", name).await);
    }
    server.stop().await;
    Ok(())
}

/// The HTTP library refuses some of these itself, before anything of this server has seen them.
pub async fn a_host_is_named_once(t: &TestServer) -> Result<()> {
    for head in [
        "GET /livez HTTP/1.1\r\n",
        "GET /livez HTTP/1.0\r\n",
        "GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n",
        "GET /livez HTTP/1.0\r\nHost: localhost\r\nHost: evil.example\r\n",
        "GET http://evil.example/livez HTTP/1.1\r\nHost: localhost\r\n",
        "GET http://localhost/livez HTTP/1.1\r\nHost: evil.example\r\n",
        "GET /livez HTTP/1.1\r\nHost:\r\n",
    ] {
        let mut wire = Wire::to(t).await?;
        wire.send(&format!("{head}Connection: close\r\n\r\n")).await?;
        let answer = wire.until_end(Duration::from_secs(5)).await?.answer;
        let is_refused = [" 400 ", " 421 "].iter().any(|status| answer[..answer.len().min(15)].contains(status));
        assert!(is_refused, "{head:?}: {answer}");
    }
    let mut wire = Wire::to(t).await?;
    wire.send("GET http://localhost/livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let answer = wire.until_end(Duration::from_secs(5)).await?.answer;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    Ok(())
}

pub async fn malformed_settings_end_the_start(t: &TestServer) -> Result<()> {
    type Change = fn(&mut Config, String);
    let settings: [(&str, Change, &[&str]); 4] = [
        ("cors_origins", |config, value| config.cors_origins = vec![value], &["*", "a.example", "https://a.example/"]),
        ("hosts", |config, value| config.hosts = vec![value], &["*", "", "https://a.example"]),
        ("trusted_proxies", |config, value| config.trusted_proxies = vec![value], &["*", "10.0.0.0/33", "proxy"]),
        ("public_url", |config, value| config.public_url = Some(value), &["a.example", "https://u:secret@a.example"]),
    ];
    for (key, change, values) in settings {
        for &value in values {
            let mut config = t.database().config(std::env::temp_dir());
            change(&mut config, value.to_owned());
            let Err(error) = Server::start(config).await else { panic!("{key} = {value:?} was taken") };
            let message = error.to_string();
            assert!(message.starts_with(&format!("{key}: ")), "{value:?}: {message}");
            assert!(!message.contains("secret"), "{message}");
        }
    }
    Ok(())
}

/// Each list has an entry that cannot be meant behind one that can.
pub async fn lists_are_read_from_the_environment() -> Result<()> {
    let directory = ScratchDirectory::create()?;
    for (variable, value, message) in [
        ("ROLEMARK_HOSTS", "a.example, b/example", "hosts: ` b/example` is no name"),
        ("ROLEMARK_TRUSTED_PROXIES", "10.0.0.0/8,127.0.0.1,proxy", "trusted_proxies: `proxy` is no address"),
        ("ROLEMARK_CORS_ORIGINS", "https://a.example,https://b.example/", "is it `https://b.example`?"),
        ("ROLEMARK_PUBLIC_URL", "https://a.example?b", "public_url: must be"),
        ("ROLEMARK_RATE_LIMITS__CALLER_POINTS_PER_MINUTE", "many", "rate_limits.caller_points_per_minute"),
    ] {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--listen", "127.0.0.1:0"]).current_dir(directory.path()).env(variable, value);
        let output = command.output()?;
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && told.contains(message), "{variable}: {told}");
    }
    Ok(())
}
