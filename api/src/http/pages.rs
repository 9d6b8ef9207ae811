//! Health, public keys, and a page for people who open the server in a browser.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY},
    web,
};
use serde_json::json;
use store::Readiness;

use super::routes::HttpState;

/// The process answers.
pub(super) async fn livez() -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(json!({ "status": "live" }))
}

/// The server can answer: the database does, and it has this program's schema.
pub(super) async fn readyz(state: web::Data<HttpState>) -> HttpResponse {
    let (mut response, status) = match state.store.readiness().await {
        Readiness::Ready => (HttpResponse::Ok(), "ready"),
        Readiness::Unavailable => (HttpResponse::ServiceUnavailable(), "database unavailable"),
        Readiness::SchemaBehind(_) => (HttpResponse::ServiceUnavailable(), "migrations missing"),
    };
    response.insert_header((CACHE_CONTROL, "no-store")).json(json!({ "status": status }))
}

/// Public halves of the signing keys (RFC 7517). Kept shortly: a new key signs at once.
pub(super) async fn key_set(state: web::Data<HttpState>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=60")).json(state.store.key_set())
}

/// Nothing from outside, no frame around it, and scripts of this server only.
const POLICY_OF_THE_PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page for people, if it is switched on.
pub(super) async fn index(state: web::Data<HttpState>) -> HttpResponse {
    if !state.console {
        return HttpResponse::NotFound().finish();
    }
    page("text/html; charset=utf-8", include_str!("../../console/index.html"))
}

/// Script of the page.
pub(super) async fn script() -> HttpResponse {
    page("text/javascript; charset=utf-8", include_str!("../../console/console.js"))
}

/// Style of the page.
pub(super) async fn style() -> HttpResponse {
    page("text/css; charset=utf-8", include_str!("../../console/console.css"))
}

fn page(content_type: &str, body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((CONTENT_SECURITY_POLICY, POLICY_OF_THE_PAGE))
        .body(body)
}
