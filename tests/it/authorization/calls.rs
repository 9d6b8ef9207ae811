//! One call for each row of the matrix, right in everything but, perhaps, the caller.

use rolemark_tests::{Client, TestServer, sign_in, unique};
use serde_json::{Value, json};

use super::callers::{Caller, World};
use crate::direct::NOTICED;
use crate::tenant::CANONICAL;

/// The client, where the answer stands, the document and its variables.
pub(super) type Call = (Client, Vec<&'static str>, String, Value);

/// The call of a row for a caller. What it changes is made for it, so that no cell depends on another.
pub(super) async fn call(world: &World, t: &TestServer, row: &str, caller: Caller) -> Call {
    let client = match row {
        "Mutation.signOut" => world.passing_client(t, caller).await,
        _ => world.client(caller),
    };
    if let Some(field) = row.strip_prefix("Mutation.") {
        let (name, kind, input) = mutation(world, t, field).await;
        let document = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}");
        return (client, vec![name], document, json!({ "input": input }));
    }
    let (path, document, variables) = query(world, row);
    (client, path, document.to_owned(), variables)
}

fn query(world: &World, row: &str) -> (Vec<&'static str>, &'static str, Value) {
    let get = |word: &str| world.tenant.get(word).to_owned();
    let in_organization =
        |field, document| (vec!["organization", field], document, json!({ "id": get("organization") }));
    let none = json!({});
    if let Some(kind) = row.strip_prefix("Query.node:") {
        return (vec!["node"], "query($id: ID!) { node(id: $id) { id } }", json!({ "id": node_id(world, kind) }));
    }
    match row {
        "Query.canonicalRole" => {
            let document = "query($key: String!) { canonicalRole(key: $key) { title } }";
            (vec!["canonicalRole"], document, json!({ "key": CANONICAL }))
        }
        "Query.canonicalRoles" => (vec!["canonicalRoles"], "{ canonicalRoles(first: 1) { nodes { title } } }", none),
        "Query.libraryCombinations" => (vec!["libraryCombinations"], "{ libraryCombinations { title } }", none),
        "Query.libraryEditions" => (vec!["libraryEditions"], "{ libraryEditions { title } }", none),
        "Query.method" => (vec!["method"], "{ method { version } }", none),
        "Query.nodes" => {
            let ids = json!({ "ids": [get("role"), get("scenario"), get("member")] });
            (vec!["nodes"], "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids)
        }
        "Query.organization" => in_organization("id", "query($id: ID!) { organization(id: $id) { id } }"),
        "Query.scenarioComparison" => {
            let document = "query($ids: [ID!]!) { scenarioComparison(ids: $ids) { scenarios { gain } } }";
            (vec!["scenarioComparison"], document, json!({ "ids": [get("scenario")] }))
        }
        "Query.searchCanonicalRoles" => {
            (vec!["searchCanonicalRoles"], "{ searchCanonicalRoles(text: \"engineer\") { title } }", none)
        }
        "Query.simulateRoleCombination" => {
            let document = "query($input: SimulateRoleCombinationInput!) {
                simulateRoleCombination(input: $input) { outcome { gain } userErrors { code } } }";
            let input = json!({ "organizationId": get("organization"), "roles": roles(world) });
            (vec!["simulateRoleCombination"], document, json!({ "input": input }))
        }
        "Query.viewer" => (vec!["viewer"], "{ viewer { name } }", none),
        "Viewer.organizations" => {
            (vec!["viewer", "organizations"], "{ viewer { organizations { totalCount } } }", none)
        }
        "Organization.auditEvents" => in_organization(
            "auditEvents",
            "query($id: ID!) { organization(id: $id) { auditEvents { nodes { action } } } }",
        ),
        "Organization.members" => {
            in_organization("members", "query($id: ID!) { organization(id: $id) { members { nodes { name } } } }")
        }
        "Organization.roleConfigurations" => in_organization(
            "roleConfigurations",
            "query($id: ID!) { organization(id: $id) { roleConfigurations { nodes { title } } } }",
        ),
        "Organization.scenarios" => {
            in_organization("scenarios", "query($id: ID!) { organization(id: $id) { scenarios { nodes { name } } } }")
        }
        other => panic!("no call for {other}: add it to tests/it/authorization/calls.rs"),
    }
}

fn node_id(world: &World, kind: &str) -> String {
    let word = match kind {
        "AuditEvent" => "auditEvent",
        "CanonicalRole" => {
            use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
            return URL_SAFE_NO_PAD.encode(format!("canonicalrole:{CANONICAL}"));
        }
        "Member" => "member",
        "Organization" => "organization",
        "RoleConfiguration" => "role",
        "RoleVersion" => "version",
        "Scenario" => "scenario",
        other => panic!("no identifier of a {other}: add it to tests/it/authorization/calls.rs"),
    };
    world.tenant.get(word).to_owned()
}

fn roles(world: &World) -> Value {
    json!([{ "roleConfigurationId": world.tenant.get("role") }, { "roleVersionId": world.tenant.get("version") }])
}

