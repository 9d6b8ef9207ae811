//! What a document holds once its fragments are put in place, found without putting them in place.

use std::collections::HashMap;

use async_graphql::Positioned;
use async_graphql::parser::types::{Directive, ExecutableDocument, Selection, SelectionSet};

use super::values::Inputs;
use super::{GuardLimits, Refusal, RefusalCode};

/// Sums over a part of a document. Saturating: beyond the largest number they stay there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    /// Fields, spreads and inline fragments.
    pub selections: u64,
    /// Fields with an alias.
    pub aliases: u64,
    /// Values and bytes of text in arguments.
    pub argument_weight: u64,
    /// Levels of selection sets; the greatest, not a sum.
    pub nesting: usize,
}

impl Totals {
    /// Adds a part that begins `level` levels of selection sets further in.
    fn add(&mut self, part: Self, level: usize) {
        self.selections = self.selections.saturating_add(part.selections);
        self.aliases = self.aliases.saturating_add(part.aliases);
        self.add_weight(part.argument_weight);
        self.nesting = self.nesting.max(part.nesting.saturating_add(level));
    }

    fn add_weight(&mut self, weight: u64) {
        self.argument_weight = self.argument_weight.saturating_add(weight);
    }
}

/// One operation or fragment by itself.
struct Outline<'a> {
    totals: Totals,
    /// Fragments that it spreads, and at which level.
    spreads: Vec<(&'a str, usize)>,
}

/// Sums a document up: all operations, and the fragments that none of them reaches.
///
/// # Errors
///
/// `ValidationFailed` for fragments in a circle, `QueryTooComplex` for one field, fragment or operation with too many
/// directives or arguments.
pub(super) fn sum_up(
    document: &ExecutableDocument,
    inputs: &Inputs<'_>,
    limits: &GuardLimits,
) -> Result<Totals, Refusal> {
    let outliner = Outliner { inputs, limits };
    let mut operations = Vec::new();
    for (_, operation) in document.operations.iter() {
        let mut outline = outliner.outline(&operation.node.selection_set.node, &operation.node.directives)?;
        for variable in &operation.node.variable_definitions {
            outline.totals.add(outliner.directives(&variable.node.directives)?, 0);
        }
        operations.push(outline);
    }
    let mut fragments = Fragments::default();
    for (name, fragment) in &document.fragments {
        let outline = outliner.outline(&fragment.node.selection_set.node, &fragment.node.directives)?;
        fragments.indexes.insert(name, fragments.outlines.len());
        fragments.outlines.push(outline);
    }
    let expanded = fragments.expand()?;
    Ok(fragments.sum(&operations, &expanded))
}

struct Outliner<'o, 'a> {
    inputs: &'o Inputs<'a>,
    limits: &'o GuardLimits,
}

impl Outliner<'_, '_> {
    /// Walks one operation or fragment, with a list of open selection sets in place of a stack.
    fn outline<'d>(
        &self,
        root: &'d SelectionSet,
        directives: &[Positioned<Directive>],
    ) -> Result<Outline<'d>, Refusal> {
        let mut outline = Outline { totals: self.directives(directives)?, spreads: Vec::new() };
        let mut open = vec![(root, 1)];
        while let Some((set, level)) = open.pop() {
            outline.totals.nesting = outline.totals.nesting.max(level);
            for selection in &set.items {
                let inner = self.selection(&selection.node, level, &mut outline)?;
                open.extend(inner.filter(|set| !set.items.is_empty()).map(|set| (set, level + 1)));
            }
        }
        Ok(outline)
    }

    /// Adds one selection, and gives the selection set within it.
    fn selection<'d>(
        &self,
        selection: &'d Selection,
        level: usize,
        outline: &mut Outline<'d>,
    ) -> Result<Option<&'d SelectionSet>, Refusal> {
        let mut part = self.directives(selection.directives())?;
        part.selections = 1;
        let inner = match selection {
            Selection::Field(field) => {
                self.check_arguments(field.node.arguments.len())?;
                part.aliases = u64::from(field.node.alias.is_some());
                part.add_weight(self.inputs.field_weight(&field.node));
                Some(&field.node.selection_set.node)
            }
            Selection::InlineFragment(inline) => Some(&inline.node.selection_set.node),
            Selection::FragmentSpread(spread) => {
                outline.spreads.push((&spread.node.fragment_name.node, level));
                None
            }
        };
        outline.totals.add(part, 0);
        Ok(inner)
    }

    /// Checks the directives of one place, and gives the weight of their arguments.
    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<Totals, Refusal> {
        let limit = self.limits.directives_per_field as u64;
        let what = "Directives on one field, fragment, variable or operation";
        Refusal::above(limit, directives.len() as u64, what, "Leave out those that change nothing.")?;
        let mut totals = Totals::default();
        for directive in directives {
            self.check_arguments(directive.node.arguments.len())?;
            totals.add_weight(self.inputs.directive_weight(&directive.node));
        }
        Ok(totals)
    }

    fn check_arguments(&self, count: usize) -> Result<(), Refusal> {
        let limit = self.limits.arguments_per_field as u64;
        let advice = "Name each argument once, as the schema has it.";
        Refusal::above(limit, count as u64, "Arguments of one field or directive", advice)
    }
}

