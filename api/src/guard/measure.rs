//! Depth, introspection and cost of the operation that runs.

use std::collections::HashMap;

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};

use super::cost_model::{
    CostModel, DEFAULT_PAGE, FieldInfo, INTROSPECTION_COST, LIST_SIZE, MUTATION_COST, WEIGHT_OF_A_POINT,
};
use super::values::Inputs;
use super::{GuardLimits, Refusal};

/// Fields of the introspection types that are lists of objects.
const INTROSPECTION_LISTS: [&str; 8] =
    ["types", "directives", "fields", "inputFields", "interfaces", "possibleTypes", "enumValues", "args"];

/// Mutations of which a request may hold one: with aliases, one request would be many attempts.
const SECRET_FIELDS: [&str; 6] =
    ["changePassword", "refreshSession", "requestPasswordReset", "resetPassword", "signIn", "signUp"];

/// Points of a selection set, on a connection in two parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cost {
    /// Points that come once.
    once: u64,
    /// Points of one item of the page; zero where the parent is no connection.
    per_item: u64,
}

impl Cost {
    /// Points with a page of `items`.
    pub(super) fn total(self, items: u64) -> u64 {
        self.once.saturating_add(self.per_item.saturating_mul(items))
    }

    fn plus(self, other: Self) -> Self {
        Self { once: self.once.saturating_add(other.once), per_item: self.per_item.saturating_add(other.per_item) }
    }

    fn max(self, other: Self) -> Self {
        Self { once: self.once.max(other.once), per_item: self.per_item.max(other.per_item) }
    }
}

/// What a selection set asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Measure {
    /// Levels of fields, introspection left out.
    pub depth: usize,
    /// Fields at its first level.
    pub fields: usize,
    /// `__schema` fields at its first level.
    pub schema_fields: usize,
    /// Mutations at its first level that try or make a secret.
    pub secret_fields: usize,
    /// Lists of introspection nested in each other, if it stands below `__schema` or `__type`.
    introspection_lists: usize,
    /// Whether it asks for `__schema` or `__type` at any level.
    pub introspects: bool,
    /// Its points.
    pub cost: Cost,
}

impl Measure {
    /// Adds all but the cost, which depends on the types.
    fn add(&mut self, other: Self) {
        self.depth = self.depth.max(other.depth);
        self.fields += other.fields;
        self.schema_fields += other.schema_fields;
        self.secret_fields += other.secret_fields;
        self.introspection_lists = self.introspection_lists.max(other.introspection_lists);
        self.introspects |= other.introspects;
    }
}

/// Measures selection sets, each fragment once. Recursive: the nesting must have been checked.
pub(super) struct Measurer<'a> {
    document: &'a ExecutableDocument,
    inputs: &'a Inputs<'a>,
    costs: &'a CostModel,
    limits: &'a GuardLimits,
    /// A fragment's measure depends on its own type condition only, not on where it is spread.
    fragments: HashMap<&'a str, Measure>,
}

impl<'a> Measurer<'a> {
    pub(super) fn new(
        document: &'a ExecutableDocument,
        inputs: &'a Inputs<'a>,
        costs: &'a CostModel,
        limits: &'a GuardLimits,
    ) -> Self {
        Self { document, inputs, costs, limits, fragments: HashMap::new() }
    }

    /// Measures an operation.
    ///
    /// # Errors
    ///
    /// `QueryTooComplex` for introspection with too many lists within lists.
    pub(super) fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Measure, Refusal> {
        let root = match operation.ty {
            OperationType::Query => self.costs.query(),
            OperationType::Mutation => self.costs.mutation(),
            OperationType::Subscription => self.costs.subscription(),
        };
        self.selection_set(&operation.selection_set.node, root)
    }

