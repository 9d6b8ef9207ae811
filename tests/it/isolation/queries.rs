//! Queries with somebody else's identifiers, cursors and texts.

use serde_json::{Value, json};

use super::probe::Probe;
use crate::tenant::CANONICAL;

const ROLE: &str = "title family level summary externalId technologyStack canonicalRoleKey
    tasks { key title description rationale canonicalTaskKey } skills { name canonicalSkillKey }
    careerPathways { target description skills } organization { id name }";

/// Everything that can be asked of an object by its identifier.
fn node() -> String {
    format!(
        "__typename id ... on Organization {{ organizationName: name members {{ nodes {{ name email }} }} }}
        ... on RoleConfiguration {{ {ROLE} publishedVersion {{ id note title }} }}
        ... on RoleVersion {{ number note title roleConfiguration {{ id title }} }}
        ... on Scenario {{ scenarioName: name description sources {{ title roleConfiguration {{ id title }} }} }}
        ... on ConsultantGrant {{ grantName: name grantEmail: email reason families firmId state }}
        ... on FirmAssignment {{ clientOrganizationId member {{ name email }} }}
        ... on Member {{ memberName: name email accessLevel }}
        ... on ApiKey {{ keyName: name prefix scopes state clientOrganizationIds createdBy {{ id name }} }}
        ... on Invitation {{ email state invitedBy {{ name email }} }}
        ... on AuditEvent {{ action objectId details actorId actorName actor {{ name email }} hash }}
        ... on BenchmarkReceipt {{ releaseKey sentAt contribution {{ roles {{ canonicalRoleKey headcount }} }} }}
        ... on UserSession {{ createdAt address userAgent isCurrent }}"
    )
}

/// All probes of queries.
pub(super) fn probes() -> Vec<Probe> {
    let mut probes = nodes();
    probes.extend(lists());
    probes.extend(filters());
    probes.extend(library());
    probes.extend(benchmark());
    probes.extend(combinations());
    probes.extend(consultancy());
    probes
}

fn nodes() -> Vec<Probe> {
    let kinds = [
        "organization",
        "role",
        "otherRole",
        "version",
        "scenario",
        "member",
        "invitation",
        "apiKey",
        "grant",
        "assignment",
        "auditEvent",
        "userSession",
        "receipt",
    ];
    let document = format!("query($id: ID!) {{ node(id: $id) {{ {} }} }}", node());
    let mut probes: Vec<Probe> = kinds
        .iter()
        .map(|kind| Probe::new("Query.node", &["id"], document.clone(), json!({ "id": format!("@{kind}") })))
        .collect();
    let document = format!("query($ids: [ID!]!) {{ nodes(ids: $ids) {{ {} }} }}", node());
    let mixed: Vec<Value> =
        kinds.iter().flat_map(|kind| [json!(format!("@{kind}")), json!(format!("${kind}"))]).collect();
    probes.push(Probe::new("Query.nodes", &["ids"], document, json!({ "ids": mixed })));
    let organization = "query($id: ID!) { organization(id: $id) { id name createdAt viewerPermissions { accessLevel }
        members { totalCount nodes { name email } } apiKeys { totalCount nodes { name prefix } } auditEvents { totalCount nodes { details } }
        roleConfigurations { totalCount nodes { title } } scenarios { totalCount nodes { name } } } }";
    probes.push(Probe::new("Query.organization", &["id"], organization, json!({ "id": "@organization" })));
    let compared = "query($ids: [ID!]!) { scenarioComparison(ids: $ids) {
        scenarios { gain scenario { id name description } } } }";
    for ids in [json!(["@scenario"]), json!(["$scenario", "@scenario"]), json!(["@scenario", "$scenario"])] {
        probes.push(Probe::new("Query.scenarioComparison", &["ids"], compared, json!({ "ids": ids })));
    }
    probes
}

