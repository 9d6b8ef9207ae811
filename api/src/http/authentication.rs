//! Who is asking, by the `Authorization` header.

use std::sync::Arc;

use actix_web::{
    HttpRequest,
    http::{StatusCode, header::AUTHORIZATION},
};
use store::{RequestOrigin, Store, access::Actor, identity::AuthenticationError};

use super::protocol::ProtocolError;
use crate::graphql::error::code;

/// The caller; `None` without credentials. A wrong token is never treated as none.
pub(super) async fn authenticate(
    request: &HttpRequest,
    store: &Store,
    origin: &Arc<RequestOrigin>,
) -> Result<Option<Actor>, ProtocolError> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let Some(header) = headers.next() else { return Ok(None) };
    // Of two headers a proxy may have believed the other one.
    if headers.next().is_some() {
        return Err(invalid());
    }
    let token = header.to_str().ok().and_then(bearer).ok_or_else(invalid)?;
    match store.authenticate(token, origin).await {
        Ok(actor) => Ok(Some(actor)),
        Err(AuthenticationError::Invalid) => Err(invalid()),
        Err(AuthenticationError::Store(error)) => {
            tracing::error!(%error, "nobody can be authenticated");
            let message = "The database does not answer; try again soon.";
            Err(ProtocolError::new(StatusCode::SERVICE_UNAVAILABLE, code::SERVICE_UNAVAILABLE, message))
        }
    }
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn invalid() -> ProtocolError {
    let message = "The bearer token is not valid. Refresh the session or sign in again.";
    ProtocolError::new(StatusCode::UNAUTHORIZED, code::UNAUTHENTICATED, message)
}
