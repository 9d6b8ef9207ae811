//! Which role configurations are wanted, and in what order.

use domain::stage::Stage;
use entity::role_configuration::{Column, Entity};
use sea_orm::{
    ColumnTrait, QueryFilter, QueryTrait, Select,
    sea_query::{Expr, Func, SimpleExpr},
};

use super::record::{RoleConfiguration, RoleStatus};
use crate::{
    page::{CursorValue, Direction, Position, RowId},
    tenant::contains_ignoring_case,
};

/// Which role configurations are wanted. All that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct RoleFilter {
    /// The title contains this text, whatever its case.
    pub title_contains: Option<String>,
    /// The family is this one, whatever its case.
    pub family: Option<String>,
    /// The status is one of these; without it, everything but the archived ones.
    pub statuses: Option<Vec<RoleStatus>>,
    /// The role is linked to this canonical role.
    pub canonical_role: Option<String>,
    /// At least one task has this stage.
    pub stage: Option<Stage>,
    /// The score is at least this.
    pub score_minimum: Option<f64>,
    /// The score is at most this.
    pub score_maximum: Option<f64>,
    /// The external identifier is this one.
    pub external_id: Option<String>,
}

/// By what role configurations are ordered; the identifier follows, so that the order is total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleOrderField {
    /// Title in lower case.
    Title,
    /// AI impact score; roles without one count as -1.
    Score,
    /// When it was last changed.
    UpdatedAt,
    /// When it was made.
    CreatedAt,
    /// Headcount.
    Headcount,
}

/// An order of role configurations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleOrder {
    /// The column.
    pub field: RoleOrderField,
    /// The direction.
    pub direction: Direction,
}

impl RoleFilter {
    pub(super) fn apply(&self, query: Select<Entity>) -> Select<Entity> {
        let query = match &self.statuses {
            None => query.filter(Column::Status.ne(RoleStatus::Archived.as_str())),
            Some(statuses) => query.filter(Column::Status.is_in(statuses.iter().map(|status| status.as_str()))),
        };
        query
            .apply_if(self.title_contains.as_deref(), |query, text| {
                query.filter(contains_ignoring_case(Column::TitleKey, text))
            })
            .apply_if(self.family.as_ref(), |query, family| query.filter(Column::FamilyKey.eq(family.to_lowercase())))
            .apply_if(self.canonical_role.as_deref(), |query, key| query.filter(Column::CanonicalRole.eq(key)))
            .apply_if(self.stage, |query, stage| query.filter(count_column(stage).gt(0)))
            .apply_if(self.score_minimum, |query, score| query.filter(Column::Score.gte(score)))
            .apply_if(self.score_maximum, |query, score| query.filter(Column::Score.lte(score)))
            .apply_if(self.external_id.as_deref(), |query, id| query.filter(Column::ExternalId.eq(id)))
    }
}

fn count_column(stage: Stage) -> Column {
    match stage {
        Stage::Human => Column::HumanTasks,
        Stage::AtRisk => Column::AtRiskTasks,
        Stage::AiAssisted => Column::AiAssistedTasks,
        Stage::Automated => Column::AutomatedTasks,
    }
}

impl RoleOrderField {
    pub(super) fn expression(self) -> SimpleExpr {
        match self {
            Self::Title => Expr::col(Column::TitleKey),
            Self::Score => Func::coalesce([Expr::col(Column::Score), Expr::value(NO_SCORE)]).into(),
            Self::UpdatedAt => Expr::col(Column::UpdatedAt),
            Self::CreatedAt => Expr::col(Column::CreatedAt),
            Self::Headcount => Expr::col(Column::Headcount),
        }
    }

    pub(super) fn position(self, role: &RoleConfiguration) -> Position {
        let value = match self {
            Self::Title => CursorValue::Text(role.definition.title.to_lowercase()),
            Self::Score => CursorValue::Number(domain::score::score_value(&role.definition.tasks).unwrap_or(NO_SCORE)),
            Self::UpdatedAt => CursorValue::Instant(role.updated_at),
            Self::CreatedAt => CursorValue::Instant(role.created_at),
            Self::Headcount => CursorValue::Number(role.definition.headcount),
        };
        Position { value, id: RowId::Uuid(role.id.0) }
    }
}

/// Sorts roles without a score below every score.
const NO_SCORE: f64 = -1.0;