/// Cursors of another organization's lists, under every order, in both directions.
fn lists() -> Vec<Probe> {
    let own = |list: &str| format!("query($id: ID!, $cursor: String!) {{ organization(id: $id) {{ {list} }} }}");
    let rest = "{ edges { cursor } nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } }";
    let mut probes = Vec::new();
    for (field, order, cursor) in [
        ("Organization.members", "", "@cursorMembers"),
        ("Organization.members", "orderBy: { field: NAME, direction: ASC } ", "@cursorMembersByName"),
        ("Organization.invitations", "", "@cursorInvitations"),
        ("Organization.auditEvents", "", "@cursorAudit"),
        ("Organization.apiKeys", "", "@cursorKeys"),
        ("Organization.roleConfigurations", "", "@cursorRoles"),
        ("Organization.roleConfigurations", "orderBy: { field: SCORE, direction: DESC } ", "@cursorScore"),
        ("Organization.roleConfigurations", "orderBy: { field: UPDATED_AT, direction: ASC } ", "@cursorTime"),
        ("Organization.scenarios", "", "@cursorScenarios"),
        ("Organization.scenarios", "orderBy: { field: NAME, direction: ASC } ", "@cursorNames"),
    ] {
        let name = field.rsplit('.').next().unwrap_or_default();
        let variables = json!({ "id": "$organization", "cursor": cursor });
        for (path, argument) in [("after", "first: 2, after"), ("before", "last: 2, before")] {
            let document = own(&format!("{name}({order}{argument}: $cursor) {rest}"));
            probes.push(Probe::new(field, &[path], document, variables.clone()));
        }
    }
    for (path, argument) in [("after", "first: 2, after"), ("before", "last: 2, before")] {
        let document = own(&format!("benchmarkParticipation {{ receipts({argument}: $cursor) {rest} }}"));
        let variables = json!({ "id": "$organization", "cursor": "@cursorReceipts" });
        probes.push(Probe::new("BenchmarkParticipation.receipts", &[path], document, variables));
    }
    for path in ["after", "before"] {
        let document =
            format!("query($cursor: String!) {{ viewer {{ organizations({path}: $cursor) {{ nodes {{ id }} }} }} }}");
        probes.push(Probe::new("Viewer.organizations", &[path], document, json!({ "cursor": "@cursorViewer" })));
        let document =
            format!("query($cursor: String!) {{ viewer {{ sessions({path}: $cursor) {{ nodes {{ id }} }} }} }}");
        probes.push(Probe::new("Viewer.sessions", &[path], document, json!({ "cursor": "@cursorSessions" })));
        let document = format!(
            "query($id: ID!, $cursor: String!) {{ node(id: $id) {{ ... on RoleConfiguration {{
                versions({path}: $cursor) {rest} }} }} }}"
        );
        let variables = json!({ "id": "$role", "cursor": "@cursorVersions" });
        probes.push(Probe::new("RoleConfiguration.versions", &[path], document, variables));
        let document =
            format!("query($cursor: String!) {{ canonicalRoles(first: 1, {path}: $cursor) {{ nodes {{ key }} }} }}");
        let variables = json!({ "cursor": "@cursorRoles" });
        probes.push(Probe::new("Query.canonicalRoles", &[path], document, variables).of_platform());
    }
    probes
}

