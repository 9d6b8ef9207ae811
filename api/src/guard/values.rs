//! Argument values, with the request's variables put in place.

use std::collections::HashMap;
use std::convert::Infallible;

use async_graphql::parser::types::{Directive, ExecutableDocument, Field, OperationDefinition};
use async_graphql::{Name, Value, Variables};

use super::{GuardLimits, Refusal, RefusalCode};

/// The variables of a request, and the defaults of those that it leaves out.
pub(super) struct Inputs<'a> {
    variables: &'a Variables,
    /// Defaults of the operation that runs.
    defaults: HashMap<&'a str, &'a Value>,
    /// Weight of each variable, whichever operation declares it.
    weights: HashMap<&'a str, u64>,
}

impl<'a> Inputs<'a> {
    /// # Errors
    ///
    /// `BadInput` for a variable that nests too deep.
    pub(super) fn new(
        document: &'a ExecutableDocument,
        operation: &'a OperationDefinition,
        variables: &'a Variables,
        limits: &GuardLimits,
    ) -> Result<Self, Refusal> {
        let mut weights: HashMap<&str, u64> = HashMap::new();
        for (_, other) in document.operations.iter() {
            for (name, value) in defaults(&other.node) {
                let known = weights.entry(name).or_default();
                *known = weigh(value).weight.max(*known);
            }
        }
        for (name, value) in variables.iter() {
            let weighed = weigh(value);
            if weighed.nesting > limits.variable_nesting {
                return Err(nested_too_deep(limits.variable_nesting));
            }
            weights.insert(name, weighed.weight);
        }
        Ok(Self { variables, defaults: defaults(operation).collect(), weights })
    }

    /// Weight of all arguments of a field, in values and bytes of text.
    pub(super) fn field_weight(&self, field: &Field) -> u64 {
        let arguments = field.arguments.iter();
        arguments.fold(0, |sum, (_, value)| {
            let mut used = 0;
            let literal = value.node.clone().into_const_with(|name| self.note_weight(&name, &mut used));
            used.saturating_add(literal_weight(literal)).saturating_add(sum)
        })
    }

    /// Weight of all arguments of a directive, in values and bytes of text.
    pub(super) fn directive_weight(&self, directive: &Directive) -> u64 {
        let arguments = directive.arguments.iter();
        arguments.fold(0, |sum, (_, value)| {
            let mut used = 0;
            let literal = value.node.clone().into_const_with(|name| self.note_weight(&name, &mut used));
            used.saturating_add(literal_weight(literal)).saturating_add(sum)
        })
    }

    /// The whole number that an argument is set to; `None` where it is absent, null or no number.
    pub(super) fn number(&self, field: &Field, argument: &str) -> Option<u64> {
        let value = field.get_argument(argument)?.node.clone();
        let Ok(value) = value.into_const_with(|name| Ok::<_, Infallible>(self.scalar(&name)));
        match value {
            Value::Number(number) => Some(whole(&number)),
            _ => None,
        }
    }

    /// Length of the longest list anywhere in the arguments of a field.
    pub(super) fn longest_list(&self, field: &Field) -> u64 {
        let mut longest = 0;
        for (_, value) in &field.arguments {
            let Ok(literal) = value.node.clone().into_const_with(|name| {
                longest = self.value(&name).map_or(0, |value| weigh(value).longest_list).max(longest);
                Ok::<_, Infallible>(Value::Null)
            });
            longest = weigh(&literal).longest_list.max(longest);
        }
        longest
    }

    /// Length of a list within an argument that is an object; `None` where it is absent or null.
    pub(super) fn list_length(&self, field: &Field, argument: &str, list: &str) -> Option<u64> {
        let value = field.get_argument(argument)?.node.clone();
        let Ok(value) = value.into_const_with(|name| Ok::<_, Infallible>(self.value(&name).map_or(Value::Null, shape)));
        let Value::Object(fields) = value else { return None };
        match fields.get(list)? {
            Value::Null => None,
            Value::List(items) => Some(items.len() as u64),
            // Of a variable; anything else counts as a list of one, as the engine takes it.
            Value::Number(length) => Some(whole(length).max(1)),
            _ => Some(1),
        }
    }

    /// Adds a variable's weight where a value names it. The variable itself is not copied.
    fn note_weight(&self, name: &Name, used: &mut u64) -> Result<Value, Infallible> {
        let weight = self.weights.get(name.as_str()).copied().unwrap_or(1);
        *used = used.saturating_add(weight);
        Ok(Value::Null)
    }

    /// A variable's value as the request or its default gives it.
    fn value(&self, name: &str) -> Option<&'a Value> {
        self.variables.get(name).or_else(|| self.defaults.get(name).copied())
    }

    /// A variable's number; null for anything else, which is not worth a copy.
    fn scalar(&self, name: &str) -> Value {
        match self.value(name) {
            Some(Value::Number(number)) => Value::Number(number.clone()),
            _ => Value::Null,
        }
    }
}

/// A variable's value with the length of each list in place of the list. Its nesting has been checked.
fn shape(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::Number(items.len().into()),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), shape(value))).collect())
        }
        Value::Number(_) | Value::String(_) | Value::Boolean(_) | Value::Enum(_) | Value::Binary(_) => {
            Value::Boolean(true)
        }
        Value::Null => Value::Null,
    }
}

/// What one value holds.
#[derive(Default)]
struct Weighed {
    /// Values, and bytes of text and keys.
    weight: u64,
    /// Levels of lists and objects.
    nesting: usize,
    /// Items of the longest list within.
    longest_list: u64,
}

fn weigh(value: &Value) -> Weighed {
    let mut result = Weighed::default();
    let mut open = vec![(value, 0)];
    while let Some((value, level)) = open.pop() {
        let bytes = match value {
            Value::String(text) => text.len(),
            Value::Enum(name) => name.len(),
            Value::Binary(bytes) => bytes.len(),
            Value::List(items) => {
                open.extend(items.iter().map(|item| (item, level + 1)));
                result.longest_list = result.longest_list.max(items.len() as u64);
                0
            }
            Value::Object(fields) => {
                open.extend(fields.values().map(|item| (item, level + 1)));
                fields.keys().map(|key| key.len()).sum()
            }
            Value::Null | Value::Number(_) | Value::Boolean(_) => 0,
        };
        let nested = matches!(value, Value::List(_) | Value::Object(_));
        result.nesting = result.nesting.max(level + usize::from(nested));
        result.weight = result.weight.saturating_add(1 + bytes as u64);
    }
    result
}

fn literal_weight(literal: Result<Value, Infallible>) -> u64 {
    let Ok(literal) = literal;
    weigh(&literal).weight
}

fn defaults(operation: &OperationDefinition) -> impl Iterator<Item = (&str, &Value)> {
    let definitions = operation.variable_definitions.iter();
    definitions.filter_map(|definition| {
        let default = definition.node.default_value.as_ref()?;
        Some((definition.node.name.node.as_str(), &default.node))
    })
}

/// A number as a count: what is below zero is zero, a fraction is cut.
fn whole(number: &async_graphql::Number) -> u64 {
    number.as_u64().unwrap_or_else(|| number.as_f64().unwrap_or_default() as u64)
}

fn nested_too_deep(limit: usize) -> Refusal {
    let message =
        format!("A variable nests lists and objects too deep; the limit is {limit} levels. Send flatter values.");
    Refusal::new(RefusalCode::BadInput, message)
}
