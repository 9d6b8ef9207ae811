//! Scenarios as they are stored.

use chrono::{DateTime, Utc};
use domain::{
    combination::{AssumptionOverrides, CombinationRole, RoleOverrides},
    ids::{RoleConfigurationId, ScenarioId},
    roles::RoleDefinition,
};
use entity::{scenario, scenario_source};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;

/// How far a scenario is on its way to a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScenarioState {
    /// Being worked on.
    Draft,
    /// Put forward for a decision.
    Proposed,
    /// Decided.
    Approved,
}

impl ScenarioState {
    /// The state's name in the database and in the schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Proposed => "PROPOSED",
            Self::Approved => "APPROVED",
        }
    }

    fn from_database(text: &str) -> Result<Self, StoreError> {
        [Self::Draft, Self::Proposed, Self::Approved]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| StoreError::internal("unknown scenario state"))
    }
}

/// Where a source of a scenario comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceOrigin {
    /// A role configuration of the organization, as a published version or as the draft of a revision.
    Role {
        /// The role configuration.
        id: RoleConfigurationId,
        /// Number of the version; `None` for the draft.
        version: Option<i32>,
        /// Revision of the role when the scenario was saved.
        revision: i32,
    },
    /// A canonical role.
    Canonical {
        /// Its key.
        key: String,
        /// Digest of the edition when the scenario was saved.
        edition_digest: String,
    },
}

/// A role that a scenario was made from, as it was when the scenario was saved.
#[derive(Clone, Debug)]
pub struct ScenarioSource {
    /// Where it comes from.
    pub origin: SourceOrigin,
    /// What the person said about it for this combination.
    pub overrides: RoleOverrides,
    /// The library's coordination share for this combination, for a role that has none of the organization's own.
    pub suggested_coordination_share: Option<f64>,
    /// What went into the combination.
    pub role: CombinationRole,
}

impl ScenarioSource {
    /// A role as it goes into a combination: what the person says counts first, then what the organization's role says,
    /// then what the library suggests for the combination, then what a canonical role says.
    #[must_use]
    pub fn new(
        origin: SourceOrigin,
        definition: &RoleDefinition,
        overrides: RoleOverrides,
        suggested_coordination_share: Option<f64>,
    ) -> Self {
        let role = combined(&origin, definition, overrides, suggested_coordination_share);
        Self { origin, overrides, suggested_coordination_share, role }
    }

    /// Whether the role would go in differently as it is defined now.
    #[must_use]
    pub fn differs_from(&self, definition: &RoleDefinition) -> bool {
        combined(&self.origin, definition, self.overrides, self.suggested_coordination_share) != self.role
    }
}

fn combined(
    origin: &SourceOrigin,
    definition: &RoleDefinition,
    mut overrides: RoleOverrides,
    suggested: Option<f64>,
) -> CombinationRole {
    let is_canonical = matches!(origin, SourceOrigin::Canonical { .. });
    if overrides.coordination_share.is_none() && (is_canonical || definition.coordination_share.is_none()) {
        overrides.coordination_share = suggested;
    }
    CombinationRole::from_definition(definition, &overrides)
}

/// What the row of a source keeps as a document.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    overrides: RoleOverrides,
    suggested_coordination_share: Option<f64>,
    role: CombinationRole,
}

/// A scenario to be saved.
#[derive(Clone, Debug)]
pub struct NewScenario {
    /// Name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// Assumptions that differ from the method's.
    pub assumptions: AssumptionOverrides,
    /// The roles.
    pub sources: Vec<ScenarioSource>,
    /// Gain of the combination, for ordering.
    pub gain: f64,
}

/// A saved combination.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Identifier.
    pub id: ScenarioId,
    /// Name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// State.
    pub state: ScenarioState,
    /// Counts the changes, from 1.
    pub revision: i32,
    /// Version of the method that it was made with.
    pub method_version: i32,
    /// Gain when it was saved.
    pub gain: f64,
    /// Assumptions that differ from the method's.
    pub assumptions: AssumptionOverrides,
    /// The roles as they were.
    pub sources: Vec<ScenarioSource>,
    /// When it was saved.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Scenario {
    pub(super) fn from_rows(row: scenario::Model, sources: Vec<scenario_source::Model>) -> Result<Self, StoreError> {
        Ok(Self {
            id: ScenarioId(row.id),
            name: row.name,
            description: row.description,
            state: ScenarioState::from_database(&row.state)?,
            revision: row.revision,
            method_version: row.method_version,
            gain: row.gain,
            assumptions: serde_json::from_str(&row.assumptions)?,
            sources: sources.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }

    pub(super) fn row(&self, organization: uuid::Uuid) -> Result<scenario::Model, StoreError> {
        Ok(scenario::Model {
            org_id: organization,
            id: self.id.0,
            name: self.name.clone(),
            name_key: self.name.to_lowercase(),
            description: self.description.clone(),
            state: self.state.as_str().to_owned(),
            revision: self.revision,
            method_version: self.method_version,
            gain: self.gain,
            assumptions: serde_json::to_string(&self.assumptions)?,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

impl TryFrom<scenario_source::Model> for ScenarioSource {
    type Error = StoreError;

    fn try_from(row: scenario_source::Model) -> Result<Self, StoreError> {
        let snapshot: Snapshot = serde_json::from_str(&row.snapshot)?;
        let origin = match (row.role_id, row.canonical_role) {
            (Some(id), _) => SourceOrigin::Role {
                id: RoleConfigurationId(id),
                version: row.version_number,
                revision: row.role_revision.unwrap_or_default(),
            },
            (None, Some(key)) => {
                SourceOrigin::Canonical { key, edition_digest: row.edition_digest.unwrap_or_default() }
            }
            (None, None) => return Err(StoreError::internal("a scenario source without origin")),
        };
        Ok(Self {
            origin,
            overrides: snapshot.overrides,
            suggested_coordination_share: snapshot.suggested_coordination_share,
            role: snapshot.role,
        })
    }
}

impl ScenarioSource {
    pub(super) fn row(
        &self,
        organization: uuid::Uuid,
        id: uuid::Uuid,
        scenario: ScenarioId,
        position: i32,
    ) -> Result<scenario_source::Model, StoreError> {
        let snapshot = Snapshot {
            overrides: self.overrides,
            suggested_coordination_share: self.suggested_coordination_share,
            role: self.role.clone(),
        };
        let row = scenario_source::Model {
            org_id: organization,
            id,
            scenario_id: scenario.0,
            position,
            role_id: None,
            version_number: None,
            role_revision: None,
            canonical_role: None,
            edition_digest: None,
            snapshot: serde_json::to_string(&snapshot)?,
        };
        Ok(match &self.origin {
            SourceOrigin::Role { id, version, revision } => scenario_source::Model {
                role_id: Some(id.0),
                version_number: *version,
                role_revision: Some(*revision),
                ..row
            },
            SourceOrigin::Canonical { key, edition_digest } => scenario_source::Model {
                canonical_role: Some(key.clone()),
                edition_digest: Some(edition_digest.clone()),
                ..row
            },
        })
    }
}
