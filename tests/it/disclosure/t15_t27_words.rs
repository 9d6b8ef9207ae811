//! T15, T27: arguments that should not be, and words that should not come out.

use rolemark_tests::{Result, TestServer};

use super::finding::Finding;
use super::gate_world::{MANY, TEN, world};
use super::reading::{LEVELS, ask};

pub(crate) async fn t15_other_filters(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let role = world.key(MANY);
    let arguments = [
        "segment: { industry: INFORMATION, region: WESTERN_EUROPE }",
        "segment: { all: true, industry: INFORMATION }",
        "segment: { industryBySize: { industry: INFORMATION, sizeBand: FROM_100_TO_499, region: WESTERN_EUROPE } }",
        "segment: { sizeBand: FROM_100_TO_499 }",
        "segment: { organizations: [\"a\", \"b\"] }",
        "segment: {}",
        "segment: { not: { industry: INFORMATION } }",
        "organizations: [\"a\"]",
        "excludeOwn: true",
        "minimum: 3",
        "filter: { score: 50 }",
        "at: \"2026-01-01\"",
        "first: 10",
    ];
    let fields = ["contributorCount", "count", "minimum", "maximum", "reason", "values", "organizations", "median"];
    let (mut tried, mut refused) = (0, 0);
    for (_, client) in world.attackers() {
        let with_argument =
            arguments.map(|argument| format!("{{ roleBenchmark(role: \"{role}\", {argument}) {{ withheld }} }}"));
        let with_field = fields.map(|field| format!("{{ roleBenchmark(role: \"{role}\") {{ {field} }} }}"));
        for query in with_argument.iter().chain(&with_field) {
            let answer = client.query(query).await;
            tried += 1;
            refused +=
                usize::from(answer.error_codes() == ["GRAPHQL_VALIDATION_FAILED"] && answer.body["data"].is_null());
        }
    }
    let unknown = others(&world.reader.client).await;
    Finding {
        number: "T15",
        attack: "filters beyond the lattice",
        tried: format!(
            "{tried} questions with other arguments and fields; introspection of everything named after the benchmark"
        ),
        condition: "validation errors; 0 arguments beyond role, segment, release, and since for a trend",
        measured: format!("{refused} refused; other arguments: {unknown:?}"),
    }
    .judge(world.server(), refused == tried && unknown.is_empty());
    Ok(())
}

/// Arguments of fields that answer with a benchmark, but the known ones.
async fn others(client: &rolemark_tests::Client) -> Vec<String> {
    let query =
        "{ __schema { types { name fields { name args { name } type { name ofType { name ofType { name } } } } } } }";
    let answer = client.query(query).await;
    let mut unknown = Vec::new();
    for kind in answer.at("__schema.types").as_array().into_iter().flatten() {
        for field in kind["fields"].as_array().into_iter().flatten() {
            let names = ["/type/name", "/type/ofType/name", "/type/ofType/ofType/name"]
                .iter()
                .filter_map(|path| field.pointer(path)?.as_str());
            let about = ["RoleBenchmark", "RolePosition", "CombinationBenchmark", "BenchmarkTrend", "ScoreStatistic"];
            if !names.clone().any(|name| about.contains(&name)) && kind["name"] != "RoleBenchmark" {
                continue;
            }
            let known = ["role", "segment", "release", "since"];
            let arguments =
                field["args"].as_array().into_iter().flatten().filter_map(|argument| argument["name"].as_str());
            unknown.extend(
                arguments
                    .filter(|name| !known.contains(name))
                    .map(|name| format!("{}.{}({name})", kind["name"], field["name"])),
            );
        }
    }
    unknown
}

/// Words of tenants: their names, the titles of roles and tasks, skills, summaries, tools.
pub(crate) async fn t27_words_of_tenants(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let canary = world.plan.canary.to_lowercase();
    let mut texts: Vec<(String, String)> = Vec::new();
    for (name, client) in world.attackers() {
        for role in [MANY, TEN, 0] {
            for level in LEVELS {
                texts.push((format!("the answer to {name}"), ask(client, world.key(role), level).await.text()));
            }
        }
        let releases = "{ benchmarkReleases { key manifest codeRevision policy { document } approvals { approver } } }";
        texts.push((format!("the releases told to {name}"), client.query(releases).await.text()));
        let list = "{ canonicalRoles(first: 100) { nodes { key title } } libraryCombinations { key benchmark { withheld share } } }";
        texts.push((format!("the library told to {name}"), client.query(list).await.text()));
    }
    texts.push(("the terminal of the operator".to_owned(), world.office.terminal.clone()));
    let mut direct = world.direct().await?;
    for table in ["benchmark_release", "benchmark_version", "benchmark_cell", "benchmark_approval", "benchmark_receipt"]
    {
        texts.push((table.to_owned(), direct.rows(table).await?.join("\n")));
    }
    for table in ["axis", "contribution", "draft_release", "draft_version", "draft_cell", "cell_noise", "shared_noise"]
    {
        let columns = columns(&mut direct, table).await?;
        let sql = format!("SELECT {columns} FROM builder.{table}");
        texts.push((table.to_owned(), direct.texts(sql).await?.join("\n")));
    }
    // An archive of an organization has its own words, and none of others: the insider's own ones bear no canary.
    let archive = world.insider.client.get(&format!("/organizations/{}/export", world.insider.organization_id)).await;
    let mut export = String::new();
    let mut files = tar::Archive::new(flate2::read::GzDecoder::new(&archive.bytes[..]));
    for file in files.entries()? {
        let mut file = file?;
        let name = file.path()?.display().to_string();
        if name.contains("benchmark") {
            std::io::Read::read_to_string(&mut file, &mut export)?;
        }
    }
    assert!(archive.status == 200 && !export.is_empty(), "the export has a part about the benchmark");
    texts.push(("the export's part about the benchmark".to_owned(), export));
    let hits: Vec<&str> = texts
        .iter()
        .filter(|(_, text)| text.to_lowercase().contains(&canary))
        .map(|(place, _)| place.as_str())
        .collect();
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    Finding {
        number: "T27",
        attack: "canaries in the words of tenants",
        tried: format!(
            "{} texts of {bytes} bytes: answers, manifest, export, terminal, published and builder's tables",
            texts.len()
        ),
        condition: "0 hits",
        measured: format!("{} hits {hits:?}", hits.len()),
    }
    .judge(world.server(), hits.is_empty() && bytes > 10_000);
    Ok(())
}

/// All columns of a table of the builder as one text.
async fn columns(direct: &mut crate::direct::Direct, table: &str) -> Result<String> {
    Ok(match direct {
        crate::direct::Direct::Postgres(_) => format!("{table}::text"),
        crate::direct::Direct::Sqlite(_) => {
            let sql = format!("SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}', 'builder')");
            direct.texts(sql).await?.join(" || '|' || ")
        }
    })
}
