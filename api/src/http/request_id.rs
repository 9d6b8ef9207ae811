//! The identifier that ties an answer, the log and the audit log together.

use std::sync::Arc;

use actix_web::HttpRequest;
use store::clock::IdSource;

/// Header of the request's identifier.
pub(super) const REQUEST_ID: &str = "x-request-id";
const LENGTH_MAXIMUM: usize = 64;

/// The identifier that the caller gave, if it is a plain one, or a new one.
pub(super) fn request_id(request: &HttpRequest, ids: &dyn IdSource) -> Arc<str> {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    match given.filter(|id| is_plain(id)) {
        Some(id) => id.into(),
        None => ids.next().simple().to_string().into(),
    }
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
