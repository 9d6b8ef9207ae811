//! An answer of the server, with the questions that cases ask of it.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// A whole HTTP answer.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The HTTP headers.
    pub headers: HeaderMap,
    /// The body as JSON; null if it is none.
    pub body: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    pub(crate) async fn of(response: reqwest::Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await?.to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Ok(Self { status, headers, body, bytes })
    }

    /// A header as text; empty if it is absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// `data` of an answer without errors.
    ///
    /// # Panics
    /// If there are errors, or no data.
    #[must_use]
    #[track_caller]
    pub fn data(&self) -> &Value {
        assert!(self.body["errors"].is_null(), "the answer has errors: {self}");
        assert!(self.body["data"].is_object(), "the answer has no data: {self}");
        &self.body["data"]
    }

    /// The value at a path such as `role.tasks.0.name` below `data`, of an answer without errors.
    ///
    /// # Panics
    /// If there are errors, or nothing at the path.
    #[must_use]
    #[track_caller]
    pub fn at(&self, path: &str) -> &Value {
        let data = self.data();
        below(data, path).unwrap_or_else(|| panic!("nothing at {path}: {self}"))
    }

    /// The text at a path below `data`, of an answer without errors.
    ///
    /// # Panics
    /// If there are errors, or no text at the path.
    #[must_use]
    #[track_caller]
    pub fn text_at(&self, path: &str) -> &str {
        self.at(path).as_str().unwrap_or_else(|| panic!("no text at {path}: {self}"))
    }

    /// The codes of the top-level errors, in their order; `""` for one without.
    #[must_use]
    pub fn error_codes(&self) -> Vec<&str> {
        codes(&self.body["errors"], "/extensions/code")
    }

    /// The code of the one top-level error; `""` if there is none.
    ///
    /// # Panics
    /// If there are several.
    #[must_use]
    #[track_caller]
    pub fn error_code(&self) -> &str {
        let codes = self.error_codes();
        assert!(codes.len() < 2, "several errors: {self}");
        codes.first().copied().unwrap_or_default()
    }

    /// The codes of the user errors of the payload at a path below `data`, such as `createRole`.
    ///
    /// # Panics
    /// If the payload is missing.
    #[must_use]
    #[track_caller]
    pub fn user_error_codes(&self, path: &str) -> Vec<&str> {
        codes(self.at(&format!("{path}.userErrors")), "/code")
    }

    /// The payload at a path below `data`, without user errors.
    ///
    /// # Panics
    /// If there are user errors, or no payload.
    #[must_use]
    #[track_caller]
    pub fn payload(&self, path: &str) -> &Value {
        assert!(self.user_error_codes(path).is_empty(), "the answer has user errors: {self}");
        self.at(path)
    }

    /// Asserts that the request was refused with this code at the top level and that nothing ran.
    ///
    /// # Panics
    /// If it was not.
    #[track_caller]
    pub fn assert_refused(&self, status: u16, code: &str) {
        assert_eq!(self.error_code(), code, "{self}");
        assert_eq!(self.status, status, "{self}");
        assert!(self.body["data"].is_null(), "something ran: {self}");
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.text();
        let start: String = text.chars().take(2_000).collect();
        let more = if start.len() < text.len() { " …" } else { "" };
        write!(f, "HTTP {} {start}{more}", self.status)
    }
}

fn codes<'a>(errors: &'a Value, pointer: &str) -> Vec<&'a str> {
    let errors = errors.as_array().map(Vec::as_slice).unwrap_or_default();
    errors.iter().map(|error| error.pointer(pointer).and_then(Value::as_str).unwrap_or_default()).collect()
}

fn below<'a>(data: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(data, |value, key| match key.parse::<usize>() {
        Ok(index) => value.get(index),
        Err(_) => value.get(key),
    })
}
