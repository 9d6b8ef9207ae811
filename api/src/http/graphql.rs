//! The one handler of GraphQL requests.

use std::{sync::Arc, time::Instant};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method, StatusCode,
        header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, RETRY_AFTER, VARY, WWW_AUTHENTICATE},
    },
    web,
};
use async_graphql::{Response, Value};
use futures_util::StreamExt;
use store::RequestOrigin;
use tracing::Instrument;

use super::{
    authentication::{authenticate, offer_basic},
    execution::{Ran, execute},
    negotiation::negotiate,
    origin::{REQUEST_ID, origin},
    protocol::{
        GraphqlRequest, MediaType, ProtocolError, check_content_type, check_method, is_request_error, parse_body,
        parse_query_string, write_response,
    },
    routes::HttpState,
};
use crate::graphql::error::code;

/// Answers a GraphQL request.
pub(super) async fn handle(request: HttpRequest, payload: web::Payload, state: web::Data<HttpState>) -> HttpResponse {
    let started = Instant::now();
    let origin = Arc::new(origin(&request, &*state.ids));
    let id = origin.request_id.as_str();
    let span = tracing::info_span!("request", id = %id);
    async {
        let mut ran = Ran::default();
        let mut response = match negotiate(header(request.headers(), ACCEPT.as_str())) {
            Ok(media) => match answer(&request, payload, &state, media, &origin, &mut ran).await {
                Ok(response) => executed(media, &response, id),
                Err(error) => refused(media, &error, id),
            },
            Err(error) => refused(MediaType::Json, &error, id),
        };
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

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

async fn answer(
    request: &HttpRequest,
    payload: web::Payload,
    state: &HttpState,
    media: MediaType,
    origin: &Arc<RequestOrigin>,
    ran: &mut Ran,
) -> Result<Response, ProtocolError> {
    check_method(request.method())?;
    let graphql = read(request, payload, state.body_bytes).await?;
    let actor = authenticate(request, &state.store, origin).await?;
    execute(state, request.method(), media, graphql, (actor, Arc::clone(origin)), ran).await
}

async fn read(request: &HttpRequest, payload: web::Payload, limit: usize) -> Result<GraphqlRequest, ProtocolError> {
    if *request.method() == Method::GET {
        return parse_query_string(request.query_string());
    }
    check_content_type(header(request.headers(), CONTENT_TYPE.as_str()))?;
    parse_body(&read_body(payload, limit).await?)
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
            return Err(ProtocolError::new(StatusCode::PAYLOAD_TOO_LARGE, code::QUERY_TOO_COMPLEX, message));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The status of an answer of the engine: what the whole answer failed by, else what the media type has.
fn status(media: MediaType, response: &Response) -> StatusCode {
    let all_are = |wanted: &str| {
        !response.errors.is_empty()
            && response.errors.iter().all(|error| {
                let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
                matches!(code, Some(Value::String(code)) if code == wanted)
            })
    };
    if all_are(code::UNAUTHENTICATED) {
        return StatusCode::UNAUTHORIZED;
    }
    if all_are(code::SERVICE_UNAVAILABLE) || all_are(code::TIMEOUT) {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    media.status(is_request_error(response))
}

fn executed(media: MediaType, response: &Response, id: &str) -> HttpResponse {
    match write_response(response) {
        Ok(body) => reply(media, status(media, response), body, id),
        Err(error) => refused(media, &error, id),
    }
}

fn refused(media: MediaType, error: &ProtocolError, id: &str) -> HttpResponse {
    let mut response = reply(media, error.status, error.body().into_bytes(), id);
    if let Some(allow) = error.allow {
        response.headers_mut().insert(ALLOW, actix_web::http::header::HeaderValue::from_static(allow));
    }
    response
}

fn reply(media: MediaType, status: StatusCode, body: Vec<u8>, id: &str) -> HttpResponse {
    let mut builder = HttpResponse::build(status);
    builder
        .content_type(media.content_type())
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "Accept, Authorization"))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header((REQUEST_ID, id));
    if status == StatusCode::UNAUTHORIZED {
        builder.insert_header((WWW_AUTHENTICATE, "Bearer"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        builder.insert_header((RETRY_AFTER, "1"));
    }
    builder.body(body)
}
