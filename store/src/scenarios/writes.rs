//! Changing scenarios. Nothing is kept before the commit of the transaction.

use domain::{ids::ScenarioId, method::METHOD_VERSION};
use entity::scenario;
use sea_orm::{ColumnTrait, QueryFilter};

use super::{NewScenario, Scenario, ScenarioState};
use crate::{
    access::{AtLeast, Write},
    error::StoreError,
    tenant::{TenantTx, all_set},
};

/// Changes scenarios within a transaction.
pub struct ScenarioWriter<'a, A: AtLeast<Write>>(&'a TenantTx<A>);

impl<A: AtLeast<Write>> TenantTx<A> {
    /// Changes scenarios.
    pub fn scenario_writer(&self) -> ScenarioWriter<'_, A> {
        ScenarioWriter(self)
    }
}

impl<A: AtLeast<Write>> ScenarioWriter<'_, A> {
    /// The scenario, locked until the transaction ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn locked(&self, id: ScenarioId) -> Result<Option<Scenario>, StoreError> {
        self.0.reader().scenarios().by_id_locked(id).await
    }

    /// Saves a scenario.
    ///
    /// # Errors
    /// [`StoreError::Reference`] if a role that it was made from is gone.
    pub async fn create(&self, new: NewScenario) -> Result<Scenario, StoreError> {
        let now = self.0.now();
        let scenario = Scenario {
            id: ScenarioId(self.0.next_id()),
            name: new.name,
            description: new.description,
            state: ScenarioState::Draft,
            revision: 1,
            method_version: i32::try_from(METHOD_VERSION).unwrap_or(i32::MAX),
            gain: new.gain,
            assumptions: new.assumptions,
            sources: new.sources,
            created_at: now,
            updated_at: now,
        };
        let organization = self.0.reader().organization().0;
        self.0.insert(scenario.row(organization)?).await?;
        let mut rows = Vec::with_capacity(scenario.sources.len());
        for (position, source) in (0..).zip(&scenario.sources) {
            let row = source.row(organization, self.0.next_id(), scenario.id, position)?;
            rows.push(row);
        }
        self.0.insert_many(rows).await?;
        Ok(scenario)
    }

    /// Changes name and description of a locked scenario.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rename(
        &self,
        scenario: Scenario,
        name: String,
        description: Option<String>,
    ) -> Result<Scenario, StoreError> {
        let revision = scenario.revision + 1;
        let scenario = Scenario { name, description, revision, updated_at: self.0.now(), ..scenario };
        let row = scenario.row(self.0.reader().organization().0)?;
        self.0
            .update::<scenario::Entity>()?
            .set(all_set::<_, scenario::ActiveModel>(row))
            .filter(scenario::Column::Id.eq(scenario.id.0))
            .exec(self.0.reader().connection())
            .await?;
        Ok(scenario)
    }

    /// Deletes a scenario with its sources.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete(&self, id: ScenarioId) -> Result<(), StoreError> {
        self.0
            .delete::<scenario::Entity>()?
            .filter(scenario::Column::Id.eq(id.0))
            .exec(self.0.reader().connection())
            .await?;
        Ok(())
    }
}