/// Clients, their comparison, and cursors of lists that name other organizations.
fn consultancy() -> Vec<Probe> {
    let mut probes = Vec::new();
    for (path, argument) in [("after", "first: 2, after"), ("before", "last: 2, before")] {
        for (name, fields, cursor) in [
            ("consultantGrants", "id name email", "@cursorGrants"),
            ("firmClients", "organizationId name reason", "@cursorFirmClients"),
        ] {
            let document = format!(
                "query($id: ID!, $cursor: String!) {{ organization(id: $id) {{ {name}({argument}: $cursor) {{
                    edges {{ cursor }} nodes {{ {fields} }} pageInfo {{ hasNextPage hasPreviousPage }} }} }} }}"
            );
            let variables = json!({ "id": "$organization", "cursor": cursor });
            probes.push(Probe::new(&format!("Organization.{name}"), &[path], document, variables));
        }
        let document = format!(
            "query($cursor: String!) {{ viewer {{ clients({path}: $cursor) {{ nodes {{ organization {{ id name }} }} }} }} }}"
        );
        probes.push(Probe::new("Viewer.clients", &[path], document, json!({ "cursor": "@cursorClients" })));
    }
    let document = "query($input: ClientComparisonInput!) { clientComparison(input: $input) {
        clients { label organization { id name } } rows { cells { label score } } userErrors { code field } } }";
    let compare = |path: &str, input: Value| {
        Probe::new("Query.clientComparison", &[&format!("input.{path}")], document, json!({ "input": input }))
    };
    let keys = json!([CANONICAL]);
    probes.push(compare("clientIds", json!({ "clientIds": ["@clientOrganization"], "canonicalRoleKeys": keys })));
    let both = json!(["@organization", "$clientOrganization", "@clientOrganization"]);
    let mixed = compare("clientIds", json!({ "clientIds": both, "canonicalRoleKeys": keys }));
    // With one's own values there is the same one client.
    probes.push(mixed.of_platform());
    let keys = json!([CANONICAL, "@canonicalKey"]);
    probes.push(compare("canonicalRoleKeys", json!({ "canonicalRoleKeys": keys })).of_platform());
    probes.push(compare("family", json!({ "family": "@family" })).of_platform());
    probes
}

/// Another organization's texts as filters of one's own lists.
fn filters() -> Vec<Probe> {
    let mut probes = Vec::new();
    for (field, kind, filter, value) in [
        ("roleConfigurations", "RoleConfigurationFilter", "titleContains", "@title"),
        ("roleConfigurations", "RoleConfigurationFilter", "family", "@family"),
        ("roleConfigurations", "RoleConfigurationFilter", "externalId", "@externalId"),
        ("roleConfigurations", "RoleConfigurationFilter", "canonicalRoleKey", "@canonicalKey"),
        ("scenarios", "ScenarioFilter", "nameContains", "@scenarioName"),
        ("members", "MemberFilter", "textContains", "@email"),
        ("members", "MemberFilter", "textContains", "@text"),
        ("auditEvents", "AuditEventFilter", "objectId", "@role"),
        ("auditEvents", "AuditEventFilter", "objectId", "@scenario"),
        ("auditEvents", "AuditEventFilter", "objectType", "@text"),
        ("auditEvents", "AuditEventFilter", "action", "@text"),
        ("auditEvents", "AuditEventFilter", "actorId", "@actorId"),
        ("auditEvents", "AuditEventFilter", "requestId", "@requestId"),
        ("auditEvents", "AuditEventFilter", "grantId", "@auditGrant"),
    ] {
        let document = format!(
            "query($id: ID!, $filter: {kind}) {{ organization(id: $id) {{ {field}(filter: $filter) {{
                totalCount edges {{ cursor }} nodes {{ id }} }} }} }}"
        );
        let variables = json!({ "id": "$organization", "filter": { filter: value } });
        let path = format!("filter.{filter}");
        let probe = Probe::new(&format!("Organization.{field}"), &[&path], document, variables);
        // No role is linked to such a key, no kind of object or action has such a name, and nobody used such a grant.
        let finds_nothing = ["canonicalRoleKey", "objectType", "action", "grantId"].contains(&filter);
        probes.push(if finds_nothing { probe.of_platform() } else { probe });
    }
    probes
}

