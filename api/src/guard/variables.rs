//! What the engine would not notice about the values of variables before it runs an operation.

use async_graphql::parser::types::{BaseType, OperationDefinition, Type, VariableDefinition};
use async_graphql::{Number, Value, Variables};

use super::{Refusal, RefusalCode};

/// Characters of a name that a message repeats.
const LONGEST_NAME: usize = 100;

/// Refuses a request without a variable that may not be null, or with a value that can never be of its type: the engine
/// would begin to run it.
pub(super) fn check_variables(operation: &OperationDefinition, variables: &Variables) -> Result<(), Refusal> {
    for definition in &operation.variable_definitions {
        check_required(&definition.node, variables)?;
        let name = &definition.node.name.node;
        if let Some(value) = variables.get(name).filter(|value| !fits(value, &definition.node.var_type.node)) {
            let (name, kind) = (shortened(name), shortened(&definition.node.var_type.node.to_string()));
            let got = if matches!(value, Value::Number(_)) { "this number" } else { "this value" };
            let message = format!("The variable `${name}` is of the type `{kind}`, which {got} is not.");
            return Err(Refusal::new(RefusalCode::BadInput, message));
        }
    }
    Ok(())
}

fn check_required(variable: &VariableDefinition, variables: &Variables) -> Result<(), Refusal> {
    let name = &variable.name.node;
    let has_default = variable.default_value.is_some() && !variables.contains_key(name);
    let is_given = variables.get(name).is_some_and(|value| *value != Value::Null);
    if variable.var_type.node.nullable || has_default || is_given {
        return Ok(());
    }
    let message = format!("The variable `${}` must be given, and not be null.", shortened(name));
    Err(Refusal::new(RefusalCode::BadInput, message))
}

/// Whether a value may be of a type, as far as the type's name tells. Validation looks into objects.
fn fits(value: &Value, kind: &Type) -> bool {
    match (value, &kind.base) {
        (Value::Null, _) => true,
        (Value::List(values), BaseType::List(item)) => values.iter().all(|value| fits(value, item)),
        // A single value counts as a list of one.
        (value, BaseType::List(item)) => fits(value, item),
        (Value::List(_), BaseType::Named(name)) => !is_input_object(name) && !SCALARS.contains(&name.as_str()),
        (Value::Number(number), BaseType::Named(name)) => match name.as_str() {
            "Int" => !number.is_f64() && !is_large_integer(number),
            "Float" => true,
            "ID" => number.is_i64() || number.is_u64(),
            name => !is_input_object(name) && !SCALARS.contains(&name),
        },
        (value @ Value::Object(_), BaseType::Named(name)) => {
            !SCALARS.contains(&name.as_str()) && has_small_integers_only(value)
        }
        (_, BaseType::Named(name)) => !is_input_object(name),
    }
}

/// Whether every whole number within fits into 32 bits, as GraphQL's `Int` does and every `Float` of this schema.
/// Validation passes larger ones, and then the first half of a request would be carried out.
fn has_small_integers_only(value: &Value) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::List(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.values()),
            Value::Number(number) if is_large_integer(number) => return false,
            _ => {}
        }
    }
    true
}

fn is_large_integer(number: &Number) -> bool {
    let is_integer = number.is_i64() || number.is_u64();
    is_integer && number.as_i64().is_none_or(|number| i32::try_from(number).is_err())
}

/// Scalars that are neither lists nor objects.
const SCALARS: [&str; 6] = ["Int", "Float", "ID", "String", "Boolean", "DateTime"];

/// Input objects are named so; scalars and enumerations are not.
fn is_input_object(name: &str) -> bool {
    ["Input", "Filter", "Order"].iter().any(|ending| name.ends_with(ending))
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_NAME).collect()
}
