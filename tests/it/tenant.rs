//! An organization with one of everything, made through the API, with a mark in every text that takes one.

use std::collections::BTreeMap;

use rolemark_tests::{Client, TestServer, unique};
use serde_json::{Value, json};

use crate::direct::Direct;
use crate::ids::{Parts, organization_of, random_uuid};

/// A canonical role of the shipped edition.
pub(crate) const CANONICAL: &str = "rolemark:backend-engineer";

/// What others may try to name: identifiers, cursors and texts by a word of this test's own.
pub(crate) type Values = BTreeMap<&'static str, String>;

/// An invitation, and the token that accepts it.
pub(crate) struct Invited {
    pub(crate) id: String,
    pub(crate) token: String,
}

/// The organization, and its admin's credentials.
#[derive(Clone)]
pub(crate) struct Tenant {
    /// In every text of the organization; in lower case, as some are kept.
    pub(crate) mark: String,
    /// The admin.
    pub(crate) admin: Client,
    pub(crate) email: String,
    pub(crate) password: String,
    /// By word, such as `role` or `cursorScenarios`.
    pub(crate) values: Values,
}

impl Tenant {
    /// Signs up, and makes two roles, a version, a draft that differs from it, a scenario, an invitation, an API key, a
    /// consultant grant, a client that lets the organization in as a firm, and its part in the benchmark.
    pub(crate) async fn create(t: &TestServer) -> Self {
        let mut tenant = Self::sign_up(t, "").await;
        tenant.make_roles().await;
        tenant.make_scenario().await;
        tenant.make_invitation().await;
        tenant.make_key(t).await;
        tenant.make_grant().await;
        tenant.make_client(t).await;
        tenant.make_benchmark(t).await;
        tenant.note_the_rest().await;
        tenant
    }

