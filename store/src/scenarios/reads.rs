//! Reading scenarios.

use std::collections::HashMap;

use domain::ids::ScenarioId;
use entity::{scenario, scenario_source};
use sea_orm::{
    ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

use super::{Scenario, ScenarioFilter, ScenarioOrder};
use crate::{
    access::Access,
    error::StoreError,
    page::{Page, PageRequest, query::paged},
    tenant::TenantReader,
};

/// The scenarios of an organization.
pub struct Scenarios<'a, A: Access>(&'a TenantReader<A>);

impl<A: Access> TenantReader<A> {
    /// The scenarios.
    pub fn scenarios(&self) -> Scenarios<'_, A> {
        Scenarios(self)
    }
}

impl<A: Access> Scenarios<'_, A> {
    /// The scenarios with these identifiers, in the order of their identifiers; unknown ones are absent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_ids(&self, ids: &[ScenarioId]) -> Result<Vec<Scenario>, StoreError> {
        let rows = self
            .0
            .select::<scenario::Entity>()
            .filter(scenario::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .order_by_asc(scenario::Column::Id)
            .all(self.0.connection())
            .await?;
        self.with_sources(rows).await
    }

    /// The scenario with this identifier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_id(&self, id: ScenarioId) -> Result<Option<Scenario>, StoreError> {
        Ok(self.by_ids(&[id]).await?.pop())
    }

    pub(super) async fn by_id_locked(&self, id: ScenarioId) -> Result<Option<Scenario>, StoreError> {
        let row = self
            .0
            .select::<scenario::Entity>()
            .filter(scenario::Column::Id.eq(id.0))
            .lock_exclusive()
            .one(self.0.connection())
            .await?;
        Ok(self.with_sources(row.into_iter().collect()).await?.pop())
    }

    /// A page of scenarios.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(
        &self,
        filter: &ScenarioFilter,
        order: ScenarioOrder,
        request: &PageRequest,
    ) -> Result<Page<Scenario>, StoreError> {
        let query = filter.apply(self.0.select::<scenario::Entity>());
        let id: SimpleExpr = Expr::col(scenario::Column::Id);
        let query = paged(query, &order.field.expression(), &id, order.direction, request);
        let rows = query.all(self.0.connection()).await?;
        let scenarios = self.with_sources(rows).await?;
        let rows = scenarios.into_iter().map(|scenario| (order.field.position(&scenario), scenario));
        Ok(Page::from_rows(rows.collect(), request))
    }

    /// How many scenarios there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, filter: &ScenarioFilter) -> Result<u64, StoreError> {
        Ok(filter.apply(self.0.select::<scenario::Entity>()).count(self.0.connection()).await?)
    }

    /// Adds the sources: one statement for any number of scenarios.
    async fn with_sources(&self, rows: Vec<scenario::Model>) -> Result<Vec<Scenario>, StoreError> {
        self.0.note::<scenario::Entity>(rows.iter().map(|row| row.id));
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let sources = self
            .0
            .select::<scenario_source::Entity>()
            .filter(scenario_source::Column::ScenarioId.is_in(rows.iter().map(|row| row.id)))
            .order_by_asc(scenario_source::Column::ScenarioId)
            .order_by_asc(scenario_source::Column::Position)
            .all(self.0.connection())
            .await?;
        let mut of_scenario: HashMap<Uuid, Vec<scenario_source::Model>> = HashMap::new();
        for source in sources {
            of_scenario.entry(source.scenario_id).or_default().push(source);
        }
        rows.into_iter()
            .map(|row| {
                let sources = of_scenario.remove(&row.id).unwrap_or_default();
                Scenario::from_rows(row, sources)
            })
            .collect()
    }
}
