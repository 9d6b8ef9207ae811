//! The part of the demo's own organizations in the benchmark.

use domain::disclosure::{Industry, Region, Segment, SizeBand};
use serde_json::json;
use store::{
    Store,
    audit::AuditEntry,
    benchmark::contributing::NewVerification,
    operator::{Operator, OrganizationSummary},
};

use super::{Caller, seed::DemoOrganization};
use crate::{Config, identity::audit_name, server::prepared_options};

type PartResult<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const DECLARE: &str = "mutation($input: DeclareOrganizationSegmentInput!) {
    declareOrganizationSegment(input: $input) { userErrors { message } } }";
const JOIN: &str = "mutation($input: JoinBenchmarkInput!) { joinBenchmark(input: $input) { userErrors { message } } }";

/// Lets the demo's organizations in, those that have no part yet. Northwind contributes once it is 90 days old; Meridian has
/// too few people for that, and reads.
pub(super) async fn take_part(config: &Config, store: &Store, organizations: &[DemoOrganization; 2]) -> PartResult<()> {
    let [northwind, meridian] = organizations;
    let industries = [(northwind, Industry::Information), (meridian, Industry::ProfessionalServices)];
    for (organization, industry) in industries {
        let segment = Segment { industry, size_band: SizeBand::From20To99, region: Region::WesternEurope };
        let is_new = verify(config, organization, segment).await?;
        if is_new && organization.name == northwind.name {
            let caller = Caller::with_token(store, &organization.token).await?;
            caller.run(JOIN, json!({ "input": { "organizationId": organization.id } })).await?;
        }
    }
    Ok(())
}

/// Declares the segment of an organization as its admin, and verifies it as the operator; whether that was to be done.
async fn verify(config: &Config, organization: &DemoOrganization, segment: Segment) -> PartResult<bool> {
    let operator = Operator::open(prepared_options(config).await?).await?;
    let all = operator.organizations().await?;
    let is_this = |summary: &OrganizationSummary| audit_name(summary.id) == organization.id;
    let summary = all.into_iter().find(is_this).ok_or("the demo's organization is gone")?;
    let scope = operator.enter(summary).ok_or("the demo's organization was erased")?;
    let tx = operator.store().begin(&scope).await?;
    if tx.reader().benchmark_part().standing().await?.verification.is_some() {
        tx.rollback().await?;
        return Ok(false);
    }
    tx.rollback().await?;
    declare(operator.store(), organization, segment).await?;
    let tx = operator.store().begin(&scope).await?;
    let new = NewVerification {
        legal_entity: format!("DEMO {}", organization.name),
        legal_group: None,
        registrant_domain: organization.email.split_once('@').map(|(_, domain)| domain.to_owned()),
        payment_instrument: None,
        beneficial_owner: None,
        is_by_contract: true,
        segment: None,
    };
    let part = tx.lock_benchmark_part().await?.map_err(|refusal| refusal.to_string())?;
    let changes = part.verify(new).await?.map_err(|refusal| refusal.to_string())?;
    let entry =
        AuditEntry::new("organization.verify", "Organization", organization.id.clone(), json!({ "changes": changes }));
    tx.commit(entry).await?;
    Ok(true)
}

async fn declare(store: &Store, organization: &DemoOrganization, segment: Segment) -> PartResult<()> {
    let input = json!({
        "organizationId": organization.id, "industry": segment.industry.as_str(),
        "sizeBand": segment.size_band.as_str(), "region": segment.region.as_str(),
    });
    Caller::with_token(store, &organization.token).await?.run(DECLARE, json!({ "input": input })).await?;
    Ok(())
}
