//! Texts that are too long, hold what no text holds, or are only strange.

use rolemark_tests::{TestServer, sign_up};
use serde_json::{Value, json};

use super::{assert_all_refused, with_tasks};
use crate::steps::{counts, create, merged, role, try_create};

/// A pathway with changes.
fn pathway(changes: Value) -> Value {
    merged(json!({ "target": "Manager", "monthsFrom": 1, "monthsTo": 2 }), changes)
}

/// A role with one text put into each place that takes one, and the place's path. `short` for names, `long` for texts.
fn places(short: &str, long: &str) -> Vec<(Value, &'static str)> {
    let skill = |name: &str| json!({ "title": "R", "skills": [{ "name": name, "trend": "STABLE" }] });
    vec![
        (json!({ "title": short }), "title"),
        (json!({ "title": "R", "family": short }), "family"),
        (json!({ "title": "R", "level": short }), "level"),
        (json!({ "title": "R", "summary": long }), "summary"),
        (json!({ "title": "R", "technologyStack": ["Go", short] }), "technologyStack.1"),
        (with_tasks(json!([{ "key": "a", "title": short }])), "tasks.0.title"),
        (with_tasks(json!([{ "title": "A", "description": long }])), "tasks.0.description"),
        (with_tasks(json!([{ "title": "A", "rationale": long }])), "tasks.0.rationale"),
        (skill(short), "skills.0.name"),
    ]
}

pub async fn control_characters_are_refused(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    for text in ["nul\0", "\u{7}bell", "esc\u{1b}[0m", "delete\u{7f}", "c1\u{9d}x"] {
        let cases = places(text, text).into_iter().map(|(role, path)| (role, vec![("CONTROL_CHARACTER", path)]));
        assert_all_refused(&admin, cases.collect()).await;
        let external = json!({ "title": "R", "externalId": text });
        assert_all_refused(&admin, vec![(external, vec![("CONTROL_CHARACTER", "externalId")])]).await;
    }
    // Line breaks and tabs belong into texts, but not into names.
    let cases = places("two\nlines", "two\nlines\tand\r\na tab");
    for (role, path) in cases {
        match path {
            "summary" | "tasks.0.description" | "tasks.0.rationale" => drop(create(&admin, role).await),
            _ => assert_all_refused(&admin, vec![(role, vec![("CONTROL_CHARACTER", path)])]).await,
        }
    }
}

pub async fn long_texts_are_refused(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let (short, long) = ("é".repeat(201), "é".repeat(4_001));
    let cases = places(&short, &long).into_iter().map(|(role, path)| (role, vec![("TOO_LONG", path)]));
    assert_all_refused(&admin, cases.collect()).await;
    let before = counts(&admin).await;
    let answer = try_create(&admin, json!({ "title": "x".repeat(1 << 20) })).await;
    assert_eq!((answer.status, answer.error_code()), (413, "QUERY_TOO_COMPLEX"), "{answer}");
    let answer = try_create(&admin, json!({ "title": "x".repeat(200_000) })).await;
    assert_eq!(answer.user_error_codes("createRoleConfiguration"), ["TOO_LONG"], "{answer}");
    assert!(answer.bytes.len() < 2_000, "the answer does not repeat it");
    assert_eq!(counts(&admin).await, before);
}

pub async fn texts_at_their_limit_are_kept(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let (short, long) = ("名".repeat(200), "é".repeat(4_000));
    for (role_of, path) in places(&short, &long) {
        let at = create(&admin, role_of.clone()).await;
        let selection =
            "title family level summary technologyStack tasks { title description rationale } skills { name }";
        let found = role(&admin.client, &at.id, selection).await;
        let pointer = format!("/{}", path.replace('.', "/"));
        assert_eq!(found.pointer(&pointer), role_of.pointer(&pointer), "{path}");
    }
    for blank in ["", " ", "\u{3000}\u{a0}"] {
        let cases = vec![(json!({ "title": blank }), vec![("REQUIRED", "title")])];
        assert_all_refused(&admin, cases).await;
    }
}

/// The fields as the schema names them, not as the program does inside.
pub async fn faults_of_keys_and_pathways_name_their_field(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    let long = "x".repeat(201);
    let skill = json!({ "title": "R", "skills": [{ "name": "A", "trend": "STABLE", "canonicalSkillKey": "no key" }] });
    let of = |pathways: Value| json!({ "title": "R", "careerPathways": pathways });
    let many: Value = (0..51).map(|_| pathway(json!({}))).collect();
    let cases = vec![
        (
            with_tasks(json!([{ "title": "A", "canonicalTaskKey": "no key" }])),
            vec![("MALFORMED", "tasks.0.canonicalTaskKey")],
        ),
        (skill, vec![("MALFORMED", "skills.0.canonicalSkillKey")]),
        (of(json!([pathway(json!({ "target": long }))])), vec![("TOO_LONG", "careerPathways.0.target")]),
        (
            of(json!([pathway(json!({ "skills": ["A", "nul\0"] }))])),
            vec![("CONTROL_CHARACTER", "careerPathways.0.skills.1")],
        ),
        (of(json!([pathway(json!({ "monthsFrom": 0 }))])), vec![("OUT_OF_RANGE", "careerPathways.0.monthsFrom")]),
        (of(json!([pathway(json!({ "monthsTo": 601 }))])), vec![("OUT_OF_RANGE", "careerPathways.0.monthsTo")]),
        (of(many), vec![("TOO_MANY", "careerPathways")]),
    ];
    assert_all_refused(&admin, cases).await;
}

/// What is only unusual comes back as it went in, byte for byte.
pub async fn strange_texts_survive(t: &TestServer) {
    let admin = sign_up(t, "Northwind").await;
    for text in [
        "'; DROP TABLE role_configuration; --",
        "<script>alert(1)</script> & \"quotes\" \\ %s {{x}} ${y}",
        "👩🏽‍💻 développeuse e\u{301} \u{202e}evil\u{2066}",
        "\u{feff}bom\u{200b}zero\u{ad}",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ﷽ \u{10ffff}",
    ] {
        let at =
            create(&admin, json!({ "title": text, "summary": text, "tasks": [{ "key": "a", "title": text }] })).await;
        let found = role(&admin.client, &at.id, "title summary tasks { title }").await;
        assert_eq!(found, json!({ "title": text, "summary": text, "tasks": [{ "title": text }] }));
    }
    let before = counts(&admin).await;
    let lone = format!(
        r#"{{"query":"mutation($i: CreateRoleConfigurationInput!) {{ createRoleConfiguration(input: $i) {{ userErrors {{ code }} }} }}",
        "variables":{{"i":{{"organizationId":"{}","role":{{"title":"\ud800"}}}}}}}}"#,
        admin.organization_id
    );
    let answer = admin.client.post_raw(Some("application/json"), lone).await;
    assert_eq!(answer.status, 400, "half a character is no text: {answer}");
    assert_eq!(counts(&admin).await, before);
}
