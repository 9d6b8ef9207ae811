//! What the demo says on the terminal.

use serde_json::{Value, json};
use store::{
    Store,
    benchmark::world::{World, WorldSpec},
};

use super::{Caller, PASSWORD, benchmark, seed::DemoOrganization};

const FACTS: &str = "query($organization: ID!) {
    libraryEditions { key roleCount taskCount isCurrent }
    libraryCombinations { key }
    canonicalRole(key: \"rolemark:backend-engineer\") { title score { value low high stageMix { stage count } } }
    organization(id: $organization) {
        roleConfigurations(filter: { externalId: \"demo-backend-engineer\" }) { totalCount nodes { title
            score { value }
            comparison { scoreDifference
                missingTasks { task { title } } additionalTasks { task { title } } } } } }
    simulateRoleCombination(input: { roles: [
        { canonicalRoleKey: \"rolemark:backend-engineer\" }, { canonicalRoleKey: \"rolemark:devops-engineer\" }] }) {
        outcome { gain gainFromAi gainFromMerging interval { lower upper } hoursSavedShare } } }";

/// Shows what was made, and what Rolemark says about it.
pub(super) async fn introduce(
    store: &Store,
    organizations: &[DemoOrganization; 2],
    world: Option<&World>,
    database: &str,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let [northwind, _] = organizations;
    let caller = Caller::with_token(store, &northwind.token).await?;
    let facts = caller.run(FACTS, json!({ "organization": northwind.id })).await?;
    println!("\nDatabase            {database}");
    for organization in organizations {
        let state = if organization.is_new { "made now" } else { "found from an earlier start" };
        println!("{:<19} {state}; admin {}", organization.name, organization.email);
    }
    if let Some(world) = world {
        let state = if world.added > 0 { "made now" } else { "found from an earlier start" };
        let WorldSpec { seed, organizations, .. } = world.spec;
        println!("Synthetic world     {state}; {organizations} organizations, seed {seed}");
        println!("                    their people: admin-1@synthetic.example and so on, the same password");
    }
    for edition in list(&facts, "/libraryEditions") {
        println!(
            "Library edition     {}: {} roles, {} tasks",
            word(edition, "key"),
            edition["roleCount"],
            edition["taskCount"]
        );
    }
    println!("                    {} combinations", list(&facts, "/libraryCombinations").len());
    show_score(&facts);
    show_comparison(&facts);
    show_combination(&facts);
    benchmark::show(store, northwind).await
}

fn show_score(facts: &Value) {
    let score = &facts["canonicalRole"]["score"];
    println!(
        "\nBackend Engineer of the library: AI impact score {} (range {} to {})",
        number(score, "value"),
        number(score, "low"),
        number(score, "high")
    );
    let mix: Vec<String> =
        list(score, "/stageMix").iter().map(|stage| format!("{} {}", stage["count"], word(stage, "stage"))).collect();
    println!("  tasks: {}", mix.join(", "));
}

fn show_comparison(facts: &Value) {
    let role = facts.pointer("/organization/roleConfigurations/nodes/0").unwrap_or(&Value::Null);
    let comparison = &role["comparison"];
    println!(
        "Backend Engineer of Northwind: {}, compared with the library {:+} points",
        number(&role["score"], "value"),
        number(comparison, "scoreDifference")
    );
    for (label, pointer) in [("missing", "/missingTasks"), ("additional", "/additionalTasks")] {
        for task in list(comparison, pointer) {
            println!("  {label} task: {}", word(&task["task"], "title"));
        }
    }
}

fn show_combination(facts: &Value) {
    let outcome = &facts["simulateRoleCombination"]["outcome"];
    let percent = |value: &Value| format!("{:+.0} %", value.as_f64().unwrap_or_default() * 100.0);
    println!("Backend Engineer + DevOps Engineer = Platform Engineer: {} productivity", percent(&outcome["gain"]));
    println!(
        "  AI alone {}, merging {}; interval {} to {}; hours {}",
        percent(&outcome["gainFromAi"]),
        percent(&outcome["gainFromMerging"]),
        percent(&outcome["interval"]["lower"]),
        percent(&outcome["interval"]["upper"]),
        format_args!("-{:.0} %", outcome["hoursSavedShare"].as_f64().unwrap_or_default() * 100.0),
    );
}

/// Says how to go on.
pub(super) fn invite(url: &str, organizations: &[DemoOrganization; 2]) {
    let [northwind, meridian] = organizations;
    println!("\nServing GraphQL at {url}/graphql; open {url} in a browser to try queries.");
    println!("Sign in as {} or {}, password {PASSWORD}", northwind.email, meridian.email);
    println!("\nThree queries to paste (the token is Northwind's and lasts 15 minutes):\n");
    println!("TOKEN={}\n", northwind.token);
    for query in [
        r#"{ viewer { organizations { nodes { name roleConfigurations { totalCount nodes { title score { value } } } } } } }"#,
        r#"{ searchCanonicalRoles(text: \"bakend enginer\", limit: 1) { title canonicalRole { score { value low high } } } }"#,
        r#"{ simulateRoleCombination(input: { roles: [{ canonicalRoleKey: \"rolemark:backend-engineer\" }, { canonicalRoleKey: \"rolemark:devops-engineer\" }] }) { outcome { gainPercent gainFromAi gainFromMerging } } }"#,
    ] {
        println!("curl -s {url}/graphql -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\");
        println!("  -d '{{\"query\":\"{query}\"}}'\n");
    }
    println!("Stop with ctrl-c.");
}

pub(super) fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn number(value: &Value, field: &str) -> f64 {
    value[field].as_f64().unwrap_or_default()
}

pub(super) fn word<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}
