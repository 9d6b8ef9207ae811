//! Becoming a member.

use chrono::{DateTime, Utc};
use domain::ids::{MemberId, OrganizationId, UserId};
use entity::member;
use serde_json::{Value, json};

use crate::access::Level;

/// A user about to become a member.
pub(crate) struct Newcomer {
    pub(crate) user: UserId,
    pub(crate) name: String,
    pub(crate) email: String,
}

impl Newcomer {
    /// The row of the new membership. An earlier one that ended is history and stays as it is.
    pub(super) fn member(
        &self,
        organization: OrganizationId,
        id: MemberId,
        level: Level,
        now: DateTime<Utc>,
    ) -> member::Model {
        member::Model {
            org_id: organization.0,
            id: id.0,
            user_id: self.user.0,
            name: self.name.clone(),
            email: self.email.clone(),
            level: level.as_str().to_owned(),
            joined_at: now,
            ended_at: None,
            name_key: self.name.to_lowercase(),
        }
    }
}

/// How the audit log tells of an access level that changed.
pub(super) fn level_change(before: Option<Level>, after: Option<Level>) -> Value {
    json!({ "before": before.map(Level::as_str), "after": after.map(Level::as_str) })
}
