//! What each scope opens, and that it opens nothing more.

use rolemark_tests::{Answer, Client, Result, TestServer, sign_in, unique};
use serde_json::{Value, json};

use super::{Key, SCOPES, make, new_key};
use crate::direct::Direct;
use crate::ids::Parts;
use crate::steps::{assert_done, create, node, publish};
use crate::tenant::{CANONICAL, Tenant};

/// A request, where its answer stands, what it answers to keys without the right, and the scopes that each give it.
struct Part {
    name: &'static str,
    path: &'static [&'static str],
    document: String,
    variables: Value,
    denied: &'static str,
    scopes: &'static [&'static str],
}

const ROLES: &[&str] = &["READ_ROLES", "WRITE_ROLES"];
const ADDING: &[&str] = &["WRITE_ROLES", "IMPORT"];
const WRITING: &[&str] = &["WRITE_ROLES"];

fn list(tenant: &Tenant, path: &'static [&'static str], fields: &str, scopes: &'static [&'static str]) -> Part {
    let document = format!("query($id: ID!) {{ organization(id: $id) {{ {}{fields} }} }}", path[1]);
    let variables = json!({ "id": tenant.get("organization") });
    Part { name: path[1], path, document, variables, denied: "FORBIDDEN", scopes }
}

fn object(tenant: &Tenant, word: &'static str, scopes: &'static [&'static str]) -> Part {
    let document = "query($id: ID!) { node(id: $id) { id } }".to_owned();
    Part { name: word, path: &["node"], document, variables: json!({ "id": tenant.get(word) }), denied: "null", scopes }
}

fn library(name: &'static str, path: &'static [&'static str], document: &str) -> Part {
    let document = document.replace("KEY", &format!("\"{CANONICAL}\""));
    Part { name, path, document, variables: json!({}), denied: "FORBIDDEN", scopes: &["READ_BENCHMARK"] }
}

fn mutation(field: &'static [&'static str], kind: &str, input: Value, scopes: &'static [&'static str]) -> Part {
    let name = field[0];
    let document = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ code message }} }} }}");
    Part { name, path: field, document, variables: json!({ "input": input }), denied: "FORBIDDEN", scopes }
}

fn reading(tenant: &Tenant) -> Vec<Part> {
    let own = json!([{ "roleConfigurationId": tenant.get("role") }, { "roleVersionId": tenant.get("version") }]);
    let simulate = |name, roles: Value, denied, scopes| Part {
        name,
        path: &["simulateRoleCombination"],
        document: "query($input: SimulateRoleCombinationInput!) {
            simulateRoleCombination(input: $input) { outcome { gain } userErrors { code } } }"
            .to_owned(),
        variables: json!({ "input": { "organizationId": tenant.get("organization"), "roles": roles } }),
        denied,
        scopes,
    };
    let canonical = json!([{ "canonicalRoleKey": CANONICAL }, { "canonicalRoleKey": "rolemark:devops-engineer" }]);
    vec![
        list(tenant, &["organization", "roleConfigurations"], " { nodes { title } }", ROLES),
        list(tenant, &["organization", "scenarios"], " { nodes { name } }", &["READ_SCENARIOS"]),
        list(tenant, &["organization", "auditEvents"], " { nodes { action } }", &["READ_AUDIT"]),
        list(tenant, &["organization", "members"], " { nodes { email } }", &[]),
        list(tenant, &["organization", "apiKeys"], " { nodes { name } }", &[]),
        list(tenant, &["organization", "name"], "", &SCOPES),
        object(tenant, "role", ROLES),
        object(tenant, "version", ROLES),
        object(tenant, "scenario", &["READ_SCENARIOS"]),
        object(tenant, "auditEvent", &["READ_AUDIT"]),
        object(tenant, "member", &[]),
        object(tenant, "apiKey", &[]),
        object(tenant, "organization", &SCOPES),
        library("canonicalRole", &["canonicalRole"], "{ canonicalRole(key: KEY) { title } }"),
        library("canonicalRoles", &["canonicalRoles"], "{ canonicalRoles { totalCount } }"),
        library("searchCanonicalRoles", &["searchCanonicalRoles"], "{ searchCanonicalRoles(text: \"a\") { title } }"),
        library("libraryEditions", &["libraryEditions"], "{ libraryEditions { title } }"),
        library("libraryCombinations", &["libraryCombinations"], "{ libraryCombinations { title } }"),
        simulate("a simulation of own roles", own, "NOT_FOUND", ROLES),
        simulate("a simulation of canonical roles", canonical, "FORBIDDEN", &["READ_BENCHMARK"]),
    ]
}