    fn selection_set(&mut self, set: &'a SelectionSet, parent: &'a str) -> Result<Measure, Refusal> {
        let mut sum = Measure::default();
        let mut narrowed: HashMap<&str, Cost> = HashMap::new();
        for selection in &set.items {
            let (part, on) = match &selection.node {
                Selection::Field(field) => (self.field(&field.node, parent)?, parent),
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let on = condition.map_or(parent, |condition| condition.node.on.node.as_str());
                    (self.selection_set(&inline.node.selection_set.node, on)?, on)
                }
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
            };
            sum.add(part);
            if on == parent {
                sum.cost = sum.cost.plus(part.cost);
            } else {
                let cost = narrowed.entry(on).or_default();
                *cost = cost.plus(part.cost);
            }
        }
        sum.cost = sum.cost.plus(self.dearest(parent, &narrowed));
        Ok(sum)
    }

    /// A fragment's measure, and the type that it is on. One that does not exist is left to the engine.
    fn fragment(&mut self, name: &'a str) -> Result<(Measure, &'a str), Refusal> {
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok((Measure::default(), ""));
        };
        let on = fragment.node.type_condition.node.on.node.as_str();
        if let Some(known) = self.fragments.get(name) {
            return Ok((*known, on));
        }
        let measure = self.selection_set(&fragment.node.selection_set.node, on)?;
        self.fragments.insert(name, measure);
        Ok((measure, on))
    }

    /// Cost of the fragments that apply to the possible type for which they cost most.
    fn dearest(&self, parent: &str, narrowed: &HashMap<&str, Cost>) -> Cost {
        let applies = |on: &str, concrete: &str| match self.costs.possible_types(on) {
            Some(possible) => possible.contains(concrete),
            None => on == concrete,
        };
        let Some(possible) = self.costs.possible_types(parent) else {
            return narrowed.values().fold(Cost::default(), |sum, cost| sum.plus(*cost));
        };
        let totals = possible.iter().map(|concrete| {
            let parts = narrowed.iter().filter(|(on, _)| applies(on, concrete));
            parts.fold(Cost::default(), |sum, (_, cost)| sum.plus(*cost))
        });
        totals.fold(Cost::default(), Cost::max)
    }

    fn field(&mut self, field: &'a Field, parent: &'a str) -> Result<Measure, Refusal> {
        let name = field.name.node.as_str();
        let info = self.costs.field(parent, name);
        let inner = self.selection_set(&field.selection_set.node, info.map_or("", |info| &info.returns))?;
        let is_list = INTROSPECTION_LISTS.contains(&name);
        let mut measure = Measure {
            depth: inner.depth + 1,
            fields: 1,
            schema_fields: 0,
            secret_fields: usize::from(parent == self.costs.mutation() && SECRET_FIELDS.contains(&name)),
            introspection_lists: inner.introspection_lists + usize::from(is_list),
            introspects: inner.introspects,
            cost: Cost::default(),
        };
        if name == "__schema" || name == "__type" {
            self.check_introspection(&inner)?;
            measure.depth = 1;
            measure.schema_fields = usize::from(name == "__schema");
            measure.introspects = true;
            measure.cost.once = INTROSPECTION_COST;
        } else if let Some(info) = info {
            measure.cost = self.field_cost(field, info, parent, inner.cost);
        } else if name != "__typename" {
            // Unknown to the printed schema, so the engine's validation will say so; a refusal for cost would hide that.
            measure.cost.once = inner.cost.total(1).saturating_add(1);
        }
        Ok(measure)
    }

    fn check_introspection(&self, inner: &Measure) -> Result<(), Refusal> {
        let limit = self.limits.introspection_lists as u64;
        let advice = "The standard introspection query stays within it.";
        Refusal::above(limit, inner.introspection_lists as u64, "Lists within lists of introspection", advice)
    }

    fn field_cost(&self, field: &Field, info: &FieldInfo, parent: &str, inner: Cost) -> Cost {
        let object = u64::from(self.costs.type_info(&info.returns).is_some());
        let own = self.own_cost(field, parent, object);
        let item = inner.total(1).saturating_add(object);
        let once = match self.size(field, info, parent) {
            Size::One => inner.total(1).saturating_mul(self.tens_of_table(field, parent)),
            Size::Connection(items) => inner.total(items),
            Size::List(items) => item.saturating_mul(items),
            Size::Page => return Cost { once: 0, per_item: item },
        };
        Cost { once: own.saturating_add(once), per_item: 0 }
    }

    /// Points of the field itself: what it returns, what it does, and the arguments that it must read.
    fn own_cost(&self, field: &Field, parent: &str, object: u64) -> u64 {
        let base = if parent == self.costs.mutation() { MUTATION_COST } else { object };
        base.saturating_add(self.inputs.field_weight(field) / WEIGHT_OF_A_POINT)
    }

    fn size(&self, field: &Field, info: &FieldInfo, parent: &str) -> Size {
        let is_connection = |name: &str| self.costs.type_info(name).is_some_and(|info| info.is_connection);
        match (info.is_list, info.page) {
            (false, None) if !is_connection(&info.returns) => Size::One,
            (false, _) => Size::Connection(self.page_size(field, info)),
            (true, Some(_)) => Size::List(self.page_size(field, info)),
            (true, None) if is_connection(parent) => Size::Page,
            (true, None) => {
                let fixed = self.costs.fixed_size(&info.returns);
                Size::List(fixed.unwrap_or_else(|| self.inputs.longest_list(field).max(LIST_SIZE)))
            }
        }
    }

    /// How many times ten by ten items a table has; 1 for any other field.
    fn tens_of_table(&self, field: &Field, parent: &str) -> u64 {
        let Some(table) = self.costs.table(parent, &field.name.node) else { return 1 };
        let sides = table.sides.iter().map(|(list, without)| {
            let length = self.inputs.list_length(field, table.argument, list).unwrap_or(*without);
            length.div_ceil(LIST_SIZE).max(1)
        });
        sides.fold(1, u64::saturating_mul)
    }

    /// Items of a page: the larger of `first` and `last`, or what comes without.
    fn page_size(&self, field: &Field, info: &FieldInfo) -> u64 {
        let asked = self.inputs.number(field, "first").max(self.inputs.number(field, "last"));
        asked.or(info.page).unwrap_or(DEFAULT_PAGE)
    }
}

/// How many objects a field brings.
enum Size {
    /// At most one.
    One,
    /// A connection with so many items on its page.
    Connection(u64),
    /// The `edges` or `nodes` of a connection: as many as its page has.
    Page,
    /// A list of so many items.
    List(u64),
}
