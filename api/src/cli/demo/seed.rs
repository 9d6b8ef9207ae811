//! The organizations of the demo.

use serde_json::{Value, json};
use store::{
    Store,
    identity::{SignUp, SignUpError},
};

use super::{Caller, PASSWORD, origin};
use crate::identity::audit_name;

/// The admin of the first organization.
pub(super) const ADA: &str = "ada@northwind.example";

/// An organization of the demo.
pub(crate) struct DemoOrganization {
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    user: &'static str,
    /// Canonical roles that it runs, with headcounts.
    roles: &'static [(&'static str, f64)],
    pub(super) id: String,
    pub(crate) token: String,
    pub(super) is_new: bool,
}

type SeedResult<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Makes the organizations, or signs in to them if they were made before.
pub(crate) async fn prepare(store: &Store) -> SeedResult<[DemoOrganization; 2]> {
    let mut northwind = organization(
        "Northwind Software",
        ADA,
        "Ada Lovell",
        &[
            ("backend-engineer", 12.0),
            ("devops-engineer", 4.0),
            ("data-engineer", 5.0),
            ("frontend-engineer", 8.0),
            ("qa-engineer", 4.0),
            ("product-manager", 3.0),
            ("customer-support-representative", 9.0),
            ("financial-analyst", 2.0),
        ],
    );
    let mut meridian = organization(
        "Meridian Advisory",
        "grace@meridian.example",
        "Grace Okafor",
        &[("hr-business-partner", 3.0), ("data-analyst", 4.0), ("operations-manager", 2.0), ("recruiter", 2.0)],
    );
    for organization in [&mut northwind, &mut meridian] {
        enter(store, organization).await?;
        if organization.is_new {
            make_roles(store, organization).await?;
        }
    }
    if northwind.is_new {
        let caller = Caller::with_token(store, &northwind.token).await?;
        localize_backend(&caller, &northwind.id).await?;
        save_scenario(&caller, &northwind.id).await?;
    }
    Ok([northwind, meridian])
}

fn organization(
    name: &'static str,
    email: &'static str,
    user: &'static str,
    roles: &'static [(&'static str, f64)],
) -> DemoOrganization {
    DemoOrganization { name, email, user, roles, id: String::new(), token: String::new(), is_new: false }
}

async fn enter(store: &Store, organization: &mut DemoOrganization) -> SeedResult<()> {
    let input = SignUp {
        email: organization.email.into(),
        password: PASSWORD.into(),
        name: organization.user.into(),
        organization_name: organization.name.into(),
    };
    organization.token = match store.sign_up(input, &origin(), audit_name).await {
        Ok(signed_up) => {
            organization.is_new = true;
            signed_up.tokens.access_token
        }
        Err(SignUpError::EmailTaken) => {
            let signed_in = store.sign_in(organization.email, PASSWORD, &origin()).await;
            signed_in.map_err(|error| format!("signing in {}: {error:?}", organization.email))?.access_token
        }
        Err(error) => return Err(format!("signing up {}: {error:?}", organization.email).into()),
    };
    let caller = Caller::with_token(store, &organization.token).await?;
    let data = caller.run("{ viewer { organizations(first: 1) { nodes { id } } } }", json!({})).await?;
    organization.id = text(&data, "/viewer/organizations/nodes/0/id");
    Ok(())
}

async fn make_roles(store: &Store, organization: &DemoOrganization) -> SeedResult<()> {
    const CREATE: &str = "mutation($input: CreateRoleConfigurationFromCanonicalRoleInput!) {
        createRoleConfigurationFromCanonicalRole(input: $input) { roleConfiguration { id revision } userErrors { message } } }";
    const PUBLISH: &str = "mutation($input: PublishRoleConfigurationInput!) {
        publishRoleConfiguration(input: $input) { userErrors { message } } }";
    let caller = Caller::with_token(store, &organization.token).await?;
    for (key, headcount) in organization.roles {
        let input = json!({
            "organizationId": organization.id, "canonicalRoleKey": format!("rolemark:{key}"),
            "headcount": headcount, "externalId": format!("demo-{key}"),
        });
        let data = caller.run(CREATE, json!({ "input": input })).await?;
        let id = text(&data, "/createRoleConfigurationFromCanonicalRole/roleConfiguration/id");
        let input = json!({ "id": id, "expectedRevision": 1, "note": "Taken over from the library" });
        caller.run(PUBLISH, json!({ "input": input })).await?;
    }
    Ok(())
}

/// Northwind has not gone as far as the library's Backend Engineer, and does something of its own.
async fn localize_backend(caller: &Caller<'_>, organization: &str) -> SeedResult<()> {
    const ROLE: &str = "query($id: ID!) { organization(id: $id) {
        roleConfigurations(filter: { externalId: \"demo-backend-engineer\" }) { nodes { id revision
            tasks { key title description rationale stage consequence canonicalTaskKey } } } } }";
    const UPDATE: &str = "mutation($input: UpdateRoleConfigurationInput!) {
        updateRoleConfiguration(input: $input) { userErrors { message } } }";
    let data = caller.run(ROLE, json!({ "id": organization })).await?;
    let role = data.pointer("/organization/roleConfigurations/nodes/0").cloned().unwrap_or_default();
    let mut tasks: Vec<Value> = role["tasks"].as_array().cloned().unwrap_or_default();
    tasks.retain(|task| task["key"] != "third-party-integrations");
    for task in &mut tasks {
        if task["key"] == "database-schema-design" {
            task["stage"] = json!("HUMAN");
            task["rationale"] = json!("Reviewed line by line here since last year's failed migration.");
        }
    }
    tasks.push(json!({
        "title": "Customer escalation support", "stage": "AT_RISK", "consequence": 0.5,
        "rationale": "Engineers still read tickets by hand; triage by a model is being tried out.",
    }));
    let input = json!({ "id": role["id"], "expectedRevision": role["revision"], "tasks": tasks });
    caller.run(UPDATE, json!({ "input": input })).await?;
    Ok(())
}

async fn save_scenario(caller: &Caller<'_>, organization: &str) -> SeedResult<()> {
    const SAVE: &str = "mutation($input: CreateScenarioInput!) {
        createScenario(input: $input) { scenario { id } userErrors { message } } }";
    let input = json!({
        "organizationId": organization, "name": "Platform team",
        "description": "Backend and DevOps as one role, as the library suggests.",
        "roles": [
            { "canonicalRoleKey": "rolemark:backend-engineer" },
            { "canonicalRoleKey": "rolemark:devops-engineer" },
        ],
    });
    caller.run(SAVE, json!({ "input": input })).await?;
    Ok(())
}

/// The text at a place of an answer.
pub(super) fn text(data: &Value, pointer: &str) -> String {
    data.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}
