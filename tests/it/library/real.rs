//! The real O*NET and its labels, imported by the program itself while a server runs.

use std::path::Path;
use std::time::{Duration, Instant};

use rolemark_tests::{Client, Result, TestServer, sign_up};
use serde_json::{Value, json};

use super::{import::run_program, search::found};
use crate::steps::{assert_close, create_from, role};

/// How long a running server may take to see an edition that another process imported.
const PATIENCE: Duration = Duration::from_secs(10);
const DEVELOPERS: &str = "onet:15-1252.00";

pub async fn imported_occupations_are_served(t: &TestServer, data: &Path) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let admin = sign_up(&server, "Northwind").await;
    assert_eq!(occupations(&admin.client).await, 0);
    let output = run_program(&server, &["library", "import", "onet", &data.display().to_string()]).await?;
    assert!(output.is_success, "{}", output.text);

    let start = Instant::now();
    while occupations(&admin.client).await == 0 {
        assert!(start.elapsed() < PATIENCE, "the running server never saw the edition");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(occupations(&admin.client).await >= 900);
    attribution_travels(&admin.client).await;
    exposure_is_the_published_one(&admin.client, data).await?;
    assert_eq!(found(&admin.client, "sofware devloper", "").await.first().map(String::as_str), Some(DEVELOPERS));
    assert_eq!(found(&admin.client, "AngularJS Developer", ", source: \"onet\"").await[0], DEVELOPERS);

    let own = create_from(&admin, DEVELOPERS).await;
    let found = role(
        &admin.client,
        &own.id,
        "score { value unscoredTaskCount } tasks { isStageDerived }
        comparison { scoreDifference exposure { name } }",
    )
    .await;
    assert_eq!(found["comparison"]["scoreDifference"], 0.0);
    assert_eq!(found["comparison"]["exposure"].as_array().map(Vec::len), Some(7), "{found}");
    assert!(found["tasks"].as_array().is_some_and(|tasks| tasks.iter().any(|task| task["isStageDerived"] == true)));

    let again = run_program(&server, &["library", "import", "onet", &data.display().to_string()]).await?;
    assert!(again.is_success && again.text.contains("Already imported"), "{}", again.text);
    assert!(occupations(&admin.client).await >= 900);
    server.stop().await;
    Ok(())
}

async fn occupations(client: &Client) -> i64 {
    let answer = client.query("{ canonicalRoles(first: 0, filter: { source: \"onet\" }) { totalCount } }").await;
    answer.at("canonicalRoles.totalCount").as_i64().unwrap_or_default()
}

async fn attribution_travels(client: &Client) {
    let answer = client.query("{ libraryEditions { source isCurrent attribution license roleCount taskCount } }").await;
    let editions = answer.at("libraryEditions").as_array().cloned().unwrap_or_default();
    let onet = editions.iter().find(|edition| edition["source"] == "onet").cloned().unwrap_or(Value::Null);
    let credit = onet["attribution"].as_str().unwrap_or_default();
    for words in ["O*NET 29.3 Database", "U.S. Department of Labor", "CC BY 4.0", "Anthropic Economic Index", "OpenAI"]
    {
        assert!(credit.contains(words), "the credit does not say {words}: {credit}");
    }
    assert!(onet["taskCount"].as_i64() >= Some(18_000), "{onet}");
    assert!(editions.iter().any(|edition| edition["source"] == "rolemark" && edition["isCurrent"] == true), "{answer}");
}

/// Against the table of the authors, which the import does not read.
async fn exposure_is_the_published_one(client: &Client, data: &Path) -> Result<()> {
    let table = std::fs::read_to_string(data.join("eloundou_occ_level_soc15.csv"))?;
    let mut compared = 0;
    for row in table.lines().skip(1) {
        let Some((code, numbers)) = published(row) else { continue };
        let document = "query($key: String!) { canonicalRole(key: $key) { exposure { name value source } } }";
        let answer = client.graphql(document, json!({ "key": format!("onet:{code}") })).await;
        let Some(exposure) = answer.data()["canonicalRole"]["exposure"].as_array().cloned() else { continue };
        let names = ["GPT4_ALPHA", "GPT4_BETA", "GPT4_GAMMA", "HUMAN_ALPHA", "HUMAN_BETA", "HUMAN_GAMMA"];
        for (name, number) in names.iter().zip(numbers) {
            let measure = exposure.iter().find(|measure| measure["name"] == *name).cloned().unwrap_or(Value::Null);
            assert_close(&measure["value"], number, 1e-9);
        }
        if code == "15-1252.00" {
            let observed = exposure.iter().find(|measure| measure["name"] == "OBSERVED_EXPOSURE");
            assert_close(&observed.cloned().unwrap_or(Value::Null)["value"], 0.288, 1e-9);
        }
        compared += 1;
    }
    assert!(compared >= 30, "only {compared} occupations were compared");
    Ok(())
}

/// The code and the last six numbers of a row; titles may hold commas.
fn published(row: &str) -> Option<(&str, Vec<f64>)> {
    let code = row.split(',').next()?;
    let mut numbers: Vec<f64> = row.rsplit(',').take(6).map(str::parse).collect::<std::result::Result<_, _>>().ok()?;
    numbers.reverse();
    Some((code, numbers))
}
