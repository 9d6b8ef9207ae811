//! Valid requests to begin with.

use serde_json::{Value, json};

use crate::tenant::{CANONICAL, Tenant, role_input};

/// A request that is right.
#[derive(Clone)]
pub(super) struct Seed {
    pub(super) document: String,
    pub(super) variables: Value,
}

fn seed(document: impl Into<String>, variables: Value) -> Seed {
    Seed { document: document.into(), variables }
}

pub(super) fn seeds(tenant: &Tenant) -> Vec<Seed> {
    let mut seeds = lists(tenant);
    seeds.extend(queries(tenant));
    seeds.extend(mutations(tenant));
    seeds
}

/// One for each list and order, with a cursor.
pub(super) fn lists(tenant: &Tenant) -> Vec<Seed> {
    let id = tenant.get("organization");
    let of_organization = |list: &str, cursor: &str| {
        let document = format!(
            "query($id: ID!, $cursor: String, $size: Int = 3) {{ organization(id: $id) {{
                {list} {{ totalCount edges {{ cursor }} pageInfo {{ hasNextPage endCursor }} }} }} }}"
        );
        seed(document, json!({ "id": id, "cursor": tenant.get(cursor), "size": 2 }))
    };
    let roles = |order: &str, cursor: &str| {
        let list =
            format!("roleConfigurations(orderBy: {{ field: {order}, direction: ASC }}, last: $size, before: $cursor)");
        of_organization(&list, cursor)
    };
    vec![
        of_organization("roleConfigurations(first: $size, after: $cursor)", "cursorRoles"),
        roles("TITLE", "cursorRoles"),
        of_organization(
            "roleConfigurations(orderBy: { field: SCORE, direction: DESC }, first: $size, after: $cursor)",
            "cursorScore",
        ),
        of_organization(
            "roleConfigurations(orderBy: { field: UPDATED_AT, direction: ASC }, last: $size, before: $cursor)",
            "cursorTime",
        ),
        of_organization("scenarios(first: $size, after: $cursor)", "cursorScenarios"),
        of_organization(
            "scenarios(orderBy: { field: NAME, direction: ASC }, first: $size, after: $cursor)",
            "cursorNames",
        ),
        seed(
            "query($cursor: String) { viewer { sessions(first: 3, after: $cursor) { edges { cursor node { id } } } } }",
            json!({ "cursor": tenant.get("cursorSessions") }),
        ),
        of_organization("members(first: $size, after: $cursor)", "cursorMembers"),
        of_organization("auditEvents(first: $size, after: $cursor)", "cursorAudit"),
        seed(
            "query($id: ID!, $cursor: String) { node(id: $id) { ... on RoleConfiguration {
                versions(first: 3, after: $cursor) { edges { cursor node { number } } } } } }",
            json!({ "id": tenant.get("role"), "cursor": tenant.get("cursorVersions") }),
        ),
        seed(
            "query($cursor: String) { viewer { organizations(first: 3, after: $cursor) { edges { cursor } } } }",
            json!({ "cursor": tenant.get("cursorViewer") }),
        ),
    ]
}

