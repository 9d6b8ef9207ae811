//! The audit log: every write leaves one entry, and reads leave none.

mod actors;
mod changes;
mod writes;

use rolemark_tests::{Answer, SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use crate::steps::{assert_close, change, create, node, organization, publish, texts};

pub use actors::{actors_are_members_as_long_as_they_are, actors_cost_the_same_however_many, log_is_filtered_by_who};
pub use changes::{roles_tell_before_and_after, scenarios_tell_before_and_after};
pub use writes::{
    every_write_leaves_one_entry, named_requests_keep_their_name, refused_writes_leave_none,
    signing_up_names_the_organization,
};

const ENTRY: &str = "id sequenceNumber occurredAt actorKind actorId action objectType objectId requestId details hash";

/// Entries of the audit log, the newest first.
async fn entries(admin: &SignedIn, arguments: &str) -> Vec<Value> {
    let answer = log(admin, arguments).await;
    answer.at("organization.auditEvents.nodes").as_array().cloned().unwrap_or_default()
}

async fn log(admin: &SignedIn, arguments: &str) -> Answer {
    organization(admin, &format!("auditEvents{arguments} {{ totalCount nodes {{ {ENTRY} }} }}")).await
}

pub async fn chain_has_no_gap(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let mut at = create(&admin, json!({ "title": "Title 0" })).await;
    for number in 1..=5 {
        at = change(&admin.client, "updateRoleConfiguration", &at, json!({ "title": format!("Title {number}") })).await;
    }
    let make = async |title: &str| create(&admin, json!({ "title": title })).await;
    tokio::join!(make("A"), make("B"), make("C"), make("D"));
    let mut found = entries(&admin, "(first: 100)").await;
    found.reverse();
    let numbers: Vec<_> = found.iter().filter_map(|entry| entry["sequenceNumber"].as_f64()).collect();
    assert_eq!(numbers, (1..=11).map(f64::from).collect::<Vec<_>>());
    let mut hashes = texts(&json!(found), "hash");
    let is_digest = |hash: &String| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(hashes.iter().all(is_digest), "{hashes:?}");
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), 11, "no two entries have the same hash");
    let times = texts(&json!(found), "occurredAt");
    assert!(times[..7].is_sorted(), "{times:?}");
    assert_eq!(found[0]["action"], "organization.create");
}

/// Organizations have chains of their own, even when their users do the same at the same moment.
pub async fn each_organization_has_its_own_chain(t: &TestServer) {
    let (one, two) = tokio::join!(sign_up(t, "One"), sign_up(t, "Two"));
    let role = json!({ "title": "Same" });
    tokio::join!(create(&one, role.clone()), create(&two, role.clone()), create(&one, role.clone()));
    let (of_one, of_two) = (entries(&one, "").await, entries(&two, "").await);
    assert_eq!((of_one.len(), of_two.len()), (3, 2));
    assert!(of_one.iter().all(|entry| of_two.iter().all(|other| other["hash"] != entry["hash"])));
    let id = of_one[0]["id"].as_str().unwrap_or_default();
    assert_eq!(node(&one.client, id, "AuditEvent", "hash").await["hash"], of_one[0]["hash"]);
    assert_eq!(node(&two.client, id, "AuditEvent", "hash").await, Value::Null);
}

pub async fn details_tell_what_changed(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let at = create(&admin, json!({ "title": "Before", "headcount": 2, "externalId": "HR-1" })).await;
    let more = json!({ "title": "After", "externalId": null, "headcount": 2.5 });
    change(&admin.client, "updateRoleConfiguration", &at, more).await;
    let newest = &entries(&admin, "(first: 1)").await[0];
    let details: Value = serde_json::from_str(newest["details"].as_str().unwrap_or_default()).unwrap_or_default();
    let changes = &details["changes"];
    assert_eq!(changes["title"], json!({ "before": "Before", "after": "After" }), "{details}");
    assert_eq!(changes["externalId"], json!({ "before": "HR-1", "after": null }), "{details}");
    assert_close(&changes["headcount"]["after"], 2.5, 1e-12);
    assert_eq!(changes.as_object().map(|changes| changes.len()), Some(3), "and nothing else: {details}");
    assert!(!newest["details"].as_str().unwrap_or_default().contains(&admin.password));
}

pub async fn log_is_filtered(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let one = create(&admin, json!({ "title": "One" })).await;
    let two = create(&admin, json!({ "title": "Two" })).await;
    publish(&admin.client, &one).await;
    change(&admin.client, "archiveRoleConfiguration", &two, json!({})).await;
    let all = entries(&admin, "").await;
    let middle = all[2]["occurredAt"].as_str().unwrap_or_default().to_owned();
    for (filter, expected) in [
        ("{}".to_owned(), 5),
        ("{ action: \"roleConfiguration.publish\" }".to_owned(), 1),
        ("{ action: \"roleConfiguration\" }".to_owned(), 0),
        ("{ objectType: \"RoleConfiguration\" }".to_owned(), 4),
        ("{ objectType: \"Scenario\" }".to_owned(), 0),
        (format!("{{ objectId: \"{}\" }}", one.id), 2),
        (format!("{{ objectId: \"{}\", action: \"roleConfiguration.archive\" }}", two.id), 1),
        (format!("{{ objectId: \"{}\", action: \"roleConfiguration.publish\" }}", two.id), 0),
        (format!("{{ from: \"{middle}\" }}"), 3),
        (format!("{{ until: \"{middle}\" }}"), 2),
        ("{ from: \"2999-01-01T00:00:00Z\" }".to_owned(), 0),
        ("{ until: \"2000-01-01T00:00:00+02:00\" }".to_owned(), 0),
    ] {
        let answer = log(&admin, &format!("(filter: {filter})")).await;
        let found = answer.at("organization.auditEvents.nodes").as_array().map(Vec::len);
        assert_eq!(found, Some(expected), "{filter}");
        assert_eq!(answer.at("organization.auditEvents.totalCount"), expected, "{filter}");
    }
    let answer = log(&admin, "(filter: { action: \"nul\\u0000\" })").await;
    assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{answer}");
    let answer = log(&admin, "(filter: { from: \"yesterday\" })").await;
    assert_eq!(answer.error_codes().len(), 1, "{answer}");
}
