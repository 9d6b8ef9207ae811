//! Errors that are not for the person to mend by changing the input: they go to the top-level `errors`, with a code.

use async_graphql::{Error, ErrorExtensions};
use store::{
    StoreError,
    access::{Area, Denied},
};

/// Codes in `extensions.code`.
pub(crate) mod code {
    pub(crate) const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
    pub(crate) const FORBIDDEN: &str = "FORBIDDEN";
    pub(crate) const NOT_FOUND: &str = "NOT_FOUND";
    pub(crate) const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
    pub(crate) const QUERY_TOO_COMPLEX: &str = "QUERY_TOO_COMPLEX";
    pub(crate) const PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
    pub(crate) const VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";
    pub(crate) const RATE_LIMITED: &str = "RATE_LIMITED";
    pub(crate) const TIMEOUT: &str = "TIMEOUT";
    pub(crate) const SERVICE_UNAVAILABLE: &str = "SERVICE_UNAVAILABLE";
    pub(crate) const INTERNAL: &str = "INTERNAL_SERVER_ERROR";
}

/// Name in `extensions` of how many seconds to wait; the `Retry-After` header is made of it.
pub(crate) const RETRY_AFTER_SECONDS: &str = "retryAfterSeconds";

/// What a caller is told who must wait.
pub(crate) fn too_much_too_soon(seconds: u64) -> String {
    format!("Too much in too little time; try again in {seconds} s.")
}

/// Deliberately without `Display`: the engine turns any `Display` error into one without a code.
#[derive(Clone, Debug)]
pub(crate) enum ApiError {
    /// Nobody is signed in.
    Unauthenticated,
    /// The caller may see the organization, but not do this.
    Forbidden(String),
    /// An argument that can never be right: a malformed identifier or cursor, a page too large.
    BadUserInput(String),
    /// Too much in too little time; how many seconds to wait.
    RateLimited(u64),
    /// The database does not answer.
    ServiceUnavailable,
    /// It took too long.
    Timeout,
    /// A defect. What it was is in the log.
    Internal,
}

impl From<ApiError> for Error {
    #[expect(clippy::disallowed_methods, reason = "the one place that makes errors of the engine")]
    fn from(error: ApiError) -> Self {
        let retry_after = match error {
            ApiError::RateLimited(seconds) => Some(seconds),
            _ => None,
        };
        let (message, code) = match error {
            ApiError::Unauthenticated => {
                ("Sign in first: this needs an access token or an API key.".to_owned(), code::UNAUTHENTICATED)
            }
            ApiError::Forbidden(message) => (message, code::FORBIDDEN),
            ApiError::BadUserInput(message) => (message, code::BAD_USER_INPUT),
            ApiError::RateLimited(seconds) => (too_much_too_soon(seconds), code::RATE_LIMITED),
            ApiError::ServiceUnavailable => {
                ("The database does not answer; try again soon.".to_owned(), code::SERVICE_UNAVAILABLE)
            }
            ApiError::Timeout => ("This took too long; ask for less.".to_owned(), code::TIMEOUT),
            ApiError::Internal => ("Internal server error.".to_owned(), code::INTERNAL),
        };
        Error::new(message).extend_with(|_, extensions| {
            extensions.set("code", code);
            if let Some(seconds) = retry_after {
                extensions.set(RETRY_AFTER_SECONDS, seconds);
            }
        })
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let (level, cause) = (&error, std::error::Error::source(&error));
        tracing::error!(error = %level, cause = cause.map(tracing::field::display), "the store failed");
        match error {
            StoreError::Unavailable(_) => Self::ServiceUnavailable,
            StoreError::Timeout(_) => Self::Timeout,
            StoreError::OutsideFamilies => {
                Self::Forbidden("Your grant is limited to other families of roles.".to_owned())
            }
            StoreError::RightsEnded => Self::Forbidden("Your access level here has just been changed.".to_owned()),
            StoreError::Taken(_) | StoreError::Reference(_) | StoreError::Internal(_) => Self::Internal,
        }
    }
}

impl ApiError {
    /// A part of an organization that the caller's membership, grant or API key says nothing about.
    pub(crate) fn out_of_reach(area: Area) -> Self {
        let part = match area {
            Area::Roles => "roles",
            Area::Scenarios => "scenarios",
            Area::Benchmark => "the Platform Roles Library",
            Area::Members => "members",
            Area::Access => "grants and API keys",
            Area::Audit => "the audit log",
            Area::Organization => "the organization's own settings",
            Area::Import => "adding roles",
            Area::Export => "exporting its data",
        };
        Self::Forbidden(format!("Your access to this organization does not extend to {part}."))
    }

    /// A right that is missing, where the organization may be seen.
    pub(crate) fn insufficient(denied: Denied) -> Self {
        match denied {
            Denied::Hidden => Self::Forbidden("You cannot enter this organization.".to_owned()),
            Denied::Insufficient { needs, has: Some(has), .. } => {
                Self::Forbidden(format!("This needs the access level {}; yours is {}.", needs.as_str(), has.as_str()))
            }
            Denied::Insufficient { area, .. } => Self::out_of_reach(area),
        }
    }
}
