//! How large an answer may get, as far as the schema tells.

use std::collections::{HashMap, HashSet};

use async_graphql::Value;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, ServiceDocument, Type, TypeDefinition, TypeKind,
    TypeSystemDefinition,
};
use async_graphql::parser::{self, Error};

/// Items of a page when neither the document nor the schema says how many.
pub(super) const DEFAULT_PAGE: u64 = 25;
/// Items of a list that has no page size, unless its arguments hold a longer list (`nodes(ids:)`).
pub(super) const LIST_SIZE: u64 = 10;
/// Types whose lists always have the same number of items.
const FIXED_SIZES: [(&str, u64); 2] = [("StageShare", 4), ("BenchmarkStageShare", 4)];
/// Points of a root field of a mutation, for the transaction and the audit entry.
pub(super) const MUTATION_COST: u64 = 10;
/// Points of `__schema` and of `__type`.
pub(super) const INTROSPECTION_COST: u64 = 100;
/// Argument weight that costs a point each time that the field is resolved.
pub(super) const WEIGHT_OF_A_POINT: u64 = 1_000;

/// A field whose answer is a table, with lists for each item of a list of its input.
pub(super) struct Table {
    field: &'static str,
    /// Argument that holds the lists.
    pub argument: &'static str,
    /// The lists, and how long each counts where it is left out.
    pub sides: [(&'static str, u64); 2],
}

/// Tables among the root fields of queries.
const TABLES: [Table; 1] =
    [Table { field: "clientComparison", argument: "input", sides: [("clientIds", 50), ("canonicalRoleKeys", 50)] }];

/// What an operation costs, in points.
///
/// - A field that returns an object costs 1, a scalar or an enum 0, a root field of a mutation 10, `__schema` and
///   `__type` 100 each.
/// - A list costs the number of its items times (1 + what is selected on an item). A page has `first` or `last`
///   items (the larger), 25 if the document does not say and the schema has no default; another list has 10, or as
///   many as the longest list in its arguments. Of stage shares there are 4.
/// - `clientComparison`, a table, costs what is selected once for each 10 clients and each 10 canonical roles; where its
///   input does not name them, there are 50.
/// - A connection's page size counts once, for `edges` and `nodes`, not for its other fields.
/// - On an interface or a union, the dearest of the possible types counts.
/// - Each full 1,000 of argument weight costs 1.
///
/// Built once, from the printed schema.
#[derive(Clone, Debug)]
pub struct CostModel {
    types: HashMap<String, TypeInfo>,
    query: String,
    mutation: String,
    subscription: String,
}

/// The schema's text could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the printed schema does not parse: {0}")]
pub struct CostModelError(#[from] Error);

/// A type with fields, or a union.
#[derive(Clone, Debug, Default)]
pub(super) struct TypeInfo {
    fields: HashMap<String, FieldInfo>,
    /// Concrete types of an interface or a union; empty for an object.
    possible: HashSet<String>,
    /// Whether its `edges` and `nodes` are a page.
    pub is_connection: bool,
}

/// A field of a type.
#[derive(Clone, Debug)]
pub(super) struct FieldInfo {
    /// Name of the type within lists.
    pub returns: String,
    /// Whether it is a list of any depth.
    pub is_list: bool,
    /// Whether it takes `first` or `last`, and how many items come without: set by the schema or [`DEFAULT_PAGE`].
    pub page: Option<u64>,
}

impl CostModel {
    /// Reads a schema in the schema definition language.
    ///
    /// # Errors
    ///
    /// If the text does not parse.
    pub fn from_sdl(sdl: &str) -> Result<Self, CostModelError> {
        let document = parser::parse_schema(sdl)?;
        let mut model = Self {
            types: HashMap::new(),
            query: "Query".to_owned(),
            mutation: "Mutation".to_owned(),
            subscription: "Subscription".to_owned(),
        };
        model.read(&document);
        Ok(model)
    }

    /// A type by name; `None` for scalars, enums and what the schema does not know.
    pub(super) fn type_info(&self, name: &str) -> Option<&TypeInfo> {
        self.types.get(name)
    }

    /// A field of a type.
    pub(super) fn field(&self, parent: &str, name: &str) -> Option<&FieldInfo> {
        self.types.get(parent)?.fields.get(name)
    }

    /// Concrete types of an interface or union; empty for an object or an unknown type.
    pub(super) fn possible_types(&self, name: &str) -> Option<&HashSet<String>> {
        self.types.get(name).map(|info| &info.possible).filter(|possible| !possible.is_empty())
    }

    /// How many items a list of a type has, if that is always the same.
    pub(super) fn fixed_size(&self, returns: &str) -> Option<u64> {
        FIXED_SIZES.iter().find(|(name, _)| *name == returns).map(|(_, size)| *size)
    }

    /// The table that a field answers with, if it does.
    pub(super) fn table(&self, parent: &str, name: &str) -> Option<&'static Table> {
        TABLES.iter().find(|table| parent == self.query && table.field == name)
    }

    pub(super) fn query(&self) -> &str {
        &self.query
    }

    pub(super) fn mutation(&self) -> &str {
        &self.mutation
    }

    pub(super) fn subscription(&self) -> &str {
        &self.subscription
    }

    fn read(&mut self, document: &ServiceDocument) {
        for definition in &document.definitions {
            match definition {
                TypeSystemDefinition::Schema(schema) => {
                    let roots = &schema.node;
                    set_root(&mut self.query, roots.query.as_ref().map(|name| name.node.as_str()));
                    set_root(&mut self.mutation, roots.mutation.as_ref().map(|name| name.node.as_str()));
                    set_root(&mut self.subscription, roots.subscription.as_ref().map(|name| name.node.as_str()));
                }
                TypeSystemDefinition::Type(definition) => self.add_type(&definition.node),
                TypeSystemDefinition::Directive(_) => {}
            }
        }
    }

    fn add_type(&mut self, definition: &TypeDefinition) {
        let name = definition.name.node.as_str();
        match &definition.kind {
            TypeKind::Object(object) => {
                for interface in &object.implements {
                    self.entry(&interface.node).possible.insert(name.to_owned());
                }
                self.add_fields(name, object.fields.iter().map(|field| &field.node));
            }
            TypeKind::Interface(interface) => {
                self.add_fields(name, interface.fields.iter().map(|field| &field.node));
            }
            TypeKind::Union(union) => {
                let members = union.members.iter().map(|member| member.node.to_string());
                self.entry(name).possible.extend(members);
            }
            TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_) => {}
        }
    }

    fn add_fields<'d>(&mut self, name: &str, fields: impl Iterator<Item = &'d FieldDefinition>) {
        let info = self.entry(name);
        info.fields.extend(fields.map(|field| (field.name.node.to_string(), FieldInfo::new(field))));
        let has_list = |field: &str| info.fields.get(field).is_some_and(|field| field.is_list);
        info.is_connection = name.ends_with("Connection") && (has_list("edges") || has_list("nodes"));
    }

