//! Mutations with somebody else's identifiers.

use serde_json::{Value, json};

use super::probe::Probe;
use crate::tenant::{CANONICAL, role_input};

fn probe(field: &str, kind: &str, selection: &str, paths: &[&str], input: Value) -> Probe {
    let document = format!(
        "mutation($input: {kind}!) {{ {field}(input: $input) {{ {selection} userErrors {{ code field message }} }} }}"
    );
    let paths: Vec<String> = paths.iter().map(|path| format!("input.{path}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    Probe::new(&format!("Mutation.{field}"), &paths, document, json!({ "input": input }))
}

/// Probes that change nothing unless isolation is broken. Those that take something away come last, so that the spy's
/// own objects last as long as they are needed.
pub(super) fn probes() -> Vec<Probe> {
    let mut probes = creations();
    probes.extend(consultancy());
    probes.extend(scenarios());
    probes.extend(changes());
    probes.extend(members());
    probes.extend(keys());
    probes.extend(organizations());
    let delete = "deletedScenarioId";
    probes.push(probe("deleteScenario", "DeleteScenarioInput", delete, &["id"], json!({ "id": "@scenario" })));
    let session = json!({ "id": "@userSession" });
    probes.push(probe("endSession", "EndSessionInput", "endedSessionId", &["id"], session));
    probes
}

fn keys() -> Vec<Probe> {
    let made = "secret apiKey { id name prefix clientOrganizationIds createdBy { id name } rotatedFrom { id name } }";
    let create = |path: &str, organization: &str, name: &str, more: Value| {
        let mut input = json!({ "organizationId": organization, "name": name, "scopes": ["READ_ROLES"] });
        input["clientOrganizationIds"] = more;
        probe("createApiKey", "CreateApiKeyInput", made, &[path], input)
    };
    vec![
        create("organizationId", "@organization", "Spy", json!([])),
        // Nobody lends the spy anything, itself included.
        create("clientOrganizationIds", "$organization", "For a client", json!(["@organization"])).of_platform(),
        probe("rotateApiKey", "RotateApiKeyInput", made, &["id"], json!({ "id": "@apiKey" })),
        probe("revokeApiKey", "RevokeApiKeyInput", "apiKey { id name state }", &["id"], json!({ "id": "@apiKey" })),
    ]
}

fn consultancy() -> Vec<Probe> {
    let assigned = "firmAssignment { id member { name email } clientOrganizationId }";
    let assign = |path: &str, organization: &str, client: &str, member: &str| {
        let input = json!({ "organizationId": organization, "clientOrganizationId": client, "memberId": member });
        probe("assignConsultant", "AssignConsultantInput", assigned, &[path], input)
    };
    let grant = "consultantGrant { id name email reason }";
    let lend = json!({ "organizationId": "@organization", "email": "spy@example.org", "name": "Spy",
        "accessLevel": "READ", "expiresAt": crate::consultancy::in_days(1), "reason": "Spying" });
    let renew = json!({ "id": "@grant", "expiresAt": crate::consultancy::in_days(1) });
    let accept = json!({ "token": "@grantToken" });
    let id = |word: &str| json!({ "id": format!("@{word}") });
    let declined = "declinedConsultantGrantId";
    vec![
        probe("grantConsultantAccess", "GrantConsultantAccessInput", grant, &["organizationId"], lend),
        probe("renewConsultantGrant", "RenewConsultantGrantInput", grant, &["id"], renew),
        probe("revokeConsultantGrant", "RevokeConsultantGrantInput", grant, &["id"], id("grant")),
        // The admin of the client is not the one who may accept or decline.
        probe("acceptConsultantGrant", "AcceptConsultantGrantInput", "organizationId", &["token"], accept)
            .of_platform(),
        probe("declineConsultantGrant", "DeclineConsultantGrantInput", declined, &["id"], id("grant")).of_platform(),
        assign("organizationId", "@organization", "$clientOrganization", "$member"),
        assign("organizationId", "@organization", "@clientOrganization", "@member"),
        assign("clientOrganizationId", "$organization", "@clientOrganization", "$member"),
        assign("memberId", "$organization", "$clientOrganization", "@member"),
        probe("unassignConsultant", "UnassignConsultantInput", assigned, &["id"], id("assignment")),
        probe("declineConsultantGrant", "DeclineConsultantGrantInput", declined, &["id"], id("firmGrant")),
    ]
}

fn creations() -> Vec<Probe> {
    let role = json!({ "title": "A role", "tasks": [{ "title": "A task", "stage": "HUMAN" }] });
    let made = "roleConfiguration { id title organization { id name } }";
    let from = "createRoleConfigurationFromCanonicalRole";
    let from_kind = "CreateRoleConfigurationFromCanonicalRoleInput";
    vec![
        probe(
            "createRoleConfiguration",
            "CreateRoleConfigurationInput",
            made,
            &["organizationId"],
            json!({ "organizationId": "@organization", "role": role }),
        ),
        probe(
            "createRoleConfigurations",
            "CreateRoleConfigurationsInput",
            "roleConfigurations { id }",
            &["organizationId"],
            json!({ "organizationId": "@organization", "roles": [role, role] }),
        ),
        probe(
            from,
            from_kind,
            made,
            &["organizationId"],
            json!({ "organizationId": "@organization", "canonicalRoleKey": CANONICAL }),
        ),
        probe(
            from,
            from_kind,
            made,
            &["canonicalRoleKey"],
            json!({ "organizationId": "$organization", "canonicalRoleKey": "@canonicalKey" }),
        )
        .of_platform(),
    ]
}

fn organizations() -> Vec<Probe> {
    let of = |more: Value| crate::steps::merged(json!({ "organizationId": "@organization" }), more);
    let (id, changed) = (&["organizationId"], "organization { id name closedAt }");
    let part = "benchmarkParticipation { isParticipating joinedBy { name email } segment { industry } }";
    let segment = json!({ "industry": "FINANCE", "sizeBand": "FROM_20_TO_99", "region": "WESTERN_EUROPE" });
    vec![
        // With a name that is nobody's, so that the spy's own stays open.
        probe("closeOrganization", "CloseOrganizationInput", changed, id, of(json!({ "name": "Spied upon" }))),
        probe("restoreOrganization", "RestoreOrganizationInput", changed, id, of(json!({}))),
        probe("joinBenchmark", "JoinBenchmarkInput", part, id, of(json!({}))),
        probe("leaveBenchmark", "LeaveBenchmarkInput", part, id, of(json!({}))),
        probe("declareOrganizationSegment", "DeclareOrganizationSegmentInput", part, id, of(segment)),
        probe("renameOrganization", "RenameOrganizationInput", changed, id, of(json!({ "name": "Spied upon" }))),
    ]
}

fn scenarios() -> Vec<Probe> {
    let made = "scenario { id name sources { title roleConfiguration { id title } } outcome { tasks { title } } }";
    let canonical = json!({ "canonicalRoleKey": CANONICAL });
    let create = |path: &str, organization: &str, role: Value| {
        let input = json!({ "organizationId": organization, "name": "Spy", "roles": [canonical, role] });
        probe("createScenario", "CreateScenarioInput", made, &[path], input)
    };
    vec![
        create("organizationId", "@organization", json!({ "roleConfigurationId": "$role" })),
        create("organizationId", "@organization", json!({ "roleVersionId": "@version" })),
        create("roles.roleConfigurationId", "$organization", json!({ "roleConfigurationId": "@role" })),
        create("roles.roleVersionId", "$organization", json!({ "roleVersionId": "@version" })),
        create("roles.canonicalRoleKey", "$organization", json!({ "canonicalRoleKey": "@canonicalKey" })).of_platform(),
        probe(
            "updateScenario",
            "UpdateScenarioInput",
            "scenario { id name description }",
            &["id"],
            json!({ "id": "@scenario", "expectedRevision": 1, "name": "Spied upon" }),
        ),
        probe(
            "duplicateScenario",
            "DuplicateScenarioInput",
            made,
            &["id"],
            json!({ "id": "@scenario", "name": "Copied" }),
        ),
    ]
}

fn changes() -> Vec<Probe> {
    let changed = "roleConfiguration { id title summary }";
    // Both the revision that the role has and one that it has not: neither tells anything.
    let mut probes: Vec<Probe> = [1, 2, 3]
        .into_iter()
        .map(|revision| {
            let input = json!({ "id": "@role", "expectedRevision": revision, "title": "Spied upon" });
            probe("updateRoleConfiguration", "UpdateRoleConfigurationInput", changed, &["id"], input)
        })
        .collect();
    let task = json!({ "id": "@role", "expectedRevision": 2, "key": "@taskKey", "title": "Spied upon" });
    probes.push(probe("updateRoleTask", "UpdateRoleTaskInput", changed, &["id"], task));
    let link = json!({ "id": "$role", "expectedRevision": 2, "canonicalRoleKey": "@canonicalKey" });
    let of_link = &["canonicalRoleKey"];
    let link = probe("updateRoleConfiguration", "UpdateRoleConfigurationInput", changed, of_link, link);
    probes.push(link.of_platform());
    let version = "version { id note } roleConfiguration { id }";
    let revision = json!({ "id": "@role", "expectedRevision": 2 });
    for (field, kind, selection) in [
        ("publishRoleConfiguration", "PublishRoleConfigurationInput", version),
        ("archiveRoleConfiguration", "RoleConfigurationRevisionInput", changed),
        ("restoreRoleConfiguration", "RoleConfigurationRevisionInput", changed),
        ("deleteRoleConfigurationDraft", "RoleConfigurationRevisionInput", "deletedRoleConfigurationId"),
    ] {
        probes.push(probe(field, kind, selection, &["id"], revision.clone()));
    }
    probes
}

/// Those that one's own admin could do come last: a probe that is right once may be wrong the second time.
fn members() -> Vec<Probe> {
    let invited = json!({ "organizationId": "@organization", "email": "spy@example.com", "accessLevel": "ADMIN" });
    let level = json!({ "id": "@member", "accessLevel": "READ" });
    let changed = "invitation { id email } token";
    vec![
        probe("inviteMember", "InviteMemberInput", changed, &["organizationId"], invited),
        probe("resendInvitation", "ResendInvitationInput", changed, &["id"], json!({ "id": "@invitation" })),
        probe("changeMemberLevel", "ChangeMemberLevelInput", "member { id name email }", &["id"], level),
        probe("removeMember", "RemoveMemberInput", "removedMemberId", &["id"], json!({ "id": "@member" })),
        probe(
            "leaveOrganization",
            "LeaveOrganizationInput",
            "leftOrganizationId",
            &["organizationId"],
            json!({ "organizationId": "@organization" }),
        ),
        // Bound to the address: whose invitation it is shows to nobody else.
        probe(
            "acceptInvitation",
            "AcceptInvitationInput",
            "organization { id name } member { name }",
            &["token"],
            json!({ "token": "@invitationToken" }),
        )
        .of_platform(),
        probe(
            "revokeInvitation",
            "RevokeInvitationInput",
            "invitation { id email }",
            &["id"],
            json!({ "id": "@invitation" }),
        ),
    ]
}

/// Texts that are unique within one organization, or keys within one role: another organization's are free, and
/// whether they are in use there shows in nothing. These write, so they come after everything else; `$fresh` is a
/// draft that nothing has changed yet.
pub(super) fn taking_the_same_names() -> Vec<Probe> {
    let fields = ["externalId", "tasks.key", "tasks.canonicalTaskKey", "skills.canonicalSkillKey"];
    let role = |external_id: &str| {
        let mut role = role_input("spy", "role");
        role["externalId"] = external_id.into();
        role["tasks"][0]["key"] = "@taskKey".into();
        role["tasks"][0]["canonicalTaskKey"] = "@canonicalKey".into();
        role["skills"][0]["canonicalSkillKey"] = "@canonicalKey".into();
        role
    };
    let write = |field: &str, kind: &str, prefix: &str, fields: &[&str], input: Value| {
        let paths: Vec<String> = fields.iter().map(|field| format!("{prefix}{field}")).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        probe(field, kind, "", &paths, input).of_platform()
    };
    let one = json!({ "organizationId": "$organization", "role": role("@externalId") });
    let many = json!({ "organizationId": "$organization", "roles": [role("@taskKey")] });
    let from = json!({ "organizationId": "$organization", "canonicalRoleKey": CANONICAL, "externalId": "@text" });
    let mut update = role("@canonicalKey");
    update["id"] = "$fresh".into();
    update["expectedRevision"] = 1.into();
    let task =
        |key: &str| json!({ "id": "$fresh", "expectedRevision": 1, "key": key, "canonicalTaskKey": "@canonicalKey" });
    let from_canonical = "createRoleConfigurationFromCanonicalRole";
    let from_kind = "CreateRoleConfigurationFromCanonicalRoleInput";
    vec![
        write("createRoleConfiguration", "CreateRoleConfigurationInput", "role.", &fields, one),
        write("createRoleConfigurations", "CreateRoleConfigurationsInput", "roles.", &fields, many),
        write(from_canonical, from_kind, "", &["externalId"], from),
        write("updateRoleConfiguration", "UpdateRoleConfigurationInput", "", &fields, update),
        write("updateRoleTask", "UpdateRoleTaskInput", "", &["key"], task("@taskKey")),
        write("updateRoleTask", "UpdateRoleTaskInput", "", &["canonicalTaskKey"], task("$taskKey")),
        write(
            "grantConsultantAccess",
            "GrantConsultantAccessInput",
            "",
            &["email"],
            json!({ "organizationId": "$organization", "email": "@email", "name": "Spy", "accessLevel": "READ",
                "expiresAt": crate::consultancy::in_days(1), "reason": "Spying" }),
        ),
        links("createRoleConfiguration", "CreateRoleConfigurationInput", "role"),
        links("createRoleConfigurations", "CreateRoleConfigurationsInput", "roles"),
        write(
            "inviteMember",
            "InviteMemberInput",
            "",
            &["email"],
            json!({ "organizationId": "$organization", "email": "@invitationEmail", "accessLevel": "READ" }),
        ),
        probe("signIn", "SignInInput", "", &["email"], json!({ "email": "@email", "password": "not the password" }))
            .of_platform(),
        probe("requestPasswordReset", "RequestPasswordResetInput", "", &["email"], json!({ "email": "@email" }))
            .of_platform(),
    ]
}

/// A link to a canonical role that is in no edition, whoever uses the same text for something of its own.
fn links(field: &str, kind: &str, name: &str) -> Probe {
    let role = json!({ "title": "A role", "canonicalRoleKey": "@canonicalKey" });
    let roles = if name == "roles" { json!([role]) } else { role };
    let input = json!({ "organizationId": "$organization", name: roles });
    probe(field, kind, "", &[&format!("{name}.canonicalRoleKey")], input).of_platform()
}
