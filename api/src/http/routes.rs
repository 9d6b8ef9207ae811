//! Which path leads where, and what all handlers share.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpResponse, web};
use store::{Store, clock::IdSource};

use super::{
    documents::Documents,
    export::{self, Exports},
    graphql, pages,
};
use crate::{
    graphql::RolemarkSchema,
    guard::{CostModel, GuardLimits},
    mail::Post,
};

/// What the handlers of one thread share.
pub(crate) struct HttpState {
    pub(crate) store: Store,
    pub(crate) schema: RolemarkSchema,
    pub(crate) documents: Arc<Documents>,
    pub(crate) costs: Arc<CostModel>,
    pub(crate) limits: GuardLimits,
    /// Sends letters.
    pub(crate) post: Post,
    pub(crate) exports: Arc<Exports>,
    pub(crate) ids: Arc<dyn IdSource>,
    /// Most bytes of a request's body.
    pub(crate) body_bytes: usize,
    /// How long a request may take.
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
        .route("/organizations/{id}/export", web::get().to(export::archive))
        .route("/organizations/{id}/audit-events.jsonl", web::get().to(export::audit_log))
        .route("/livez", web::get().to(pages::livez))
        .route("/readyz", web::get().to(pages::readyz))
        .route("/.well-known/jwks.json", web::get().to(pages::key_set))
        .route("/", web::get().to(pages::index))
        .route("/console.js", web::get().to(pages::script))
        .route("/console.css", web::get().to(pages::style))
        .default_service(web::route().to(not_found));
}

async fn not_found() -> HttpResponse {
    let message = format!("There is nothing at this path. GraphQL is at {GRAPHQL}.\n");
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body(message)
}
