//! Where a request comes from: the identifier that ties an answer, the log and the audit log together, the client's
//! address, and what the client says it is.

use actix_web::{
    HttpRequest,
    http::header::{HeaderName, USER_AGENT},
};
use store::{RequestOrigin, clock::IdSource};

use super::edge::TrustedProxies;

/// Header of the request's identifier.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LENGTH_MAXIMUM: usize = 64;
const USER_AGENT_MAXIMUM: usize = 200;

/// Where the request comes from.
pub(super) fn origin(request: &HttpRequest, proxies: &TrustedProxies, ids: &dyn IdSource) -> RequestOrigin {
    RequestOrigin {
        request_id: request_id(request, ids),
        address: request.peer_addr().map(|peer| proxies.client(peer.ip(), request.headers())),
        user_agent: header(request, USER_AGENT).map(plain_text).filter(|text| !text.is_empty()),
    }
}

/// The identifier that the caller gave, if it is a plain one, or a new one.
fn request_id(request: &HttpRequest, ids: &dyn IdSource) -> String {
    match header(request, REQUEST_ID).filter(|id| is_plain(id)) {
        Some(id) => id.to_owned(),
        None => ids.next().simple().to_string(),
    }
}

fn header(request: &HttpRequest, name: HeaderName) -> Option<&str> {
    request.headers().get(name)?.to_str().ok()
}

fn plain_text(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(USER_AGENT_MAXIMUM).collect()
}

fn is_plain(id: &str) -> bool {
    (8..=LENGTH_MAXIMUM).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_identifiers_are_taken_over() {
        assert!(is_plain("0192f3c1-aaaa"));
        for bad in ["", "short", "with space in it", "line\nbreak-in-it", &"a".repeat(65)] {
            assert!(!is_plain(bad), "{bad}");
        }
    }
}
