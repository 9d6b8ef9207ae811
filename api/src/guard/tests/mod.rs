//! Tests of the guard, by what they attack.

mod cost;
mod document;
mod engine;
mod fragments;
mod text;
mod variables;

use async_graphql::Variables;
use async_graphql::parser::parse_query;

use super::{Checked, CostModel, GuardLimits, Refusal, RefusalCode, check_document, check_text, fill_in_defaults};

const SDL: &str = r#"
"A share between 0 and 1"
scalar Share
enum Stage { HUMAN AUTOMATED }
interface Node { id: ID! }
union Found = Role | Task
type PageInfo { hasNextPage: Boolean! }
type Role implements Node {
  id: ID!
  title: String!
  stack: [String!]!
  tasks: [Task!]!
  skills: [Skill!]!
  related(first: Int, last: Int, after: String): RoleConnection
  versions(first: Int! = 5): [Version!]!
}
type Version { number: Int! role: Role }
type Task implements Node { id: ID! stage: Stage! skills: [Skill!]! }
type Skill { key: String! }
type RoleEdge { cursor: String! node: Role }
type RoleConnection { edges: [RoleEdge] nodes: [Role] pageInfo: PageInfo! totalCount: Int }
input RoleInput { title: String tasks: [String!] }
type RolePayload { role: Role userErrors: [UserError!]! }
type UserError { message: String! }
type Query {
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  search(text: String): [Found!]!
  roles(first: Int, last: Int, after: String): RoleConnection
  role: Role
  clientComparison(input: ComparisonInput!): Comparison
}
input ComparisonInput { clientIds: [ID!] canonicalRoleKeys: [String!] family: String }
type Comparison { rows: [ComparisonRow!]! }
type ComparisonRow { cells: [ComparisonCell]! mix: [StageShare!]! }
type StageShare { stage: Stage! }
type ComparisonCell { score: Int }
type Mutation { createRole(input: RoleInput!): RolePayload! }
schema { query: Query mutation: Mutation }
"#;

const INTROSPECTION: &str = include_str!("introspection.graphql");

fn model() -> CostModel {
    CostModel::from_sdl(SDL).unwrap()
}

/// Text and document, as a transport checks them.
fn check_all(document: &str, name: Option<&str>, variables: &str) -> Result<Checked, Refusal> {
    let limits = GuardLimits::default();
    check_text(document, &limits)?;
    let parsed = parse_query(document).unwrap();
    let variables: Variables = serde_json::from_str(variables).unwrap();
    check_document(&parsed, name, &variables, &model(), &limits)
}

fn check(document: &str) -> Result<Checked, Refusal> {
    check_all(document, None, "{}")
}

fn refused(document: &str) -> Refusal {
    check(document).expect_err("the document must be refused")
}

/// The document is too complex, and the message says in what.
fn too_complex(document: &str, what: &str) {
    let refusal = refused(document);
    assert_eq!(refusal.code, RefusalCode::QueryTooComplex, "{}", refusal.message);
    assert!(refusal.message.starts_with(what), "{}", refusal.message);
}
