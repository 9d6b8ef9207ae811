//! Steps that many cases take: making, changing and reading what an organization has, and what its errors say.

use rolemark_tests::{Answer, Client, SignedIn};
use serde_json::{Value, json};

/// The program itself: built by cargo together with the cases, so never older than the sources.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_rolemark-under-test");

/// What a case needs to go on with a role.
const ROLE: &str = "roleConfiguration { id revision }";

/// Runs a mutation with its `input`, and asks its payload for `selection` and for the user errors.
pub async fn mutate(client: &Client, mutation: &str, input: Value, selection: &str) -> Answer {
    let input_type = input_type(mutation);
    let document = format!(
        "mutation($input: {input_type}!) {{ {mutation}(input: $input) {{ {selection} userErrors {{ code field message }} }} }}"
    );
    client.graphql(&document, json!({ "input": input })).await
}

fn input_type(mutation: &str) -> String {
    match mutation {
        "archiveRoleConfiguration" | "restoreRoleConfiguration" | "deleteRoleConfigurationDraft" => {
            "RoleConfigurationRevisionInput".to_owned()
        }
        _ => format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]),
    }
}

/// A role as a case goes on with it.
#[derive(Clone, Debug)]
pub struct Role {
    /// The global identifier.
    pub id: String,
    /// The revision that the case has seen.
    pub revision: i64,
}

impl Role {
    /// The role of a payload without errors.
    #[track_caller]
    pub fn of(answer: &Answer, mutation: &str) -> Self {
        Self::from_value(&answer.payload(mutation)["roleConfiguration"])
    }

    /// A role with its `id` and its `revision`.
    #[track_caller]
    pub fn from_value(role: &Value) -> Self {
        Self {
            id: role["id"].as_str().unwrap_or_else(|| panic!("no role: {role}")).to_owned(),
            revision: role["revision"].as_i64().unwrap_or_else(|| panic!("no revision: {role}")),
        }
    }

    /// `id` and `expectedRevision`, with more.
    pub fn input(&self, more: Value) -> Value {
        merged(json!({ "id": self.id, "expectedRevision": self.revision }), more)
    }
}

/// An object with the fields of another put over its own.
pub fn merged(mut object: Value, more: Value) -> Value {
    if let (Some(fields), Value::Object(more)) = (object.as_object_mut(), more) {
        fields.extend(more);
    }
    object
}

/// Tries to make a role.
pub async fn try_create(admin: &SignedIn, role: Value) -> Answer {
    let input = json!({ "organizationId": admin.organization_id, "role": role });
    mutate(&admin.client, "createRoleConfiguration", input, ROLE).await
}

/// Makes a role.
pub async fn create(admin: &SignedIn, role: Value) -> Role {
    Role::of(&try_create(admin, role).await, "createRoleConfiguration")
}

/// Makes several roles, in their order.
pub async fn create_all(admin: &SignedIn, roles: Vec<Value>) -> Vec<Role> {
    let input = json!({ "organizationId": admin.organization_id, "roles": roles });
    let answer = mutate(&admin.client, "createRoleConfigurations", input, "roleConfigurations { id revision }").await;
    let made = answer.payload("createRoleConfigurations")["roleConfigurations"].as_array().cloned();
    made.unwrap_or_default().iter().map(Role::from_value).collect()
}

/// Makes a role from a canonical role.
pub async fn create_from(admin: &SignedIn, canonical_key: &str) -> Role {
    let input = json!({ "organizationId": admin.organization_id, "canonicalRoleKey": canonical_key });
    let mutation = "createRoleConfigurationFromCanonicalRole";
    Role::of(&mutate(&admin.client, mutation, input, ROLE).await, mutation)
}

/// Changes a role by a mutation that takes `id` and `expectedRevision`; what it answers.
pub async fn try_change(client: &Client, mutation: &str, role: &Role, more: Value) -> Answer {
    mutate(client, mutation, role.input(more), ROLE).await
}

/// Changes a role; the role at its new revision.
pub async fn change(client: &Client, mutation: &str, role: &Role, more: Value) -> Role {
    Role::of(&try_change(client, mutation, role, more).await, mutation)
}

/// Publishes a role; the identifier of the version.
pub async fn publish(client: &Client, role: &Role) -> String {
    let answer = mutate(client, "publishRoleConfiguration", role.input(json!({})), "version { id }").await;
    assert_done(&answer, "publishRoleConfiguration");
    answer.text_at("publishRoleConfiguration.version.id").to_owned()
}

/// Reads fields of an object by its identifier; null if there is none.
pub async fn node(client: &Client, id: &str, kind: &str, selection: &str) -> Value {
    let document = format!("query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {selection} }} }} }}");
    client.graphql(&document, json!({ "id": id })).await.data()["node"].clone()
}

