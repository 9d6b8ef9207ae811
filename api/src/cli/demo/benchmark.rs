//! What the demo shows of the benchmark, by the queries that anybody can send.

use std::{collections::BTreeMap, fmt::Write};

use domain::disclosure::{Industry, PeerGroup, SizeBand};
use serde_json::{Value, json};
use store::Store;

use super::{
    Caller,
    seed::{DemoOrganization, text},
    show::{list, number, word},
};

const RELEASES: &str = "{ benchmarkReleases { key publishedAt isSynthetic }
    canonicalRoles(first: 100, filter: { source: \"rolemark\" }) { nodes { key } } }";

/// The figures of a cell that are printed.
const CELL: &str = "withheld isFallback servedSegment { level industry } contributors { from to }
    aiImpactScore { mean marginOfError p25 p50 p75 }";

type ShowResult<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Prints what Northwind sees first; nothing if nothing was published.
pub(super) async fn show(store: &Store, northwind: &DemoOrganization) -> ShowResult<()> {
    let caller = Caller::with_token(store, &northwind.token).await?;
    let facts = caller.run(RELEASES, json!({})).await?;
    let releases = list(&facts, "/benchmarkReleases");
    let (Some(newest), Some(oldest)) = (releases.first(), releases.last()) else { return Ok(()) };
    let mark = if newest["isSynthetic"] == json!(true) { ", made from a synthetic world" } else { "" };
    println!("\nBenchmark: {} releases, {} to {}{mark}", releases.len(), word(oldest, "key"), word(newest, "key"));
    let roles: Vec<&str> = list(&facts, "/canonicalRoles/nodes").iter().map(|role| word(role, "key")).collect();
    println!("  cells of {} that are shown: {}", word(newest, "key"), count_cells(&caller, &roles).await?);
    show_backend(&caller).await
}

/// How many cells of each level the newest release shows.
async fn count_cells(caller: &Caller<'_>, roles: &[&str]) -> ShowResult<String> {
    let mut query = String::from("query($role: String!) {");
    for group in PeerGroup::ALL_129 {
        let segment = segment(group);
        write!(query, " g{}: roleBenchmark(role: $role, segment: {segment}) {{ withheld }}", group.index())?;
    }
    query.push_str(" }");
    let mut shown: BTreeMap<usize, usize> = BTreeMap::new();
    for role in roles {
        let answer = caller.run(&query, json!({ "role": role })).await?;
        for group in PeerGroup::ALL_129 {
            let cell = &answer[format!("g{}", group.index())];
            *shown.entry(level(group)).or_default() += usize::from(cell.is_object() && cell["withheld"].is_null());
        }
    }
    let levels = ["all", "by industry", "by industry and size", "by region"].into_iter().zip(shown.values());
    Ok(levels.map(|(level, number)| format!("{number} {level}")).collect::<Vec<_>>().join(", "))
}

/// Backend Engineer for all, its industry, and a small cell that is withheld.
async fn show_backend(caller: &Caller<'_>) -> ShowResult<()> {
    let industry = PeerGroup::Industry(Industry::Information);
    let small = SizeBand::ALL.map(|size| PeerGroup::IndustrySize(Industry::Information, size));
    let groups: Vec<PeerGroup> = [PeerGroup::All, industry].into_iter().chain(small).collect();
    let mut query = String::from("{");
    for group in &groups {
        let segment = segment(*group);
        let role = "rolemark:backend-engineer";
        write!(query, " g{}: roleBenchmark(role: \"{role}\", segment: {segment}) {{ {CELL} }}", group.index())?;
    }
    query.push_str(" }");
    let answer = caller.run(&query, json!({})).await?;
    let cell = |group: &PeerGroup| &answer[format!("g{}", group.index())];
    let withheld = groups.iter().find(|group| cell(group)["isFallback"] == json!(true));
    for group in [PeerGroup::All, industry].iter().chain(withheld) {
        println!("  Backend Engineer, {}: {}", name(*group), figures(cell(group)));
    }
    Ok(())
}

fn figures(cell: &Value) -> String {
    let score = &cell["aiImpactScore"];
    if score.is_null() {
        return "withheld".to_owned();
    }
    let band = &cell["contributors"];
    let mut line = if cell["isFallback"] == json!(true) {
        let level = text(cell, "/servedSegment/level").to_lowercase();
        format!("withheld; instead, of the level {level}: ")
    } else {
        String::new()
    };
    let to = band["to"].as_u64().map_or_else(|| "or more".to_owned(), |to| format!("to {to}"));
    line.push_str(&format!(
        "mean {} ± {:.1}, {} {to} contributors",
        number(score, "mean"),
        number(score, "marginOfError"),
        band["from"]
    ));
    if score["p50"].is_number() {
        line.push_str(&format!(
            "; quartiles {}, {}, {}",
            number(score, "p25"),
            number(score, "p50"),
            number(score, "p75")
        ));
    }
    line
}

/// The argument of `roleBenchmark` for a peer group.
fn segment(group: PeerGroup) -> String {
    match group {
        PeerGroup::All => "{ all: true }".to_owned(),
        PeerGroup::Industry(industry) => format!("{{ industry: {industry} }}"),
        PeerGroup::IndustrySize(industry, size) => {
            format!("{{ industryBySize: {{ industry: {industry}, sizeBand: {size} }} }}")
        }
        PeerGroup::Region(region) => format!("{{ region: {region} }}"),
    }
}

fn name(group: PeerGroup) -> String {
    match group {
        PeerGroup::All => "all contributors".to_owned(),
        PeerGroup::Industry(industry) => industry.to_string(),
        PeerGroup::IndustrySize(industry, size) => format!("{industry} {size}"),
        PeerGroup::Region(region) => region.to_string(),
    }
}

const fn level(group: PeerGroup) -> usize {
    match group {
        PeerGroup::All => 0,
        PeerGroup::Industry(_) => 1,
        PeerGroup::IndustrySize(..) => 2,
        PeerGroup::Region(_) => 3,
    }
}
