//! HTTP/1.1 by hand over one kept-open connection: the load shares the processors with what it measures.

use std::net::SocketAddr;

use rolemark_tests::{Error, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How much of an unwanted answer is shown.
const SHOWN: usize = 2_000;

/// A connection to the server.
pub(crate) struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    response: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, request: Vec::with_capacity(16_384), response: Vec::with_capacity(131_072) })
    }

    /// Posts a GraphQL request; the body of the answer, whose status was 200.
    pub(crate) async fn post(&mut self, token: Option<&str>, body: &[u8]) -> Result<&[u8]> {
        self.write_request(token, body);
        self.stream.write_all(&self.request).await?;
        self.response.clear();
        let head = loop {
            self.receive().await?;
            if let Some(head) = Head::parse(&self.response)? {
                break head;
            }
        };
        while self.response.len() < head.length + head.content_length {
            self.receive().await?;
        }
        let body = &self.response[head.length..];
        match head.status {
            200 if body.len() == head.content_length => Ok(body),
            200 => Err("the server sent more than it announced".into()),
            status => Err(format!("the server answered with status {status}: {}", shown(body)).into()),
        }
    }

    fn write_request(&mut self, token: Option<&str>, body: &[u8]) {
        const HEAD: &str = "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
            Accept: application/graphql-response+json\r\n";
        self.request.clear();
        self.request.extend_from_slice(HEAD.as_bytes());
        if let Some(token) = token {
            self.request.extend_from_slice(b"Authorization: Bearer ");
            self.request.extend_from_slice(token.as_bytes());
            self.request.extend_from_slice(b"\r\n");
        }
        self.request.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        self.request.extend_from_slice(body);
    }

    async fn receive(&mut self) -> Result<()> {
        self.response.reserve(16_384);
        match self.stream.read_buf(&mut self.response).await? {
            0 => Err("the server closed the connection in the middle of an answer".into()),
            _ => Ok(()),
        }
    }
}

/// The part of an answer that is to be shown to a person.
pub(crate) fn shown(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    text.chars().take(SHOWN).collect()
}

/// What stands before the body.
#[derive(Debug, PartialEq)]
struct Head {
    length: usize,
    status: u16,
    content_length: usize,
}

impl Head {
    /// Nothing if there is more to come.
    fn parse(received: &[u8]) -> Result<Option<Self>> {
        let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
        let text = std::str::from_utf8(&received[..end])?;
        let unexpected = || Error::from(format!("not an answer that the benchmark understands: {text}"));
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(unexpected)?;
        let length = text.lines().filter_map(|line| line.split_once(": "));
        let length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length = length.filter_map(|(_, value)| value.parse().ok()).next();
        Ok(Some(Self { length: end + 4, status, content_length: length.ok_or_else(unexpected)? }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_is_read() {
        let text = b"HTTP/1.1 200 OK\r\nx: y\r\nContent-Length: 5\r\n\r\nhello";
        let expected = Head { length: text.len() - 5, status: 200, content_length: 5 };
        assert_eq!(Head::parse(text).expect("is whole"), Some(expected));
        assert_eq!(Head::parse(&text[..30]).expect("is a beginning"), None);
        assert!(Head::parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
