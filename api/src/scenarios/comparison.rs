//! Scenarios side by side.

use async_graphql::{ID, SimpleObject};
use domain::ids::ScenarioId;

use super::{figures::GainInterval, types::Scenario};
use crate::{
    graphql::{
        context::RequestContext,
        error::ApiError,
        id::{Kind, tenant_id},
    },
    roles::tidy,
};

/// Scenarios side by side, in the order asked for; the differences are to the first one
#[derive(SimpleObject)]
pub(crate) struct ScenarioComparison {
    /// The scenarios
    scenarios: Vec<ScenarioFigures>,
}

/// The figures of one scenario in a comparison
#[derive(SimpleObject)]
pub(crate) struct ScenarioFigures {
    /// The scenario
    scenario: Scenario,
    /// Gain in output per hour: 0.35 means +35 %
    gain: f64,
    /// Gain minus the gain of the first scenario
    gain_difference: f64,
    /// The part of the gain that AI gives
    gain_from_ai: f64,
    /// The part of the gain that merging gives
    gain_from_merging: f64,
    /// Where the gain lies
    interval: GainInterval,
    /// Full-time equivalents today
    fte_before: f64,
    /// Full-time equivalents freed
    fte_freed: f64,
    /// Score of the combined role, 0 to 100
    score: f64,
}

/// Most scenarios of one comparison.
const COMPARED_MAXIMUM: usize = 10;

pub(super) async fn compare(request: &RequestContext, ids: &[ID]) -> Result<Option<ScenarioComparison>, ApiError> {
    if ids.is_empty() || ids.len() > COMPARED_MAXIMUM {
        let message = format!("ids has {} entries; compare 1 to {COMPARED_MAXIMUM} scenarios.", ids.len());
        return Err(ApiError::BadUserInput(message));
    }
    let mut named = Vec::with_capacity(ids.len());
    for id in ids {
        named.push(tenant_id(id, Kind::Scenario)?);
    }
    let Some((organization, _)) = named.first().copied() else { return Ok(None) };
    let Some(tenant) = request.tenant(organization)? else { return Ok(None) };
    if named.iter().any(|(other, _)| *other != organization) {
        return Ok(None);
    }
    let wanted: Vec<ScenarioId> = named.iter().map(|(_, id)| ScenarioId(*id)).collect();
    let found = tenant.read().await?.scenarios().by_ids(&wanted).await?;
    let mut scenarios = Vec::with_capacity(wanted.len());
    for id in wanted {
        let Some(scenario) = found.iter().find(|scenario| scenario.id == id) else { return Ok(None) };
        scenarios.push(Scenario::new(tenant.clone(), scenario.clone()));
    }
    figures(scenarios).map(|scenarios| Some(ScenarioComparison { scenarios }))
}

fn figures(scenarios: Vec<Scenario>) -> Result<Vec<ScenarioFigures>, ApiError> {
    let mut first = None;
    let mut rows = Vec::with_capacity(scenarios.len());
    for scenario in scenarios {
        let outcome = scenario.computed()?;
        let base = *first.get_or_insert(outcome.gain);
        rows.push(ScenarioFigures {
            scenario,
            gain: tidy(outcome.gain),
            gain_difference: tidy(outcome.gain - base),
            gain_from_ai: tidy(outcome.gain_from_ai),
            gain_from_merging: tidy(outcome.gain_from_merging),
            interval: (&outcome.interval).into(),
            fte_before: tidy(outcome.h0),
            fte_freed: tidy(outcome.fte_freed),
            score: tidy(outcome.score.value),
        });
    }
    Ok(rows)
}