fn library() -> Vec<Probe> {
    let key = "query($key: String!) { canonicalRole(key: $key) { key title } }";
    let search = "query($text: String!, $source: String) {
        searchCanonicalRoles(text: $text, source: $source) { key title matchedText } }";
    let source = "query($source: String!) { libraryCombinations(source: $source) { key title } }";
    let mut probes = vec![
        Probe::new("Query.canonicalRole", &["key"], key, json!({ "key": "@canonicalKey" })),
        Probe::new("Query.searchCanonicalRoles", &["text"], search, json!({ "text": "@title" })),
        Probe::new("Query.searchCanonicalRoles", &["source"], search, json!({ "text": "engineer", "source": "@text" })),
        Probe::new("Query.libraryCombinations", &["source"], source, json!({ "source": "@text" })),
    ];
    let page = "query($filter: CanonicalRoleFilter) { canonicalRoles(filter: $filter) { totalCount nodes { key } } }";
    for filter in ["titleContains", "family", "source", "occupationCode"] {
        let path = format!("filter.{filter}");
        probes.push(Probe::new("Query.canonicalRoles", &[&path], page, json!({ "filter": { filter: "@title" } })));
    }
    for (kind, id) in [("RoleConfiguration", "$role"), ("RoleVersion", "$version")] {
        let document = format!(
            "query($id: ID!, $key: String!) {{ node(id: $id) {{ ... on {kind} {{
                comparison(canonicalRoleKey: $key) {{ canonicalRole {{ key }} }} }} }} }}"
        );
        let variables = json!({ "id": id, "key": "@canonicalKey" });
        probes.push(Probe::new(&format!("{kind}.comparison"), &["canonicalRoleKey"], document, variables));
    }
    probes.into_iter().map(Probe::of_platform).collect()
}

/// Releases and roles of the benchmark, which belong to nobody, by the words of somebody.
fn benchmark() -> Vec<Probe> {
    let cell = "benchmark(release: $release) { withheld }";
    let place = "benchmark(release: $release) { position }";
    let on = |kind: &str, fields: &str| {
        format!("query($id: ID!, $release: String) {{ node(id: $id) {{ ... on {kind} {{ {fields} }} }} }}")
    };
    let release = json!({ "release": "@text" });
    let of = |word: &str| json!({ "id": word, "release": "@text" });
    let comparison = format!("comparison(canonicalRoleKey: \"{CANONICAL}\") {{ {place} }}");
    let role = "query($role: String!, $release: String) { roleBenchmark(role: $role, release: $release) { withheld } }";
    let canonical = format!("query($release: String) {{ canonicalRole(key: \"{CANONICAL}\") {{ {cell} }} }}");
    let library = format!("query($release: String) {{ libraryCombinations {{ {cell} }} }}");
    let trend = format!(
        "query($since: String!) {{ roleBenchmark(role: \"{CANONICAL}\") {{ trend(since: $since) {{ differencePoints }} }} }}"
    );
    let simulation = format!(
        "query($release: String) {{ simulateRoleCombination(input: {{ roles: [
            {{ canonicalRoleKey: \"{CANONICAL}\" }}, {{ canonicalRoleKey: \"rolemark:devops-engineer\" }}] }}) {{ {cell} }} }}"
    );
    let key = "query($key: String!) { benchmarkRelease(key: $key) { key } }";
    let known = json!({ "role": CANONICAL, "release": "@text" });
    [
        Probe::new("Query.roleBenchmark", &["role"], role, json!({ "role": "@canonicalKey" })),
        Probe::new("Query.roleBenchmark", &["release"], role, known),
        Probe::new("Query.benchmarkRelease", &["key"], key, json!({ "key": "@text" })),
        Probe::new("RoleBenchmark.trend", &["since"], trend, json!({ "since": "@text" })),
        Probe::new("CanonicalRole.benchmark", &["release"], canonical, release.clone()),
        Probe::new("LibraryCombination.benchmark", &["release"], library, release.clone()),
        Probe::new("RoleCombinationSimulation.benchmark", &["release"], simulation, release),
        Probe::new("RoleComparison.benchmark", &["release"], on("RoleConfiguration", &comparison), of("$role")),
        Probe::new("RoleConfiguration.benchmark", &["release"], on("RoleConfiguration", place), of("$role")),
        Probe::new("RoleVersion.benchmark", &["release"], on("RoleVersion", place), of("$version")),
        Probe::new("Scenario.benchmark", &["release"], on("Scenario", cell), of("$scenario")),
    ]
    .map(Probe::of_platform)
    .into()
}

fn combinations() -> Vec<Probe> {
    let document = "query($input: SimulateRoleCombinationInput!) { simulateRoleCombination(input: $input) {
        outcome { gain roles { title } tasks { key title roles } skills { key name roles } }
        libraryCombinationKey userErrors { code field message } } }";
    let canonical = json!({ "canonicalRoleKey": CANONICAL });
    let probe = |path: &str, organization: &str, role: Value| {
        let input = json!({ "organizationId": organization, "roles": [canonical, role] });
        Probe::new("Query.simulateRoleCombination", &[path], document, json!({ "input": input }))
    };
    let id = "input.organizationId";
    vec![
        probe(id, "@organization", json!({ "roleConfigurationId": "$role" })),
        probe(id, "@organization", json!({ "roleConfigurationId": "@role" })),
        probe("input.roles.roleConfigurationId", "$organization", json!({ "roleConfigurationId": "@role" })),
        probe("input.roles.roleVersionId", "$organization", json!({ "roleVersionId": "@version" })),
        probe("input.roles.canonicalRoleKey", "$organization", json!({ "canonicalRoleKey": "@canonicalKey" }))
            .of_platform(),
        Probe::new(
            "Query.simulateRoleCombination",
            &["input.roles.roleConfigurationId"],
            document,
            json!({ "input": { "roles": [canonical, { "roleConfigurationId": "@role" }] } }),
        )
        .of_platform(),
    ]
}

