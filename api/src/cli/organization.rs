//! Organizations on the command line.

use std::{path::PathBuf, str::FromStr};

use async_graphql::ID;
use clap::Subcommand;
use domain::ids::OrganizationId;
use store::{
    DatabaseUrl,
    benchmark::contributing::Standing,
    erasure::{Erased, Eraser, When},
    operator::{Operator, OrganizationSummary},
    organizations::erased_after,
};

use super::{
    CliResult,
    verification::{VerifyArguments, unverify, verify},
};
use crate::{
    Config,
    graphql::id::{object_name, organization_id},
    identity::audit_name,
    server::{eraser, prepared_options},
};

#[derive(Subcommand)]
pub(super) enum OrganizationCommand {
    /// List all organizations with their identifiers: whether they are open, verified and take part in the benchmark
    List,
    /// Say who is behind an organization, and what kind of organization it is, after looking into it
    ///
    /// Verified organizations alone contribute to the benchmark, and their people alone see it by industry, size and region.
    /// Organizations with an equal attribute of a kind count as one contributor, whatever its case, spaces and marks. A
    /// verification of before is ended and kept. The audit log of the organization says so.
    Verify(VerifyArguments),
    /// Take the verification of an organization back; its audit log says so
    Unverify {
        /// Identifier of the organization, or its name if no other one has it
        #[arg(value_name = "ORG")]
        organization: String,
    },
    /// Take all data of an organization out, as a gzipped tar; its audit log says so
    Export {
        /// Identifier of the organization
        #[arg(long, value_name = "ID")]
        org: String,
        /// File to be made; it must not exist
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Erase for good the organizations that were closed more than 30 days ago
    ///
    /// All rows go, and a tombstone without a name stays, with the last number and hash of the audit log. Accounts of users
    /// stay: they are the users' own. On SQLite the file is written anew, so that nothing is left in it; letters in the
    /// outbox, logs and copies of the file are the operator's. On PostgreSQL dead rows go with VACUUM, and from the
    /// write-ahead log and backups when these are recycled: both are the operator's. `rolemark serve` does the same every
    /// hour: always on SQLite, on PostgreSQL if erase_database_url is set.
    Erase {
        /// Identifier of the one organization to be erased
        #[arg(long, value_name = "ID")]
        org: Option<String>,
        /// Erase it now, open or closed, without waiting for its 30 days to be over
        #[arg(long, requires = "org", requires = "confirm")]
        now: bool,
        /// The organization's name, typed to confirm
        #[arg(long, value_name = "NAME", requires = "now")]
        confirm: Option<String>,
    },
}

pub(super) async fn run(command: OrganizationCommand, config: &Config) -> CliResult {
    match command {
        OrganizationCommand::List => list(config).await,
        OrganizationCommand::Verify(arguments) => verify(config, arguments).await,
        OrganizationCommand::Unverify { organization } => unverify(config, &organization).await,
        OrganizationCommand::Export { org, output } => export(config, &org, output).await,
        OrganizationCommand::Erase { org: None, .. } => {
            let erased = opened(config).await?.erase_due().await?;
            if erased.is_empty() {
                println!("There is nothing to erase.");
            }
            erased.iter().for_each(show);
            Ok(())
        }
        OrganizationCommand::Erase { org: Some(org), confirm, .. } => {
            let when = confirm.as_deref().map_or(When::Due, |confirmed| When::Now { confirmed });
            show(&opened(config).await?.erase(identifier(&org)?, when).await?);
            Ok(())
        }
    }
}

/// The organization that an identifier names.
pub(super) fn identifier(id: &str) -> Result<OrganizationId, &'static str> {
    organization_id(&ID::from(id)).map_err(|_| "this is not the identifier of an organization: see organization list")
}

/// What erases, or what is missing for it.
pub(super) async fn opened(config: &Config) -> Result<Eraser, Box<dyn std::error::Error + Send + Sync>> {
    // An SQLite file may be new, or older than this program.
    if matches!(DatabaseUrl::from_str(&config.database())?, DatabaseUrl::Sqlite(_)) {
        crate::migrate(&config.database()).await?;
    }
    if let Some(eraser) = eraser(config).await? {
        return Ok(eraser);
    }
    Err("on PostgreSQL this needs erase_database_url, the address of the erasing role, such as \
         postgres://rolemark_erase@host/database"
        .into())
}

fn show(erased: &Erased) {
    println!("Erased {}: {} rows.", audit_name(erased.organization), erased.rows);
}

async fn list(config: &Config) -> CliResult {
    let operator = Operator::open(prepared_options(config).await?).await?;
    for organization in operator.organizations().await? {
        let benchmark = match operator.enter(organization.clone()) {
            Some(scope) => standing(&operator.store().read(&scope).await?.benchmark_part().standing().await?),
            None => "",
        };
        println!("{}", line(&organization, benchmark));
    }
    Ok(())
}

/// Where an organization stands in the benchmark, in words.
fn standing(standing: &Standing) -> &'static str {
    match (standing.verification.is_some(), standing.current().is_some()) {
        (false, false) => "",
        (false, true) => "participating  ",
        (true, false) => "verified  ",
        (true, true) => "verified  participating  ",
    }
}

fn line(organization: &OrganizationSummary, benchmark: &str) -> String {
    let OrganizationSummary { id, name, created_at, closed_at, tombstone, .. } = organization;
    let state = match (tombstone, closed_at) {
        (Some(_), _) => "erased".to_owned(),
        (None, Some(closed_at)) => format!("closed, erased after {}", erased_after(*closed_at).format("%F %T UTC")),
        (None, None) => "open".to_owned(),
    };
    format!("{}  made {}  {state}  {benchmark}{name}", audit_name(*id), created_at.format("%F"))
}

async fn export(config: &Config, org: &str, output: PathBuf) -> CliResult {
    let operator = Operator::open(prepared_options(config).await?).await?;
    let scope = operator.scope(identifier(org)?).await?.ok_or("there is no such organization, or it was erased")?;
    let store = operator.store();
    let download = store.export_organization(&scope, &config.data_directory, object_name).await?;
    let bytes = download.bytes;
    download.save(&output).map_err(|error| format!("{}: {error}", output.display()))?;
    println!("Exported {} to {}: {bytes} bytes.", scope.entry().organization_name, output.display());
    Ok(())
}
