//! The check on a parsed document, before the engine validates it.

use async_graphql::Variables;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};

use super::measure::{Measure, Measurer};
use super::outline::{self, Totals};
use super::values::Inputs;
use super::variables::check_variables;
use super::{CostModel, GuardLimits, Refusal, RefusalCode};

/// What the guard found out about a document that may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What the operation that runs is.
    pub operation_type: OperationType,
    /// Whether it asks for `__schema` or `__type`.
    pub uses_introspection: bool,
    /// Its points: the objects that its answer may hold at most, roughly. See [`CostModel`].
    pub cost: u64,
    /// Its levels of fields, introspection left out.
    pub depth: usize,
    /// Its fields at the root.
    pub root_fields: usize,
    /// Fields, spreads and inline fragments of the whole document, fragments put in place.
    pub selections: u64,
    /// Aliased fields of the whole document, fragments put in place.
    pub aliases: u64,
}

/// Checks a document against all limits but those of [`check_text`](super::check_text), which must have come first.
///
/// Sums are over the whole document; depth, introspection and cost are those of the operation that
/// `operation_name` picks. Names that the schema or the document does not know are left to the engine's validation.
///
/// # Errors
///
/// `QueryTooComplex` for a limit passed, `ValidationFailed` for fragments in a circle or no operation to run,
/// `BadInput` for variables that nest too deep, and for one that must be given and is not.
pub fn check_document(
    document: &ExecutableDocument,
    operation_name: Option<&str>,
    variables: &Variables,
    costs: &CostModel,
    limits: &GuardLimits,
) -> Result<Checked, Refusal> {
    let operation = pick_operation(&document.operations, operation_name)?;
    check_variable_count(document, limits)?;
    check_variables(operation, variables)?;
    let inputs = Inputs::new(document, operation, variables, limits)?;
    let totals = outline::sum_up(document, &inputs, limits)?;
    // Only now is it known that nesting is bounded, which the measurer, being recursive, relies on.
    check_totals(&totals, limits)?;
    let measure = Measurer::new(document, &inputs, costs, limits).operation(operation)?;
    check_measure(&measure, limits)?;
    Ok(Checked {
        operation_type: operation.ty,
        uses_introspection: measure.introspects,
        cost: measure.cost.total(1),
        depth: measure.depth,
        root_fields: measure.fields,
        selections: totals.selections,
        aliases: totals.aliases,
    })
}

/// Gives the variables that a request leaves out the defaults that the operation declares.
///
/// The engine does so too, but not for the conditions of `@include` and `@skip`. Call it after [`check_document`]; where
/// there is no operation to run, nothing changes.
pub fn fill_in_defaults(document: &ExecutableDocument, operation_name: Option<&str>, variables: &mut Variables) {
    let Ok(operation) = pick_operation(&document.operations, operation_name) else { return };
    for definition in &operation.variable_definitions {
        if let Some(default) = &definition.node.default_value {
            let name = definition.node.name.node.clone();
            variables.entry(name).or_insert_with(|| default.node.clone());
        }
    }
}

/// The operation that the engine would run.
fn pick_operation<'d>(
    operations: &'d DocumentOperations,
    name: Option<&str>,
) -> Result<&'d OperationDefinition, Refusal> {
    let (found, message) = match (operations, name) {
        (DocumentOperations::Single(operation), None) => (Some(operation), ""),
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => (all.values().next(), ""),
        (DocumentOperations::Multiple(_), None) => {
            (None, "The document has several operations. Say with `operationName` which one to run.")
        }
        (DocumentOperations::Multiple(all), Some(name)) => {
            (all.get(name), "The document has no operation of the name that `operationName` gives.")
        }
        (DocumentOperations::Single(_), Some(_)) => {
            (None, "The operation in the document has no name. Leave `operationName` out, or name the operation.")
        }
    };
    let found = found.map(|operation| &operation.node);
    found.ok_or_else(|| Refusal::new(RefusalCode::ValidationFailed, message))
}

fn check_variable_count(document: &ExecutableDocument, limits: &GuardLimits) -> Result<(), Refusal> {
    let operations = document.operations.iter();
    let count: usize = operations.map(|(_, operation)| operation.node.variable_definitions.len()).sum();
    let advice = "Put values that belong together into one input object or list.";
    Refusal::above(limits.variables as u64, count as u64, "Variables in the document", advice)
}

fn check_totals(totals: &Totals, limits: &GuardLimits) -> Result<(), Refusal> {
    let nesting = limits.safe_nesting() as u64;
    let advice = "Use fewer fragments within fragments.";
    Refusal::above(nesting, totals.nesting as u64, "Levels of selections, fragments included", advice)?;
    let advice = "Select less, or split the document.";
    Refusal::above(limits.selections, totals.selections, "Selections, fragments included", advice)?;
    let advice = "Send several requests, or ask for a list.";
    Refusal::above(limits.aliases, totals.aliases, "Aliases, fragments included", advice)?;
    let advice = "Use a large variable only once, or send less at a time.";
    let what = "Values and bytes in arguments, variables included at each use";
    Refusal::above(limits.argument_weight, totals.argument_weight, what, advice)
}

fn check_measure(measure: &Measure, limits: &GuardLimits) -> Result<(), Refusal> {
    let advice = "Ask for inner objects by `node(id:)` in another request.";
    Refusal::above(limits.depth as u64, measure.depth as u64, "Levels of fields", advice)?;
    Refusal::above(limits.root_fields as u64, measure.fields as u64, "Root fields", "Send several requests.")?;
    Refusal::above(1, measure.schema_fields as u64, "`__schema` fields", "Ask for the schema once.")?;
    let advice = "Send a request for each.";
    Refusal::above(1, measure.secret_fields as u64, "Mutations that sign in, sign up or set a password", advice)?;
    let advice = "Ask for smaller pages with `first`, or for fewer lists within lists.";
    Refusal::above(limits.cost, measure.cost.total(1), "Cost in points", advice)
}