    /// Signs up, with the mark of another organization if it is to share it.
    async fn sign_up(t: &TestServer, mark_of_other: &str) -> Self {
        let mark = format!("{mark_of_other}{}", unique("cnry").replace('_', ""));
        let (email, password) = (format!("{mark}@example.com"), unique("correct horse"));
        let input = json!({
            "email": email, "password": password, "name": format!("{mark} person"),
            "organizationName": format!("{mark} organization"),
        });
        let document = "mutation($input: SignUpInput!) { signUp(input: $input) {
            organization { id } session { accessToken refreshToken } userErrors { code field message } } }";
        let answer = t.anonymous().with_user_agent(&mark).graphql(document, json!({ "input": input })).await;
        let payload = answer.payload("signUp");
        let admin = t.anonymous().with_user_agent(&mark).with_token(text(&payload["session"]["accessToken"]));
        let mut values = Values::new();
        values.insert("organization", text(&payload["organization"]["id"]).to_owned());
        values.insert("refreshToken", text(&payload["session"]["refreshToken"]).to_owned());
        values.insert("email", email.clone());
        for (word, value) in texts(&mark) {
            values.insert(word, value);
        }
        Self { mark, admin, email, password, values }
    }

    /// A value that this test knows by a word.
    pub(crate) fn get(&self, word: &str) -> &str {
        self.values.get(word).unwrap_or_else(|| panic!("no value for {word}"))
    }

    /// The values, and something for the role that is made for one request only.
    pub(crate) fn values_with_placeholder(&self) -> Values {
        let mut values = self.values.clone();
        values.insert("fresh", String::new());
        values
    }

    /// The organization's name.
    pub(crate) fn name(&self) -> String {
        format!("{} organization", self.mark)
    }

    /// The organization's UUID.
    pub(crate) fn uuid(&self) -> uuid::Uuid {
        organization_of(self.get("organization"))
    }

    /// Runs a mutation that must succeed; its payload.
    pub(crate) async fn mutate(&self, field: &str, kind: &str, selection: &str, input: Value) -> Value {
        let document = format!(
            "mutation($input: {kind}!) {{ {field}(input: $input) {{ {selection} userErrors {{ code field message }} }} }}"
        );
        self.admin.graphql(&document, json!({ "input": input })).await.payload(field).clone()
    }

    /// Makes one more role, a draft; its identifier. Its revision is 1.
    pub(crate) async fn new_role(&self) -> String {
        let role = role_input(&self.mark, &unique("role"));
        let input = json!({ "organizationId": self.get("organization"), "role": role });
        let selection = "roleConfiguration { id revision }";
        let payload = self.mutate("createRoleConfiguration", "CreateRoleConfigurationInput", selection, input).await;
        assert_eq!(payload["roleConfiguration"]["revision"], 1);
        text(&payload["roleConfiguration"]["id"]).to_owned()
    }

    /// Makes one more scenario; its identifier. Its revision is 1.
    pub(crate) async fn new_scenario(&self) -> String {
        let input = json!({
            "organizationId": self.get("organization"),
            "name": format!("{} scenario", self.mark),
            "description": format!("{} description of a scenario", self.mark),
            "roles": [
                { "roleConfigurationId": self.get("role") }, { "roleVersionId": self.get("version") },
                { "roleConfigurationId": self.get("otherRole") }, { "canonicalRoleKey": CANONICAL },
            ],
        });
        let payload = self.mutate("createScenario", "CreateScenarioInput", "scenario { id revision }", input).await;
        assert_eq!(payload["scenario"]["revision"], 1);
        text(&payload["scenario"]["id"]).to_owned()
    }

    async fn make_roles(&mut self) {
        let roles = json!([role_input(&self.mark, "first"), role_input(&self.mark, "second")]);
        let input = json!({ "organizationId": self.get("organization"), "roles": roles });
        let selection = "roleConfigurations { id }";
        let payload = self.mutate("createRoleConfigurations", "CreateRoleConfigurationsInput", selection, input).await;
        let id = |index: usize| text(&payload["roleConfigurations"][index]["id"]).to_owned();
        self.values.insert("role", id(0));
        self.values.insert("otherRole", id(1));
        let input = json!({ "id": self.get("role"), "expectedRevision": 1, "note": format!("{} note", self.mark) });
        let selection = "version { id } roleConfiguration { revision }";
        let payload = self.mutate("publishRoleConfiguration", "PublishRoleConfigurationInput", selection, input).await;
        self.values.insert("version", text(&payload["version"]["id"]).to_owned());
        let revision = &payload["roleConfiguration"]["revision"];
        let input = json!({ "id": self.get("role"), "expectedRevision": revision,
            "summary": format!("{} summary after publication", self.mark) });
        let selection = "roleConfiguration { revision }";
        self.mutate("updateRoleConfiguration", "UpdateRoleConfigurationInput", selection, input).await;
    }

    async fn make_scenario(&mut self) {
        let scenario = self.new_scenario().await;
        self.values.insert("scenario", scenario);
    }

    /// Invites somebody with READ.
    pub(crate) async fn new_invitation(&self, email: &str) -> Invited {
        let input = json!({ "organizationId": self.get("organization"), "email": email, "accessLevel": "READ" });
        let payload = self.mutate("inviteMember", "InviteMemberInput", "invitation { id } token", input).await;
        Invited { id: text(&payload["invitation"]["id"]).to_owned(), token: text(&payload["token"]).to_owned() }
    }

    async fn make_invitation(&mut self) {
        let email = format!("{}.invited@example.com", self.mark);
        let invited = self.new_invitation(&email).await;
        self.values.insert("invitation", invited.id);
        self.values.insert("invitationToken", invited.token);
        self.values.insert("invitationEmail", email);
    }

    /// An API key, and a client of it that lends nothing.
    async fn make_key(&mut self, t: &TestServer) {
        let key = self.new_key(&format!("{} key", self.mark)).await;
        let uuid = Parts::of(&key).object.expect("the UUID of a key");
        let mut database = Direct::superuser(t).await.expect("a connection");
        let (organization, client, key_uuid) =
            (database.uuid(self.uuid()), database.uuid(random_uuid()), database.uuid(uuid));
        let row = format!("VALUES ({organization}, {key_uuid}, {client})");
        let sql = format!("INSERT INTO api_key_client (org_id, api_key_id, client_org_id) {row}");
        assert_eq!(database.execute(sql).await.expect("a client of a key"), 1);
        self.values.insert("apiKey", key);
    }

    /// Makes one more API key, which reads roles; its identifier.
    pub(crate) async fn new_key(&self, name: &str) -> String {
        let input = json!({ "organizationId": self.get("organization"), "name": name, "scopes": ["READ_ROLES"] });
        let payload = self.mutate("createApiKey", "CreateApiKeyInput", "apiKey { id }", input).await;
        text(&payload["apiKey"]["id"]).to_owned()
    }

    /// Lends access to somebody who has not accepted yet.
    async fn make_grant(&mut self) {
        let mark = &self.mark;
        let input = json!({
            "organizationId": self.get("organization"), "email": format!("{mark}.consultant@example.com"),
            "name": format!("{mark} consultant"), "accessLevel": "READ", "families": [format!("{mark} family")],
            "expiresAt": crate::consultancy::in_days(100), "reason": format!("{mark} reason"),
        });
        let selection = "consultantGrant { id } token";
        let payload = self.mutate("grantConsultantAccess", "GrantConsultantAccessInput", selection, input).await;
        self.values.insert("grant", text(&payload["consultantGrant"]["id"]).to_owned());
        self.values.insert("grantToken", text(&payload["token"]).to_owned());
    }

    /// An organization that lets this one in as a firm, and the assignment of this one's admin to it.
    async fn make_client(&mut self, t: &TestServer) {
        let client = Box::pin(Self::sign_up(t, &self.mark)).await;
        let mark = &client.mark;
        let input = json!({
            "organizationId": client.get("organization"), "firmId": self.get("organization"),
            "name": format!("{mark} firm"), "accessLevel": "READ", "families": [format!("{mark} family")],
            "expiresAt": crate::consultancy::in_days(100), "reason": format!("{mark} reason of a client"),
        });
        let selection = "consultantGrant { id }";
        let payload = client.mutate("grantConsultantAccess", "GrantConsultantAccessInput", selection, input).await;
        self.values.insert("firmGrant", text(&payload["consultantGrant"]["id"]).to_owned());
        self.values.insert("clientOrganization", client.get("organization").to_owned());
        let document = "query($id: ID!) { organization(id: $id) { members { nodes { id } } } }";
        let answer = self.admin.graphql(document, json!({ "id": self.get("organization") })).await;
        let input = json!({
            "organizationId": self.get("organization"), "clientOrganizationId": client.get("organization"),
            "memberId": answer.text_at("organization.members.nodes.0.id"),
        });
        let selection = "firmAssignment { id }";
        let payload = self.mutate("assignConsultant", "AssignConsultantInput", selection, input).await;
        self.values.insert("assignment", text(&payload["firmAssignment"]["id"]).to_owned());
    }

    /// Takes part in the benchmark; the operator has verified it, and it has sent something once.
    async fn make_benchmark(&mut self, t: &TestServer) {
        let here = json!({ "organizationId": self.get("organization") });
        self.mutate("joinBenchmark", "JoinBenchmarkInput", "", here).await;
        let segment = json!({ "organizationId": self.get("organization"), "industry": "INFORMATION",
            "sizeBand": "FROM_20_TO_99", "region": "NORTH_AMERICA" });
        self.mutate("declareOrganizationSegment", "DeclareOrganizationSegmentInput", "", segment).await;
        let mut database = Direct::superuser(t).await.expect("a connection");
        let (org, id, receipt) = (database.uuid(self.uuid()), database.uuid(random_uuid()), random_uuid());
        let (now, mark, receipt_id) = (database.seconds_from_now(0), &self.mark, database.uuid(receipt));
        let payload = json!({ "segment": null, "rows": [{ "key": format!("canary:{mark}-sent"), "kind": "ROLE",
            "headsMilli": 3_500, "score": 50_000, "ratio": 0, "mix": [1_000_000, 0, 0, 0], "tasks": [], "skills": [] }] });
        for sql in [
            format!(
                "INSERT INTO organization_verification (org_id, id, legal_entity, legal_group, registrant_domain,
                    payment_instrument, beneficial_owner, is_by_contract, verified_at)
                 VALUES ({org}, {id}, '{mark} entity', '{mark} group', '{mark}.example', '{mark} payment', '{mark} owner',
                    true, {now})"
            ),
            format!(
                "INSERT INTO benchmark_receipt (org_id, id, release_key, sent_at, payload)
                 VALUES ({org}, {receipt_id}, '2020-Q1', {now}, '{payload}')"
            ),
        ] {
            assert_eq!(database.execute(sql).await.expect("a row of the benchmark"), 1);
        }
        let organization = Parts::of(self.get("organization")).organization;
        let receipt = Parts { tag: "benchmarkreceipt".to_owned(), organization, object: Some(receipt) };
        self.values.insert("receipt", receipt.encode());
    }

    /// Identifiers and cursors that only lists give.
    async fn note_the_rest(&mut self) {
        let document = "query($id: ID!, $role: ID!) {
            viewer { organizations { edges { cursor } } sessions { edges { cursor node { id } } } clients { edges { cursor } } }
            organization(id: $id) {
                members { edges { cursor node { id } } }
                membersByName: members(orderBy: { field: NAME, direction: ASC }) { edges { cursor } }
                invitations { edges { cursor } }
                consultantGrants { edges { cursor } }
                firmClients { edges { cursor } }
                auditEvents { edges { cursor node { id actorId requestId } } }
                apiKeys { edges { cursor } }
                roleConfigurations { edges { cursor } }
                byScore: roleConfigurations(orderBy: { field: SCORE, direction: DESC }) { edges { cursor } }
                byTime: roleConfigurations(orderBy: { field: UPDATED_AT, direction: ASC }) { edges { cursor } }
                scenarios { edges { cursor } }
                benchmarkParticipation { receipts { edges { cursor } } }
                byName: scenarios(orderBy: { field: NAME, direction: ASC }) { edges { cursor } }
            }
            node(id: $role) { ... on RoleConfiguration { versions { edges { cursor } } } }
        }";
        let variables = json!({ "id": self.get("organization"), "role": self.get("role") });
        let answer = self.admin.graphql(document, variables).await;
        for (word, path) in [
            ("cursorViewer", "viewer.organizations.edges.0.cursor"),
            ("cursorSessions", "viewer.sessions.edges.0.cursor"),
            ("userSession", "viewer.sessions.edges.0.node.id"),
            ("cursorMembers", "organization.members.edges.0.cursor"),
            ("cursorMembersByName", "organization.membersByName.edges.0.cursor"),
            ("cursorInvitations", "organization.invitations.edges.0.cursor"),
            ("cursorClients", "viewer.clients.edges.0.cursor"),
            ("cursorGrants", "organization.consultantGrants.edges.0.cursor"),
            ("cursorFirmClients", "organization.firmClients.edges.0.cursor"),
            ("cursorAudit", "organization.auditEvents.edges.0.cursor"),
            ("cursorKeys", "organization.apiKeys.edges.0.cursor"),
            ("cursorRoles", "organization.roleConfigurations.edges.0.cursor"),
            ("cursorScore", "organization.byScore.edges.0.cursor"),
            ("cursorTime", "organization.byTime.edges.0.cursor"),
            ("cursorScenarios", "organization.scenarios.edges.0.cursor"),
            ("cursorReceipts", "organization.benchmarkParticipation.receipts.edges.0.cursor"),
            ("cursorNames", "organization.byName.edges.0.cursor"),
            ("cursorVersions", "node.versions.edges.0.cursor"),
            ("member", "organization.members.edges.0.node.id"),
            ("auditEvent", "organization.auditEvents.edges.0.node.id"),
            ("actorId", "organization.auditEvents.edges.0.node.actorId"),
            ("requestId", "organization.auditEvents.edges.0.node.requestId"),
        ] {
            self.values.insert(word, answer.text_at(path).to_owned());
        }
        let grant = Parts { tag: "consultantgrant".to_owned(), ..Parts::of(self.get("auditEvent")) }.sibling();
        self.values.insert("auditGrant", grant.encode());
        assert_eq!(Parts::of(self.get("auditEvent")).organization, self.uuid());
    }
}

