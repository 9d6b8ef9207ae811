//! A database that goes away.

use std::time::{Duration, Instant};

use rolemark_tests::{Client, Host, Result, TestServer};

/// Longer than the server waits for a connection or a statement.
const PATIENCE: Duration = Duration::from_secs(30);

pub async fn database_may_go_and_come_back(_: &TestServer) -> Result<()> {
    let host = Host::private().await?;
    let server = TestServer::on_host(host.clone(), |_| ()).await?;
    let client = server.anonymous();
    wait_for_readiness(&client, 200).await;

    host.cluster().stop_server()?;
    wait_for_readiness(&client, 503).await;
    assert_eq!(client.get("/livez").await.status, 200, "the server itself is alive");

    host.cluster().start_server()?;
    wait_for_readiness(&client, 200).await;
    server.stop().await;
    host.cluster().shut_down().await
}

async fn wait_for_readiness(client: &Client, status: u16) {
    let start = Instant::now();
    loop {
        let answer = client.get("/readyz").await;
        if answer.status == status {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "/readyz never became {status}: {answer}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
