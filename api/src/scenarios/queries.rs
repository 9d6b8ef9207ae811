//! Simulating combinations, and lists of scenarios.

use async_graphql::{ComplexObject, Context, Enum, ID, InputObject, Object, SimpleObject};
use store::{access::Area, scenarios::ScenarioOrderField as Field};

use super::{
    comparison::{ScenarioComparison, compare},
    figures::MonteCarloQuantiles,
    inputs::SimulateRoleCombinationInput,
    model::{draw, outcome, overrides, resolve},
    outcome::RoleCombinationOutcome,
    types::{Scenario, ScenarioConnection},
};
use crate::{
    benchmark::{BenchmarkSegmentInput, RoleCombinationBenchmark, peer_group},
    graphql::{
        connection::{count, with_cursors},
        context::{ContextExt, RequestContext},
        error::ApiError,
        id::organization_id,
        page::{CursorScope, OrderKind, PageArguments},
        tenant::Tenant,
        user_error::UserError,
    },
    roles::{OrderDirection, refuse_text},
};

/// Which scenarios are wanted
#[derive(Debug, Default, InputObject)]
pub(crate) struct ScenarioFilter {
    /// The name contains this text, whatever its case
    name_contains: Option<String>,
}

/// By what scenarios are ordered
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "Field")]
pub(crate) enum ScenarioOrderField {
    /// By name, whatever its case
    Name,
    /// By the time of the last change
    UpdatedAt,
    /// By gain when it was saved
    Gain,
}

/// An order of scenarios
#[derive(Clone, Copy, Debug, InputObject)]
pub(crate) struct ScenarioOrder {
    /// By what
    field: ScenarioOrderField,
    /// In which direction
    direction: OrderDirection,
}

/// Answer of simulateRoleCombination
#[derive(Default, SimpleObject)]
#[graphql(complex)]
pub(crate) struct RoleCombinationSimulation {
    /// What happens when the roles are combined; null when there are errors
    outcome: Option<RoleCombinationOutcome>,
    /// Quantiles of the gain, if a Monte Carlo simulation was asked for
    monte_carlo: Option<MonteCarloQuantiles>,
    /// Key of the library's combination of the same canonical roles, whose coordination share stands in where a role has
    /// none of the organization's own
    library_combination_key: Option<String>,
    /// What is wrong with the input
    user_errors: Vec<UserError>,
}

#[ComplexObject]
impl RoleCombinationSimulation {
    /// What share of a peer group runs the library's combination of the same canonical roles already; null without such a
    /// combination or release
    async fn benchmark(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Organizations to look at; all contributors when left out")] segment: Option<
            BenchmarkSegmentInput,
        >,
        #[graphql(desc = "Key of the release, such as 2026-Q3; the newest when left out")] release: Option<String>,
    ) -> Option<Result<RoleCombinationBenchmark, ApiError>> {
        let combination = self.library_combination_key.as_deref()?;
        let peer_group = match peer_group(segment) {
            Ok(peer_group) => peer_group,
            Err(error) => return Some(Err(error)),
        };
        RoleCombinationBenchmark::load(ctx, combination, peer_group, release.as_deref()).await.transpose()
    }
}

/// Root fields of combinations.
#[derive(Default)]
pub(crate) struct ScenarioQueries;

#[Object]
impl ScenarioQueries {
    /// What happens when roles are combined; stores nothing
    async fn simulate_role_combination(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The roles and the assumptions")] input: SimulateRoleCombinationInput,
    ) -> Option<Result<RoleCombinationSimulation, ApiError>> {
        Some(simulate(ctx.request(), input).await)
    }

    /// Scenarios of one organization side by side; null when one of them does not exist
    async fn scenario_comparison(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Identifiers of 1 to 10 scenarios")] ids: Vec<ID>,
    ) -> Option<Result<ScenarioComparison, ApiError>> {
        compare(ctx.request(), &ids).await.transpose()
    }
}

async fn simulate(
    request: &RequestContext,
    input: SimulateRoleCombinationInput,
) -> Result<RoleCombinationSimulation, ApiError> {
    request.actor()?;
    let failed = |user_errors| Ok(RoleCombinationSimulation { user_errors, ..Default::default() });
    let tenant = match &input.organization_id {
        None => None,
        Some(id) => match request.tenant(organization_id(id)?)? {
            Some(tenant) => Some(tenant),
            None => return failed(vec![UserError::not_found("organizationId")]),
        },
    };
    let resolved = match resolve(request, tenant.as_ref(), &input.roles).await? {
        Ok(resolved) => resolved,
        Err(errors) => return failed(errors),
    };
    let (assumptions, outcome) = match outcome(&resolved.sources, &overrides(input.assumptions)) {
        Ok(outcome) => outcome,
        Err(errors) => return failed(errors),
    };
    let monte_carlo = match input.monte_carlo {
        None => None,
        Some(input) => match draw(&resolved.sources, assumptions, input).await? {
            Ok(quantiles) => Some(quantiles.into()),
            Err(errors) => return failed(errors),
        },
    };
    Ok(RoleCombinationSimulation {
        outcome: Some(RoleCombinationOutcome(outcome)),
        monte_carlo,
        library_combination_key: resolved.suggestion.map(|suggestion| suggestion.key),
        user_errors: vec![],
    })
}

fn order_kind(field: Field) -> OrderKind {
    match field {
        Field::Name => OrderKind::Text,
        Field::Gain => OrderKind::Number,
        Field::UpdatedAt => OrderKind::Instant,
    }
}

/// A page of the organization's scenarios.
pub(crate) async fn scenarios(
    tenant: &Tenant,
    filter: Option<ScenarioFilter>,
    order: Option<ScenarioOrder>,
    arguments: &PageArguments,
    wants_total: bool,
) -> Result<ScenarioConnection, ApiError> {
    tenant.require(Area::Scenarios)?;
    let filter = filter.unwrap_or_default();
    filter.name_contains.as_deref().map_or(Ok(()), refuse_text)?;
    let filter = store::scenarios::ScenarioFilter { name_contains: filter.name_contains };
    let last_changed = ScenarioOrder { field: ScenarioOrderField::UpdatedAt, direction: OrderDirection::Descending };
    let order = order.unwrap_or(last_changed);
    let order = store::scenarios::ScenarioOrder { field: order.field.into(), direction: order.direction.into() };
    let scope =
        CursorScope::of(("scenarios", tenant.organization(), format!("{filter:?} {order:?}")), order_kind(order.field));
    let request = arguments.request(scope)?;
    let reader = tenant.read().await?;
    let page = reader.scenarios().page(&filter, order, &request).await?;
    let total = if wants_total { Some(count(reader.scenarios().count(&filter).await?)) } else { None };
    let page = with_cursors(page, &request, scope).map(|scenario| Scenario::new(tenant.clone(), scenario));
    Ok(ScenarioConnection::new(page, total))
}
