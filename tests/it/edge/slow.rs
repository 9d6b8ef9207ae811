//! Clients that take their time lose their connection: there are only so many.

use std::time::Duration;

use rolemark_tests::{Result, TestServer};

use super::wire::Wire;

/// More than any of the waits here.
const PATIENCE: Duration = Duration::from_secs(20);

const POST: &str = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
const ALIVE: &str = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";

pub async fn heads_that_drip_are_cut(t: &TestServer) -> Result<()> {
    let mut wire = Wire::to(t).await?;
    wire.send("GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await?;
    let ended = wire.drip("x", PATIENCE).await?;
    assert!(!ended.answer.contains(" 200 "), "{ended:?}");
    assert!(ended.after > Duration::from_secs(3), "an honest slow client has no time: {ended:?}");
    let silent = Wire::to(t).await?.until_end(PATIENCE).await?;
    assert!(!silent.answer.contains(" 200 "), "{silent:?}");
    Ok(())
}

/// After an answer a connection may wait, but not for ever by a byte now and then.
pub async fn later_heads_that_drip_are_cut(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh_with(t.backend(), |config| config.keep_alive_seconds = 1).await?;
    let mut wire = Wire::to(&server).await?;
    wire.ask(ALIVE, "live\"}").await?;
    wire.send("GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await?;
    let ended = wire.drip("x", PATIENCE).await?;
    assert!(!ended.answer.contains(" 200 "), "{ended:?}");
    let mut idle = Wire::to(&server).await?;
    idle.ask(ALIVE, "live\"}").await?;
    let ended = idle.until_end(PATIENCE).await?;
    assert!(ended.after < Duration::from_secs(4), "an idle connection is kept: {ended:?}");
    server.stop().await;
    Ok(())
}

pub async fn bodies_that_drip_are_cut(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh_with(t.backend(), |config| config.body_timeout_seconds = 1).await?;
    for (length, drop) in [("Content-Length: 1000", " "), ("Transfer-Encoding: chunked", "1\r\n \r\n")] {
        let mut wire = Wire::to(&server).await?;
        wire.send(&format!("{POST}{length}\r\n\r\n")).await?;
        let ended = wire.drip(drop, PATIENCE).await?;
        let answer = ended.answer.to_lowercase();
        assert!(answer.starts_with("http/1.1 408 "), "{length}: {ended:?}");
        assert!(answer.contains("connection: close") && answer.contains(r#""code":"timeout""#), "{length}: {ended:?}");
        assert!(answer.contains("x-content-type-options: nosniff"), "{length}: {ended:?}");
        assert!(ended.after < Duration::from_secs(8), "{length}: {ended:?}");
    }
    let answer = server.anonymous().query("{ __typename }").await;
    assert_eq!(answer.text_at("__typename"), "Query");
    server.stop().await;
    Ok(())
}

/// A body that is too large is not read on and on after it has been refused.
pub async fn endless_bodies_are_cut(t: &TestServer) -> Result<()> {
    let mut wire = Wire::to(t).await?;
    wire.send(&format!("{POST}Transfer-Encoding: chunked\r\n\r\n")).await?;
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let ended = wire.drip(&chunk, PATIENCE).await?;
    assert!(ended.answer.starts_with("HTTP/1.1 413 ") || ended.answer.is_empty(), "{ended:?}");
    assert!(ended.after < Duration::from_secs(8), "{ended:?}");
    Ok(())
}

/// Answers that nobody reads hold memory.
pub async fn unread_answers_are_cut(t: &TestServer) -> Result<()> {
    const ASKED: usize = 20_000;
    let server = TestServer::fresh_with(t.backend(), |config| config.keep_alive_seconds = 1).await?;
    let mut wire = Wire::to(&server).await?;
    let script = "GET /console.js HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(ASKED);
    // The server stops reading once it cannot write.
    let _ = tokio::time::timeout(Duration::from_secs(2), wire.send(&script)).await;
    tokio::time::sleep(Duration::from_secs(9)).await;
    let ended = wire.until_end(PATIENCE).await?;
    let answered = ended.answer.matches("HTTP/1.1 200 ").count();
    assert!(answered < ASKED, "all was answered");
    assert!(ended.after < Duration::from_secs(3), "it went on: {answered} answers, {:?}", ended.after);
    server.stop().await;
    Ok(())
}

pub async fn connections_have_a_limit(t: &TestServer) -> Result<()> {
    let limited = |config: &mut rolemark::Config| {
        config.workers = 1;
        config.max_connections = 2;
    };
    let server = TestServer::fresh_with(t.backend(), limited).await?;
    let (mut first, mut second) = (Wire::to(&server).await?, Wire::to(&server).await?);
    for wire in [&mut first, &mut second] {
        wire.ask(ALIVE, "live\"}").await?;
    }
    let mut third = Wire::to(&server).await?;
    let waits = tokio::time::timeout(Duration::from_secs(1), third.ask(ALIVE, "live\"}")).await;
    assert!(waits.is_err(), "a third connection is served: {waits:?}");
    // What was asked already is answered once there is room.
    drop(first);
    let answer = tokio::time::timeout(PATIENCE, third.ask("", "live\"}")).await??;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    server.stop().await;
    Ok(())
}