/// Name nothing of others: lists of the caller's own, in which nothing of others may be.
pub(super) fn all_that_is_ones_own() -> Vec<Probe> {
    let all = "filter: { status: [DRAFT, PUBLISHED, ARCHIVED] }";
    [
        "id name members(first: 5) { totalCount nodes { name email } }".to_owned(),
        "invitations(first: 5) { totalCount nodes { email invitedBy { name } } }".to_owned(),
        "consultantGrants(first: 5) { totalCount edges { cursor } nodes { name email reason families } }".to_owned(),
        "firmClients(first: 5) { totalCount edges { cursor } nodes { name reason families assignments { member {
            name email } } } }"
            .to_owned(),
        "auditEvents(first: 20) { totalCount edges { cursor } nodes { action objectId details actorName } }".to_owned(),
        "apiKeys(first: 5) { totalCount edges { cursor } nodes { name prefix scopes createdBy { name } } }".to_owned(),
        "benchmarkParticipation { isParticipating joinedBy { name email } history { joinedBy { name } }
            segment { industry } preview { contribution { roles { canonicalRoleKey } } leftOut { title } }
            receipts(first: 5) { edges { cursor } nodes { contribution { roles { canonicalRoleKey } } } } }"
            .to_owned(),
        "scenarios(first: 5) { totalCount edges { cursor } nodes { name description sources { title } } }".to_owned(),
        format!("roleConfigurations(first: 5, {all}) {{ totalCount edges {{ cursor }} nodes {{ {ROLE} }} }}"),
        format!(
            "roleConfigurations(first: 5, {all}) {{ nodes {{ versions(first: 5) {{ nodes {{ note title }} }} }} }}"
        ),
    ]
    .map(|list| format!("organizations(first: 5) {{ totalCount nodes {{ {list} }} }}"))
    .into_iter()
    .chain(["sessions(first: 5) { edges { cursor } nodes { id address userAgent } }".to_owned()])
    .map(|list| Probe::new("", &[], format!("{{ viewer {{ name email {list} }} }}"), json!({})))
    .collect()
}
