//! From a well-formed request to an answer of the engine: guard, deadline, and panics caught.

use std::{panic::AssertUnwindSafe, sync::Arc};

use actix_web::http::{Method, StatusCode};
use async_graphql::{Request, Response, parser::types::ExecutableDocument};
use futures_util::FutureExt;
use store::{RequestOrigin, access::Actor};

use super::{
    masking::mask,
    protocol::{GraphqlRequest, MediaType, ProtocolError, refuse_mutation_over_get},
    routes::HttpState,
};
use crate::{
    graphql::{context::RequestContext, error::code, id::object_name},
    guard::{check_document, check_text, fill_in_defaults},
    rate_limits::{Exceeded, Meter, points},
};

/// Who asks, from where, and what is charged for it.
pub(super) struct Caller {
    pub(super) actor: Option<Actor>,
    pub(super) origin: Arc<RequestOrigin>,
    pub(super) meter: Arc<Meter>,
}

/// What ran, for the log.
#[derive(Debug, Default)]
pub(super) struct Ran {
    pub(super) operation: Option<String>,
    pub(super) cost: u64,
}

/// Runs a request, or says why not.
pub(super) async fn execute(
    state: &HttpState,
    method: &Method,
    media: MediaType,
    request: GraphqlRequest,
    caller: Caller,
    ran: &mut Ran,
) -> Result<Response, ProtocolError> {
    let Caller { actor, origin, meter } = caller;
    let request = admitted(state, method, media, request, actor.is_none(), ran)?;
    meter.charge(points(ran.cost)).map_err(rate_limited)?;
    let recorded = actor.clone();
    let context = RequestContext::new(&state.store, actor, Arc::clone(&origin), state.post.clone());
    let request = request.data(context.metered(meter));
    let running = AssertUnwindSafe(state.schema.execute(request)).catch_unwind();
    let mut response = match tokio::time::timeout(state.deadline, running).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!("a resolver panicked");
            return Err(internal());
        }
        Err(_) => {
            let message = format!("The request took longer than {} s; ask for less.", state.deadline.as_secs());
            return Err(ProtocolError::new(StatusCode::SERVICE_UNAVAILABLE, code::TIMEOUT, message));
        }
    };
    mask(&mut response, &origin.request_id);
    if let Some(actor) = recorded {
        record_access(state, &actor, ran.operation.as_deref()).await?;
    }
    Ok(response)
}

/// What a consultant read stands in the client's audit log before the answer leaves.
async fn record_access(state: &HttpState, actor: &Actor, operation: Option<&str>) -> Result<(), ProtocolError> {
    state.store.record_access(actor, operation, object_name).await.map_err(|error| {
        tracing::error!(%error, "what was read could not be recorded");
        let message = "What you read must be recorded, and that is not possible now; try again soon.";
        ProtocolError::new(StatusCode::SERVICE_UNAVAILABLE, code::SERVICE_UNAVAILABLE, message)
    })
}

/// The request as the engine takes it, once the guard has let it pass.
fn admitted(
    state: &HttpState,
    method: &Method,
    media: MediaType,
    request: GraphqlRequest,
    is_anonymous: bool,
    ran: &mut Ran,
) -> Result<Request, ProtocolError> {
    let refused = |refusal| ProtocolError::from_refusal(refusal, media);
    check_text(&request.query, &state.limits).map_err(refused)?;
    let document = state.documents.parse(&request.query).map_err(|error| {
        let place = error.positions().map(|position| format!(" at line {}, column {}", position.line, position.column));
        let place = place.collect::<Vec<_>>().join(",");
        ProtocolError::new(media.status(true), code::PARSE_FAILED, format!("The document is not GraphQL{place}."))
    })?;
    let name = request.operation_name.as_deref();
    let checked = check_document(&document, name, &request.variables, &state.costs, &state.limits).map_err(refused)?;
    refuse_mutation_over_get(method, checked.operation_type)?;
    if checked.uses_introspection && (is_anonymous || !state.introspection) {
        let message = "The schema tells about itself to signed-in callers only, if at all; see schema.graphql.";
        return Err(ProtocolError::new(media.status(true), code::VALIDATION_FAILED, message));
    }
    ran.cost = checked.cost;
    ran.operation.clone_from(&request.operation_name);
    // The engine looks at directives without the defaults of variables.
    let mut variables = request.variables;
    fill_in_defaults(&document, name, &mut variables);
    let mut engine = Request::new(request.query).variables(variables);
    engine.operation_name = request.operation_name;
    engine.set_parsed_query(ExecutableDocument::clone(&document));
    Ok(engine)
}

pub(super) fn rate_limited(exceeded: Exceeded) -> ProtocolError {
    ProtocolError::rate_limited(exceeded.retry_after_seconds)
}

pub(super) fn internal() -> ProtocolError {
    ProtocolError::new(StatusCode::INTERNAL_SERVER_ERROR, code::INTERNAL, "Internal server error.")
}
