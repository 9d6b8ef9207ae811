//! Publishing, retracting, erasing.

use store::benchmark::builder::Builder;

use crate::cli::{CliResult, print};

pub(super) async fn publish(builder: &Builder, release: &str) -> CliResult {
    let record = builder.publish(release).await?;
    let marks = marks(record.is_loosened, record.release.is_synthetic);
    print(&format!("Published {release}{marks}: it can be read now, and does not change any more.\n"))
}

/// What a release must say of itself.
pub(super) fn marks(is_loosened: bool, is_synthetic: bool) -> String {
    let marks = [(is_loosened, "LOOSENED POLICY"), (is_synthetic, "SYNTHETIC")];
    let marks: Vec<&str> = marks.into_iter().filter_map(|(is_set, mark)| is_set.then_some(mark)).collect();
    if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) }
}

pub(super) async fn retract(builder: &Builder, release: &str, reason: &str, yes: bool) -> CliResult {
    if !yes {
        let record = builder.release(release).await?;
        let state = record.state;
        return Err(format!(
            "the release {release} is {state}; to retract it as a whole, for good, give --yes as well"
        )
        .into());
    }
    builder.retract(release, reason).await?;
    print(&format!("Retracted {release}: no figures are read from it any more. What was read cannot be called back.\n"))
}

pub(super) async fn erase(builder: &Builder) -> CliResult {
    let erased = builder.erase_expired().await?;
    if erased.values.is_empty() && erased.hashes + erased.withdrawn == 0 {
        return print("There is nothing to erase.\n");
    }
    let mut text = String::new();
    for release in erased.values {
        text.push_str(&format!("Erased the values that were contributed to {release}.\n"));
    }
    if erased.withdrawn > 0 {
        text.push_str(&format!(
            "Erased the values of {} contributions of organizations that left.\n",
            erased.withdrawn
        ));
    }
    if erased.hashes > 0 {
        text.push_str(&format!("Erased {} rows with hashes of contributors.\n", erased.hashes));
    }
    print(&text)
}