/// Name, type and value of the input.
async fn mutation(world: &World, t: &TestServer, field: &str) -> (&'static str, &'static str, Value) {
    let tenant = &world.tenant;
    let organization = tenant.get("organization");
    let role = json!({ "title": "A role", "tasks": [{ "title": "A task", "stage": "HUMAN" }] });
    match field {
        "createRoleConfiguration" => (
            "createRoleConfiguration",
            "CreateRoleConfigurationInput",
            json!({ "organizationId": organization, "role": role }),
        ),
        "createRoleConfigurations" => (
            "createRoleConfigurations",
            "CreateRoleConfigurationsInput",
            json!({ "organizationId": organization, "roles": [role] }),
        ),
        "createRoleConfigurationFromCanonicalRole" => (
            "createRoleConfigurationFromCanonicalRole",
            "CreateRoleConfigurationFromCanonicalRoleInput",
            json!({ "organizationId": organization, "canonicalRoleKey": CANONICAL }),
        ),
        "createScenario" => (
            "createScenario",
            "CreateScenarioInput",
            json!({ "organizationId": organization, "name": "A scenario", "roles": roles(world) }),
        ),
        "signIn" => ("signIn", "SignInInput", json!({ "email": tenant.email, "password": tenant.password })),
        "signOut" => ("signOut", "SignOutInput", json!({})),
        "signUp" => {
            let (email, password) = (format!("{}@example.com", unique("new")), unique("correct horse"));
            let input = json!({ "email": email, "password": password, "name": "New", "organizationName": "New" });
            ("signUp", "SignUpInput", input)
        }
        "refreshSession" => {
            let session = sign_in(t, &tenant.email, &tenant.password).await;
            ("refreshSession", "RefreshSessionInput", json!({ "refreshToken": session.refresh_token }))
        }
        _ if field.ends_with("Organization") => organization_mutation(world, field).await,
        _ if field.ends_with("Scenario") => scenario_mutation(world, field).await,
        _ => role_mutation(world, field).await,
    }
}

async fn organization_mutation(world: &World, field: &str) -> (&'static str, &'static str, Value) {
    let (organization, name) = (world.tenant.get("organization"), world.tenant.name());
    let of = json!({ "organizationId": organization });
    let named = json!({ "organizationId": organization, "name": name });
    match field {
        "closeOrganization" => ("closeOrganization", "CloseOrganizationInput", named),
        "renameOrganization" => ("renameOrganization", "RenameOrganizationInput", named),
        "restoreOrganization" => {
            let closed = "organization { closedAt }";
            world.tenant.mutate("closeOrganization", "CloseOrganizationInput", closed, named).await;
            tokio::time::sleep(NOTICED).await;
            ("restoreOrganization", "RestoreOrganizationInput", of)
        }
        other => panic!("no call for {other}: add it to tests/it/authorization/calls.rs"),
    }
}

/// Opens the organization again, so that no cell depends on another.
pub(super) async fn settle(world: &World, row: &str) {
    if !["Mutation.closeOrganization", "Mutation.restoreOrganization"].contains(&row) {
        return;
    }
    let document = "mutation($input: RestoreOrganizationInput!) { restoreOrganization(input: $input) {
        organization { id } } }";
    let input = json!({ "organizationId": world.tenant.get("organization") });
    let answer = world.tenant.admin.graphql(document, json!({ "input": input })).await;
    // Who was out is in again within a second.
    if answer.at("restoreOrganization.organization").is_object() || row == "Mutation.restoreOrganization" {
        tokio::time::sleep(NOTICED).await;
    }
}

async fn scenario_mutation(world: &World, field: &str) -> (&'static str, &'static str, Value) {
    let id = world.tenant.new_scenario().await;
    match field {
        "deleteScenario" => ("deleteScenario", "DeleteScenarioInput", json!({ "id": id })),
        "duplicateScenario" => ("duplicateScenario", "DuplicateScenarioInput", json!({ "id": id, "name": "Copy" })),
        "updateScenario" => {
            let input = json!({ "id": id, "expectedRevision": 1, "name": "Another name" });
            ("updateScenario", "UpdateScenarioInput", input)
        }
        other => panic!("no call for {other}: add it to tests/it/authorization/calls.rs"),
    }
}

async fn role_mutation(world: &World, field: &str) -> (&'static str, &'static str, Value) {
    let id = world.tenant.new_role().await;
    let at_revision = json!({ "id": id, "expectedRevision": 1 });
    let revision_kind = "RoleConfigurationRevisionInput";
    match field {
        "archiveRoleConfiguration" => ("archiveRoleConfiguration", revision_kind, at_revision),
        "deleteRoleConfigurationDraft" => ("deleteRoleConfigurationDraft", revision_kind, at_revision),
        "publishRoleConfiguration" => ("publishRoleConfiguration", "PublishRoleConfigurationInput", at_revision),
        "restoreRoleConfiguration" => {
            let selection = "roleConfiguration { revision }";
            let payload = world.tenant.mutate("archiveRoleConfiguration", revision_kind, selection, at_revision).await;
            let revision = &payload["roleConfiguration"]["revision"];
            ("restoreRoleConfiguration", revision_kind, json!({ "id": id, "expectedRevision": revision }))
        }
        "updateRoleConfiguration" => {
            let input = json!({ "id": id, "expectedRevision": 1, "title": "Another title" });
            ("updateRoleConfiguration", "UpdateRoleConfigurationInput", input)
        }
        "updateRoleTask" => {
            let input = json!({ "id": id, "expectedRevision": 1, "key": world.tenant.get("taskKey"), "title": "Else" });
            ("updateRoleTask", "UpdateRoleTaskInput", input)
        }
        other => panic!("no call for {other}: add it to tests/it/authorization/calls.rs"),
    }
}
