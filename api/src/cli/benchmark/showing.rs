//! What the operator is shown. The number of contributors is shown in bands, here too.

use chrono::{DateTime, Utc};
use domain::disclosure::{AuditResult, Manifest};
use store::benchmark::{
    build::{CellView, ReleaseRecord, ReleaseView},
    builder::Builder,
};

use super::{building::cells, ending::marks};
use crate::cli::{CliResult, print};

pub(super) async fn list(builder: &Builder) -> CliResult {
    let releases = builder.releases().await?;
    if releases.is_empty() {
        eprintln!("There are no releases. Build one when a quarter is over: rolemark benchmark build 2026-Q3");
    }
    print(&releases.iter().map(line).collect::<String>())
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

fn line(record: &ReleaseRecord) -> String {
    let (release, state) = (&record.release, record.state.as_str());
    let step = if state == "DRAFT" { format!(" ({})", record.step.as_str()) } else { String::new() };
    let published = record.published_at.map(|at| format!("  published {}", day(at))).unwrap_or_default();
    let retracted = record.retracted_at.map(|at| format!("  retracted {}", day(at))).unwrap_or_default();
    let marks = marks(record.is_loosened, release.is_synthetic);
    let state = format!("{state}{step}");
    format!("{}  {state:<16}  snapshot {}{published}{retracted}{marks}\n", release.key, day(release.snapshot_at))
}

pub(super) async fn show(builder: &Builder, key: &str) -> CliResult {
    let view = builder.show(key).await?;
    let mut text = line(&view.record);
    text.push_str(&facts(&view));
    text.push_str(&cells(&view.cells));
    if let Some(manifest) = &view.record.manifest {
        let manifest: Manifest = serde_json::from_str(manifest)?;
        manifest.audit.iter().for_each(|result| text.push_str(&audit(result)));
    }
    text.push_str(&format!("{} roles and combinations:\n", view.roles.len()));
    view.roles.iter().for_each(|role| text.push_str(&format!("  {role}\n")));
    print(&text)
}

fn facts(view: &ReleaseView) -> String {
    let record = &view.record;
    let mut facts = vec![
        ("number", record.release.number.to_string()),
        ("policy", record.policy_hash.clone()),
        ("code", record.code_revision.clone()),
    ];
    facts.extend(record.merkle_root.clone().map(|root| ("cells", root)));
    facts.extend(record.retraction.clone().map(|reason| ("retracted because", reason)));
    let approved = if view.approved_by.is_empty() { "nobody".to_owned() } else { view.approved_by.join(", ") };
    facts.push(("approved by", approved));
    facts.into_iter().map(|(name, value)| format!("  {name:<18} {value}\n")).collect()
}

fn audit(result: &AuditResult) -> String {
    format!(
        "  audit, {:<16} least R {:.3}, {:.2} % below 0.9, {:.2} % below 0.5\n",
        result.attacker,
        result.worst,
        result.share_below_usual * 100.0,
        result.share_below_half * 100.0
    )
}

pub(super) async fn show_role(builder: &Builder, key: &str, role: &str) -> CliResult {
    let cells = builder.show_role(key, role).await?;
    if cells.is_empty() {
        eprintln!("Nobody contributed to {role} in {key}.");
    }
    print(&cells.iter().map(cell).collect::<String>())
}

fn cell(view: &CellView) -> String {
    let band = view.band.map_or("too few".to_owned(), |band| band.to_string());
    let group = view.group.to_string();
    let shown = match (&view.figures, &view.as_of) {
        (Some(figures), Some(as_of)) => {
            let score = figures.score().map(|score| format!("  score {} +- {:.1}", score.mean, score.margin_of_error));
            format!("as of {as_of}{}", score.unwrap_or_default())
        }
        _ => format!("withheld: {}", view.reason.as_deref().unwrap_or_default()),
    };
    format!("{group:<56}  {band:<8}  {shown}\n")
}
