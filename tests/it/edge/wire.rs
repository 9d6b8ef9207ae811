//! Connections that a case writes to byte by byte.

use std::time::{Duration, Instant};

use rolemark_tests::{Result, TestServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Time between two drops.
const BETWEEN_DROPS: Duration = Duration::from_millis(100);

/// A TCP connection to a server.
pub(super) struct Wire(TcpStream);

/// How a connection ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// All that came.
    pub(super) answer: String,
    /// How long it took.
    pub(super) after: Duration,
}

impl Wire {
    pub(super) async fn to(t: &TestServer) -> Result<Self> {
        Ok(Self(TcpStream::connect(t.url().trim_start_matches("http://")).await?))
    }

    pub(super) async fn send(&mut self, text: &str) -> Result<()> {
        Ok(self.0.write_all(text.as_bytes()).await?)
    }

    /// Sends a request without a body, and reads the answer up to its last word.
    pub(super) async fn ask(&mut self, head: &str, last_word: &str) -> Result<String> {
        self.send(head).await?;
        let mut answer = Vec::new();
        while !String::from_utf8_lossy(&answer).contains(last_word) {
            if self.0.read_buf(&mut answer).await? == 0 {
                return Err(format!("the connection ended: {}", String::from_utf8_lossy(&answer)).into());
            }
        }
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// Reads until the server ends the connection.
    pub(super) async fn until_end(self, patience: Duration) -> Result<Ended> {
        self.drip("", patience).await
    }

    /// Sends the same drop again and again until the server ends the connection.
    pub(super) async fn drip(mut self, drop: &str, patience: Duration) -> Result<Ended> {
        let (started, mut answer) = (Instant::now(), Vec::new());
        loop {
            if started.elapsed() > patience {
                let start = String::from_utf8_lossy(&answer[..answer.len().min(500)]);
                return Err(format!("still open after {patience:?}: {start}").into());
            }
            let read = tokio::time::timeout(BETWEEN_DROPS, self.0.read_buf(&mut answer)).await;
            let is_open = match read {
                Ok(Ok(number)) => number > 0,
                Ok(Err(_)) => false,
                Err(_) => drop.is_empty() || self.0.write_all(drop.as_bytes()).await.is_ok(),
            };
            if !is_open {
                let answer = String::from_utf8_lossy(&answer).into_owned();
                return Ok(Ended { answer, after: started.elapsed() });
            }
        }
    }
}
