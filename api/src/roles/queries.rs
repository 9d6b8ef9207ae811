//! Lists of role configurations.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use domain::roles::is_canonical_key;
use store::{
    access::Area,
    roles::{RoleFilter, RoleOrder, RoleOrderField},
};

use super::{
    enums::{OrderDirection, RoleConfigurationStatus, Stage},
    types::{RoleConfiguration, RoleConfigurationConnection},
};
use crate::graphql::{
    connection::{count, with_cursors},
    error::ApiError,
    page::{CursorScope, OrderKind, PageArguments},
    tenant::Tenant,
};

/// Which role configurations are wanted; all that are given must hold
#[derive(Default, InputObject)]
pub(crate) struct RoleConfigurationFilter {
    /// The title contains this text, whatever its case
    title_contains: Option<String>,
    /// The family is this one, whatever its case
    family: Option<String>,
    /// The status is one of these; without it, everything but the archived ones
    status: Option<Vec<RoleConfigurationStatus>>,
    /// The role is linked to the canonical role with this key
    canonical_role_key: Option<String>,
    /// At least one task has this stage
    stage: Option<Stage>,
    /// The AI impact score is at least this, 0 to 100
    score_minimum: Option<f64>,
    /// The AI impact score is at most this, 0 to 100
    score_maximum: Option<f64>,
    /// The external identifier is this one
    external_id: Option<String>,
}

/// By what role configurations are ordered
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "RoleOrderField")]
pub(crate) enum RoleConfigurationOrderField {
    /// By title, whatever its case
    Title,
    /// By AI impact score; roles without one come below all others
    Score,
    /// By the time of the last change
    UpdatedAt,
    /// By the time when it was made
    CreatedAt,
    /// By headcount
    Headcount,
}

/// An order of role configurations
#[derive(Clone, Copy, InputObject)]
pub(crate) struct RoleConfigurationOrder {
    /// By what
    field: RoleConfigurationOrderField,
    /// In which direction
    direction: OrderDirection,
}

impl Default for RoleConfigurationOrder {
    fn default() -> Self {
        Self { field: RoleConfigurationOrderField::Title, direction: OrderDirection::Ascending }
    }
}

/// A page of the organization's role configurations: one statement, and one more for the total if it is wanted.
pub(crate) async fn role_configurations(
    tenant: &Tenant,
    filter: Option<RoleConfigurationFilter>,
    order: Option<RoleConfigurationOrder>,
    arguments: &PageArguments,
    wants_total: bool,
) -> Result<RoleConfigurationConnection, ApiError> {
    tenant.require(Area::Roles)?;
    let filter = record_filter(filter.unwrap_or_default())?;
    let order = order.unwrap_or_default();
    let order = RoleOrder { field: order.field.into(), direction: order.direction.into() };
    let scope =
        CursorScope::of(("roles", tenant.organization(), format!("{filter:?} {order:?}")), order_kind(order.field));
    let request = arguments.request(scope)?;
    let reader = tenant.read().await?;
    let page = reader.roles().page(&filter, order, &request).await?;
    let total = if wants_total { Some(count(reader.roles().count(&filter).await?)) } else { None };
    let page = with_cursors(page, &request, scope).map(|role| RoleConfiguration::new(tenant.clone(), Arc::new(role)));
    Ok(RoleConfigurationConnection::new(page, total))
}

fn order_kind(field: RoleOrderField) -> OrderKind {
    match field {
        RoleOrderField::Title => OrderKind::Text,
        RoleOrderField::Score | RoleOrderField::Headcount => OrderKind::Number,
        RoleOrderField::UpdatedAt | RoleOrderField::CreatedAt => OrderKind::Instant,
    }
}

fn record_filter(filter: RoleConfigurationFilter) -> Result<RoleFilter, ApiError> {
    for text in [&filter.title_contains, &filter.family, &filter.external_id].into_iter().flatten() {
        refuse_text(text)?;
    }
    for score in [filter.score_minimum, filter.score_maximum].into_iter().flatten() {
        if !(0.0..=100.0).contains(&score) {
            return Err(ApiError::BadUserInput(format!("A score is 0 to 100, not {score}.")));
        }
    }
    if filter.canonical_role_key.as_deref().is_some_and(|key| !is_canonical_key(key)) {
        let message = "canonicalRoleKey is a key such as rolemark:backend-engineer.";
        return Err(ApiError::BadUserInput(message.to_owned()));
    }
    Ok(RoleFilter {
        title_contains: filter.title_contains,
        family: filter.family,
        statuses: filter.status.map(|statuses| statuses.into_iter().map(Into::into).collect()),
        canonical_role: filter.canonical_role_key,
        stage: filter.stage.map(Into::into),
        score_minimum: filter.score_minimum,
        score_maximum: filter.score_maximum,
        external_id: filter.external_id,
    })
}

/// Most characters of a text to search for.
const SEARCH_MAXIMUM: usize = 200;

/// Refuses what no stored text can match, before a database has to.
pub(crate) fn refuse_text(text: &str) -> Result<(), ApiError> {
    if text.chars().count() > SEARCH_MAXIMUM {
        return Err(ApiError::BadUserInput(format!("A text to search for has at most {SEARCH_MAXIMUM} characters.")));
    }
    if text.chars().any(char::is_control) {
        return Err(ApiError::BadUserInput("A text to search for holds no control characters.".to_owned()));
    }
    Ok(())
}
