//! The README's queries give the answers that stand there.

use rolemark_tests::{Client, TestServer};
use serde_json::{Value, json};

const README: &str = include_str!("../../README.md");

pub async fn queries_give_the_printed_answers(t: &TestServer) {
    let server = TestServer::fresh(t.backend()).await.expect("a server of its own");
    let token = server.prepare_demo().await;
    let client = Client::anonymous(server.url()).with_token(&token);
    let pairs = pairs();
    assert_eq!(pairs.len(), 3, "the README has three queries");
    for (query, printed) in pairs {
        let answer = client.graphql(query, json!({})).await;
        assert_eq!(answer.body, printed, "{query}");
    }
    server.stop().await;
}

/// Each block of GraphQL with the block of JSON that follows.
fn pairs() -> Vec<(&'static str, Value)> {
    let blocks = README.split("```graphql\n").skip(1);
    let pair = |block: &'static str| {
        let (query, rest) = block.split_once("```").expect("the query's end");
        let json = rest.split_once("```json\n").expect("an answer").1;
        let json = json.split_once("```").expect("the answer's end").0;
        (query, serde_json::from_str(json).expect("the answer is JSON"))
    };
    blocks.map(pair).collect()
}
