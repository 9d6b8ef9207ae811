//! Downloads: all of an organization's data, and its audit log. They are for programs that keep copies, so they are files
//! and not GraphQL; who may have them is decided as everywhere.

use std::{
    collections::HashSet,
    fs::File,
    io::{self, Read},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::{
    HttpRequest, HttpResponse,
    body::SizedStream,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, ContentEncoding, VARY},
    },
    web::{self, Bytes},
};
use async_graphql::ID;
use chrono::{DateTime, Utc};
use domain::ids::OrganizationId;
use futures_util::{Stream, stream};
use store::{
    access::{Admin, Area, TenantScope},
    export::{Download, ExportError},
};
use tokio::sync::Semaphore;
use tracing::Instrument;

use super::{
    authentication::authenticate,
    edge::Progress,
    execution::{internal, rate_limited},
    graphql::refused,
    origin::{REQUEST_ID, origin},
    protocol::{MediaType, ProtocolError},
    routes::HttpState,
};
use crate::graphql::{
    error::{ApiError, code},
    id::{object_name, organization_id},
    page::is_storable,
};
use crate::rate_limits::Meter;

/// Exports that are put together at the same time; others wait.
const PLACES: usize = 2;
/// What a download is charged: as much as the largest document.
const DOWNLOAD_POINTS: u32 = 200;
/// Bytes that are read from the disk at a time.
const CHUNK: usize = 64 * 1_024;

/// The exports that run: few are put together at a time, and an organization has one until it has left, so that one of
/// many organizations takes neither the disk nor the connections of all.
pub(crate) struct Exports {
    /// Where they are put together.
    directory: PathBuf,
    places: Semaphore,
    running: Mutex<HashSet<OrganizationId>>,
}

/// An organization's one export.
struct Ticket {
    exports: Arc<Exports>,
    organization: OrganizationId,
}

impl Exports {
    pub(crate) fn new(directory: PathBuf) -> Self {
        Self { directory, places: Semaphore::new(PLACES), running: Mutex::default() }
    }

    fn ticket(self: &Arc<Self>, organization: OrganizationId) -> Result<Ticket, ProtocolError> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if !running.insert(organization) {
            let message = "An export of this organization is on its way; take it to its end, or break it off.";
            return Err(ProtocolError::new(StatusCode::TOO_MANY_REQUESTS, code::RATE_LIMITED, message));
        }
        Ok(Ticket { exports: Arc::clone(self), organization })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.exports.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.organization);
    }
}

/// Answers with all data of an organization.
pub(super) async fn archive(request: HttpRequest, id: web::Path<String>, state: web::Data<HttpState>) -> HttpResponse {
    answer(&request, &state, async |request_id| {
        let scope = scope(&request, &state, request_id, (id.into_inner(), Area::Export)).await?;
        let ticket = state.exports.ticket(scope.organization())?;
        let place = state.exports.places.acquire().await.map_err(|_| internal())?;
        let download = state.store.export_organization(&scope, &state.exports.directory, object_name).await;
        drop(place);
        Ok((download.map_err(failed)?, "application/gzip", ticket))
    })
    .await
}

/// Answers with the audit log of an organization.
pub(super) async fn audit_log(
    request: HttpRequest,
    id: web::Path<String>,
    state: web::Data<HttpState>,
) -> HttpResponse {
    answer(&request, &state, async |request_id| {
        let scope = scope(&request, &state, request_id, (id.into_inner(), Area::Audit)).await?;
        let between = between(request.query_string())?;
        let ticket = state.exports.ticket(scope.organization())?;
        let place = state.exports.places.acquire().await.map_err(|_| internal())?;
        let download = state.store.export_audit_log(&scope, between, &state.exports.directory, object_name).await;
        drop(place);
        Ok((download.map_err(failed)?, "application/jsonl", ticket))
    })
    .await
}

