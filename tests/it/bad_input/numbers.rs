//! Numbers that are none, or none of those that are possible.

use rolemark_tests::{TestServer, sign_up};
use serde_json::{Value, json};

use super::{assert_all_refused, with_tasks};
use crate::steps::{counts, create};

pub async fn numbers_out_of_range_name_their_field(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let of = |field: &str, value: Value| json!({ "title": "R", field: value });
    let skill = |field: &str, value: Value| json!({ "title": "R", "skills": [{ "name": "A", "trend": "STABLE", field: value }] });
    let mut cases = Vec::new();
    for value in [json!(0), json!(-1), json!(-0.0), json!(1e-300), json!(1_000_000.5), json!(1e308)] {
        cases.push((of("headcount", value), vec![("OUT_OF_RANGE", "headcount")]));
    }
    for value in [json!(-0.001), json!(0.801), json!(-1e308)] {
        cases.push((of("coordinationShare", value), vec![("OUT_OF_RANGE", "coordinationShare")]));
    }
    for value in [json!(-0.001), json!(1.001)] {
        cases.push((of("currentAiAdoption", value.clone()), vec![("OUT_OF_RANGE", "currentAiAdoption")]));
        cases.push((skill("automationRisk", value.clone()), vec![("OUT_OF_RANGE", "skills.0.automationRisk")]));
        let task = with_tasks(json!([{ "title": "A", "consequence": value }]));
        cases.push((task, vec![("OUT_OF_RANGE", "tasks.0.consequence")]));
    }
    for value in [0, 6, -1, 256, i32::MAX, i32::MIN] {
        cases.push((skill("proficiency", json!(value)), vec![("OUT_OF_RANGE", "skills.0.proficiency")]));
    }
    assert_all_refused(&admin, cases).await;
    create(&admin, json!({ "title": "R", "headcount": 0.000_001, "coordinationShare": 0, "currentAiAdoption": 1 }))
        .await;
    create(&admin, json!({ "title": "R", "headcount": 1_000_000, "coordinationShare": 0.8, "currentAiAdoption": 0 }))
        .await;
}

/// JSON has no infinity; what a parser makes of 1e400 is its own affair, but it never becomes a headcount.
pub async fn numbers_beyond_floats_are_refused(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let before = counts(&admin).await;
    let document =
        "mutation($i: CreateRoleConfigurationInput!) { createRoleConfiguration(input: $i) { userErrors { code } } }";
    for number in
        ["1e400", "-1e400", "NaN", "Infinity", "0x10", "1.", ".5", "+1", "\"NaN\"", "\"1\"", "true", "[1, 2]", "{}"]
    {
        let body = format!(
            r#"{{"query":"{document}","variables":{{"i":{{"organizationId":"{}","role":{{"title":"A","headcount":{number}}}}}}}}}"#,
            admin.organization_id
        );
        let answer = admin.client.post_raw(Some("application/json"), body).await;
        assert_nothing_ran(&answer, number);
    }
    for number in ["1e400", "-1e400", "NaN", "\"NaN\"", "99999999999999999999999999999999999999999999999", "true"] {
        let role = format!("{{ title: \"A\", headcount: {number} }}");
        let input = format!("{{ organizationId: \"{}\", role: {role} }}", admin.organization_id);
        let answer = admin
            .client
            .query(&format!("mutation {{ createRoleConfiguration(input: {input}) {{ userErrors {{ code }} }} }}"))
            .await;
        assert_nothing_ran(&answer, number);
    }
    assert_eq!(counts(&admin).await, before);
}

#[track_caller]
fn assert_nothing_ran(answer: &rolemark_tests::Answer, what: &str) {
    let payload = &answer.body["data"]["createRoleConfiguration"];
    let is_refused = !answer.body["errors"].is_null() && payload.is_null();
    let is_user_error = payload["userErrors"][0]["code"] == "OUT_OF_RANGE";
    assert!(is_refused || is_user_error, "{what}: {answer}");
    assert!(!answer.error_codes().contains(&"INTERNAL_SERVER_ERROR"), "{what}: {answer}");
}

/// A list of mutations of which the second cannot be understood: the first must not have been carried out.
pub async fn half_of_a_request_is_not_carried_out(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let before = counts(&admin).await;
    let document = "mutation($a: CreateRoleConfigurationInput!, $b: CreateRoleConfigurationInput!) {
        one: createRoleConfiguration(input: $a) { userErrors { code } }
        two: createRoleConfiguration(input: $b) { userErrors { code } } }";
    let of = |role: Value| json!({ "organizationId": admin.organization_id, "role": role });
    let skill = json!({ "name": "A", "trend": "STABLE", "proficiency": 2_147_483_648_i64 });
    let wrong = [
        of(json!({ "title": 7 })),
        of(json!({ "title": "B", "headcount": "1" })),
        of(json!({ "title": "B", "x": 1 })),
        of(json!({ "title": "B", "skills": [skill] })),
        json!(7),
        json!([]),
    ];
    for wrong in wrong {
        let right = of(json!({ "title": "A" }));
        let answer = admin.client.graphql(document, json!({ "a": right, "b": wrong })).await;
        assert_eq!(answer.error_codes().len(), 1, "{wrong}: {answer}");
        assert_eq!(counts(&admin).await, before, "{wrong}: the first half was carried out: {answer}");
    }
}

/// A request whose variables cannot be coerced has not begun: GraphQL over HTTP wants 400 and no `data`.
pub async fn variables_that_do_not_fit_are_400(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let list = "query($o: ID!, $n: Int) { organization(id: $o) { roleConfigurations(first: $n) { totalCount } } }";
    let create =
        "mutation($i: CreateRoleConfigurationInput!) { createRoleConfiguration(input: $i) { userErrors { code } } }";
    let organization = &admin.organization_id;
    let mut begun = Vec::new();
    for (document, variables) in [
        (node, json!({})),
        (node, json!({ "id": null })),
        (node, json!({ "id": { "a": 1 } })),
        (list, json!({ "o": organization, "n": "two" })),
        (list, json!({ "o": organization, "n": 2.5 })),
        (list, json!({ "o": organization, "n": 2_147_483_648_i64 })),
        (create, json!({ "i": 7 })),
        (create, json!({ "i": { "organizationId": organization } })),
        (create, json!({ "i": { "organizationId": organization, "role": { "title": null } } })),
        (create, json!({ "i": { "organizationId": organization, "role": { "title": "A", "unknown": 1 } } })),
        (create, json!({ "i": { "organizationId": organization, "role": { "title": "A", "headcount": "1" } } })),
        (
            create,
            json!({ "i": { "organizationId": organization, "role": { "title": "A", "tasks": [{ "title": "B", "stage": "X" }] } } }),
        ),
    ] {
        let answer = admin.client.graphql(document, variables.clone()).await;
        assert!(!answer.error_code().is_empty(), "{variables}: {answer}");
        if answer.status != 400 || answer.body.get("data").is_some() {
            begun.push(format!("{variables}: {answer}"));
        }
    }
    assert!(begun.is_empty(), "{}", begun.join("\n"));
}
