//! The crates keep to the table of the architecture: which of them may depend on what.

use std::process::Command;

use rolemark_tests::{Result, workspace_root};
use serde_json::Value;

/// A package and what its normal dependencies must not be; `*` at the end stands for any ending.
const FORBIDDEN: [(&str, &[&str]); 6] = [
    ("rolemark", &["sea-orm*", "rolemark-entity", "rolemark-migration", "sqlx*"]),
    ("rolemark-domain", &["tokio*", "sea-orm*", "sqlx*", "async-graphql*", "actix*", "rolemark*"]),
    ("rolemark-entity", &["rolemark*", "async-graphql*", "actix*"]),
    ("rolemark-migration", &["rolemark*", "async-graphql*", "actix*"]),
    ("rolemark-store", &["rolemark", "async-graphql*", "actix*"]),
    ("rolemark-tests", &["rolemark-store", "rolemark-entity", "rolemark-migration", "sea-orm*"]),
];

pub async fn every_crate_keeps_to_its_table() -> Result<()> {
    let metadata = cargo_metadata()?;
    let mut broken = Vec::new();
    for (package, patterns) in FORBIDDEN {
        for dependency in normal_dependencies(&metadata, package)? {
            let name = dependency["name"].as_str().unwrap_or_default();
            if patterns.iter().any(|pattern| matches(pattern, name)) {
                broken.push(format!("{package} must not depend on {name}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    Ok(())
}

/// The rules and the arithmetic get their identifiers handed in.
pub async fn domain_has_no_generator_of_identifiers() -> Result<()> {
    let metadata = cargo_metadata()?;
    for dependency in normal_dependencies(&metadata, "rolemark-domain")? {
        let features = dependency["features"].as_array().cloned().unwrap_or_default();
        let generators = ["v1", "v4", "v6", "v7", "rng"];
        let generates = features.iter().filter_map(Value::as_str).any(|feature| generators.contains(&feature));
        assert!(dependency["name"] != "uuid" || !generates, "domain asks uuid for a generator: {features:?}");
    }
    Ok(())
}

fn cargo_metadata() -> Result<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(workspace_root())
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn normal_dependencies<'a>(metadata: &'a Value, package: &str) -> Result<Vec<&'a Value>> {
    let packages = metadata["packages"].as_array().ok_or("cargo metadata names no packages")?;
    let found = packages.iter().find(|p| p["name"] == package).ok_or(format!("no package {package}"))?;
    let dependencies = found["dependencies"].as_array().ok_or("a package without dependencies")?;
    Ok(dependencies.iter().filter(|dependency| dependency["kind"].is_null()).collect())
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}
