//! Approvers, and what they approve.

use std::path::Path;

use store::benchmark::builder::{BenchmarkKey, Builder};

use crate::cli::{CliResult, print};

pub(super) async fn add(builder: &Builder, name: &str, path: &Path) -> CliResult {
    let is_new = !path.exists();
    let approver = builder.add_approver(name, &BenchmarkKey::open(path)?).await?;
    let made = if is_new {
        format!("Made a key in {}; keep it where only {name} can read it.\n", path.display())
    } else {
        String::new()
    };
    print(&format!("{made}{} may approve releases, with the public key {}.\n", approver.name, approver.public_key))
}

pub(super) async fn remove(builder: &Builder, name: &str) -> CliResult {
    builder.remove_approver(name).await?;
    print(&format!("{name} approves no more; approvals of releases that are not published yet do not count.\n"))
}

pub(super) async fn list(builder: &Builder) -> CliResult {
    let mut text = String::new();
    for approver in builder.approvers().await? {
        let until = approver.removed_at.map(|at| format!("  until {}", at.format("%Y-%m-%d"))).unwrap_or_default();
        let since = approver.added_at.format("%Y-%m-%d");
        text.push_str(&format!("{}  since {since}{until}  {}\n", approver.public_key, approver.name));
    }
    if text.is_empty() {
        eprintln!("There are no approvers. Add two: rolemark benchmark approver add NAME --key FILE");
    }
    print(&text)
}

pub(super) async fn approve(builder: &Builder, release: &str, approver: &str, path: &Path) -> CliResult {
    if !path.exists() {
        return Err(format!("--key: there is no file {}", path.display()).into());
    }
    let hash = builder.approve(release, approver, &BenchmarkKey::open(path)?).await?;
    let missing =
        store::benchmark::build::REQUIRED_APPROVALS.saturating_sub(builder.show(release).await?.approved_by.len());
    let next = match missing {
        0 => format!("Next: rolemark benchmark publish {release}"),
        1 => "One more approver is needed.".to_owned(),
        more => format!("{more} more approvers are needed."),
    };
    print(&format!("{approver} approved {release}: signed the manifest {hash}.\n{next}\n"))
}