    fn entry(&mut self, name: &str) -> &mut TypeInfo {
        self.types.entry(name.to_owned()).or_default()
    }
}

impl FieldInfo {
    fn new(definition: &FieldDefinition) -> Self {
        let (returns, is_list) = unwrap_lists(&definition.ty.node);
        let arguments = definition.arguments.iter().map(|argument| &argument.node);
        let sizes: Vec<&InputValueDefinition> = arguments.filter(is_page_size).collect();
        let default = sizes.iter().find_map(|size| default_number(size)).unwrap_or(DEFAULT_PAGE);
        Self { returns, is_list, page: (!sizes.is_empty()).then_some(default) }
    }
}

fn is_page_size(argument: &&InputValueDefinition) -> bool {
    matches!(argument.name.node.as_str(), "first" | "last")
}

fn default_number(argument: &InputValueDefinition) -> Option<u64> {
    match &argument.default_value.as_ref()?.node {
        Value::Number(number) => number.as_u64(),
        _ => None,
    }
}

fn unwrap_lists(mut ty: &Type) -> (String, bool) {
    let mut is_list = false;
    loop {
        match &ty.base {
            BaseType::Named(name) => return (name.to_string(), is_list),
            BaseType::List(inner) => {
                is_list = true;
                ty = inner;
            }
        }
    }
}

fn set_root(root: &mut String, name: Option<&str>) {
    if let Some(name) = name {
        name.clone_into(root);
    }
}
