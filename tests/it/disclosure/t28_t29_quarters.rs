//! T28, T29: what changes from quarter to quarter.

use rolemark_tests::{Result, TestServer};
use serde_json::Value;

use super::exact_world::{MOVING, world};
use super::finding::Finding;
use super::reading::{ALL, cell_of};

pub(crate) async fn t28_segment_hopping(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let changes = world.hops.windows(2).filter(|pair| pair[0] != pair[1]).count();
    Finding {
        number: "T28",
        attack: "segment hopping",
        tried: "another industry declared, and verified by the operator, before each of 4 releases".to_owned(),
        condition: "at most 1 change in 4 releases",
        measured: format!("{changes} changes; atoms {:?}", world.hops),
    }
    .judge(world.server(), changes <= 1 && world.hops.len() == 4);
    Ok(())
}

pub(crate) async fn t29_trends(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let releases = world.releases();
    let role = world.key(MOVING);
    let mut means = Vec::new();
    for release in &releases {
        let cell = cell_of(&world.reader.client, role, ALL, release).await;
        means.push(cell["aiImpactScore"]["mean"].as_f64().unwrap_or(f64::NAN));
    }
    let (mut looked_at, mut wrong) = (0, 0);
    for (later, key) in releases.iter().enumerate() {
        for (earlier, since) in releases[..later].iter().enumerate() {
            let query = format!(
                "{{ roleBenchmark(role: \"{role}\", segment: {ALL}, release: \"{key}\") {{
                    trend(since: \"{since}\") {{ differencePoints }} }} }}"
            );
            let answer = world.reader.client.query(&query).await;
            let shown = answer.at("roleBenchmark.trend.differencePoints").as_f64();
            looked_at += 1;
            wrong += usize::from(shown != Some(means[later] - means[earlier]));
        }
    }
    let query = "{ __type(name: \"BenchmarkTrend\") { fields { name } } }";
    let answer = world.reader.client.query(query).await;
    let fields: Vec<&str> = answer.at("__type")["fields"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|field| field["name"].as_str())
        .collect();
    let is_marked = marks(&world.reader.client).await;
    Finding {
        number: "T29",
        attack: "trends through GraphQL",
        tried: format!("{looked_at} trends among 4 releases of 110 contributors, of which 30 change; means {means:?}"),
        condition: "equal to the difference of the shown values; no further statistic; releases without noise are marked",
        measured: format!("{wrong} differ; fields of a trend {fields:?}; marked {is_marked}"),
    }
    .judge(world.server(), wrong == 0 && looked_at == 6 && fields.iter().all(|name| ["since", "differencePoints"].contains(name)) && is_marked);
    Ok(())
}

/// Whether every release says that it is synthetic, loosened, and made without noise.
async fn marks(client: &rolemark_tests::Client) -> bool {
    let answer = client.query("{ benchmarkReleases { isSynthetic isLoosened codeRevision } }").await;
    let releases: &Vec<Value> = answer.at("benchmarkReleases").as_array().expect("a list");
    releases.len() == 4
        && releases.iter().all(|release| {
            let revision = release["codeRevision"].as_str().unwrap_or_default();
            release["isSynthetic"] == true && release["isLoosened"] == true && revision.ends_with("+zero-noise")
        })
}