/// The texts with this mark that others may search for.
fn texts(mark: &str) -> [(&'static str, String); 7] {
    [
        ("title", format!("{mark} title first")),
        ("family", format!("{mark} family")),
        ("externalId", format!("{mark}-first")),
        ("taskKey", format!("{mark}-task")),
        ("canonicalKey", format!("canary:{mark}")),
        ("scenarioName", format!("{mark} scenario")),
        ("text", mark.to_owned()),
    ]
}

/// A role with the mark in every text; `which` tells it from the others of its organization.
pub(crate) fn role_input(mark: &str, which: &str) -> Value {
    let marked = |text: &str| format!("{mark} {text}");
    json!({
        "externalId": format!("{mark}-{which}"),
        "title": marked(&format!("title {which}")),
        "family": marked("family"),
        "level": marked("level"),
        "summary": marked("summary"),
        "headcount": 3.5,
        "coordinationShare": 0.2,
        "technologyStack": [marked("technology")],
        "canonicalRoleKey": CANONICAL,
        "tasks": [
            { "key": format!("{mark}-task"), "title": marked("task"), "description": marked("description"),
              "rationale": marked("rationale"), "stage": "AI_ASSISTED", "timeShare": 0.75, "consequence": 0.3,
              "canonicalTaskKey": format!("canary:{mark}") },
            { "title": marked("second task"), "stage": "HUMAN", "timeShare": 0.25 },
        ],
        "skills": [{ "name": marked("skill"), "trend": "EMERGING", "priority": "HIGH", "proficiency": 4,
            "automationRisk": 0.2, "canonicalSkillKey": format!("canary:{mark}-skill") }],
        "careerPathways": [{ "target": marked("target"), "monthsFrom": 12, "monthsTo": 24,
            "description": marked("pathway"), "skills": [marked("skill of the pathway")] }],
    })
}

/// The text that a JSON value is.
#[track_caller]
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}