/// Reads fields of a role.
pub async fn role(client: &Client, id: &str, selection: &str) -> Value {
    node(client, id, "RoleConfiguration", selection).await
}

/// Asks an organization for fields.
pub async fn organization(admin: &SignedIn, selection: &str) -> Answer {
    let document = format!("query($id: ID!) {{ organization(id: $id) {{ {selection} }} }}");
    admin.client.graphql(&document, json!({ "id": admin.organization_id })).await
}

/// The titles of the roles that a list with these arguments shows, in its order.
pub async fn titles(admin: &SignedIn, arguments: &str) -> Vec<String> {
    let selection = format!("roleConfigurations(first: 100, {arguments}) {{ nodes {{ title }} }}");
    let answer = organization(admin, &selection).await;
    texts(answer.at("organization.roleConfigurations.nodes"), "title")
}

/// One text of each entry of a list.
#[track_caller]
pub fn texts(list: &Value, field: &str) -> Vec<String> {
    let entries = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    entries.iter().map(|entry| entry[field].as_str().unwrap_or_default().to_owned()).collect()
}

/// How many roles (whatever their status), scenarios and audit entries the organization has.
pub async fn counts(admin: &SignedIn) -> [i64; 3] {
    let selection = "roleConfigurations(filter: { status: [DRAFT, PUBLISHED, ARCHIVED] }) { totalCount }
        scenarios { totalCount } auditEvents { totalCount }";
    let answer = organization(admin, selection).await;
    let count = |list: &str| answer.at(&format!("organization.{list}.totalCount")).as_i64().expect("a count");
    [count("roleConfigurations"), count("scenarios"), count("auditEvents")]
}

/// Asserts that a mutation did what it was asked.
#[track_caller]
pub fn assert_done(answer: &Answer, payload: &str) {
    assert!(answer.payload(payload).is_object(), "{answer}");
}

/// Asserts that a payload has exactly these user errors, each a code and a path such as `input.role.title`, that each
/// says something, and that the payload holds nothing else.
#[track_caller]
pub fn assert_faults(answer: &Answer, payload: &str, expected: &[(&str, &str)]) {
    let payload = answer.at(payload);
    let errors = payload["userErrors"].as_array().unwrap_or_else(|| panic!("no list of user errors: {answer}"));
    let mut found: Vec<(String, String)> = errors.iter().map(fault).collect();
    let mut expected: Vec<_> = expected.iter().map(|(code, path)| ((*code).to_owned(), (*path).to_owned())).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{answer}");
    let speaks = |error: &Value| error["message"].as_str().is_some_and(|message| !message.is_empty());
    assert!(errors.iter().all(speaks), "an error says nothing: {answer}");
    let is_empty = |(field, value): (&String, &Value)| field == "userErrors" || value.is_null();
    assert!(payload.as_object().is_some_and(|fields| fields.iter().all(is_empty)), "something was made: {answer}");
}

fn fault(error: &Value) -> (String, String) {
    let path = error["field"].as_array().map(Vec::as_slice).unwrap_or_default();
    let steps: Vec<&str> = path.iter().filter_map(Value::as_str).collect();
    (error["code"].as_str().unwrap_or_default().to_owned(), steps.join("."))
}

/// Asserts that a number is where it should be.
#[track_caller]
pub fn assert_close(actual: &Value, expected: f64, tolerance: f64) {
    let number = actual.as_f64().unwrap_or_else(|| panic!("no number: {actual}"));
    assert!((number - expected).abs() <= tolerance, "{number} is not {expected} within {tolerance}");
}

/// Asserts that two JSON values are the same, and shows where they differ. 1 is 1.0: GraphQL does not tell them apart.
#[track_caller]
pub fn assert_same(found: &Value, expected: &Value) {
    let mut differences = Vec::new();
    note_differences("", found, expected, &mut differences);
    assert!(differences.is_empty(), "not as expected: {}", differences.join("; "));
}

fn note_differences(path: &str, found: &Value, expected: &Value, differences: &mut Vec<String>) {
    match (found, expected) {
        (Value::Object(left), Value::Object(right)) => {
            let names: std::collections::BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for name in names {
                let of = |fields: &serde_json::Map<String, Value>| fields.get(name).cloned().unwrap_or("absent".into());
                note_differences(&format!("{path}.{name}"), &of(left), &of(right), differences);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                note_differences(&format!("{path}.{index}"), left, right, differences);
            }
        }
        (Value::Number(left), Value::Number(right)) if left.as_f64() == right.as_f64() => {}
        _ if found == expected => {}
        _ => differences.push(format!("{path} is {found}, not {expected}")),
    }
}
