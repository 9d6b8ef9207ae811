//! What passes the guard is harmless to the engine, and what the engine prints the cost model reads.

use std::time::{Duration, Instant};

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{EmptySubscription, Object, Request, Schema, SimpleObject};

use super::*;

#[derive(SimpleObject)]
struct Role {
    id: i32,
}

struct Query;

#[Object]
impl Query {
    async fn role(&self) -> Role {
        Role { id: 1 }
    }

    /// Roles, with "quotes" and { brackets in the description.
    async fn roles(&self, #[graphql(default = 30)] first: Option<i32>) -> Connection<String, Role, EmptyFields> {
        let _ = first;
        Connection::new(false, false)
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn touch(&self) -> bool {
        true
    }
}

fn schema() -> Schema<Query, Mutation, EmptySubscription> {
    Schema::new(Query, Mutation, EmptySubscription)
}

#[test]
fn the_printed_schema_is_understood() {
    let costs = CostModel::from_sdl(&schema().sdl()).unwrap();
    let document = parse_query("{roles{nodes{id} edges{node{id}}}}").unwrap();
    let checked = check_document(&document, None, &Variables::default(), &costs, &GuardLimits::default());
    assert_eq!(checked.unwrap().cost, 1 + 30 * (1 + 2));
}

/// Parses and validates on a stack as small as that of an actix worker.
fn run(document: String) -> Duration {
    let work = move || {
        let start = Instant::now();
        let schema = schema();
        let mut request = Request::new(document);
        let parsed = request.parsed_query().unwrap();
        let costs = CostModel::from_sdl(&schema.sdl()).unwrap();
        check_document(parsed, None, &Variables::default(), &costs, &GuardLimits::default()).unwrap();
        async_graphql::futures_util::FutureExt::now_or_never(schema.execute(request)).unwrap();
        start.elapsed()
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap()
}

#[test]
fn the_worst_that_passes_is_soon_answered() {
    let bomb: String = (0..8).map(|i| format!("fragment f{i} on Role{{...f{0} ...f{0}}}", i + 1)).collect();
    let nested = format!("{{{}role{{id}}{}}}", "...{".repeat(29), "}".repeat(29));
    let brackets = format!("{{role(x:{}{}){{id}}}}", "[".repeat(62), "]".repeat(62));
    for document in [
        format!("{{role{{...f0}}}}{bomb}fragment f8 on Role{{id}}"),
        format!("{{role{{{}}}}}", "id ".repeat(1_999)),
        nested,
        brackets,
        INTROSPECTION.to_owned(),
    ] {
        let size = document.len();
        let took = run(document);
        println!("{size} bytes: {took:?}");
        assert!(took < Duration::from_secs(2), "{took:?}");
    }
}