type Found = (Download, &'static str, Ticket);

/// Runs a download within the log's span of its request.
async fn answer(
    request: &HttpRequest,
    state: &HttpState,
    download: impl AsyncFnOnce(&Arc<store::RequestOrigin>) -> Result<Found, ProtocolError>,
) -> HttpResponse {
    let origin = Arc::new(origin(request, &state.edge.proxies, &*state.ids));
    let id = origin.request_id.as_str();
    let span = tracing::info_span!("request", id = %id);
    async {
        let response = match download(&origin).await {
            Ok(found) => sent(found, id, Progress::of(request)),
            Err(error) => refused(MediaType::Json, &error, id),
        };
        tracing::info!(status = response.status().as_u16(), "export");
        response
    }
    .instrument(span)
    .await
}

/// The right to a download, or why there is none: what is hidden does not exist.
async fn scope(
    request: &HttpRequest,
    state: &HttpState,
    origin: &Arc<store::RequestOrigin>,
    (id, area): (String, Area),
) -> Result<TenantScope<Admin>, ProtocolError> {
    let meter = Meter::new(Arc::clone(&state.rate_limits), origin.address);
    let caller = authenticate(request, &state.store, origin).await;
    if let Ok(Some(actor)) = &caller {
        meter.recognize(actor);
    }
    meter.charge(DOWNLOAD_POINTS).map_err(rate_limited)?;
    let actor = caller?.ok_or_else(|| of_api(ApiError::Unauthenticated))?;
    let organization = organization_id(&ID(id)).map_err(of_api)?;
    actor.scope::<Admin>(organization, area).map_err(|denied| match denied {
        store::access::Denied::Hidden => {
            let message = "There is no such organization, or you may not see it.";
            ProtocolError::new(StatusCode::NOT_FOUND, code::NOT_FOUND, message)
        }
        denied => of_api(ApiError::insufficient(denied)),
    })
}

fn of_api(error: ApiError) -> ProtocolError {
    match error {
        ApiError::Unauthenticated => {
            let message = "Sign in first: this needs a bearer token or an API key.";
            ProtocolError::new(StatusCode::UNAUTHORIZED, code::UNAUTHENTICATED, message)
        }
        ApiError::Forbidden(message) => ProtocolError::new(StatusCode::FORBIDDEN, code::FORBIDDEN, message),
        ApiError::BadUserInput(message) => bad_request(message),
        ApiError::ServiceUnavailable => {
            let message = "The database does not answer; try again soon.";
            ProtocolError::new(StatusCode::SERVICE_UNAVAILABLE, code::SERVICE_UNAVAILABLE, message)
        }
        ApiError::Timeout | ApiError::RateLimited(_) | ApiError::Internal => internal(),
    }
}

fn bad_request(message: impl Into<String>) -> ProtocolError {
    ProtocolError::new(StatusCode::BAD_REQUEST, code::BAD_USER_INPUT, message)
}

fn failed(error: ExportError) -> ProtocolError {
    match error {
        ExportError::Store(error) => of_api(error.into()),
        ExportError::Io(error) => {
            tracing::error!(%error, "an export could not be put together");
            let message = "The export could not be put together; try again soon.";
            ProtocolError::new(StatusCode::SERVICE_UNAVAILABLE, code::SERVICE_UNAVAILABLE, message)
        }
    }
}

type Between = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// `from` and `until` of a query string, each at most once.
fn between(query_string: &str) -> Result<Between, ProtocolError> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query_string);
    let pairs = pairs.map_err(|_| bad_request("The query string cannot be read."))?.into_inner();
    let (mut from, mut until) = (None, None);
    for (name, value) in pairs {
        let place = match name.as_str() {
            "from" => &mut from,
            "until" => &mut until,
            _ => return Err(bad_request("The query string may have `from` and `until` only.")),
        };
        let instant = DateTime::parse_from_rfc3339(&value).map(|instant| instant.to_utc()).ok().filter(is_storable);
        let instant = instant.ok_or_else(|| {
            bad_request(format!("`{name}` must be an instant such as 2026-01-31T00:00:00Z, in the years 1 to 9999."))
        })?;
        if place.replace(instant).is_some() {
            return Err(bad_request("The query string must name each parameter once."));
        }
    }
    Ok((from, until))
}

fn sent((download, content_type, ticket): Found, id: &str, progress: Progress) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response
        .content_type(content_type)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", download.file_name)))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "Authorization"))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header((REQUEST_ID, id));
    if content_type == "application/gzip" {
        // Clients that unpack what is compressed on its way would unpack the archive too.
        response.insert_header(ContentEncoding::Identity);
    }
    response.body(SizedStream::new(download.bytes, chunks(download.file, download.bytes, ticket, progress)))
}

/// The file in pieces; the organization's place is free once the last piece is on its way, or nobody wants them any more.
fn chunks(file: File, length: u64, ticket: Ticket, progress: Progress) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold((file, length, Some(ticket), progress), async |(mut file, left, mut ticket, progress)| {
        progress.note();
        let read = web::block(move || {
            let mut bytes = vec![0; CHUNK];
            let length = file.read(&mut bytes)?;
            bytes.truncate(length);
            Ok::<_, io::Error>((file, bytes))
        });
        let (file, bytes) = read.await.map_err(io::Error::other)??;
        let left = left.saturating_sub(bytes.len() as u64);
        if left == 0 {
            ticket = None;
        }
        Ok((!bytes.is_empty()).then(|| (Bytes::from(bytes), (file, left, ticket, progress))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_and_nothing_else_is() {
        assert_eq!(between("").unwrap(), (None, None));
        let (from, until) = between("from=2026-01-31T00:00:00Z&until=2026-02-01T01:00:00%2B01:00").unwrap();
        assert_eq!((until.unwrap() - from.unwrap()).num_hours(), 24);
        for bad in ["from=yesterday", "from=", "since=2026-01-31T00:00:00Z", "from=0000-01-31T00:00:00Z"] {
            assert!(between(bad).is_err(), "{bad}");
        }
        let twice = "from=2026-01-31T00:00:00Z&from=2026-01-31T00:00:00Z";
        assert!(between(twice).is_err());
    }

    #[test]
    fn an_organization_has_one_export_at_a_time() {
        let exports = Arc::new(Exports::new(PathBuf::new()));
        let (one, other) = (OrganizationId(uuid::Uuid::from_u128(1)), OrganizationId(uuid::Uuid::from_u128(2)));
        let ticket = exports.ticket(one).unwrap();
        assert!(exports.ticket(one).is_err());
        assert!(exports.ticket(other).is_ok());
        drop(ticket);
        assert!(exports.ticket(one).is_ok());
    }
}
