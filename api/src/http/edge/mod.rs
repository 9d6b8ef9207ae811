//! What stands in front of every path: who may be asked for by which name, by which pages, through which proxies, and
//! what every answer says to a browser.

mod connections;
mod cors;
mod headers;
mod hosts;
mod proxies;
mod public_url;

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{CACHE_CONTROL, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};

use super::{
    protocol::{MediaType, ProtocolError},
    routes::HttpState,
};
use crate::{Config, graphql::error::code};

pub(crate) use connections::Connections;
pub(super) use connections::{Progress, end_soon};
pub(crate) use cors::cors;
pub(super) use proxies::TrustedProxies;

/// A value of the configuration that cannot be meant.
#[derive(Debug, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct SettingError {
    key: &'static str,
    problem: String,
}

impl SettingError {
    fn new(key: &'static str, problem: impl Into<String>) -> Self {
        Self { key, problem: problem.into() }
    }
}

/// The edge as it is configured, read and checked.
pub(crate) struct Edge {
    pub(super) proxies: TrustedProxies,
    hosts: hosts::Hosts,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Origins of pages that may ask, each as a browser writes it.
    pub(crate) cors_origins: Vec<String>,
}

impl Edge {
    /// Reads the keys of the configuration that concern the edge.
    ///
    /// # Errors
    /// For a value that cannot be meant; the message names the key.
    pub(crate) fn read(config: &Config) -> Result<Self, SettingError> {
        let public_url = config.public_url.as_deref().map(public_url::read).transpose()?;
        let cors_origins = cors::origins(&config.cors_origins)?;
        let is_https = public_url.as_ref().is_some_and(|url| url.scheme() == "https");
        Ok(Self {
            proxies: TrustedProxies::read(&config.trusted_proxies)?,
            hosts: hosts::Hosts::read(&config.hosts, public_url.as_ref().and_then(|url| url.host_str()))?,
            headers: headers::of_every_answer(is_https, !cors_origins.is_empty()),
            cors_origins,
        })
    }
}

/// Lets a request pass that asks this server by one of its names, and gives every answer its headers.
pub(crate) async fn stand_in_front<B: MessageBody>(
    state: web::Data<HttpState>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let _busy = connections::busy(&request);
    let mut response = if state.edge.hosts.are_asked(request.head()) {
        next.call(request).await?.map_into_left_body()
    } else {
        request.into_response(misdirected()).map_into_right_body()
    };
    headers::add(&state.edge.headers, response.headers_mut());
    Ok(response)
}

/// A page of a stranger whose name leads to this machine must not be answered as if it were this server's.
fn misdirected() -> HttpResponse {
    let message = "This server does not go by the name in the `Host` header. If it should, add the name to `hosts` \
                   in the configuration (ROLEMARK_HOSTS), or set `public_url`.";
    let error = ProtocolError::new(StatusCode::MISDIRECTED_REQUEST, code::BAD_USER_INPUT, message);
    HttpResponse::build(error.status)
        .content_type(MediaType::Json.content_type())
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(error.body())
}
