//! Role configurations as they are stored.

use chrono::{DateTime, Utc};
use domain::{
    ids::{RoleConfigurationId, RoleVersionId, UserId},
    roles::{RoleDefinition, Task},
    score::score_value,
    stage::Stage,
};
use entity::{role_configuration, role_version};

use crate::error::StoreError;

/// Where a role configuration is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleStatus {
    /// Never published.
    Draft,
    /// It has a published version.
    Published,
    /// Out of use, and kept.
    Archived,
}

impl RoleStatus {
    /// The status's name in the database and in the schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Published => "PUBLISHED",
            Self::Archived => "ARCHIVED",
        }
    }

    fn from_database(text: &str) -> Result<Self, StoreError> {
        [Self::Draft, Self::Published, Self::Archived]
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| StoreError::internal("unknown role status"))
    }
}

/// A role as one organization runs it.
#[derive(Clone, Debug)]
pub struct RoleConfiguration {
    /// Identifier.
    pub id: RoleConfigurationId,
    /// The role's identifier in another system of the organization.
    pub external_id: Option<String>,
    /// Where it is in its life.
    pub status: RoleStatus,
    /// Counts the changes, from 1; an update says which revision it was made from.
    pub revision: i32,
    /// Number of the version in force.
    pub published_number: Option<i32>,
    /// The revision that was published as that version.
    pub published_revision: Option<i32>,
    /// The working state: the draft.
    pub definition: RoleDefinition,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was archived.
    pub archived_at: Option<DateTime<Utc>>,
}

/// An immutable, published state of a role configuration.
#[derive(Clone, Debug)]
pub struct RoleVersion {
    /// Identifier.
    pub id: RoleVersionId,
    /// The role configuration.
    pub role: RoleConfigurationId,
    /// Counts the versions of the role, from 1.
    pub number: i32,
    /// What was published.
    pub definition: RoleDefinition,
    /// What the publisher said about it.
    pub note: Option<String>,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Who published it.
    pub published_by: UserId,
}

impl RoleConfiguration {
    /// Whether the draft differs from the version in force, or there is none.
    pub fn has_unpublished_changes(&self) -> bool {
        self.published_revision != Some(self.revision)
    }
}

impl TryFrom<role_configuration::Model> for RoleConfiguration {
    type Error = StoreError;

    fn try_from(row: role_configuration::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: RoleConfigurationId(row.id),
            external_id: row.external_id,
            status: RoleStatus::from_database(&row.status)?,
            revision: row.revision,
            published_number: row.published_number,
            published_revision: row.published_revision,
            definition: serde_json::from_str(&row.definition)?,
            created_at: row.created_at,
            updated_at: row.updated_at,
            archived_at: row.archived_at,
        })
    }
}

impl TryFrom<role_version::Model> for RoleVersion {
    type Error = StoreError;

    fn try_from(row: role_version::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: RoleVersionId(row.id),
            role: RoleConfigurationId(row.role_id),
            number: row.number,
            definition: serde_json::from_str(&row.definition)?,
            note: row.note,
            published_at: row.published_at,
            published_by: UserId(row.published_by),
        })
    }
}

/// The row of a role configuration: the document, and beside it what is filtered and ordered by. The one place where
/// the columns are made from the document.
pub(crate) fn row_of(
    organization: uuid::Uuid,
    role: &RoleConfiguration,
) -> Result<role_configuration::Model, StoreError> {
    let definition = &role.definition;
    Ok(role_configuration::Model {
        org_id: organization,
        id: role.id.0,
        external_id: role.external_id.clone(),
        status: role.status.as_str().to_owned(),
        revision: role.revision,
        published_number: role.published_number,
        published_revision: role.published_revision,
        title: definition.title.clone(),
        title_key: definition.title.to_lowercase(),
        family: definition.family.clone(),
        family_key: definition.family.as_ref().map(|family| family.to_lowercase()),
        level: definition.level.clone(),
        headcount: definition.headcount,
        canonical_role: definition.canonical_role.clone(),
        score: score_value(&definition.tasks),
        human_tasks: count(&definition.tasks, Stage::Human),
        at_risk_tasks: count(&definition.tasks, Stage::AtRisk),
        ai_assisted_tasks: count(&definition.tasks, Stage::AiAssisted),
        automated_tasks: count(&definition.tasks, Stage::Automated),
        definition: serde_json::to_string(definition)?,
        created_at: role.created_at,
        updated_at: role.updated_at,
        archived_at: role.archived_at,
    })
}

fn count(tasks: &[Task], stage: Stage) -> i32 {
    let count = tasks.iter().filter(|task| task.stage == Some(stage)).count();
    i32::try_from(count).unwrap_or(i32::MAX)
}
