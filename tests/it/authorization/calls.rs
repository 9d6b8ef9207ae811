//! One call for each row of the matrix, right in everything but, perhaps, the caller.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolemark_tests::letters::{letter, letters};
use rolemark_tests::{Client, TestServer, sign_in, unique};
use serde_json::{Value, json};

use super::callers::{Caller, World};
use crate::benchmark::RELEASE;
use crate::direct::NOTICED;
use crate::identity::resets::token_in;
use crate::steps::mutate;
use crate::tenant::{CANONICAL, Tenant};

/// The client, where the answer stands, the document and its variables.
pub(super) type Call = (Client, Vec<&'static str>, String, Value);

/// The call of a row for a caller. What it changes is made for it, so that no cell depends on another.
pub(super) async fn call(world: &World, t: &TestServer, row: &str, caller: Caller) -> Call {
    if let Some(call) = account_call(world, t, row, caller).await {
        return call;
    }
    let client = match row {
        "Mutation.signOut" => world.passing_client(t, caller).await,
        "Mutation.leaveOrganization" => world.passing_member(t, caller).await,
        _ => world.client(caller),
    };
    if let Some(field) = row.strip_prefix("Mutation.") {
        let (name, kind, input) = match consultancy(world, field, caller).await {
            Some(call) => call,
            None => mutation(world, t, field).await,
        };
        let document = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}");
        return (client, vec![name], document, json!({ "input": input }));
    }
    let (path, document, variables) = query(world, row);
    (client, path, document.to_owned(), variables)
}

/// Calls that change a person's sessions or password, by a person of their own.
async fn account_call(world: &World, t: &TestServer, row: &str, caller: Caller) -> Option<Call> {
    let field = row.strip_prefix("Mutation.")?;
    let new = "plum lantern oversees geese";
    let (name, kind) = match field {
        "changePassword" => ("changePassword", "ChangePasswordInput"),
        "endAllSessions" => ("endAllSessions", "EndAllSessionsInput"),
        "endOtherSessions" => ("endOtherSessions", "EndOtherSessionsInput"),
        "resetPassword" => ("resetPassword", "ResetPasswordInput"),
        _ => return None,
    };
    let person = world.passing_person(t, caller).await;
    let input = match name {
        "changePassword" => json!({ "currentPassword": person.password, "newPassword": new }),
        "resetPassword" => json!({ "token": reset_token(t, &person.email).await, "newPassword": new }),
        _ => json!({}),
    };
    let document = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}");
    Some((person.client, vec![name], document, json!({ "input": input })))
}

