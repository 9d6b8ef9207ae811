//! GraphQL over HTTP: what a request must look like, and what an answer looks like. No I/O.
//!
//! Errors that are found here never carry text of a library, nor of the client.

use std::collections::BTreeMap;

use actix_web::http::{Method, StatusCode};
use actix_web::web::Query;
use async_graphql::parser::types::OperationType;
use async_graphql::{Response, ServerError, Value, Variables};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::graphql::error::{RETRY_AFTER_SECONDS, code, too_much_too_soon};
use crate::guard::{Refusal, RefusalCode};

/// Errors of one answer to a request that never ran. One document can break thousands of rules.
pub const MAX_REQUEST_ERRORS: usize = 20;

/// One GraphQL request, however it came.
#[derive(Debug, Default, PartialEq)]
pub struct GraphqlRequest {
    /// The text of the document; not empty.
    pub query: String,
    /// Which operation of the document to run; an empty name counts as none.
    pub operation_name: Option<String>,
    /// Values of the operation's variables. Whole numbers keep all their digits up to 64 bits.
    pub variables: Variables,
    /// Parameters of protocol extensions, none of which this module reads.
    pub extensions: BTreeMap<String, Value>,
}

/// A media type that answers come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// `application/graphql-response+json`: the status tells request errors from answers.
    GraphqlResponse,
    /// `application/json`: 200 for every well-formed request, as older clients expect.
    Json,
}

impl MediaType {
    /// The value of the `Content-Type` header.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// The status of an answer whose request was well-formed: 400 for a request error where the media type lets the
    /// status tell, else 200.
    #[must_use]
    pub fn status(self, is_request_error: bool) -> StatusCode {
        match self {
            Self::GraphqlResponse if is_request_error => StatusCode::BAD_REQUEST,
            Self::GraphqlResponse | Self::Json => StatusCode::OK,
        }
    }
}

/// A request that is answered without the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtocolError {
    /// The HTTP status.
    pub status: StatusCode,
    /// `extensions.code` of the one error.
    pub code: &'static str,
    /// What is wrong, and what would be right.
    pub message: String,
    /// The `Allow` header that goes with status 405.
    pub allow: Option<&'static str>,
    /// Seconds of the `Retry-After` header that goes with status 429.
    pub retry_after: Option<u64>,
    /// Whether the connection ends with the answer, as when the body was not read to its end.
    pub is_last: bool,
}

impl ProtocolError {
    /// An error with a status of its own, whatever the media type.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), allow: None, retry_after: None, is_last: false }
    }

    /// A refusal of the guard: 413 for a document that is too long, else as [`MediaType::status`] has it.
    #[must_use]
    pub fn from_refusal(refusal: Refusal, media: MediaType) -> Self {
        let status = match refusal.code {
            RefusalCode::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            _ => media.status(true),
        };
        Self::new(status, refusal.code.as_str(), refusal.message)
    }

    /// 429: too much in too little time, with the seconds to wait.
    #[must_use]
    pub fn rate_limited(seconds: u64) -> Self {
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, code::RATE_LIMITED, too_much_too_soon(seconds));
        Self { retry_after: Some(seconds), ..error }
    }

    /// The same error, after which nothing more is read from the client.
    #[must_use]
    pub fn and_last(self) -> Self {
        Self { is_last: true, ..self }
    }

    /// The JSON text of the answer: one error, and no `data`.
    #[must_use]
    pub fn body(&self) -> String {
        let mut extensions = serde_json::json!({ "code": self.code });
        if let Some(seconds) = self.retry_after {
            extensions[RETRY_AFTER_SECONDS] = seconds.into();
        }
        serde_json::json!({ "errors": [{ "message": self.message, "extensions": extensions }] }).to_string()
    }

    fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", message)
    }

    fn method_not_allowed(allow: &'static str, message: &str) -> Self {
        let error = Self::new(StatusCode::METHOD_NOT_ALLOWED, "BAD_USER_INPUT", message);
        Self { allow: Some(allow), ..error }
    }
}

/// Lets GET and POST pass.
///
/// # Errors
///
/// 405 with `Allow` for another method.
pub fn check_method(method: &Method) -> Result<(), ProtocolError> {
    if *method == Method::GET || *method == Method::POST {
        return Ok(());
    }
    Err(ProtocolError::method_not_allowed("GET, POST", "GraphQL requests are sent by POST, or by GET."))
}

/// Lets everything but a query pass by POST only: a GET may be repeated, cached and sent by a foreign page.
///
/// # Errors
///
/// 405 with `Allow: POST` for a mutation or subscription by GET.
pub fn refuse_mutation_over_get(method: &Method, operation: OperationType) -> Result<(), ProtocolError> {
    if *method != Method::GET || operation == OperationType::Query {
        return Ok(());
    }
    Err(ProtocolError::method_not_allowed("POST", "Only queries can be sent by GET. Send this operation by POST."))
}