fn queries(tenant: &Tenant) -> Vec<Seed> {
    let id = tenant.get("organization");
    let ids =
        json!(["organization", "role", "version", "scenario", "member", "auditEvent"].map(|word| tenant.get(word)));
    let score = "score { value low high stageMix { stage count timeShare } }";
    let combined = json!({ "organizationId": id, "assumptions": { "adoption": 0.7, "breadth": 0.1, "rampMonths": 12,
            "tauAiAssisted": 0.2, "tauAtRisk": 0.1, "tauAutomated": 0.5, "handoffRemoved": 0.5, "duplicateRemoved": 0.5 },
        "monteCarlo": { "seed": 7, "draws": 100 },
        "roles": [{ "roleConfigurationId": tenant.get("role"), "headcount": 2.0, "coordinationShare": 0.1,
            "currentAiAdoption": 0.1 }, { "roleVersionId": tenant.get("version") }, { "canonicalRoleKey": CANONICAL }] });
    vec![
        seed(
            format!(
                "query($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename id ... on RoleConfiguration {{ title {score}
                    tasks(stage: HUMAN) {{ key title quadrant }} skills(trend: EMERGING) {{ name }}
                    comparison {{ scoreDifference alignments {{ basis confidence }} }} }}
                    ... on Scenario {{ outcome {{ gain }} sources {{ hasChanged }} }} }} }}"
            ),
            json!({ "ids": ids }),
        ),
        seed("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": tenant.get("role") })),
        seed(
            "query($id: ID!, $key: String) { node(id: $id) { ... on RoleVersion {
                comparison(canonicalRoleKey: $key) { scoreDifference } } } }",
            json!({ "id": tenant.get("version"), "key": CANONICAL }),
        ),
        seed(
            "query($ids: [ID!]!) { scenarioComparison(ids: $ids) { scenarios { gain score } } }",
            json!({ "ids": [tenant.get("scenario")] }),
        ),
        seed("query($key: String!) { canonicalRole(key: $key) { title } }", json!({ "key": CANONICAL })),
        seed(
            "query($text: String!, $source: String, $limit: Int) {
                searchCanonicalRoles(text: $text, source: $source, limit: $limit) { title relevance } }",
            json!({ "text": "backend enginer", "source": "rolemark", "limit": 3 }),
        ),
        seed(
            "query($source: String) { libraryCombinations(source: $source) { key } libraryEditions { key } }",
            json!({ "source": "rolemark" }),
        ),
        seed(
            "query($filter: CanonicalRoleFilter, $order: CanonicalRoleOrder, $first: Int) {
                canonicalRoles(filter: $filter, orderBy: $order, first: $first) { totalCount nodes { key } } }",
            json!({ "filter": { "titleContains": "engineer", "family": "Engineering", "source": "rolemark",
                "occupationCode": "15-1252.00" }, "order": { "field": "SCORE", "direction": "DESC" }, "first": 2 }),
        ),
        seed(
            "query($id: ID!, $filter: RoleConfigurationFilter, $audit: AuditEventFilter, $scenario: ScenarioFilter) {
                organization(id: $id) { name roleConfigurations(filter: $filter) { totalCount nodes { title } }
                    auditEvents(filter: $audit) { totalCount nodes { action actorName actor { name } } }
                    scenarios(filter: $scenario) { totalCount nodes { name } } } }",
            json!({ "id": id,
                "filter": { "titleContains": "title", "family": "family", "status": ["DRAFT", "PUBLISHED"],
                    "canonicalRoleKey": CANONICAL, "stage": "HUMAN", "scoreMinimum": 10.0, "scoreMaximum": 90.0,
                    "externalId": tenant.get("externalId") },
                "audit": { "action": "roleConfiguration.create", "objectType": "RoleConfiguration",
                    "objectId": tenant.get("role"), "actorId": tenant.get("actorId"), "actorKind": "USER",
                    "requestId": tenant.get("requestId"), "grantId": tenant.get("auditGrant"), "from": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z" },
                "scenario": { "nameContains": "scenario" } }),
        ),
        seed(
            "query($input: SimulateRoleCombinationInput!) { simulateRoleCombination(input: $input) {
                outcome { gain gainPercent interval { lower upper } transition { month gain } tornado { gainAtLow }
                    score { value } tasks { fteAfter } roles { taskFte } waterfall { endingFte } }
                monteCarlo { p10 p50 p90 } userErrors { code field message } } }",
            json!({ "input": combined }),
        ),
    ]
}

