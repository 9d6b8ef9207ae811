//! Pages: forward, backward, at the ends, and what is refused.

mod cursors;
mod walking;

use rolemark_tests::{Answer, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use crate::steps::{change, create_all, organization};

pub use cursors::{cursors_of_other_lists_are_refused, foreign_bytes_are_no_cursors, sizes_out_of_range_are_refused};
pub use walking::{
    equal_keys_are_walked_once, every_list_is_walked_backward, every_list_is_walked_forward, last_and_before_meet,
    nothing_is_asked_for, roles_made_meanwhile_do_not_disturb,
};

/// The lists of an organization that hold seven entries here, with arguments of their own.
const LISTS: [&str; 8] = [
    "roleConfigurations",
    "roleConfigurations orderBy: { field: SCORE, direction: DESC }",
    "roleConfigurations orderBy: { field: UPDATED_AT, direction: ASC }, filter: { status: [DRAFT] }",
    "roleConfigurations orderBy: { field: HEADCOUNT, direction: DESC }",
    "roleConfigurations orderBy: { field: CREATED_AT, direction: DESC }",
    "scenarios orderBy: { field: GAIN, direction: ASC }",
    "consultantGrants filter: { state: [PENDING, ACTIVE] }",
    "auditEvents filter: { objectType: \"RoleConfiguration\", action: \"roleConfiguration.update\" }",
];
const ENTRIES: usize = 7;

/// An organization in which each of [`LISTS`] has seven entries, with equal keys in some orders.
async fn seven_of_everything(t: &TestServer) -> SignedIn {
    let admin = sign_up(t, "Northwind").await;
    let role = |number: usize| -> Value {
        let stages =
            [json!([]), json!([{ "title": "A", "stage": "HUMAN" }]), json!([{ "title": "A", "stage": "AT_RISK" }])];
        json!({ "title": format!("Role {}", ENTRIES - number), "headcount": 1 + number % 2, "tasks": stages[number % 3] })
    };
    let roles = create_all(&admin, (0..ENTRIES).map(role).collect()).await;
    for at in &roles {
        change(&admin.client, "updateRoleConfiguration", at, json!({ "level": "Senior" })).await;
    }
    let pair = crate::scenarios::canonical(&["rolemark:backend-engineer", "rolemark:devops-engineer"]);
    let other = crate::scenarios::canonical(&["rolemark:backend-engineer", "rolemark:data-engineer"]);
    for number in 0..ENTRIES {
        crate::consultancy::grant(&admin, json!({ "email": format!("person.{number}@example.org") })).await;
        let roles = if number % 2 == 0 { pair.clone() } else { other.clone() };
        crate::scenarios::save(&admin, &format!("Scenario {number}"), roles).await;
    }
    admin
}

/// A page of a list of [`LISTS`] with more arguments.
async fn page(admin: &SignedIn, list: &str, arguments: &str) -> Answer {
    let (name, own) = list.split_once(' ').unwrap_or((list, ""));
    let arguments = format!("{own} {arguments}");
    // Parentheses without anything between them are no GraphQL.
    let arguments = if arguments.trim().is_empty() { String::new() } else { format!("({arguments})") };
    let selection = "totalCount edges { cursor node { id } } nodes { id }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
    organization(admin, &format!("list: {name}{arguments} {{ {selection} }}")).await
}

/// What a page holds.
struct Page {
    ids: Vec<String>,
    cursors: Vec<String>,
    info: Value,
}

impl Page {
    #[track_caller]
    fn of(answer: &Answer) -> Self {
        let list = answer.at("organization.list");
        let ids = crate::steps::texts(&list["nodes"], "id");
        let edges = list["edges"].as_array().cloned().unwrap_or_default();
        let of_edges: Vec<_> = edges.iter().map(|edge| edge["node"]["id"].as_str().unwrap_or_default()).collect();
        assert_eq!(of_edges, ids, "nodes and edges hold the same: {answer}");
        let cursors = crate::steps::texts(&list["edges"], "cursor");
        let info = list["pageInfo"].clone();
        assert_eq!(info["startCursor"].as_str(), cursors.first().map(String::as_str), "{answer}");
        assert_eq!(info["endCursor"].as_str(), cursors.last().map(String::as_str), "{answer}");
        assert_eq!(list["totalCount"], ENTRIES, "{answer}");
        Self { ids, cursors, info }
    }
}