/// All fragments of a document. Spreads of fragments that do not exist are left to the engine.
#[derive(Default)]
struct Fragments<'a> {
    indexes: HashMap<&'a str, usize>,
    outlines: Vec<Outline<'a>>,
}

impl Fragments<'_> {
    /// The fragments that an outline spreads, by index, and at which level.
    fn spread_by(&self, outline: &Outline<'_>) -> Vec<(usize, usize)> {
        let spreads = outline.spreads.iter();
        spreads.filter_map(|(name, level)| Some((*self.indexes.get(name)?, *level))).collect()
    }

    /// Totals of each fragment with those that it spreads, inner fragments first.
    fn expand(&self) -> Result<Vec<Totals>, Refusal> {
        let mut expanded: Vec<Totals> = self.outlines.iter().map(|outline| outline.totals).collect();
        let mut spread_from: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.outlines.len()];
        let mut waiting = vec![0_usize; self.outlines.len()];
        for (outer, outline) in self.outlines.iter().enumerate() {
            for (inner, level) in self.spread_by(outline) {
                spread_from[inner].push((outer, level));
                waiting[outer] += 1;
            }
        }
        let mut ready: Vec<usize> = (0..waiting.len()).filter(|index| waiting[*index] == 0).collect();
        let mut done = 0;
        while let Some(inner) = ready.pop() {
            done += 1;
            for (outer, level) in &spread_from[inner] {
                let part = expanded[inner];
                expanded[*outer].add(part, *level);
                waiting[*outer] -= 1;
                if waiting[*outer] == 0 {
                    ready.push(*outer);
                }
            }
        }
        if done < self.outlines.len() {
            return Err(circle());
        }
        Ok(expanded)
    }

    /// Operations with their fragments, and each fragment that no operation reaches: the engine validates those too.
    fn sum(&self, operations: &[Outline<'_>], expanded: &[Totals]) -> Totals {
        let mut sum = Totals::default();
        let mut reached = vec![false; self.outlines.len()];
        let mut open: Vec<usize> = Vec::new();
        for operation in operations {
            sum.add(operation.totals, 0);
            for (index, level) in self.spread_by(operation) {
                sum.add(expanded[index], level);
                open.push(index);
            }
        }
        while let Some(index) = open.pop() {
            if !std::mem::replace(&mut reached[index], true) {
                open.extend(self.spread_by(&self.outlines[index]).into_iter().map(|(inner, _)| inner));
            }
        }
        for (totals, _) in expanded.iter().zip(reached).filter(|(_, reached)| !reached) {
            sum.add(*totals, 0);
        }
        sum
    }
}

fn circle() -> Refusal {
    let message = "Fragments spread each other in a circle. Remove one of the spreads.";
    Refusal::new(RefusalCode::ValidationFailed, message)
}
