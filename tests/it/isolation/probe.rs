//! What is asked of the server with somebody else's values.

use rolemark_tests::{Answer, Client};
use serde_json::{Value, json};

use crate::tenant::Values;

/// One request that names something. In its variables, `@word` stands for a value of the organization that is spied
/// upon (or, to compare, for one that does not exist), and `$word` for one of the spy's own.
pub(super) struct Probe {
    /// Arguments that it covers, as `Query.node.id`.
    pub(super) covers: Vec<String>,
    document: String,
    variables: Value,
    /// Whether the spy's own values give another answer: if not, hiding would show nothing.
    pub(super) own_differ: bool,
}

impl Probe {
    /// Covers `Type.field.path` for each of the paths, all of one field.
    pub(super) fn new(field: &str, paths: &[&str], document: impl Into<String>, variables: Value) -> Self {
        let covers = paths.iter().map(|path| format!("{field}.{path}")).collect();
        Self { covers, document: document.into(), variables, own_differ: true }
    }

    /// The same, where the platform's own rows are searched, which hold nothing of any organization.
    pub(super) fn of_platform(self) -> Self {
        Self { own_differ: false, ..self }
    }

    /// The variables with the placeholders filled in.
    pub(super) fn variables(&self, others: &Values, own: &Values) -> Value {
        fill(&self.variables, others, own)
    }

    pub(super) async fn ask(&self, client: &Client, others: &Values, own: &Values) -> Answer {
        client.graphql(&self.document, self.variables(others, own)).await
    }

    /// Whether it changes a draft that nothing has changed before.
    pub(super) fn needs_a_fresh_role(&self) -> bool {
        self.variables.to_string().contains("\"$fresh\"")
    }

    /// Whether it joins values of both organizations in one scenario.
    pub(super) fn mixes(&self) -> bool {
        let variables = self.variables.to_string();
        let is_of_scenarios = ["createScenario(", "simulateRoleCombination(", "scenarioComparison("];
        let ids = ["organization", "role", "version", "scenario"];
        let has = |sign: char| ids.iter().any(|id| variables.contains(&format!("\"{sign}{id}\"")));
        is_of_scenarios.iter().any(|field| self.document.contains(field)) && has('@') && has('$')
    }

    /// For messages: what it covers, or how it begins.
    pub(super) fn name(&self) -> String {
        let placeholders = self.variables.to_string();
        if self.covers.is_empty() { self.document.clone() } else { format!("{:?} {placeholders}", self.covers) }
    }
}

fn fill(template: &Value, others: &Values, own: &Values) -> Value {
    let value = |values: &Values, word: &str| {
        let found = values.get(word).unwrap_or_else(|| panic!("no value for the placeholder {word}"));
        json!(found)
    };
    match template {
        Value::String(text) => match (text.strip_prefix('@'), text.strip_prefix('$')) {
            (Some(word), _) => value(others, word),
            (_, Some(word)) => value(own, word),
            _ => template.clone(),
        },
        Value::Array(items) => items.iter().map(|item| fill(item, others, own)).collect(),
        Value::Object(entries) => entries.iter().map(|(key, item)| (key.clone(), fill(item, others, own))).collect(),
        other => other.clone(),
    }
}