async fn writing(tenant: &Tenant) -> Vec<Part> {
    let organization = tenant.get("organization");
    let role = json!({ "title": "A role", "tasks": [{ "title": "A task", "stage": "HUMAN" }] });
    let mut parts = vec![
        mutation(
            &["createRoleConfiguration"],
            "CreateRoleConfigurationInput",
            json!({ "organizationId": organization, "role": role }),
            ADDING,
        ),
        mutation(
            &["createRoleConfigurations"],
            "CreateRoleConfigurationsInput",
            json!({ "organizationId": organization, "roles": [role, role] }),
            ADDING,
        ),
        // Shows what the library says, so it needs the right to read that too.
        mutation(
            &["createRoleConfigurationFromCanonicalRole"],
            "CreateRoleConfigurationFromCanonicalRoleInput",
            json!({ "organizationId": organization, "canonicalRoleKey": CANONICAL }),
            &[],
        ),
        mutation(
            &["createScenario"],
            "CreateScenarioInput",
            json!({ "organizationId": organization, "name": "A", "roles": [] }),
            &[],
        ),
        mutation(
            &["updateScenario"],
            "UpdateScenarioInput",
            json!({ "id": tenant.get("scenario"), "expectedRevision": 1, "name": "A" }),
            &[],
        ),
        mutation(&["deleteScenario"], "DeleteScenarioInput", json!({ "id": tenant.get("scenario") }), &[]),
        mutation(
            &["createApiKey"],
            "CreateApiKeyInput",
            json!({ "organizationId": organization, "name": "More", "scopes": ["READ_ROLES"] }),
            &[],
        ),
        mutation(&["rotateApiKey"], "RotateApiKeyInput", json!({ "id": tenant.get("apiKey") }), &[]),
        mutation(&["revokeApiKey"], "RevokeApiKeyInput", json!({ "id": tenant.get("apiKey") }), &[]),
    ];
    let revision = "RoleConfigurationRevisionInput";
    for (field, kind, more) in [
        (&["updateRoleConfiguration"], "UpdateRoleConfigurationInput", json!({ "title": "Another" })),
        (&["updateRoleTask"], "UpdateRoleTaskInput", json!({ "key": tenant.get("taskKey"), "title": "Another" })),
        (&["publishRoleConfiguration"], "PublishRoleConfigurationInput", json!({})),
        (&["archiveRoleConfiguration"], revision, json!({})),
        (&["deleteRoleConfigurationDraft"], revision, json!({})),
    ] {
        let input = json!({ "id": tenant.new_role().await, "expectedRevision": 1 });
        parts.push(mutation(field, kind, crate::steps::merged(input, more), WRITING));
    }
    parts
}

/// A code, `null`, or `ok`.
fn outcome(answer: &Answer, path: &[&str]) -> String {
    if let Some(code) = answer.error_codes().first() {
        return (*code).to_owned();
    }
    let value = path.iter().fold(&answer.body["data"], |value, step| &value[step]);
    match value["userErrors"][0]["code"].as_str() {
        Some(code) => code.to_owned(),
        None if value.is_null() => "null".to_owned(),
        None => "ok".to_owned(),
    }
}

