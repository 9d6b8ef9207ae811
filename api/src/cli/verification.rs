//! Verifying organizations for the benchmark, on the command line.

use clap::Args;
use domain::disclosure::{Industry, Region, Segment, SizeBand};
use serde_json::{Value, json};
use store::{
    StoreError,
    access::{Admin, TenantScope},
    audit::AuditEntry,
    benchmark::contributing::{Changed, LockedPart, NewVerification, Standing},
    operator::Operator,
};

use super::{CliResult, lookup};
use crate::{Config, identity::audit_name, server::prepared_options};

/// Most characters of an attribute.
const LENGTH_MAXIMUM: usize = 200;

/// What the operator has found out about an organization.
#[derive(Args)]
pub(super) struct VerifyArguments {
    /// Identifier of the organization, or its name if no other one has it
    #[arg(value_name = "ORG")]
    organization: String,
    /// Its legal entity, with the register, such as LEI:529900T8BM49AURSDO55
    #[arg(long, value_name = "ENTITY", value_parser = attribute)]
    legal_entity: String,
    /// The legal entity at the head of its group
    #[arg(long, value_name = "ENTITY", value_parser = attribute)]
    legal_group: Option<String>,
    /// Its own domain name; not one that a provider of mail lends to everybody
    #[arg(long, value_name = "DOMAIN", value_parser = attribute)]
    domain: Option<String>,
    /// A name of what it pays with, such as a token of the card; never the number
    #[arg(long, value_name = "TOKEN", value_parser = attribute)]
    payment: Option<String>,
    /// Who owns it in the end
    #[arg(long, value_name = "OWNER", value_parser = attribute)]
    owner: Option<String>,
    /// There is a contract with it
    #[arg(long)]
    contract: bool,
    /// Its industry, such as INFORMATION; the declared segment when left out
    #[arg(long, value_name = "INDUSTRY", requires = "size", requires = "region", value_parser = str::parse::<Industry>)]
    industry: Option<Industry>,
    /// Its size, such as FROM_100_TO_499
    #[arg(long, value_name = "SIZE", requires = "industry", value_parser = str::parse::<SizeBand>)]
    size: Option<SizeBand>,
    /// Its region, such as WESTERN_EUROPE
    #[arg(long, value_name = "REGION", requires = "industry", value_parser = str::parse::<Region>)]
    region: Option<Region>,
}

/// A text by which organizations of one owner are found: letters or digits must be in it, for nothing else is compared.
fn attribute(text: &str) -> Result<String, String> {
    let text = text.trim();
    let length = text.chars().count();
    if length > LENGTH_MAXIMUM {
        return Err(format!("it has {length} characters; use at most {LENGTH_MAXIMUM}"));
    }
    if text.chars().any(char::is_control) {
        return Err("it holds a control character; remove it".to_owned());
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err("it holds no letter and no digit".to_owned());
    }
    Ok(text.to_owned())
}

pub(super) async fn verify(config: &Config, arguments: VerifyArguments) -> CliResult {
    let VerifyArguments { industry, size, region, .. } = arguments;
    let given = industry.zip(size).zip(region);
    let new = NewVerification {
        legal_entity: arguments.legal_entity,
        legal_group: arguments.legal_group,
        registrant_domain: arguments.domain,
        payment_instrument: arguments.payment,
        beneficial_owner: arguments.owner,
        is_by_contract: arguments.contract,
        segment: given.map(|((industry, size_band), region)| Segment { industry, size_band, region }),
    };
    let make = async move |part: &LockedPart<'_>| part.verify(new).await;
    let (scope, standing) = change(config, &arguments.organization, "organization.verify", make).await?;
    let segment = standing.segment.map(|declared| declared.segment).ok_or("the segment is gone")?;
    println!(
        "Verified {} as {}, {}, {}.{}",
        scope.entry().organization_name,
        segment.industry,
        segment.size_band,
        segment.region,
        if standing.history.iter().any(|period| period.left_at.is_none()) {
            " It takes part in the benchmark."
        } else {
            " It does not take part in the benchmark: an admin of it joins (joinBenchmark)."
        }
    );
    Ok(())
}

pub(super) async fn unverify(config: &Config, organization: &str) -> CliResult {
    let make = async |part: &LockedPart<'_>| part.unverify().await;
    let (scope, _) = change(config, organization, "organization.unverify", make).await?;
    println!("{} is not verified any more.", scope.entry().organization_name);
    Ok(())
}

/// Changes what the operator says of an organization; where it stands now.
async fn change(
    config: &Config,
    organization: &str,
    action: &'static str,
    make: impl AsyncFnOnce(&LockedPart<'_>) -> Result<Changed, StoreError>,
) -> Result<(TenantScope<Admin>, Standing), Box<dyn std::error::Error + Send + Sync>> {
    let operator = Operator::open(prepared_options(config).await?).await?;
    let all = operator.organizations().await?;
    let found = lookup::organization(&all, "ORG", organization)?;
    let scope = operator.enter(found.clone()).ok_or("the organization was erased")?;
    let tx = operator.store().begin(&scope).await?;
    let changed = match tx.lock_benchmark_part().await? {
        Ok(part) => make(&part).await?,
        Err(refusal) => Err(refusal),
    };
    let changes: Value = match changed {
        Ok(changes) => changes,
        Err(refusal) => {
            tx.rollback().await?;
            return Err(format!("{}: {refusal}", scope.entry().organization_name).into());
        }
    };
    let standing = tx.reader().benchmark_part().standing().await?;
    let id = audit_name(scope.organization());
    tx.commit(AuditEntry::new(action, "Organization", id, json!({ "changes": changes }))).await?;
    Ok((scope, standing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_say_something() {
        assert_eq!(attribute(" LEI:529900T8BM49AURSDO55 ").unwrap(), "LEI:529900T8BM49AURSDO55");
        for bad in ["", "  ", "--", "a\u{0}b", &"x".repeat(201)] {
            assert!(attribute(bad).is_err(), "{bad:?}");
        }
    }
}
