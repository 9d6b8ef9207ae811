//! Releases of the benchmark on the command line: what an operator does once a quarter.

mod approving;
mod building;
mod ending;
mod showing;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use domain::disclosure::Quarter;
use store::benchmark::builder::Builder;

use super::CliResult;
use crate::{Config, server::builder_options};

const STEPS: &str = "\
Once a quarter, when it is over:
  rolemark benchmark build 2026-Q3                              collects contributions, computes cells
  rolemark benchmark audit 2026-Q3                              withholds what could give a contributor away
  rolemark benchmark approve 2026-Q3 --approver Ada --key ada.pem
  rolemark benchmark approve 2026-Q3 --approver Ben --key ben.pem
  rolemark benchmark publish 2026-Q3                            90 days after the quarter, or later
  rolemark benchmark erase                                      now and then, from a timer

One builder works at a time; list and show may be asked meanwhile. On PostgreSQL it is the role of --release-database-url.";

#[derive(Args)]
#[command(after_help = STEPS)]
pub(super) struct BenchmarkArguments {
    #[command(subcommand)]
    command: BenchmarkCommand,
}

#[derive(Subcommand)]
enum BenchmarkCommand {
    /// Build the release of a quarter that is over, or go on with it; a draft takes up what has changed since
    ///
    /// A build that was stopped goes on where it was, and comes to the same figures: noise is drawn once and kept.
    Build(BuildArguments),
    /// Audit a draft: withhold what could give a contributor away, and sign the manifest; nothing changes from then on
    Audit {
        /// The release, such as 2026-Q3
        release: String,
    },
    /// People who may approve releases
    #[command(subcommand)]
    Approver(ApproverCommand),
    /// Approve an audited release: sign its manifest; two approvers are needed
    Approve {
        /// The release, such as 2026-Q3
        release: String,
        /// Name of the approver, as `approver add` registered it
        #[arg(long, value_name = "NAME")]
        approver: String,
        /// File with the approver's key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// Publish an audited release that two people have approved, 90 days or more after its snapshot
    Publish {
        /// The release, such as 2026-Q3
        release: String,
    },
    /// Withdraw a published release as a whole, for good
    Retract {
        /// The release, such as 2026-Q3
        release: String,
        /// Why; readers are shown it
        #[arg(long)]
        reason: String,
        /// Do it: there is no way back
        #[arg(long)]
        yes: bool,
    },
    /// List the releases, the oldest first
    List,
    /// Show a release: its state, how many cells are withheld and why, who approved it
    Show {
        /// The release, such as 2026-Q3
        release: String,
        /// Show the cells of this canonical role or combination, with the margins of their figures
        #[arg(long, value_name = "KEY")]
        role: Option<String>,
    },
    /// Print the policy in force as JSON, to be kept or changed for `build --policy`
    Policy,
    /// Erase what was kept long enough: contributed values 30 days after the publication, hashes after 8 releases
    Erase,
}

impl BenchmarkCommand {
    /// Whether it changes nothing, so that it need not wait for a builder at work.
    const fn only_looks(&self) -> bool {
        matches!(self, Self::List | Self::Show { .. } | Self::Policy | Self::Approver(ApproverCommand::List))
    }
}

#[derive(Args)]
struct BuildArguments {
    /// The quarter, such as 2026-Q3
    quarter: Quarter,
    /// A policy in JSON, in the place of the normative one; one that protects less needs `"unsafePolicy": true`, and
    /// marks the release
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The organizations are made up; the release says so everywhere
    #[arg(long)]
    synthetic: bool,
    /// Draw no noise; the release is marked as synthetic and as loosened
    #[cfg(feature = "test-zero-noise")]
    #[arg(long, hide = true)]
    zero_noise: bool,
}

#[derive(Subcommand)]
enum ApproverCommand {
    /// Let somebody approve releases, by the public half of a key; the key is made if there is no such file
    Add {
        /// Name of the approver
        name: String,
        /// File with the approver's Ed25519 key (PKCS#8 PEM), readable by its owner only
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// Let somebody approve no more
    Remove {
        /// Name of the approver
        name: String,
    },
    /// List the approvers with their public keys
    List,
}

pub(super) async fn run(arguments: BenchmarkArguments, config: &Config) -> CliResult {
    if matches!(arguments.command, BenchmarkCommand::Policy) {
        return building::print_policy();
    }
    if config.database().starts_with("sqlite") {
        crate::migrate(&config.database()).await?;
    }
    let options = builder_options(config)?;
    let builder = if arguments.command.only_looks() {
        Builder::open_to_look(options).await?
    } else {
        Builder::open(options).await?
    };
    let result = work(&builder, arguments.command, config).await;
    builder.close().await;
    result
}

async fn work(builder: &Builder, command: BenchmarkCommand, config: &Config) -> CliResult {
    match command {
        BenchmarkCommand::Build(arguments) => building::build(builder, &arguments, config).await,
        BenchmarkCommand::Audit { release } => building::audit(builder, &release).await,
        BenchmarkCommand::Approver(ApproverCommand::Add { name, key }) => approving::add(builder, &name, &key).await,
        BenchmarkCommand::Approver(ApproverCommand::Remove { name }) => approving::remove(builder, &name).await,
        BenchmarkCommand::Approver(ApproverCommand::List) => approving::list(builder).await,
        BenchmarkCommand::Approve { release, approver, key } => {
            approving::approve(builder, &release, &approver, &key).await
        }
        BenchmarkCommand::Publish { release } => ending::publish(builder, &release).await,
        BenchmarkCommand::Retract { release, reason, yes } => ending::retract(builder, &release, &reason, yes).await,
        BenchmarkCommand::List => showing::list(builder).await,
        BenchmarkCommand::Show { release, role: None } => showing::show(builder, &release).await,
        BenchmarkCommand::Show { release, role: Some(role) } => showing::show_role(builder, &release, &role).await,
        BenchmarkCommand::Erase => ending::erase(builder).await,
        BenchmarkCommand::Policy => Ok(()),
    }
}
