//! A server that is told to stop ends what it has begun.

use std::time::{Duration, Instant};

use rolemark_tests::{Result, TestServer, sign_up};
use serde_json::json;
use tokio::net::TcpStream;

/// Long enough that the server is told to stop while it runs.
const DRAWS: usize = 100_000;
const SIMULATIONS: usize = 12;

pub async fn running_requests_end_well(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let person = sign_up(&server, "Stopping").await;
    let simulations: String = (0..SIMULATIONS)
        .map(|seed| {
            format!(
                "s{seed}: simulateRoleCombination(input: {{ monteCarlo: {{ seed: {seed}, draws: {DRAWS} }}, roles: [
                    {{ canonicalRoleKey: \"rolemark:backend-engineer\" }},
                    {{ canonicalRoleKey: \"rolemark:devops-engineer\" }}] }}) {{ monteCarlo {{ draws }} }} "
            )
        })
        .collect();
    let client = person.client.clone();
    let running = tokio::spawn(async move {
        let answer = client.graphql(&format!("{{ {simulations} }}"), json!({})).await;
        (answer, Instant::now())
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!running.is_finished(), "too fast to tell anything");
    let told = Instant::now();
    let stop = server.stop();
    let refused = async {
        // The moment between the word and the last connection that is taken.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let connection = TcpStream::connect(server.url().trim_start_matches("http://")).await;
        (connection.is_err(), Instant::now())
    };
    let ((), (is_refused, asked)) = tokio::join!(stop, refused);
    let stopped = Instant::now();
    let (answer, answered) = running.await?;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(answer.at("s1.monteCarlo.draws"), DRAWS, "{answer}");
    assert!(is_refused, "a new connection is taken");
    assert!(told < answered && asked < answered, "the request had ended before the server was told to stop");
    assert!(stopped < answered + Duration::from_secs(5), "stopping waited for something else");
    Ok(())
}
