//! How the guard says no.

use async_graphql::ServerError;

/// Why a document was refused, as a program reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalCode {
    /// The document asks for more than one request may.
    QueryTooComplex,
    /// The text of the document is too long; HTTP answers 413.
    PayloadTooLarge,
    /// The text is no GraphQL: a string or a block string never ends.
    ParseFailed,
    /// The document breaks a rule of GraphQL itself: fragments in a circle, or no operation to run.
    ValidationFailed,
    /// The variables cannot be accepted.
    BadInput,
}

impl RefusalCode {
    /// The value of `extensions.code`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::QueryTooComplex | Self::PayloadTooLarge => "QUERY_TOO_COMPLEX",
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadInput => "BAD_USER_INPUT",
        }
    }
}

/// A document that will not run, and what its author can do about it.
///
/// It has no `Display` on purpose: the engine turns every error that has one into an answer without a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// For programs.
    pub code: RefusalCode,
    /// For people: what was found, the limit, and the way out. Fit to be sent to anyone.
    pub message: String,
}

impl Refusal {
    /// A refusal with a message made by the caller.
    #[must_use]
    pub fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// Refuses a count above its limit. `what` names the thing counted, `advice` is a whole sentence with the way out.
    pub(super) fn above(limit: u64, found: u64, what: &str, advice: &str) -> Result<(), Self> {
        if found <= limit {
            return Ok(());
        }
        let message = format!("{what}: {found}; the limit is {limit}. {advice}");
        Err(Self::new(RefusalCode::QueryTooComplex, message))
    }

    /// The same refusal as an error of the engine, for transports that speak its types.
    #[must_use]
    pub fn into_server_error(self) -> ServerError {
        let mut error = ServerError::new(self.message, None);
        error.extensions.get_or_insert_default().set("code", self.code.as_str());
        error
    }
}
