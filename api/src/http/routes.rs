//! Which path leads where, and what all handlers share.

use std::{sync::Arc, time::Duration};

use actix_web::{
    FromRequest, Handler, HttpResponse, Resource, Responder,
    guard::{Any, Get, Head},
    http::header::ALLOW,
    web,
};
use store::{Store, clock::IdSource};

use super::{
    documents::Documents,
    edge::Edge,
    export::{self, Exports},
    graphql, pages,
};
use crate::{
    graphql::RolemarkSchema,
    guard::{CostModel, GuardLimits},
    mail::Post,
    rate_limits::RateLimits,
};

/// What the handlers of one thread share.
pub(crate) struct HttpState {
    pub(crate) store: Store,
    pub(crate) schema: RolemarkSchema,
    pub(crate) documents: Arc<Documents>,
    pub(crate) costs: Arc<CostModel>,
    pub(crate) limits: GuardLimits,
    pub(crate) rate_limits: Arc<RateLimits>,
    /// What stands in front of every path.
    pub(crate) edge: Arc<Edge>,
    /// Sends letters.
    pub(crate) post: Post,
    pub(crate) exports: Arc<Exports>,
    pub(crate) ids: Arc<dyn IdSource>,
    /// Most bytes of a request's body.
    pub(crate) body_bytes: usize,
    /// How long a client may take to send the body.
    pub(crate) body_timeout: Duration,
    /// How long a request may take, once its body is there.
    pub(crate) deadline: Duration,
    /// Whether the schema tells about itself.
    pub(crate) introspection: bool,
    /// Whether the page for people is served.
    pub(crate) console: bool,
}

/// Path of the GraphQL endpoint.
pub(crate) const GRAPHQL: &str = "/graphql";

/// Registers the handlers.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route(GRAPHQL, web::route().to(graphql::handle))
        .service(page("/organizations/{id}/export", export::archive))
        .service(page("/organizations/{id}/audit-events.jsonl", export::audit_log))
        .service(page("/livez", pages::livez))
        .service(page("/readyz", pages::readyz))
        .service(page("/.well-known/jwks.json", pages::key_set))
        .service(page("/", pages::index))
        .service(page("/console.js", pages::script))
        .service(page("/console.css", pages::style))
        .default_service(web::route().to(not_found));
}

/// Something that is only read.
fn page<F, A>(path: &str, handler: F) -> Resource
where
    F: Handler<A>,
    A: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path)
        .route(web::route().guard(Any(Get()).or(Head())).to(handler))
        .default_service(web::route().to(only_read))
}

async fn only_read() -> HttpResponse {
    HttpResponse::MethodNotAllowed().insert_header((ALLOW, "GET, HEAD")).finish()
}

async fn not_found() -> HttpResponse {
    let message = format!("There is nothing at this path. GraphQL is at {GRAPHQL}.\n");
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body(message)
}
