//! Consultant grants as they are stored.

use chrono::{DateTime, Utc};
use domain::ids::{ConsultantGrantId, OrganizationId, UserId};
use entity::consultant_grant;

use crate::{access::Level, error::StoreError};

/// Where a grant is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantState {
    /// Given to an e-mail address whose user has not accepted it yet.
    Pending,
    /// In force.
    Active,
    /// It came to the end of its time.
    Expired,
    /// It was revoked, given back or renewed before the end of its time.
    Ended,
}

/// Whom access is lent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grantee {
    /// The user with this e-mail address, in lower case, once the user has accepted.
    Email(String),
    /// A firm, at once.
    Firm(OrganizationId),
}

/// Access that an organization lends to a consultant.
#[derive(Clone, Debug)]
pub struct ConsultantGrant {
    /// Identifier.
    pub id: ConsultantGrantId,
    /// What the organization calls the consultant or the firm.
    pub name: String,
    /// Whom it is lent to.
    pub grantee: Grantee,
    /// The user who accepted it.
    pub(super) user: Option<UserId>,
    /// What it allows.
    pub level: Level,
    /// The families of roles that it is limited to, as they were typed; `None` for all.
    pub families: Option<Vec<String>>,
    /// Why it was given.
    pub reason: String,
    /// When it was given.
    pub granted_at: DateTime<Utc>,
    /// When the user accepted it; `None` for a firm.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// When it was ended; not after `expires_at`.
    pub ended_at: Option<DateTime<Utc>>,
    /// The grant that this one took the place of.
    pub renewed_from: Option<ConsultantGrantId>,
}

impl ConsultantGrant {
    /// Where the grant is in its life at an instant.
    pub fn state(&self, now: DateTime<Utc>) -> GrantState {
        match self.ended_at {
            Some(ended_at) if ended_at < self.expires_at => GrantState::Ended,
            Some(_) => GrantState::Expired,
            None if self.expires_at <= now => GrantState::Expired,
            None if self.is_accepted() => GrantState::Active,
            None => GrantState::Pending,
        }
    }

    /// Whether nobody has to accept it any more.
    pub fn is_accepted(&self) -> bool {
        self.accepted_at.is_some() || matches!(self.grantee, Grantee::Firm(_))
    }
}

impl TryFrom<consultant_grant::Model> for ConsultantGrant {
    type Error = StoreError;

    fn try_from(row: consultant_grant::Model) -> Result<Self, StoreError> {
        let grantee = match (row.email, row.firm_id) {
            (Some(email), None) => Grantee::Email(email),
            (None, Some(firm)) => Grantee::Firm(OrganizationId(firm)),
            _ => return Err(StoreError::internal("a consultant grant is for a user or for a firm")),
        };
        Ok(Self {
            id: ConsultantGrantId(row.id),
            name: row.name,
            grantee,
            user: row.user_id.map(UserId),
            level: Level::from_database(&row.level)?,
            families: row.families.map(|families| serde_json::from_str(&families)).transpose()?,
            reason: row.reason,
            granted_at: row.granted_at,
            accepted_at: row.accepted_at,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
            renewed_from: row.renewed_from.map(ConsultantGrantId),
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_state_follows_from_the_instants() {
        let start = DateTime::UNIX_EPOCH;
        let at = |days| start + Duration::days(days);
        let pending = ConsultantGrant {
            id: ConsultantGrantId(Uuid::nil()),
            name: "A".into(),
            grantee: Grantee::Email("a@example.org".into()),
            user: None,
            level: Level::Read,
            families: None,
            reason: "B".into(),
            granted_at: start,
            accepted_at: None,
            expires_at: at(2),
            ended_at: None,
            renewed_from: None,
        };
        assert_eq!(pending.state(at(1)), GrantState::Pending);
        assert_eq!(pending.state(at(2)), GrantState::Expired);
        let accepted = ConsultantGrant { accepted_at: Some(start), ..pending.clone() };
        assert_eq!(accepted.state(at(1)), GrantState::Active);
        let of_firm = ConsultantGrant { grantee: Grantee::Firm(OrganizationId(Uuid::nil())), ..pending };
        assert_eq!(of_firm.state(at(1)), GrantState::Active);
        let ended = |day| ConsultantGrant { ended_at: Some(at(day)), ..accepted.clone() };
        assert_eq!(ended(1).state(at(1)), GrantState::Ended);
        assert_eq!(ended(1).state(at(3)), GrantState::Ended);
        assert_eq!(ended(2).state(at(3)), GrantState::Expired);
    }
}
