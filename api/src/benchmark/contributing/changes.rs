//! Joining, leaving and declaring a segment, as an admin of the organization. No API key and no consultant has the right.

use async_graphql::ID;
use domain::disclosure::Segment;
use serde_json::json;
use store::{
    StoreError,
    access::{Admin, Area},
    audit::AuditEntry,
    benchmark::contributing::{Changed, LockedPart, Refusal},
};

use super::{inputs::DeclareOrganizationSegmentInput, types::BenchmarkParticipation};
use crate::{
    graphql::{
        context::RequestContext,
        user_error::{Outcome, UserError, UserErrorCode},
    },
    identity::audit_name,
};

pub(super) async fn join(request: &RequestContext, organization: &ID) -> Outcome<BenchmarkParticipation> {
    change(request, organization, "benchmark.join", async |part| part.join().await).await
}

pub(super) async fn leave(request: &RequestContext, organization: &ID) -> Outcome<BenchmarkParticipation> {
    change(request, organization, "benchmark.leave", async |part| part.leave().await).await
}

pub(super) async fn declare(
    request: &RequestContext,
    input: DeclareOrganizationSegmentInput,
) -> Outcome<BenchmarkParticipation> {
    let segment =
        Segment { industry: input.industry.into(), size_band: input.size_band.into(), region: input.region.into() };
    change(request, &input.organization_id, "benchmark.declareSegment", async |part| part.declare(segment).await).await
}

/// Locks the organization's part, changes it, and keeps the change with its audit entry.
async fn change(
    request: &RequestContext,
    organization: &ID,
    action: &'static str,
    make: impl AsyncFnOnce(&LockedPart<'_>) -> Result<Changed, StoreError>,
) -> Outcome<BenchmarkParticipation> {
    let Some(scope) = request.organization_scope::<Admin>(organization, Area::Benchmark)? else {
        return Ok(Err(vec![UserError::not_found("organizationId")]));
    };
    let tx = request.store().begin(&scope).await?;
    let changed = match tx.lock_benchmark_part().await? {
        Ok(part) => make(&part).await?,
        Err(refusal) => Err(refusal),
    };
    match changed {
        Ok(changes) => {
            let payload = json!({ "changes": changes });
            let id = audit_name(scope.organization());
            tx.commit(AuditEntry::new(action, "Organization", id, payload)).await?;
            BenchmarkParticipation::of(request.fresh_tenant(&scope)).await.map(Ok)
        }
        Err(refusal) => {
            tx.rollback().await?;
            Ok(Err(vec![user_error(refusal)]))
        }
    }
}

fn user_error(refusal: Refusal) -> UserError {
    let (code, message) = (UserErrorCode::WrongState, refusal.to_string());
    match refusal {
        Refusal::SameSegment | Refusal::TooEarly(_) => UserError { message, field: None, code },
        _ => UserError::at("organizationId", code, message),
    }
}
