//! Which scenarios are wanted, and in what order.

use entity::scenario::{Column, Entity};
use sea_orm::{
    QueryFilter, QueryTrait, Select,
    sea_query::{Expr, SimpleExpr},
};

use super::record::Scenario;
use crate::{
    page::{CursorValue, Direction, Position, RowId},
    tenant::contains_ignoring_case,
};

/// Which scenarios are wanted. All that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct ScenarioFilter {
    /// The name contains this text, whatever its case.
    pub name_contains: Option<String>,
}

/// By what scenarios are ordered; the identifier follows, so that the order is total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScenarioOrderField {
    /// Name in lower case.
    Name,
    /// When it was last changed.
    UpdatedAt,
    /// Gain when it was saved.
    Gain,
}

/// An order of scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScenarioOrder {
    /// The column.
    pub field: ScenarioOrderField,
    /// The direction.
    pub direction: Direction,
}

impl ScenarioFilter {
    pub(super) fn apply(&self, query: Select<Entity>) -> Select<Entity> {
        query.apply_if(self.name_contains.as_deref(), |query, text| {
            query.filter(contains_ignoring_case(Column::NameKey, text))
        })
    }
}

impl ScenarioOrderField {
    pub(super) fn expression(self) -> SimpleExpr {
        match self {
            Self::Name => Expr::col(Column::NameKey),
            Self::UpdatedAt => Expr::col(Column::UpdatedAt),
            Self::Gain => Expr::col(Column::Gain),
        }
    }

    pub(super) fn position(self, scenario: &Scenario) -> Position {
        let value = match self {
            Self::Name => CursorValue::Text(scenario.name.to_lowercase()),
            Self::UpdatedAt => CursorValue::Instant(scenario.updated_at),
            Self::Gain => CursorValue::Number(scenario.gain),
        };
        Position { value, id: RowId::Uuid(scenario.id.0) }
    }
}
