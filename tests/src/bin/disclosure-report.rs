//! The whole attack suite of the benchmark, T01 to T29, with all its trials, and the report about it.
//!
//! ```text
//! cargo run -p rolemark-tests --bin disclosure-report
//! ```
//!
//! It runs the simulations of `rolemark-domain` and the cases `disclosure` of `rolemark-tests` on both databases, collects
//! what each attack measured, and writes `docs/disclosure-report.md`. It fails if an attack succeeded, if one of the 29 was
//! not tried, or if a control did not succeed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Result, workspace_root};
use serde::Deserialize;

const REPORT: &str = "docs/disclosure-report.md";
const COMMAND: &str = "cargo run -p rolemark-tests --bin disclosure-report";
/// The figures come from these.
const RUNS: [&[&str]; 2] = [
    &["test", "--release", "-p", "rolemark-domain", "--test", "it", "attacks::"],
    &["test", "-p", "rolemark-tests", "--test", "it", "disclosure::", "--", "--test-threads=1"],
];

/// What one attack came to.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    number: String,
    layer: String,
    attack: String,
    tried: String,
    condition: String,
    measured: String,
    has_passed: bool,
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("disclosure-report: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool> {
    let directory = ScratchDirectory::create()?;
    let begun = Instant::now();
    let mut has_passed = true;
    for arguments in RUNS {
        eprintln!("disclosure-report: cargo {}", arguments.join(" "));
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(arguments).current_dir(workspace_root());
        command.env("ROLEMARK_DISCLOSURE", "full").env("ROLEMARK_DISCLOSURE_FIGURES", directory.path());
        command.env("ROLEMARK_TEST_TIMEOUT", "1800");
        has_passed &= command.status()?.success();
    }
    let findings = read(directory.path())?;
    let tried: BTreeSet<&str> = findings.iter().map(|finding| finding.number.as_str()).collect();
    let missing: Vec<String> =
        (1..=29).map(|number| format!("T{number:02}")).filter(|number| !tried.contains(number.as_str())).collect();
    std::fs::write(workspace_root().join(REPORT), report(&findings, &missing, begun.elapsed().as_secs()))?;
    let failed: Vec<&str> =
        findings.iter().filter(|finding| !finding.has_passed).map(|finding| &*finding.number).collect();
    eprintln!("disclosure-report: {REPORT} has {} findings; failed {failed:?}; not tried {missing:?}", findings.len());
    Ok(has_passed && missing.is_empty() && failed.is_empty())
}

fn read(directory: &Path) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in std::fs::read_dir(directory)? {
        let path: PathBuf = file?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            findings.push(serde_json::from_str::<Finding>(&std::fs::read_to_string(path)?)?);
        }
    }
    let layer = |finding: &Finding| ["simulation", "sqlite", "postgres"].iter().position(|name| *name == finding.layer);
    findings.sort_by_key(|finding| (finding.number.clone(), finding.attack.clone(), layer(finding)));
    Ok(findings)
}

fn report(findings: &[Finding], missing: &[String], seconds: u64) -> String {
    let passed = findings.iter().filter(|finding| finding.has_passed).count();
    let mut by_layer: BTreeMap<&str, usize> = BTreeMap::new();
    findings.iter().for_each(|finding| *by_layer.entry(&finding.layer).or_default() += 1);
    let layers: Vec<String> = by_layer.iter().map(|(layer, count)| format!("{count} {layer}")).collect();
    let mut text = format!(
        "# What attackers get out of the benchmark\n\n\
         The attack suite T01 to T29 of the benchmark's design, as it ran on {date} with\n\n    {COMMAND}\n\n\
         in {minutes} minutes. This file is written by that command; no figure in it was written by hand.\n\n\
         R is what is left of an attacker's uncertainty about a value: the standard deviation after over that before.\n\
         R = 1: nothing learnt; R = 0: read off. *simulation* means the real rules, noise and figures with many trials\n\
         (`domain/tests/it/attacks`); *sqlite* and *postgres* mean the running program: built, audited, approved and\n\
         published on the command line, attacked through GraphQL with the attackers' credentials and through SQL with the\n\
         server's database roles (`tests/it/disclosure`).\n\n\
         **{passed} of {all} findings passed** ({layers}); {missing}.\n\n{control}\n",
        date = today(),
        minutes = seconds.div_ceil(60),
        all = findings.len(),
        layers = layers.join(", "),
        missing = if missing.is_empty() {
            "all 29 attacks were tried".to_owned()
        } else {
            format!("NOT TRIED: {}", missing.join(", "))
        },
        control = control(findings),
    );
    text.push_str(
        "| # | Attack | Where | What was tried | Has to be | Measured | Verdict |\n|---|---|---|---|---|---|---|\n",
    );
    for Finding { number, layer, attack, tried, condition, measured, has_passed } in findings {
        let verdict = if *has_passed { "pass" } else { "**FAIL**" };
        let cells = [number, attack, layer, tried, condition, measured].map(|cell| cell.replace('|', "\\|"));
        text.push_str(&format!("| {} | {verdict} |\n", cells.join(" | ")));
    }
    text
}

/// The control of T21 shows that the attack can succeed at all.
fn control(findings: &[Finding]) -> String {
    let control = findings.iter().find(|finding| finding.number == "T21" && finding.attack.starts_with("control"));
    control.map_or_else(
        || "The control of T21 DID NOT RUN: its figures show nothing.\n".to_owned(),
        |control| {
            let says = if control.has_passed { "succeeds, as it must" } else { "DOES NOT SUCCEED: T21 shows nothing" };
            format!(
                "The control of T21, the same attack on exact means from five contributors on, {says}: {}.\n",
                control.measured
            )
        },
    )
}

/// The date, UTC (Hinnant's `civil_from_days`).
fn today() -> String {
    let days = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs() / 86_400) + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let (day, month) =
        (day_of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}
