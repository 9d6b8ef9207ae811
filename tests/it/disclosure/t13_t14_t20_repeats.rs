//! T13, T14, T20: asking again, building again, and what else an answer could tell.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use rolemark_tests::{Client, Result, TestServer};
use serde_json::Value;

use super::finding::{Finding, trials};
use super::gate_world::{FIVE_OF_TWELVE, MANY, NEW_ONES, NINE_OWNERS, SYBILS, TEN, World, world};
use super::reading::{ALL, CELL, cell, question};

pub(crate) async fn t13_the_same_question_again(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let role = world.key(MANY);
    let repeats = trials(60, 1_000);
    let mut bodies = BTreeSet::new();
    let mut answers = 0;
    let readers = [&world.reader, &world.partners[0], &world.partners[1]];
    for reader in readers {
        for _ in 0..repeats / 3 + 1 {
            bodies.insert(cell(&reader.client, role, ALL).await.to_string());
            answers += 1;
        }
        // As many aliases as a request may have.
        for _ in 0..5 {
            let one = |number| format!("c{number}: roleBenchmark(role: \"{role}\", segment: {ALL}) {{ {CELL} }} ");
            let answer = reader.client.query(&format!("{{ {} }}", (0..20).map(one).collect::<String>())).await;
            let found = answer.data().as_object().cloned().unwrap_or_default();
            answers += found.len();
            bodies.extend(found.values().map(Value::to_string));
        }
    }
    // Another process with nothing in memory, as after a restart.
    let replica = world.server().replica().await?;
    for reader in readers {
        let client = replica.anonymous().with_token(&reader.token);
        bodies.insert(cell(&client, role, ALL).await.to_string());
        answers += 1;
    }
    replica.stop().await;
    let hundred = (0..100).map(|number| format!("c{number}: roleBenchmark(role: \"{role}\") {{ withheld }} "));
    let refused = world.reader.client.query(&format!("{{ {} }}", hundred.collect::<String>())).await;
    Finding {
        number: "T13",
        attack: "the same question again and again",
        tried: format!(
            "{answers} answers to 3 users, 20 aliases in a request, a fresh server; 100 aliases in a request"
        ),
        condition: "1 distinct body; 100 aliases are refused",
        measured: format!("{} distinct; 100 aliases: {}", bodies.len(), refused.error_codes().join(" ")),
    }
    .judge(world.server(), bodies.len() == 1 && !refused.error_codes().is_empty());
    Ok(())
}

pub(crate) async fn t14_building_again(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let [resumed, again] = &world.roots;
    Finding {
        number: "T14",
        attack: "build twice, kill and resume",
        tried: format!(
            "a builder killed {} times and resumed; the cells computed again from the contributions",
            world.kills
        ),
        condition: "identical roots of the cells",
        measured: format!("{} and {}", &resumed[..16.min(resumed.len())], &again[..16.min(again.len())]),
    }
    .judge(world.server(), resumed == again && resumed.len() == 64 && world.kills > 0);
    Ok(())
}

/// What a canonical role, its place in a search, and counts of lists say: the same whether anything is published.
async fn around(client: &Client, key: &str) -> Result<Vec<Value>> {
    let query = "{ canonicalRoles(first: 100) { totalCount nodes { key } } }";
    let list = client.query(query).await;
    let nodes = list.at("canonicalRoles.nodes").as_array().cloned().unwrap_or_default();
    let keys: Vec<String> = nodes.iter().filter_map(|node| node["key"].as_str().map(str::to_owned)).collect();
    let missing = format!("{{ roleBenchmark(role: \"{key}\", release: \"1999-Q1\") {{ withheld }} }}");
    let missing = client.query(&missing).await;
    Ok(vec![keys.contains(&key.to_owned()).into(), missing.error_codes().join(" ").into()])
}

