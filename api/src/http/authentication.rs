//! Who is asking, by the `Authorization` header: a bearer token, or an API key as the password of HTTP Basic.

use std::{borrow::Cow, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE},
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use store::{
    RequestOrigin, Store,
    access::Actor,
    identity::{AuthenticationError, is_api_key},
};

use super::protocol::ProtocolError;
use crate::graphql::error::code;

/// The challenge for programs that send a password only when they are asked to.
const BASIC: &str = r#"Basic realm="rolemark", charset="UTF-8""#;
/// Browsers send one of these with what a page asks for.
const OF_BROWSERS: [&str; 2] = ["origin", "sec-fetch-mode"];

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
    let credential = header.to_str().ok().and_then(credential).ok_or_else(invalid)?;
    match store.authenticate(&credential, origin).await {
        Ok(actor) => Ok(Some(actor)),
        Err(AuthenticationError::Invalid) => Err(invalid()),
        Err(AuthenticationError::Store(error)) => {
            tracing::error!(%error, "nobody can be authenticated");
            let message = "The database does not answer; try again soon.";
            Err(ProtocolError::new(StatusCode::SERVICE_UNAVAILABLE, code::SERVICE_UNAVAILABLE, message))
        }
    }
}

/// What is to be proven true: a bearer token, or the password of HTTP Basic (RFC 7617), whose user name says nothing.
fn credential(header: &str) -> Option<Cow<'_, str>> {
    let (scheme, rest) = header.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Cow::Borrowed(rest.trim()));
    }
    let pair = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(rest.trim()).ok())??;
    let pair = String::from_utf8(pair).ok()?;
    let (_, password) = pair.split_once(':')?;
    // Programs that keep a password get a key; a person's password or token is not for them.
    is_api_key(password).then(|| Cow::Owned(password.to_owned()))
}

/// Adds the challenge for a password to a 401, unless a browser would then ask its user for one.
pub(super) fn offer_basic(request: &HttpRequest, response: &mut HttpResponse) {
    if response.status() != StatusCode::UNAUTHORIZED {
        return;
    }
    let headers = request.headers();
    let offers = match headers.get(AUTHORIZATION) {
        Some(header) => header.as_bytes().get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic ")),
        None => !OF_BROWSERS.iter().any(|name| headers.contains_key(*name)),
    };
    if offers {
        response.headers_mut().append(WWW_AUTHENTICATE, HeaderValue::from_static(BASIC));
    }
}

fn invalid() -> ProtocolError {
    let message = "The access token or API key is not valid. Refresh the session, sign in again, or use another key.";
    ProtocolError::new(StatusCode::UNAUTHORIZED, code::UNAUTHENTICATED, message)
}
