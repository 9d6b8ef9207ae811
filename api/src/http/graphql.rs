//! The one handler of GraphQL requests.

use std::{sync::Arc, time::Instant};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        ConnectionType, Method, StatusCode,
        header::{
            ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, VARY,
            WWW_AUTHENTICATE,
        },
    },
    web,
};
use async_graphql::{Response, ServerError, Value};
use futures_util::StreamExt;
use store::RequestOrigin;
use tracing::Instrument;

use super::{
    authentication::{authenticate, offer_basic},
    edge::end_soon,
    execution::{Caller, Ran, execute, rate_limited},
    negotiation::negotiate,
    origin::{REQUEST_ID, origin},
    protocol::{
        GraphqlRequest, MediaType, ProtocolError, check_content_type, check_method, is_request_error, parse_body,
        parse_query_string, write_response,
    },
    routes::HttpState,
};
use crate::{
    graphql::error::{RETRY_AFTER_SECONDS, code},
    rate_limits::{Balance, Meter, WINDOW},
};

/// Header of what the limits are (draft-ietf-httpapi-ratelimit-headers).
pub(super) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// Header of what is left of them.
pub(super) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Answers a GraphQL request.
pub(super) async fn handle(request: HttpRequest, payload: web::Payload, state: web::Data<HttpState>) -> HttpResponse {
    let started = Instant::now();
    let origin = Arc::new(origin(&request, &state.edge.proxies, &*state.ids));
    let span = tracing::info_span!("request", id = %origin.request_id);
    async {
        let mut ran = Ran::default();
        let mut response = respond(&request, payload, &state, &origin, &mut ran).await;
        offer_basic(&request, &mut response);
        tracing::info!(
            method = %request.method(),
            status = response.status().as_u16(),
            operation = ran.operation,
            cost = ran.cost,
            microseconds = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            "graphql"
        );
        response
    }
    .instrument(span)
    .await
}