pub(crate) async fn t20_an_oracle_beside_the_answer(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let client = &world.reader.client;
    let (shown, withheld) = (world.key(MANY), [NINE_OWNERS, 0, TEN - 1].map(|role| world.key(role)));
    let mut differences = 0;
    for key in withheld {
        differences += usize::from(around(client, key).await? != around(client, shown).await?);
    }
    // Whatever is published, searches rank alike: as on a server without any release.
    for word in ["engineer", "analyst"] {
        let search = |client: &Client| {
            let client = client.clone();
            let query =
                format!("{{ canonicalRoles(first: 50, filter: {{ search: \"{word}\" }}) {{ nodes {{ key }} }} }}");
            async move { client.query(&query).await }
        };
        let other = rolemark_tests::sign_up(t, "Elsewhere").await;
        differences += usize::from(search(client).await.text() != search(&other.client).await.text());
    }
    // What is shown is longer than what is not; how long that takes to write is no secret. So little is asked.
    let brief = |role: &str| format!("{{ roleBenchmark(role: \"{role}\", segment: {ALL}) {{ withheld isFallback }} }}");
    let short = medians(client, &[brief(shown), brief(withheld[0])]).await;
    // And among those withheld, whatever the reason, everything.
    let reasons = [0, TEN - 1, NINE_OWNERS, FIVE_OF_TWELVE].map(|role| question(world.key(role), ALL));
    let long = medians(client, &reasons).await;
    let statements = statements(world, shown, withheld[0]).await;
    Finding {
        number: "T20",
        attack: "an oracle beside the answer",
        tried: format!(
            "lists, errors, searches; {} questions each for a shown and a withheld cell, and for four reasons",
            trials(100, 500)
        ),
        condition: "no difference; medians within 2 ms or 20 %; as many statements",
        measured: format!(
            "{differences} differences; shown and withheld {short:.2?} ms; four reasons {long:.2?} ms; statements \
             {statements:?}"
        ),
    }
    .judge(world.server(), differences == 0 && are_alike(&short) && are_alike(&long) && statements[0] == statements[1]);
    Ok(())
}

/// Whether medians lie within 2 ms or 20 %.
fn are_alike(medians: &[f64]) -> bool {
    let (least, most) = (medians.iter().copied().fold(f64::MAX, f64::min), medians.iter().copied().fold(0.0, f64::max));
    most - least <= 2.0 || most - least <= 0.2 * most
}

/// The medians of the answers' times in milliseconds, asked in turns.
async fn medians(client: &Client, questions: &[String]) -> Vec<f64> {
    let mut times = vec![Vec::new(); questions.len()];
    for _ in 0..trials(100, 500) {
        for (times, question) in times.iter_mut().zip(questions) {
            let begun = Instant::now();
            let answer = client.query(question).await;
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
            assert_eq!(answer.status, 200, "{answer}");
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    times.into_iter().map(median).collect()
}

/// The statements of a question, the least of many since others ask meanwhile: for a shown and for a withheld cell.
async fn statements(world: &World, shown: &str, withheld: &str) -> [u64; 2] {
    let mut least = [u64::MAX; 2];
    for _ in 0..40 {
        for (least, role) in least.iter_mut().zip([shown, withheld]) {
            let before = world.server().statements().await;
            assert!(world.reader.client.query(&question(role, ALL)).await.data().is_object());
            *least = (*least).min(world.server().statements().await - before);
        }
    }
    least
}

/// T26 on the ledger of the real builder: its draws come from the real generator.
pub(crate) async fn t26_the_ledger_is_calibrated(t: &TestServer) -> Result<()> {
    let world = world(t).await?;
    let mut direct = world.direct().await?;
    let mut draws: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let sql = "SELECT CAST(draw AS text) FROM builder.shared_noise WHERE statistic NOT LIKE '%second_moment'";
    let shared = direct.texts(sql).await?.into_iter().filter_map(|text| text.parse::<f64>().ok());
    draws.insert("shared_noise", shared.collect());
    let own = direct.texts("SELECT draws FROM builder.cell_noise").await?;
    let own = own.iter().flat_map(|text| serde_json::from_str::<BTreeMap<String, f64>>(text).unwrap_or_default());
    let own = own.filter(|(statistic, _)| !statistic.ends_with("second_moment"));
    draws.insert("cell_noise", own.map(|(_, draw)| draw).collect());
    let mut has_passed = true;
    let texts = draws.iter().map(|(table, values)| {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let sd = (values.iter().map(|value| value * value).sum::<f64>() / count).sqrt();
        let errors = ((sd / 1_000.0 - 1.0) * (2.0 * count).sqrt(), mean / 1_000.0 * count.sqrt());
        has_passed &= values.len() > 100 && errors.0.abs() < 4.0 && errors.1.abs() < 4.0;
        format!("{table}: {count} draws, sd {sd:.0}, mean {mean:+.0}")
    });
    let measured = texts.collect::<Vec<_>>().join("; ");
    let contributors = [world.counted(SYBILS).await?, world.counted(NEW_ONES).await?];
    assert!(contributors[0] > 0);
    Finding {
        number: "T26",
        attack: "the builder's ledger of noise",
        tried: "all draws of the release but those of second moments, from the operating system's generator".to_owned(),
        condition: "sd 1,000 and mean 0 within 4 standard errors",
        measured,
    }
    .judge(world.server(), has_passed);
    Ok(())
}
