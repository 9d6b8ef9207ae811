//! Audit logs on the command line.

use clap::Subcommand;
use store::{
    audit::{ChainReport, Checkpoint},
    operator::{Operator, OrganizationSummary},
};

use super::{
    CliResult,
    organization::{identifier, opened},
    progress::TerminalProgress,
};
use crate::{Config, identity::audit_name, server::prepared_options};

#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Recompute the chains of the audit logs, and say what is wrong first; the exit code is 1 if anything is
    ///
    /// Whoever can write all tables can write a chain that is whole. Keep the head that this prints where they cannot,
    /// and give it as the checkpoint of a later run.
    Verify {
        /// Identifier of the one organization to be verified
        #[arg(long, value_name = "ID")]
        org: Option<String>,
        /// A place that must be on the chain: the head that an earlier run printed
        #[arg(long, value_name = "NUMBER:HASH", requires = "org")]
        checkpoint: Option<Checkpoint>,
    },
    /// Remove details and addresses that are older than audit_retention_days; the chains stay verifiable
    ///
    /// `rolemark serve` does the same once a day: always on SQLite, on PostgreSQL if erase_database_url is set.
    Prune,
}

pub(super) async fn run(command: AuditCommand, config: &Config) -> CliResult {
    match command {
        AuditCommand::Verify { org, checkpoint } => verify(config, org, checkpoint).await,
        AuditCommand::Prune => prune(config).await,
    }
}

async fn verify(config: &Config, org: Option<String>, checkpoint: Option<Checkpoint>) -> CliResult {
    let operator = Operator::open(prepared_options(config).await?).await?;
    let mut organizations = operator.organizations().await?;
    if let Some(org) = org {
        let id = identifier(&org)?;
        organizations.retain(|organization| organization.id == id);
        if organizations.is_empty() {
            return Err("there is no such organization".into());
        }
    }
    let all = organizations.len();
    let mut broken = 0;
    for organization in organizations {
        let is_whole = verify_one(&operator, organization, checkpoint.as_ref()).await?;
        broken += usize::from(!is_whole);
    }
    if broken > 0 {
        return Err(format!("{broken} of {all} audit logs are broken").into());
    }
    Ok(())
}

async fn verify_one(
    operator: &Operator,
    organization: OrganizationSummary,
    checkpoint: Option<&Checkpoint>,
) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
    let (id, name) = (audit_name(organization.id), organization.name.clone());
    if let Some(tombstone) = &organization.tombstone {
        println!("erased  {id}  head {tombstone}");
        return match checkpoint {
            Some(known) if known.seq < tombstone.seq => Err("of an erased log only the head can be verified".into()),
            known => Ok(known.is_none_or(|known| known == tombstone)),
        };
    }
    let scope = operator.enter(organization).ok_or("the organization was erased")?;
    let report = operator.store().verify_chain(&scope, checkpoint, &TerminalProgress::default()).await?;
    let ChainReport { entries, erased_payloads, head, fault } = report;
    match fault {
        None => println!("whole   {id}  entries {entries}, without details {erased_payloads}, head {head}  {name}"),
        Some(fault) => println!("BROKEN  {id}  entry {}: {}  {name}", fault.seq, fault.kind.as_str()),
    }
    Ok(fault.is_none())
}

async fn prune(config: &Config) -> CliResult {
    let days = config.audit_retention().ok_or("audit_retention_days is 0: details are kept for good")?;
    let pruned = opened(config).await?.prune(days).await?;
    if pruned.is_empty() {
        println!("There is nothing to remove.");
    }
    for pruned in pruned {
        println!("Removed the details of {} entries of {}.", pruned.payloads, audit_name(pruned.organization));
    }
    Ok(())
}
