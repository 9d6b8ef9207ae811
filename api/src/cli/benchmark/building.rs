//! Building and auditing.

use std::{collections::BTreeMap, path::Path};

use domain::disclosure::{AuditResult, Policy};
use store::{
    benchmark::{
        build::{BuildRequest, BuildSummary},
        builder::{Builder, BuilderError},
        snapshot::SnapshotSummary,
    },
    operator::Operator,
};

use super::BuildArguments;
use crate::{
    Config,
    cli::{CliResult, print, progress::TerminalProgress},
    server::prepared_options,
};

/// The revision of this program: its version, and the commit where the one who built it gave it.
pub(super) const CODE_REVISION: &str = match option_env!("ROLEMARK_REVISION") {
    Some(revision) => revision,
    None => env!("CARGO_PKG_VERSION"),
};

pub(super) async fn build(builder: &Builder, arguments: &BuildArguments, config: &Config) -> CliResult {
    let policy = arguments.policy.as_deref().map(read_policy).transpose()?.unwrap_or_default();
    let has_noise = draws_noise(arguments);
    let request = BuildRequest {
        quarter: arguments.quarter,
        policy,
        is_synthetic: arguments.synthetic || !has_noise,
        code_revision: if has_noise { CODE_REVISION.to_owned() } else { format!("{CODE_REVISION}+zero-noise") },
    };
    // Opened first: whoever cannot leave receipts does not collect anything.
    let operator = Operator::open(prepared_options(config).await?).await?;
    let progress = TerminalProgress::default();
    let result = build_and_tell(builder, &operator, request, &progress).await;
    operator.store().close();
    let (summary, receipts) = result?;
    print(&built(&summary, receipts))
}

/// Builds, and leaves a receipt with every organization that gave something; how many receipts are new.
async fn build_and_tell(
    builder: &Builder,
    operator: &Operator,
    request: BuildRequest,
    progress: &TerminalProgress,
) -> Result<(BuildSummary, u64), BuilderError> {
    let summary = builder.build(request, progress).await?;
    let receipts = builder.send_receipts(operator, &summary.release, progress).await?;
    Ok((summary, receipts))
}

/// Whether figures get noise, as they do in every build of the program but that of the tests.
#[cfg(not(feature = "test-zero-noise"))]
const fn draws_noise(_: &BuildArguments) -> bool {
    true
}

#[cfg(feature = "test-zero-noise")]
fn draws_noise(arguments: &BuildArguments) -> bool {
    if arguments.zero_noise {
        store::benchmark::build::turn_on_zero_noise();
    }
    !arguments.zero_noise
}

fn built(summary: &BuildSummary, receipts: u64) -> String {
    let key = &summary.release.key;
    let mut text = summary.snapshot.as_ref().map(collected).unwrap_or_default();
    text.push_str(&format!(
        "Built {key}: {} roles and combinations, {} of them computed in this run.\n",
        summary.roles, summary.computed
    ));
    text.push_str(&cells(&summary.cells));
    text.push_str(&format!("{receipts} organizations were left a receipt of what they gave.\n"));
    let steps: Vec<String> =
        summary.steps.iter().map(|(step, time)| format!("{step} {:.2} s", time.as_secs_f64())).collect();
    text.push_str(&format!("Time: {}.\n", steps.join(", ")));
    if summary.roles == 0 {
        text.push_str("Nobody contributes to any role: there is nothing to publish.\n");
    }
    text.push_str(&format!("Next: rolemark benchmark audit {key}\n"));
    text
}

/// What was collected, and why some organizations are not in it.
fn collected(snapshot: &SnapshotSummary) -> String {
    let mut text = format!(
        "Collected: {} of {} organizations that joined, {} control groups ({} new), {} contributions ({} wait).\n",
        snapshot.contributing_organizations,
        snapshot.organizations,
        snapshot.control_groups,
        snapshot.admitted,
        snapshot.contributions,
        snapshot.waiting
    );
    for (what, reasons) in [("organizations not counted", &snapshot.ineligible), ("roles left out", &snapshot.left_out)]
    {
        reasons.iter().for_each(|(reason, number)| text.push_str(&format!("  {number:>8} {what}: {reason}\n")));
    }
    text
}

/// The numbers of cells by what became of them.
pub(super) fn cells(counts: &BTreeMap<String, u64>) -> String {
    counts.iter().map(|(what, cells)| format!("  {cells:>8} cells {what}\n")).collect()
}

fn read_policy(path: &Path) -> Result<Policy, String> {
    let failed = |error: &dyn std::fmt::Display| format!("--policy: {}: {error}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| failed(&error))?;
    serde_json::from_str(&text).map_err(|error| failed(&error))
}

pub(super) fn print_policy() -> CliResult {
    let text = serde_json::to_string_pretty(&Policy::default())?;
    print(&format!("{text}\n"))
}

pub(super) async fn audit(builder: &Builder, release: &str) -> CliResult {
    let summary = builder.audit(release, &TerminalProgress::default()).await?;
    let mut text = format!("Audited {release}.\n");
    summary.results.iter().for_each(|result| text.push_str(&line(result)));
    let root = summary.record.merkle_root.unwrap_or_default();
    text.push_str(&format!("Root of the cells: {root}\n"));
    text.push_str(&format!("Next, by two people: rolemark benchmark approve {release} --approver NAME --key FILE\n"));
    print(&text)
}

fn line(result: &AuditResult) -> String {
    format!(
        "  {:<16} a contributor keeps at least {:.0} % of the uncertainty about a value; {:.2} % keep less than 90 %; \
         {} cells were withheld for this\n",
        result.attacker,
        (result.worst * 100.0).floor(),
        result.share_below_usual * 100.0,
        result.withheld
    )
}
