//! What an orchestrator asks.

use rolemark_tests::TestServer;

pub async fn is_alive(t: &TestServer) {
    let answer = t.anonymous().get("/livez").await;
    assert_eq!(answer.status, 200, "{answer}");
}

pub async fn is_ready(t: &TestServer) {
    let answer = t.anonymous().get("/readyz").await;
    assert_eq!(answer.status, 200, "{answer}");
}