pub async fn each_scope_opens_its_part_and_no_other(t: &TestServer) {
    let tenant = Tenant::create(t).await;
    let mut wrong = Vec::new();
    for scope in SCOPES {
        let program = new_key(&tenant, t, scope, &[scope]).await;
        for part in reading(&tenant).into_iter().chain(writing(&tenant).await) {
            let answer = program.graphql(&part.document, part.variables).await;
            let expected = if part.scopes.contains(&scope) { "ok" } else { part.denied };
            let found = outcome(&answer, part.path);
            if found != expected {
                wrong.push(format!("{scope}: {} is {found}, not {expected}: {answer}", part.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    the_library_needs_its_scope_everywhere(t, &tenant).await;
    levels_of_keys_are_told(t, &tenant).await;
}

/// What the library says stands beside roles and scenarios too.
async fn the_library_needs_its_scope_everywhere(t: &TestServer, tenant: &Tenant) {
    let roles = new_key(tenant, t, "Roles only", &["READ_ROLES", "IMPORT"]).await;
    let both = new_key(tenant, t, "Roles and library", &["READ_ROLES", "IMPORT", "READ_BENCHMARK"]).await;
    let comparison = "query($id: ID!) { node(id: $id) { ... on RoleConfiguration {
        title canonicalRoleKey canonicalRole { title } comparison { scoreDifference } } } }";
    let variables = json!({ "id": tenant.get("role") });
    let answer = roles.graphql(comparison, variables.clone()).await;
    assert_eq!(answer.error_codes(), ["FORBIDDEN", "FORBIDDEN"], "{answer}");
    assert!(answer.body["data"]["node"]["title"].is_string(), "only the two fields fail: {answer}");
    assert!(both.graphql(comparison, variables).await.at("node.comparison.scoreDifference").is_number());
    let from = "mutation($input: CreateRoleConfigurationFromCanonicalRoleInput!) {
        createRoleConfigurationFromCanonicalRole(input: $input) { roleConfiguration { id } userErrors { code } } }";
    let input = json!({ "input": { "organizationId": tenant.get("organization"), "canonicalRoleKey": CANONICAL } });
    assert_eq!(roles.graphql(from, input.clone()).await.error_code(), "FORBIDDEN");
    assert_done(&both.graphql(from, input).await, "createRoleConfigurationFromCanonicalRole");
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let id =
        both.graphql("query($key: String!) { canonicalRole(key: $key) { id } }", json!({ "key": CANONICAL })).await;
    let id = json!({ "id": id.text_at("canonicalRole.id") });
    assert_eq!(roles.graphql(node, id.clone()).await.error_code(), "FORBIDDEN");
    assert!(both.graphql(node, id).await.at("node").is_object());
}

async fn levels_of_keys_are_told(t: &TestServer, tenant: &Tenant) {
    let document = "query($id: ID!) { organization(id: $id) {
        viewerPermissions { accessLevel canEdit canReadAuditLog canManageKeys } } }";
    for (scopes, level, can_edit, can_read_audit_log) in [
        (&["READ_ROLES", "READ_SCENARIOS"][..], "READ", false, false),
        (&["READ_AUDIT", "EXPORT"], "READ", false, true),
        (&["IMPORT"], "WRITE", false, false),
        (&SCOPES, "WRITE", true, true),
    ] {
        let program = new_key(tenant, t, &unique("key"), scopes).await;
        let answer = program.graphql(document, json!({ "id": tenant.get("organization") })).await;
        let expected = json!({ "accessLevel": level, "canEdit": can_edit, "canReadAuditLog": can_read_audit_log,
            "canManageKeys": false });
        assert_eq!(answer.at("organization.viewerPermissions"), &expected, "{scopes:?}");
    }
}

/// A key has no session, and signs nobody in or up.
pub async fn keys_are_no_people(t: &TestServer) {
    let tenant = Tenant::create(t).await;
    let program = new_key(&tenant, t, "Program", &SCOPES).await;
    let session = sign_in(t, &tenant.email, &tenant.password).await;
    let refresh = |client: Client| {
        let input = json!({ "input": { "refreshToken": session.refresh_token } });
        async move {
            let document = "mutation($input: RefreshSessionInput!) {
                refreshSession(input: $input) { session { accessToken } userErrors { code } } }";
            client.graphql(document, input).await
        }
    };
    let email = format!("{}@example.com", unique("new"));
    for document in [
        "mutation { signOut(input: {}) { userErrors { code } } }".to_owned(),
        format!(
            "mutation {{ signIn(input: {{ email: \"{}\", password: \"{}\" }}) {{
                session {{ accessToken }} userErrors {{ code }} }} }}",
            tenant.email, tenant.password
        ),
        format!(
            "mutation {{ signUp(input: {{ email: \"{email}\", password: \"correct horse battery\", name: \"New\",
                organizationName: \"New\" }}) {{ session {{ accessToken }} userErrors {{ code }} }} }}"
        ),
    ] {
        let answer = program.query(&document).await;
        assert_eq!(answer.error_code(), "FORBIDDEN", "{answer}");
        assert!(answer.text().contains("API key"), "the answer says why: {answer}");
    }
    assert_eq!(refresh(program.clone()).await.error_code(), "FORBIDDEN");
    // Nothing was used up, and the key still works.
    assert!(refresh(t.anonymous()).await.at("refreshSession.session.accessToken").is_string());
    assert!(program.query("{ viewer { name } }").await.at("viewer.name").is_string());
}

pub async fn what_a_key_publishes_is_a_version(t: &TestServer) -> Result<()> {
    let admin = rolemark_tests::sign_up(t, "Northwind").await;
    let key: Key = make(t, &admin, "Publisher", &["WRITE_ROLES"]).await;
    let role = create(&admin, json!({ "title": "Published by a program" })).await;
    let version = publish(&key.client, &role).await;
    let found = node(&admin.client, &version, "RoleVersion", "number note title roleConfiguration { status }").await;
    let expected = json!({ "number": 1, "note": null, "title": "Published by a program",
        "roleConfiguration": { "status": "PUBLISHED" } });
    assert_eq!(found, expected);
    let mut database = Direct::superuser(t).await?;
    let (version, by) = (Parts::of(&version).object.expect("a UUID"), key.uuid());
    let sql = format!(
        "SELECT count(*) FROM role_version WHERE id = {} AND published_by = {}",
        database.uuid(version),
        database.uuid(by)
    );
    assert_eq!(database.number(sql).await?, 1, "the version names the key");
    Ok(())
}