/// Lets `application/json` pass, without a charset or with UTF-8. Anything else could be sent by a foreign page
/// without asking first.
///
/// # Errors
///
/// 415 for another or no content type.
pub fn check_content_type(header: Option<&str>) -> Result<(), ProtocolError> {
    let mut parts = header.unwrap_or_default().split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    if is_json && parts.filter(|part| !part.is_empty()).all(is_utf8_charset) {
        return Ok(());
    }
    let message = "The body must be sent as `application/json`, in UTF-8.";
    Err(ProtocolError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_USER_INPUT", message))
}

fn is_utf8_charset(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, value)| {
        let value = value.trim().trim_matches('"');
        name.trim().eq_ignore_ascii_case("charset") && value.eq_ignore_ascii_case("utf-8")
    })
}

/// The members of a body, still as text: so the error can name the one that is wrong, and nothing is copied twice.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawBody<'a> {
    #[serde(borrow)]
    query: Option<&'a RawValue>,
    #[serde(borrow)]
    operation_name: Option<&'a RawValue>,
    #[serde(borrow)]
    variables: Option<&'a RawValue>,
    #[serde(borrow)]
    extensions: Option<&'a RawValue>,
}

/// Reads the body of a POST request. Members that GraphQL over HTTP does not know are passed over.
///
/// # Errors
///
/// 400 for a body that is no JSON object in UTF-8, or has a member of the wrong type or twice, or no `query`.
pub fn parse_body(body: &[u8]) -> Result<GraphqlRequest, ProtocolError> {
    let text = std::str::from_utf8(body).map_err(|_| ProtocolError::bad_request("The body is not UTF-8."))?;
    // An array would be read as the members in order.
    if text.trim_start().starts_with('[') {
        return Err(ProtocolError::bad_request("The body must be one JSON object; send one request at a time."));
    }
    let raw: RawBody<'_> = serde_json::from_str(text).map_err(|error| {
        ProtocolError::bad_request(match error.is_data() {
            true => "The body must be a JSON object that names each member once.",
            false => "The body is not JSON.",
        })
    })?;
    let query: Option<String> = member(raw.query.map(RawValue::get), "query", "a string")?;
    let operation_name: Option<String> =
        member(raw.operation_name.map(RawValue::get), "operationName", "a string or null")?;
    request(
        query,
        operation_name,
        member(raw.variables.map(RawValue::get), "variables", "an object or null, at most 127 levels deep")?,
        member(raw.extensions.map(RawValue::get), "extensions", "an object or null, at most 127 levels deep")?,
    )
}

/// Reads the query string of a GET request, `variables` and `extensions` being JSON. An empty value counts as absent.
///
/// # Errors
///
/// 400 for a parameter of the wrong type or twice, or no `query`.
pub fn parse_query_string(query_string: &str) -> Result<GraphqlRequest, ProtocolError> {
    let pairs = Query::<Vec<(String, String)>>::from_query(query_string)
        .map_err(|_| ProtocolError::bad_request("The query string cannot be read."))?;
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in pairs.into_inner() {
        if found.insert(name, value).is_some() {
            return Err(ProtocolError::bad_request("The query string must name each parameter once."));
        }
    }
    let mut take = |name: &str| found.remove(name).filter(|value| !value.is_empty());
    let (variables, extensions) = (take("variables"), take("extensions"));
    request(
        take("query"),
        take("operationName"),
        member(variables.as_deref(), "variables", "a JSON object or null, at most 127 levels deep")?,
        member(extensions.as_deref(), "extensions", "a JSON object or null, at most 127 levels deep")?,
    )
}

/// Reads one member; absent and null are the same.
fn member<T: DeserializeOwned>(text: Option<&str>, name: &str, kind: &str) -> Result<Option<T>, ProtocolError> {
    let Some(text) = text else { return Ok(None) };
    let wrong = |_| ProtocolError::bad_request(format!("`{name}` must be {kind}."));
    serde_json::from_str(text).map_err(wrong)
}

fn request(
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<Variables>,
    extensions: Option<BTreeMap<String, Value>>,
) -> Result<GraphqlRequest, ProtocolError> {
    let Some(query) = query.filter(|query| !query.is_empty()) else {
        return Err(ProtocolError::bad_request("`query` must be a string that holds a GraphQL document."));
    };
    let operation_name = operation_name.filter(|name| !name.is_empty());
    let (variables, extensions) = (variables.unwrap_or_default(), extensions.unwrap_or_default());
    Ok(GraphqlRequest { query, operation_name, variables, extensions })
}

/// Whether a request failed before it ran: no data, and no error that came from a field.
#[must_use]
pub fn is_request_error(response: &Response) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// An answer as it is sent: errors first, `data` in the order of the query, and none after a request error.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

/// Writes an answer of the engine as JSON. Of a request error, the first [`MAX_REQUEST_ERRORS`] errors are told.
///
/// # Errors
///
/// 500 for a value that has no JSON form.
pub fn write_response(response: &Response) -> Result<Vec<u8>, ProtocolError> {
    let is_request_error = is_request_error(response);
    let told = if is_request_error { MAX_REQUEST_ERRORS } else { response.errors.len() };
    let answer = Answer {
        errors: response.errors.get(..told).unwrap_or(&response.errors),
        data: (!is_request_error).then_some(&response.data),
        extensions: &response.extensions,
    };
    serde_json::to_vec(&answer).map_err(|_| {
        let message = "The answer could not be written.";
        ProtocolError::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", message)
    })
}

#[cfg(test)]
#[path = "protocol_tests.rs"]
mod tests;
