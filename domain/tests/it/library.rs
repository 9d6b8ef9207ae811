use domain::library::{CombinationsFile, Edition, LibraryErrors, RoleFile, assemble};
use domain::roles::RoleLimits;
use domain::stage::Stage;
use serde_json::{Value, json};

use crate::fixtures::canonical_backend;

fn edition() -> Edition {
    let edition = json!({
        "key": "rolemark-2026.1", "title": "Curated edition", "source": "rolemark", "published_on": "2026-11-22",
        "license": "Apache-2.0", "attribution": "Written for Rolemark."
    });
    serde_json::from_value(edition).unwrap()
}

fn role_json() -> Value {
    json!({
        "key": "backend-engineer", "title": "Backend Engineer", "family": "Engineering", "occupation_code": "15-1252.00",
        "summary": "Builds services.", "alternate_titles": ["Backend Developer"], "coordination_share": 0.2,
        "technology_stack": ["PostgreSQL"],
        "tasks": [{
            "key": "incident-response", "title": "Incident response", "description": "Restore service.",
            "rationale": "Judgement under pressure.", "stage": "HUMAN", "consequence": 0.8
        }],
        "skills": [{ "name": "C++", "trend": "STABLE", "priority": "HIGH", "automation_risk": 0.2, "proficiency": 4 }],
        "pathways": [{
            "target": "Platform Engineer", "months_from": 12, "months_to": 18, "description": "By way of operations.",
            "skills": ["Infrastructure design"]
        }]
    })
}

fn role(change: impl Fn(&mut Value)) -> RoleFile {
    let mut value = role_json();
    change(&mut value);
    serde_json::from_value(value).unwrap()
}

fn other_role() -> RoleFile {
    role(|role| role["key"] = json!("devops-engineer"))
}

fn combinations(change: impl Fn(&mut Value)) -> CombinationsFile {
    let mut value = json!({ "combinations": [{
        "key": "platform-engineer", "title": "Platform Engineer", "roles": ["backend-engineer", "devops-engineer"],
        "coordination_share": 0.2, "published_productivity_percent": 35, "summary": "Runs the platform."
    }] });
    change(&mut value["combinations"][0]);
    serde_json::from_value(value).unwrap()
}

fn library(roles: Vec<RoleFile>, combinations: CombinationsFile) -> Result<domain::library::Library, LibraryErrors> {
    let files = roles.into_iter().enumerate().map(|(position, role)| (format!("roles/{position}.toml"), role));
    assemble(("edition.toml", edition()), files.collect(), ("combinations.toml", combinations))
}

#[test]
fn files_become_a_library_with_keys_of_its_source() {
    let library = library(vec![other_role(), role(|_| ())], combinations(|_| ())).unwrap();
    let keys: Vec<_> = library.roles.iter().map(|role| role.key.as_str()).collect();
    assert_eq!(keys, ["rolemark:backend-engineer", "rolemark:devops-engineer"]);
    let role = &library.roles[0];
    assert_eq!(role.tasks[0].key, "rolemark:incident-response");
    assert_eq!(role.skills[0].canonical_skill.as_deref(), Some("rolemark:cplusplus"));
    assert_eq!(library.combinations[0].roles, ["rolemark:backend-engineer", "rolemark:devops-engineer"]);
    assert_eq!(library.combinations[0].published_productivity_percent, Some(35.0));
}

#[test]
fn a_canonical_role_becomes_a_linked_definition() {
    let definition = canonical_backend().to_definition();
    assert_eq!(definition.validate(&RoleLimits::default()), Ok(()));
    assert_eq!(definition.canonical_role.as_deref(), Some("rolemark:backend-engineer"));
    assert_eq!(definition.headcount, 1.0);
    let task = &definition.tasks[3];
    assert_eq!((task.key.as_str(), task.stage), ("incident-response", Some(Stage::Human)));
    assert_eq!(task.canonical_task.as_deref(), Some("rolemark:incident-response"));
    assert_eq!(definition.skills[9].canonical_skill.as_deref(), Some("rolemark:observability"));
}

#[test]
fn errors_name_file_and_field() {
    let wrong = role(|role| {
        role["key"] = json!("Backend");
        role["occupation_code"] = json!("software");
        role["coordination_share"] = json!(0.9);
        role["tasks"][0]["key"] = json!("Incident Response");
        role["tasks"][0]["consequence"] = json!(2);
        role["skills"][0]["automation_risk"] = json!(-1);
    });
    let errors = library(vec![wrong, role(|_| ()), role(|_| ())], combinations(|_| ())).unwrap_err();
    let places: Vec<_> = errors.0.iter().map(|error| format!("{} {}", error.file, error.field)).collect();
    assert_eq!(
        places,
        [
            "roles/0.toml coordination_share",
            "roles/0.toml tasks.0.consequence",
            "roles/0.toml tasks.0.key",
            "roles/0.toml skills.0.automation_risk",
            "roles/0.toml key",
            "roles/0.toml occupation_code",
            "roles/2.toml key",
            "combinations.toml combinations.0.roles.1",
        ]
    );
    assert!(errors.to_string().contains("roles/2.toml: key: The key is that of roles/1.toml too"));
}

#[test]
fn combinations_are_checked_too() {
    let wrong = combinations(|combination| {
        combination["roles"] = json!(["backend-engineer"]);
        combination["coordination_share"] = json!(1);
    });
    let errors = library(vec![role(|_| ())], wrong).unwrap_err();
    let fields: Vec<_> = errors.0.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["combinations.0.roles", "combinations.0.coordination_share"]);
}

#[test]
fn an_unknown_field_is_refused() {
    let mut value = role_json();
    value["salary"] = json!(1);
    let error = serde_json::from_value::<RoleFile>(value).unwrap_err().to_string();
    assert!(error.contains("salary"), "{error}");
}