fn mutations(tenant: &Tenant) -> Vec<Seed> {
    let id = tenant.get("organization");
    let role = tenant.get("otherRole");
    let write = |field: &str, kind: &str, selection: &str, input: Value| {
        let document = format!(
            "mutation($input: {kind}!) {{ {field}(input: $input) {{ {selection}
                userErrors {{ code field message }} }} }}"
        );
        seed(document, json!({ "input": input }))
    };
    let made = "roleConfiguration { id revision score { value } tasks { key timeShare } }";
    let mut update = role_input("fuzz", "update");
    update["id"] = json!(role);
    update["expectedRevision"] = json!(1);
    vec![
        write(
            "createRoleConfiguration",
            "CreateRoleConfigurationInput",
            made,
            json!({ "organizationId": id, "role": role_input("fuzz", "new") }),
        ),
        write(
            "createRoleConfigurations",
            "CreateRoleConfigurationsInput",
            "roleConfigurations { id }",
            json!({ "organizationId": id, "roles": [{ "title": "One" }, { "title": "Two", "headcount": 2 }] }),
        ),
        write(
            "createRoleConfigurationFromCanonicalRole",
            "CreateRoleConfigurationFromCanonicalRoleInput",
            made,
            json!({ "organizationId": id, "canonicalRoleKey": CANONICAL, "externalId": "fuzz", "title": "Fuzz",
                "level": "Senior", "headcount": 2.5 }),
        ),
        write("updateRoleConfiguration", "UpdateRoleConfigurationInput", made, update),
        write(
            "updateRoleTask",
            "UpdateRoleTaskInput",
            made,
            json!({ "id": role, "expectedRevision": 1, "key": tenant.get("taskKey"), "title": "T", "description": "D",
                "rationale": "R", "stage": "HUMAN", "consequence": 0.5, "canonicalTaskKey": "rolemark:x" }),
        ),
        write(
            "publishRoleConfiguration",
            "PublishRoleConfigurationInput",
            "version { id number note }",
            json!({ "id": role, "expectedRevision": 1, "note": "A note" }),
        ),
        write(
            "archiveRoleConfiguration",
            "RoleConfigurationRevisionInput",
            made,
            json!({ "id": role, "expectedRevision": 1 }),
        ),
        write(
            "createScenario",
            "CreateScenarioInput",
            "scenario { id gain outcome { gain } }",
            json!({ "organizationId": id, "name": "Fuzz", "description": "D",
                "assumptions": { "adoption": 0.8, "rampMonths": 3 },
                "roles": [{ "roleConfigurationId": role, "headcount": 1.5 }, { "canonicalRoleKey": CANONICAL }] }),
        ),
        write(
            "updateScenario",
            "UpdateScenarioInput",
            "scenario { name }",
            json!({ "id": tenant.get("scenario"), "expectedRevision": 1, "name": "N", "description": "D" }),
        ),
        write(
            "duplicateScenario",
            "DuplicateScenarioInput",
            "scenario { name }",
            json!({ "id": tenant.get("scenario"), "name": "Copy" }),
        ),
        write(
            "renameOrganization",
            "RenameOrganizationInput",
            "organization { name }",
            json!({ "organizationId": id, "name": "Fuzz" }),
        ),
        // With a name that is not its own, so that it stays open.
        write(
            "closeOrganization",
            "CloseOrganizationInput",
            "organization { closedAt }",
            json!({ "organizationId": id, "name": "None of that name", "reason": "Fuzz" }),
        ),
        write(
            "restoreOrganization",
            "RestoreOrganizationInput",
            "organization { closedAt }",
            json!({ "organizationId": id }),
        ),
        write(
            "refreshSession",
            "RefreshSessionInput",
            "session { expiresAt }",
            json!({ "refreshToken": "A".repeat(43) }),
        ),
        write("resetPassword", "ResetPasswordInput", "", json!({ "token": "A".repeat(43), "newPassword": "short" })),
        write("requestPasswordReset", "RequestPasswordResetInput", "", json!({ "email": "fuzz" })),
        // Answered before any password is hashed, unless a change makes it right, which takes its time.
        write(
            "signUp",
            "SignUpInput",
            "session { expiresAt }",
            json!({ "email": "fuzz", "password": "short", "name": "N", "organizationName": "O" }),
        ),
    ]
}
