//! Changing role configurations. Each function changes rows within a transaction; nothing is kept before its commit.

use domain::{
    ids::{RoleConfigurationId, RoleVersionId},
    roles::RoleDefinition,
};
use entity::{role_configuration, role_version};
use sea_orm::{ColumnTrait, QueryFilter};

use super::{RoleConfiguration, RoleStatus, RoleVersion, record::row_of};
use crate::{
    access::{AtLeast, Write},
    error::StoreError,
    tenant::{TenantTx, all_set},
};

/// A role configuration to be made.
#[derive(Clone, Debug)]
pub struct NewRole {
    /// The role's identifier in another system.
    pub external_id: Option<String>,
    /// What the role is.
    pub definition: RoleDefinition,
}

/// Changes role configurations within a transaction.
pub struct RoleWriter<'a, A: AtLeast<Write>>(&'a TenantTx<A>);

impl<A: AtLeast<Write>> TenantTx<A> {
    /// Changes role configurations.
    pub fn role_writer(&self) -> RoleWriter<'_, A> {
        RoleWriter(self)
    }
}

/// Rows of one INSERT: PostgreSQL takes at most 65,535 values, SQLite 32,766.
const ROWS_PER_INSERT: usize = 1_000;

impl<A: AtLeast<Write>> RoleWriter<'_, A> {
    /// The role configuration, locked until the transaction ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn locked(&self, id: RoleConfigurationId) -> Result<Option<RoleConfiguration>, StoreError> {
        self.0.reader().roles().by_id_locked(id).await
    }

    /// Adds role configurations as drafts.
    ///
    /// # Errors
    /// [`StoreError::Taken`] if an external identifier is in use.
    pub async fn create(&self, new: Vec<NewRole>) -> Result<Vec<RoleConfiguration>, StoreError> {
        let now = self.0.now();
        let organization = self.0.reader().organization().0;
        let mut roles = Vec::with_capacity(new.len());
        let mut rows = Vec::with_capacity(new.len());
        for role in new {
            self.require_family(role.definition.family.as_deref())?;
            let role = RoleConfiguration {
                id: RoleConfigurationId(self.0.next_id()),
                external_id: role.external_id,
                status: RoleStatus::Draft,
                revision: 1,
                published_number: None,
                published_revision: None,
                definition: role.definition,
                created_at: now,
                updated_at: now,
                archived_at: None,
            };
            rows.push(row_of(organization, &role)?);
            roles.push(role);
        }
        for rows in rows.chunks(ROWS_PER_INSERT) {
            self.0.insert_many(rows.to_vec()).await?;
        }
        Ok(roles)
    }

    /// Replaces the draft of a locked role configuration.
    ///
    /// # Errors
    /// [`StoreError::Taken`] if the external identifier is in use.
    pub async fn change(
        &self,
        role: RoleConfiguration,
        definition: RoleDefinition,
        external_id: Option<String>,
    ) -> Result<RoleConfiguration, StoreError> {
        let revision = role.revision + 1;
        self.save(RoleConfiguration { definition, external_id, revision, ..role }).await
    }

    /// Publishes the draft of a locked role configuration as a new version.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn publish(
        &self,
        role: RoleConfiguration,
        note: Option<String>,
    ) -> Result<(RoleConfiguration, RoleVersion), StoreError> {
        let number = role.published_number.unwrap_or(0) + 1;
        let version = RoleVersion {
            id: RoleVersionId(self.0.next_id()),
            role: role.id,
            number,
            definition: role.definition.clone(),
            note,
            published_at: self.0.now(),
            published_by: self.0.reader().scope().actor().id().into(),
        };
        self.0.insert(self.version_row(&version)?).await?;
        let published_revision = Some(role.revision);
        let role = RoleConfiguration {
            status: RoleStatus::Published,
            published_number: Some(number),
            published_revision,
            ..role
        };
        Ok((self.save(role).await?, version))
    }

    /// Takes a locked role configuration out of use.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn archive(&self, role: RoleConfiguration) -> Result<RoleConfiguration, StoreError> {
        let archived_at = Some(self.0.now());
        self.save(RoleConfiguration { status: RoleStatus::Archived, archived_at, ..role }).await
    }

    /// Takes a locked, archived role configuration back into use.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn restore(&self, role: RoleConfiguration) -> Result<RoleConfiguration, StoreError> {
        let status = if role.published_number.is_some() { RoleStatus::Published } else { RoleStatus::Draft };
        self.save(RoleConfiguration { status, archived_at: None, ..role }).await
    }

    /// Gives up the unpublished changes of a locked role configuration: the draft is the version in force again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reset_to(
        &self,
        role: RoleConfiguration,
        version: &RoleVersion,
    ) -> Result<RoleConfiguration, StoreError> {
        let revision = role.revision + 1;
        let definition = version.definition.clone();
        self.save(RoleConfiguration { definition, revision, published_revision: Some(revision), ..role }).await
    }

    /// Deletes a role configuration that was never published.
    ///
    /// # Errors
    /// [`StoreError::Reference`] if a scenario was made from it.
    pub async fn delete(&self, id: RoleConfigurationId) -> Result<(), StoreError> {
        self.0
            .delete::<role_configuration::Entity>()?
            .filter(role_configuration::Column::Id.eq(id.0))
            .exec(self.0.reader().connection())
            .await?;
        Ok(())
    }

    /// A grant that is limited to families neither adds nor moves a role outside them.
    fn require_family(&self, family: Option<&str>) -> Result<(), StoreError> {
        let is_allowed = self.0.reader().scope().rights().allows_family(family);
        if is_allowed { Ok(()) } else { Err(StoreError::OutsideFamilies) }
    }

    async fn save(&self, role: RoleConfiguration) -> Result<RoleConfiguration, StoreError> {
        self.require_family(role.definition.family.as_deref())?;
        let role = RoleConfiguration { updated_at: self.0.now(), ..role };
        let row = row_of(self.0.reader().organization().0, &role)?;
        self.0
            .update::<role_configuration::Entity>()?
            .set(all_set::<_, role_configuration::ActiveModel>(row))
            .filter(role_configuration::Column::Id.eq(role.id.0))
            .exec(self.0.reader().connection())
            .await?;
        Ok(role)
    }

    fn version_row(&self, version: &RoleVersion) -> Result<role_version::Model, StoreError> {
        Ok(role_version::Model {
            org_id: self.0.reader().organization().0,
            id: version.id.0,
            role_id: version.role.0,
            number: version.number,
            score: domain::score::score_value(&version.definition.tasks),
            definition: serde_json::to_string(&version.definition)?,
            note: version.note.clone(),
            published_at: version.published_at,
            published_by: version.published_by.0,
        })
    }
}
