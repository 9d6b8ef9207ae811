//! What the tables of contributing say.

use chrono::{DateTime, Utc};
use domain::{disclosure::Segment, ids::UserId};
use entity::{benchmark_participation, benchmark_receipt, organization_segment, organization_verification};
use uuid::Uuid;

use super::{SentContribution, rules};
use crate::error::StoreError;

/// A time in which an organization contributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participation {
    pub(super) id: Uuid,
    /// When its admin opted in.
    pub joined_at: DateTime<Utc>,
    /// Who that was.
    pub joined_by: UserId,
    /// When its admin opted out.
    pub left_at: Option<DateTime<Utc>>,
    /// Who that was.
    pub left_by: Option<UserId>,
}

/// What an organization says of itself, or the operator of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredSegment {
    pub(super) id: Uuid,
    /// Its industry, size and region.
    pub segment: Segment,
    /// When it was declared.
    pub declared_at: DateTime<Utc>,
    /// When the operator verified it.
    pub verified_at: Option<DateTime<Utc>>,
}

/// The operator's word on who is behind an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    pub(super) id: Uuid,
    /// Its legal entity, such as `LEI:529900T8BM49AURSDO55`.
    pub legal_entity: String,
    /// The group of companies that it belongs to.
    pub legal_group: Option<String>,
    /// Who holds its domain name.
    pub registrant_domain: Option<String>,
    /// What it pays with.
    pub payment_instrument: Option<String>,
    /// Who owns it in the end.
    pub beneficial_owner: Option<String>,
    /// Whether there is a contract with it.
    pub is_by_contract: bool,
    /// When the operator verified it.
    pub verified_at: DateTime<Utc>,
}

/// Where an organization stands.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The last 100 times in which it contributed, the latest first.
    pub history: Vec<Participation>,
    /// The segment in force.
    pub segment: Option<DeclaredSegment>,
    /// The verification in force.
    pub verification: Option<Verification>,
}

/// What an organization gave to a release.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Identifier.
    pub id: Uuid,
    /// The release, such as `2026-Q3`.
    pub release_key: String,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// What was sent.
    pub contribution: SentContribution,
}

impl Standing {
    /// The time that has not ended.
    #[must_use]
    pub fn current(&self) -> Option<&Participation> {
        self.history.iter().find(|participation| participation.left_at.is_none())
    }
}

impl DeclaredSegment {
    /// From when on another segment can be declared; `None` while the operator has not verified this one, which can be
    /// corrected at any time.
    #[must_use]
    pub fn can_change_at(&self) -> Option<DateTime<Utc>> {
        self.verified_at.map(|_| rules::can_change_at(self.declared_at))
    }
}

impl From<benchmark_participation::Model> for Participation {
    fn from(row: benchmark_participation::Model) -> Self {
        Self {
            id: row.id,
            joined_at: row.joined_at,
            joined_by: UserId(row.joined_by),
            left_at: row.left_at,
            left_by: row.left_by.map(UserId),
        }
    }
}

impl TryFrom<organization_segment::Model> for DeclaredSegment {
    type Error = StoreError;

    fn try_from(row: organization_segment::Model) -> Result<Self, StoreError> {
        let unknown = |error: domain::UnknownValue| StoreError::internal(error.to_string());
        let segment = Segment {
            industry: row.industry.parse().map_err(unknown)?,
            size_band: row.size_band.parse().map_err(unknown)?,
            region: row.region.parse().map_err(unknown)?,
        };
        Ok(Self { id: row.id, segment, declared_at: row.declared_at, verified_at: row.verified_at })
    }
}

impl From<organization_verification::Model> for Verification {
    fn from(row: organization_verification::Model) -> Self {
        Self {
            id: row.id,
            legal_entity: row.legal_entity,
            legal_group: row.legal_group,
            registrant_domain: row.registrant_domain,
            payment_instrument: row.payment_instrument,
            beneficial_owner: row.beneficial_owner,
            is_by_contract: row.is_by_contract,
            verified_at: row.verified_at,
        }
    }
}

impl TryFrom<benchmark_receipt::Model> for Receipt {
    type Error = StoreError;

    fn try_from(row: benchmark_receipt::Model) -> Result<Self, StoreError> {
        let contribution = serde_json::from_str(&row.payload)?;
        Ok(Self { id: row.id, release_key: row.release_key, sent_at: row.sent_at, contribution })
    }
}
