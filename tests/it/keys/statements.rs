//! What it costs the database that a program asks.

use rolemark_tests::{Result, TestServer, sign_up};

use super::{Key, WHO, assert_lets_in, make};
use crate::direct::{Direct, NOTICED};

/// Noting the use: begin, update, commit.
const NOTE: u64 = 3;

async fn cost(server: &TestServer, key: &Key) -> u64 {
    let before = server.statements().await;
    assert_lets_in(&key.client.query(WHO).await, key);
    server.statements().await - before
}

async fn last_used(server: &TestServer, key: &Key) -> Result<Option<String>> {
    let mut database = Direct::superuser(server).await?;
    let row = key.row(&database);
    let sql = format!("SELECT CAST(last_used_at AS text) FROM api_key WHERE last_used_at IS NOT NULL AND {row}");
    Ok(database.texts(sql).await?.pop())
}

pub async fn use_costs_one_statement_a_second(t: &TestServer) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let admin = sign_up(&server, "Northwind").await;
    let key = make(&server, &admin, "Program", &["READ_ROLES"]).await;
    assert_eq!(last_used(&server, &key).await?, None);
    assert_eq!(cost(&server, &key).await, 1 + NOTE, "the first use is noted");
    let noted = last_used(&server, &key).await?;
    assert!(noted.is_some());
    assert_eq!(cost(&server, &key).await, 0, "who asks is known for a second");
    for _ in 0..2 {
        tokio::time::sleep(NOTICED).await;
        assert_eq!(cost(&server, &key).await, 1, "then it is looked up again, and not noted within a minute");
    }
    assert_eq!(last_used(&server, &key).await?, noted);
    for (ago, expected) in [(50, 1), (61, 1 + NOTE)] {
        let earlier = Direct::superuser(&server).await?.seconds_from_now(-ago);
        key.change(&server, &format!("last_used_at = {earlier}")).await?;
        let before = last_used(&server, &key).await?;
        tokio::time::sleep(NOTICED).await;
        assert_eq!(cost(&server, &key).await, expected, "used {ago} s ago");
        assert_eq!(last_used(&server, &key).await? == before, expected == 1, "used {ago} s ago");
    }
    server.stop().await;
    Ok(())
}
