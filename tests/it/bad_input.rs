//! Input that is wrong: what is said about it, and that nothing is kept of it.

mod disk;
mod identifiers;
mod numbers;
mod texts;

use rolemark_tests::{SignedIn, TestServer, sign_up};
use serde_json::{Value, json};

use crate::steps::{assert_faults, counts, create, role, try_create};

pub use disk::{full_disk_loses_nothing, read_only_file_is_said_at_once};
pub use identifiers::{
    identifiers_of_another_kind_are_refused, nul_in_a_key_is_no_defect,
    unknown_and_foreign_identifiers_are_the_same_in_mutations, unknown_and_foreign_identifiers_are_the_same_in_queries,
};
pub use numbers::{
    half_of_a_request_is_not_carried_out, numbers_beyond_floats_are_refused, numbers_out_of_range_name_their_field,
    variables_that_do_not_fit_are_400,
};
pub use texts::{
    control_characters_are_refused, faults_of_keys_and_pathways_name_their_field, long_texts_are_refused,
    strange_texts_survive, texts_at_their_limit_are_kept,
};

const CREATE: &str = "createRoleConfiguration";

/// Tries to make roles that must be refused with exactly these faults, and checks that nothing was made.
async fn assert_all_refused(admin: &SignedIn, cases: Vec<(Value, Vec<(&str, &str)>)>) {
    let before = counts(admin).await;
    for (role, faults) in cases {
        let answer = try_create(admin, role).await;
        let faults: Vec<_> = faults.iter().map(|(code, path)| (*code, format!("input.role.{path}"))).collect();
        let faults: Vec<_> = faults.iter().map(|(code, path)| (*code, path.as_str())).collect();
        assert_faults(&answer, CREATE, &faults);
    }
    assert_eq!(counts(admin).await, before, "something was made");
}

/// A role with these tasks.
fn with_tasks(tasks: Value) -> Value {
    json!({ "title": "Role", "tasks": tasks })
}

pub async fn unknown_stage_is_refused(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let before = counts(&admin).await;
    for stage in [json!("ROBOT"), json!("human"), json!(""), json!(1), json!(["HUMAN", "AT_RISK"])] {
        let answer = try_create(&admin, with_tasks(json!([{ "title": "A", "stage": stage }]))).await;
        assert_eq!(answer.error_codes().len(), 1, "{stage}: {answer}");
        let code = answer.error_code();
        assert!(matches!(code, "BAD_USER_INPUT" | "GRAPHQL_VALIDATION_FAILED"), "{stage}: {answer}");
        assert!(answer.body["data"][CREATE].is_null(), "{stage}: {answer}");
    }
    let document = format!(
        "mutation {{ createRoleConfiguration(input: {{ organizationId: \"{}\", role: {{ title: \"A\",
            tasks: [{{ title: \"B\", stage: ROBOT }}] }} }}) {{ userErrors {{ code }} }} }}",
        admin.organization_id
    );
    admin.client.query(&document).await.assert_refused(400, "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(counts(&admin).await, before);
}

pub async fn shares_must_add_up(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let with = |shares: &[Value]| {
        let task = |(number, share): (usize, &Value)| json!({ "title": format!("Task {number}"), "timeShare": share });
        with_tasks(shares.iter().enumerate().map(task).collect())
    };
    let sum = vec![("SHARES_DO_NOT_ADD_UP", "tasks")];
    let cases = vec![
        (with(&[json!(0.6), json!(0.6)]), sum.clone()),
        (with(&[json!(0.5), json!(0.4985)]), sum.clone()),
        (with(&[json!(0.5), json!(0.5015)]), sum.clone()),
        (with(&[json!(0), json!(0)]), sum),
        (with(&[json!(0.5), json!(null), json!(0.5)]), vec![("REQUIRED", "tasks.1.timeShare")]),
        (
            with(&[json!(-0.5), json!(1)]),
            vec![("OUT_OF_RANGE", "tasks.0.timeShare"), ("SHARES_DO_NOT_ADD_UP", "tasks")],
        ),
        (with(&[json!(1.5)]), vec![("OUT_OF_RANGE", "tasks.0.timeShare"), ("SHARES_DO_NOT_ADD_UP", "tasks")]),
    ];
    assert_all_refused(&admin, cases).await;
    for shares in
        [[json!(0.5), json!(0.501)], [json!(0.5), json!(0.499)], [json!(1), json!(0)], [json!(null), json!(null)]]
    {
        create(&admin, with(&shares)).await;
    }
}

pub async fn keys_are_not_taken_twice(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let named = |titles: &[&str]| with_tasks(titles.iter().map(|title| json!({ "title": title })).collect());
    let skills = |names: &[&str]| {
        let skills: Value = names.iter().map(|name| json!({ "name": name, "trend": "STABLE" })).collect();
        json!({ "title": "Role", "skills": skills })
    };
    let cases = vec![
        (named(&["Same", "Other", "Same"]), vec![("DUPLICATE_KEY", "tasks.2.key")]),
        (named(&["CI/CD", "ci cd"]), vec![("DUPLICATE_KEY", "tasks.1.key")]),
        (
            with_tasks(json!([{ "key": "a", "title": "One" }, { "key": "A", "title": "Two" }, { "title": "a" }])),
            vec![("DUPLICATE_KEY", "tasks.1.key"), ("DUPLICATE_KEY", "tasks.2.key")],
        ),
        (skills(&["Rust", "rust "]), vec![("DUPLICATE_KEY", "skills.1.name")]),
    ];
    assert_all_refused(&admin, cases).await;
    create(&admin, named(&["C", "C++", "C#"])).await;
    create(&admin, skills(&["C", "C++", "C#"])).await;
}

pub async fn lists_have_their_limits(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let list = |count: usize, entry: fn(usize) -> Value| -> Value { (0..count).map(entry).collect() };
    let task = |number: usize| json!({ "title": format!("Task {number}") });
    let skill = |number: usize| json!({ "name": format!("Skill {number}"), "trend": "STABLE" });
    let pathway = |number: usize| json!({ "target": format!("Role {number}"), "monthsFrom": 1, "monthsTo": 2 });
    let tool = |number: usize| json!(format!("Tool {number}"));
    let cases = vec![
        (json!({ "title": "R", "tasks": list(201, task) }), vec![("TOO_MANY", "tasks")]),
        (json!({ "title": "R", "skills": list(201, skill) }), vec![("TOO_MANY", "skills")]),
        (json!({ "title": "R", "technologyStack": list(101, tool) }), vec![("TOO_MANY", "technologyStack")]),
    ];
    assert_all_refused(&admin, cases).await;
    let full = json!({ "title": "R", "tasks": list(200, task), "skills": list(200, skill), "technologyStack": list(100, tool),
        "careerPathways": list(50, pathway) });
    let at = create(&admin, full).await;
    let found =
        role(&admin.client, &at.id, "tasks { key } skills { name } technologyStack careerPathways { target }").await;
    let lengths =
        ["tasks", "skills", "technologyStack", "careerPathways"].map(|list| found[list].as_array().map(Vec::len));
    assert_eq!(lengths, [Some(200), Some(200), Some(100), Some(50)]);

    let before = counts(&admin).await;
    let answer = try_create(&admin, json!({ "title": "R", "tasks": list(10_000, task) })).await;
    let is_refused = answer.status == 413 || answer.error_code() == "QUERY_TOO_COMPLEX";
    assert!(is_refused || answer.user_error_codes(CREATE) == ["TOO_MANY"], "{answer}");
    assert_eq!(counts(&admin).await, before);
}