/// The token of a letter that was not sent before.
async fn reset_token(t: &TestServer, email: &str) -> String {
    let sent = letters(t, email).len();
    mutate(&t.anonymous(), "requestPasswordReset", json!({ "email": email }), "").await;
    token_in(&letter(t, email, sent).await)
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
        "Query.benchmarkRelease" => {
            let document = "query($key: String!) { benchmarkRelease(key: $key) { state } }";
            (vec!["benchmarkRelease"], document, json!({ "key": RELEASE }))
        }
        "Query.benchmarkReleases" => (vec!["benchmarkReleases"], "{ benchmarkReleases { key } }", none),
        "Query.roleBenchmark" => {
            let document = "query($role: String!) { roleBenchmark(role: $role) { withheld } }";
            (vec!["roleBenchmark"], document, json!({ "role": CANONICAL }))
        }
        "Query.canonicalRole" => {
            let document = "query($key: String!) { canonicalRole(key: $key) { title } }";
            (vec!["canonicalRole"], document, json!({ "key": CANONICAL }))
        }
        "Query.canonicalRoles" => (vec!["canonicalRoles"], "{ canonicalRoles(first: 1) { nodes { title } } }", none),
        "Query.clientComparison" => {
            let document = "query($input: ClientComparisonInput!) { clientComparison(input: $input) {
                clients { label } userErrors { code } } }";
            let input = json!({ "clientIds": [get("organization")], "canonicalRoleKeys": [CANONICAL] });
            (vec!["clientComparison", "clients", "0"], document, json!({ "input": input }))
        }
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
        "Viewer.sessions" => (vec!["viewer", "sessions"], "{ viewer { sessions { nodes { id } } } }", none),
        "Viewer.clients" => (vec!["viewer", "clients"], "{ viewer { clients { totalCount } } }", none),
        "Viewer.organizations" => {
            (vec!["viewer", "organizations"], "{ viewer { organizations { totalCount } } }", none)
        }
        "Organization.apiKeys" => {
            in_organization("apiKeys", "query($id: ID!) { organization(id: $id) { apiKeys { nodes { name } } } }")
        }
        "Organization.auditEvents" => in_organization(
            "auditEvents",
            "query($id: ID!) { organization(id: $id) { auditEvents { nodes { action } } } }",
        ),
        "Organization.benchmarkParticipation" => in_organization(
            "benchmarkParticipation",
            "query($id: ID!) { organization(id: $id) { benchmarkParticipation { isParticipating } } }",
        ),
        "BenchmarkParticipation.preview" => part(world, "preview"),
        "BenchmarkParticipation.receipts" => part(world, "receipts"),
        "Organization.invitations" => in_organization(
            "invitations",
            "query($id: ID!) { organization(id: $id) { invitations { nodes { email } } } }",
        ),
        "Organization.consultantGrants" => in_organization(
            "consultantGrants",
            "query($id: ID!) { organization(id: $id) { consultantGrants { nodes { name } } } }",
        ),
        "Organization.firmClients" => in_organization(
            "firmClients",
            "query($id: ID!) { organization(id: $id) { firmClients { nodes { name } } } }",
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

/// A field of the organization's part in the benchmark.
fn part(world: &World, field: &'static str) -> (Vec<&'static str>, &'static str, Value) {
    let document = match field {
        "preview" => "query($id: ID!) { organization(id: $id) { benchmarkParticipation { preview { releaseKey } } } }",
        _ => "query($id: ID!) { organization(id: $id) { benchmarkParticipation { receipts { nodes { id } } } } }",
    };
    (vec!["organization", "benchmarkParticipation", field], document, json!({ "id": world.tenant.get("organization") }))
}

fn node_id(world: &World, kind: &str) -> String {
    let word = match kind {
        "ApiKey" => "apiKey",
        "AuditEvent" => "auditEvent",
        "BenchmarkReceipt" => "receipt",
        "BenchmarkRelease" => return URL_SAFE_NO_PAD.encode(format!("benchmarkrelease:{RELEASE}")),
        "CanonicalRole" => return URL_SAFE_NO_PAD.encode(format!("canonicalrole:{CANONICAL}")),
        "Invitation" => "invitation",
        "ConsultantGrant" => "grant",
        "FirmAssignment" => "assignment",
        "Member" => "member",
        "Organization" => "organization",
        "RoleConfiguration" => "role",
        "RoleVersion" => "version",
        "Scenario" => "scenario",
        "UserSession" => "userSession",
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
        "endSession" => ("endSession", "EndSessionInput", json!({ "id": another_session(t, tenant).await })),
        "requestPasswordReset" => {
            ("requestPasswordReset", "RequestPasswordResetInput", json!({ "email": tenant.email }))
        }
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
        "createOrganization" => ("createOrganization", "CreateOrganizationInput", json!({ "name": "New" })),
        "leaveOrganization" => {
            ("leaveOrganization", "LeaveOrganizationInput", json!({ "organizationId": organization }))
        }
        _ if ["Invitation", "Member", "MemberLevel"].iter().any(|end| field.ends_with(end)) => {
            member_mutation(world, t, field).await
        }
        "joinBenchmark" | "leaveBenchmark" | "declareOrganizationSegment" => benchmark_mutation(world, field).await,
        "createApiKey" => {
            let input = json!({ "organizationId": organization, "name": unique("key"), "scopes": ["READ_ROLES"] });
            ("createApiKey", "CreateApiKeyInput", input)
        }
        "rotateApiKey" => ("rotateApiKey", "RotateApiKeyInput", json!({ "id": tenant.new_key(&unique("key")).await })),
        "revokeApiKey" => ("revokeApiKey", "RevokeApiKeyInput", json!({ "id": tenant.new_key(&unique("key")).await })),
        _ if field.ends_with("Organization") => organization_mutation(world, field).await,
        _ if field.ends_with("Scenario") => scenario_mutation(world, field).await,
        _ => role_mutation(world, field).await,
    }
}

/// A session of the organization's admin that nothing else needs.
async fn another_session(t: &TestServer, tenant: &Tenant) -> String {
    let session = sign_in(t, &tenant.email, &tenant.password).await;
    let answer = session.client.query("{ viewer { sessions { nodes { id isCurrent } } } }").await;
    let sessions = answer.at("viewer.sessions.nodes").as_array().cloned().unwrap_or_default();
    let current = sessions.iter().find(|session| session["isCurrent"] == json!(true));
    current.and_then(|session| session["id"].as_str()).expect("the session itself").to_owned()
}

async fn member_mutation(world: &World, t: &TestServer, field: &str) -> (&'static str, &'static str, Value) {
    let email = format!("{}@example.com", unique("invited"));
    if field == "inviteMember" {
        let input = json!({
            "organizationId": world.tenant.get("organization"), "email": email, "accessLevel": "READ",
        });
        return ("inviteMember", "InviteMemberInput", input);
    }
    if field.ends_with("Invitation") {
        let invited = world.tenant.new_invitation(&email).await;
        let id = json!({ "id": invited.id });
        return match field {
            // Of all callers only nobody is this person.
            "acceptInvitation" => {
                let input = json!({ "token": invited.token, "name": "New", "password": unique("correct horse") });
                ("acceptInvitation", "AcceptInvitationInput", input)
            }
            "resendInvitation" => ("resendInvitation", "ResendInvitationInput", id),
            "revokeInvitation" => ("revokeInvitation", "RevokeInvitationInput", id),
            other => panic!("no call for {other}: add it to tests/it/authorization/calls.rs"),
        };
    }
    let id = world.new_member(t).await;
    match field {
        "changeMemberLevel" => {
            ("changeMemberLevel", "ChangeMemberLevelInput", json!({ "id": id, "accessLevel": "WRITE" }))
        }
        "removeMember" => ("removeMember", "RemoveMemberInput", json!({ "id": id })),
        other => panic!("no call for {other}: add it to tests/it/authorization/calls.rs"),
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

/// The organization takes part from the start: each call finds it as it needs it.
async fn benchmark_mutation(world: &World, field: &str) -> (&'static str, &'static str, Value) {
    let (admin, input) = (&world.tenant.admin, json!({ "organizationId": world.tenant.get("organization") }));
    match field {
        "joinBenchmark" => {
            mutate(admin, "leaveBenchmark", input.clone(), "").await;
            ("joinBenchmark", "JoinBenchmarkInput", input)
        }
        "leaveBenchmark" => {
            mutate(admin, "joinBenchmark", input.clone(), "").await;
            ("leaveBenchmark", "LeaveBenchmarkInput", input)
        }
        _ => {
            let segment = json!({ "industry": "FINANCE", "sizeBand": "FROM_20_TO_99", "region": "WESTERN_EUROPE" });
            let input = crate::steps::merged(input, segment);
            ("declareOrganizationSegment", "DeclareOrganizationSegmentInput", input)
        }
    }
}

/// Calls of consultancy, some of which are right for one caller only.
async fn consultancy(world: &World, field: &str, caller: Caller) -> Option<(&'static str, &'static str, Value)> {
    let admin = world.client_admin();
    let expires_at = crate::consultancy::in_days(1);
    let somebody = || json!({ "email": format!("{}@example.com", unique("somebody")) });
    Some(match field {
        "grantConsultantAccess" => {
            let terms = json!({ "organizationId": admin.organization_id, "name": "Somebody", "accessLevel": "READ",
                "expiresAt": expires_at, "reason": "A reason" });
            ("grantConsultantAccess", "GrantConsultantAccessInput", crate::steps::merged(terms, somebody()))
        }
        "renewConsultantGrant" => {
            let grant = crate::consultancy::grant(&admin, somebody()).await;
            let input = json!({ "id": grant.id, "expiresAt": expires_at });
            ("renewConsultantGrant", "RenewConsultantGrantInput", input)
        }
        "revokeConsultantGrant" => {
            let grant = crate::consultancy::grant(&admin, somebody()).await;
            ("revokeConsultantGrant", "RevokeConsultantGrantInput", json!({ "id": grant.id }))
        }
        "acceptConsultantGrant" => {
            let grant = world.grant_to(caller, false).await;
            ("acceptConsultantGrant", "AcceptConsultantGrantInput", json!({ "token": grant.token }))
        }
        "declineConsultantGrant" => {
            let grant = world.grant_to(caller, true).await;
            ("declineConsultantGrant", "DeclineConsultantGrantInput", json!({ "id": grant.id }))
        }
        "assignConsultant" => {
            let input = json!({ "organizationId": admin.organization_id, "memberId": world.tenant.get("member"),
                "clientOrganizationId": world.lender().organization_id });
            ("assignConsultant", "AssignConsultantInput", input)
        }
        "unassignConsultant" => {
            ("unassignConsultant", "UnassignConsultantInput", json!({ "id": world.tenant.get("assignment") }))
        }
        _ => return None,
    })
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