async fn respond(
    request: &HttpRequest,
    payload: web::Payload,
    state: &HttpState,
    origin: &Arc<RequestOrigin>,
    ran: &mut Ran,
) -> HttpResponse {
    let meter = Arc::new(Meter::new(Arc::clone(&state.rate_limits), origin.address));
    let (media, outcome) = match negotiate(header(request.headers(), ACCEPT.as_str())) {
        Ok(media) => (media, answer(request, payload, state, media, (origin, &meter), ran).await),
        Err(error) => (MediaType::Json, Err(error)),
    };
    let is_last = outcome.as_ref().is_err_and(|error| error.is_last);
    // What ended early costs a point too.
    let outcome = meter.charge(1).map_err(rate_limited).and(outcome);
    let id = origin.request_id.as_str();
    let mut response =
        outcome.and_then(|response| executed(media, &response, id)).unwrap_or_else(|error| refused(media, &error, id));
    add_balances(response.headers_mut(), &meter.balances());
    if is_last {
        response.head_mut().set_connection_type(ConnectionType::Close);
        end_soon(request);
    }
    response
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

async fn answer(
    request: &HttpRequest,
    payload: web::Payload,
    state: &HttpState,
    media: MediaType,
    (origin, meter): (&Arc<RequestOrigin>, &Arc<Meter>),
    ran: &mut Ran,
) -> Result<Response, ProtocolError> {
    check_method(request.method())?;
    let graphql = read(request, payload, state).await?;
    let actor = authenticate(request, &state.store, origin).await?;
    if let Some(actor) = &actor {
        meter.recognize(actor);
    }
    // Before the document is looked at: a flood is refused for little.
    meter.charge(1).map_err(rate_limited)?;
    let caller = Caller { actor, origin: Arc::clone(origin), meter: Arc::clone(meter) };
    execute(state, request.method(), media, graphql, caller, ran).await
}

async fn read(
    request: &HttpRequest,
    payload: web::Payload,
    state: &HttpState,
) -> Result<GraphqlRequest, ProtocolError> {
    if *request.method() == Method::GET {
        return parse_query_string(request.query_string());
    }
    check_content_type(header(request.headers(), CONTENT_TYPE.as_str()))?;
    let Ok(body) = tokio::time::timeout(state.body_timeout, read_body(payload, state.body_bytes)).await else {
        let message = format!("The body took longer than {} s.", state.body_timeout.as_secs());
        return Err(ProtocolError::new(StatusCode::REQUEST_TIMEOUT, code::TIMEOUT, message).and_last());
    };
    parse_body(&body?)
}

async fn read_body(mut payload: web::Payload, limit: usize) -> Result<Vec<u8>, ProtocolError> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| {
            let message = "The body could not be read to its end.";
            ProtocolError::new(StatusCode::BAD_REQUEST, code::BAD_USER_INPUT, message)
        })?;
        if body.len() + chunk.len() > limit {
            let message = format!("The body has more than {limit} bytes; send less at a time.");
            let error = ProtocolError::new(StatusCode::PAYLOAD_TOO_LARGE, code::QUERY_TOO_COMPLEX, message);
            return Err(error.and_last());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The status of an answer of the engine: what the whole answer failed by, else what the media type has.
fn status(media: MediaType, response: &Response) -> StatusCode {
    let all_are = |wanted: &str| {
        !response.errors.is_empty()
            && response
                .errors
                .iter()
                .all(|error| matches!(extension(error, "code"), Some(Value::String(code)) if code == wanted))
    };
    if all_are(code::UNAUTHENTICATED) {
        return StatusCode::UNAUTHORIZED;
    }
    if all_are(code::RATE_LIMITED) {
        return StatusCode::TOO_MANY_REQUESTS;
    }
    if all_are(code::SERVICE_UNAVAILABLE) || all_are(code::TIMEOUT) {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    media.status(is_request_error(response))
}

/// The longest time that an error of the answer says to wait.
fn retry_after(response: &Response) -> Option<u64> {
    let seconds = |error| match extension(error, RETRY_AFTER_SECONDS) {
        Some(Value::Number(seconds)) => seconds.as_u64(),
        _ => None,
    };
    response.errors.iter().filter_map(seconds).max()
}

fn extension<'r>(error: &'r ServerError, name: &str) -> Option<&'r Value> {
    error.extensions.as_ref()?.get(name)
}

fn executed(media: MediaType, response: &Response, id: &str) -> Result<HttpResponse, ProtocolError> {
    let body = write_response(response)?;
    Ok(reply(media, status(media, response), retry_after(response), body, id))
}

/// An answer without the engine.
pub(super) fn refused(media: MediaType, error: &ProtocolError, id: &str) -> HttpResponse {
    let mut response = reply(media, error.status, error.retry_after, error.body().into_bytes(), id);
    if let Some(allow) = error.allow {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    }
    response
}

fn reply(media: MediaType, status: StatusCode, retry_after: Option<u64>, body: Vec<u8>, id: &str) -> HttpResponse {
    let mut builder = HttpResponse::build(status);
    builder
        .content_type(media.content_type())
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "Accept, Authorization"))
        .insert_header((REQUEST_ID, id));
    if status == StatusCode::UNAUTHORIZED {
        builder.insert_header((WWW_AUTHENTICATE, "Bearer"));
    }
    if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
        builder.insert_header((RETRY_AFTER, retry_after.unwrap_or(1)));
    }
    builder.body(body)
}

/// Tells what the caller may still use, so that it need not run into the limits.
fn add_balances(headers: &mut HeaderMap, balances: &[(&'static str, Balance)]) {
    let list = |item: fn(&(&str, Balance)) -> String| balances.iter().map(item).collect::<Vec<_>>().join(", ");
    let policies = list(|(name, balance)| format!("\"{name}\";q={};w={}", balance.quota, WINDOW.as_secs()));
    let left = list(|(name, balance)| format!("\"{name}\";r={};t={}", balance.remaining, balance.reset_seconds));
    for (name, text) in [(RATE_LIMIT_POLICY, policies), (RATE_LIMIT, left)] {
        if let Ok(value) = HeaderValue::try_from(text)
            && !value.is_empty()
        {
            headers.insert(name, value);
        }
    }
}
