//! What `schema.graphql` says, for cases that must not overlook a new field.

use async_graphql_parser::{
    parse_schema,
    types::{FieldDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
};
use rolemark_tests::{Result, workspace_root};

/// The committed schema.
pub(crate) struct Sdl(Vec<TypeDefinition>);

/// A scalar or an enum somewhere in the arguments of a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Leaf {
    /// Such as `Organization.roleConfigurations.filter.titleContains`.
    pub(crate) path: String,
    /// Name of the type, such as `ID`, without `!` and brackets.
    pub(crate) kind: String,
}

impl Leaf {
    /// The last word of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }
}

impl Sdl {
    /// Reads the file of the workspace.
    pub(crate) fn read() -> Result<Self> {
        let path = workspace_root().join("schema.graphql");
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let definitions = parse_schema(text)?.definitions.into_iter();
        Ok(Self(
            definitions
                .filter_map(|definition| match definition {
                    TypeSystemDefinition::Type(definition) => Some(definition.node),
                    _ => None,
                })
                .collect(),
        ))
    }

    /// The names of the object types.
    pub(crate) fn objects(&self) -> Vec<&str> {
        self.0.iter().filter(|t| matches!(t.kind, TypeKind::Object(_))).map(|t| t.name.node.as_str()).collect()
    }

    /// The object types that implement an interface.
    pub(crate) fn implementors(&self, interface: &str) -> Vec<&str> {
        let implements = |t: &&TypeDefinition| match &t.kind {
            TypeKind::Object(object) => object.implements.iter().any(|name| name.node == interface),
            _ => false,
        };
        self.0.iter().filter(implements).map(|t| t.name.node.as_str()).collect()
    }

    fn fields_of(&self, object: &str) -> Vec<&FieldDefinition> {
        let found = self.0.iter().find(|t| t.name.node == object);
        match found.map(|t| &t.kind) {
            Some(TypeKind::Object(object)) => object.fields.iter().map(|field| &field.node).collect(),
            _ => panic!("schema.graphql has no object type {object}"),
        }
    }

    /// The fields of an object type, such as `Query.node`.
    pub(crate) fn fields(&self, object: &str) -> Vec<String> {
        self.fields_of(object).iter().map(|field| format!("{object}.{}", field.name.node)).collect()
    }

    /// The fields of an object type that take arguments.
    pub(crate) fn fields_with_arguments(&self, object: &str) -> Vec<String> {
        let fields = self.fields_of(object);
        let with = fields.iter().filter(|field| !field.arguments.is_empty());
        with.map(|field| format!("{object}.{}", field.name.node)).collect()
    }

    /// Every scalar and enum in the arguments of all fields of an object type.
    pub(crate) fn leaves(&self, object: &str) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        for field in self.fields_of(object) {
            for argument in &field.arguments {
                let path = format!("{object}.{}.{}", field.name.node, argument.node.name.node);
                self.add_leaves(path, &argument.node.ty.node.to_string(), &mut leaves);
            }
        }
        leaves
    }

    /// No input type holds itself.
    fn add_leaves(&self, path: String, kind: &str, leaves: &mut Vec<Leaf>) {
        let kind = kind.trim_matches(['[', ']', '!']);
        let input = self.0.iter().find(|t| t.name.node == kind);
        match input.map(|t| &t.kind) {
            Some(TypeKind::InputObject(input)) => {
                for field in &input.fields {
                    let path = format!("{path}.{}", field.node.name.node);
                    self.add_leaves(path, &field.node.ty.node.to_string(), leaves);
                }
            }
            _ => leaves.push(Leaf { path, kind: kind.to_owned() }),
        }
    }
}
