//! Leaving an organization, which every member may do.

use domain::ids::UserId;
use serde_json::json;

use super::joining::level_change;
use crate::{
    Store,
    access::{Read, TenantScope},
    audit::{AuditEntry, ObjectName},
    error::StoreError,
};

/// Why somebody did not leave.
#[derive(Debug)]
pub enum LeaveError {
    /// The actor is no member, but enters by a grant or an API key.
    NoMember,
    /// The membership has ended meanwhile.
    Ended,
    /// There would be no admin left.
    LastAdmin,
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for LeaveError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Store {
    /// Ends the actor's own membership of an organization.
    ///
    /// # Errors
    /// See [`LeaveError`].
    pub async fn leave(&self, scope: &TenantScope<Read>, name_of: ObjectName) -> Result<(), LeaveError> {
        let (scope, own) = scope.to_leave().ok_or(LeaveError::NoMember)?;
        let tx = self.begin(&scope).await?;
        let members = tx.lock_members().await?;
        let Some(member) = members.by_id(own.0).await? else {
            tx.rollback().await?;
            return Err(LeaveError::Ended);
        };
        let Ok(assignments) = members.end(&member).await? else {
            tx.rollback().await?;
            return Err(LeaveError::LastAdmin);
        };
        let payload = json!({
            "email": member.email, "accessLevel": level_change(Some(member.level), None),
            "endedAssignments": assignments,
        });
        let name = name_of(scope.organization(), "Member", own.0);
        tx.commit(AuditEntry::new("member.leave", "Member", name, payload)).await?;
        self.forget_rights(member.user);
        Ok(())
    }

    /// Makes a change of somebody's rights felt by the next request on this server.
    pub fn forget_rights(&self, user: UserId) {
        self.identities().forget_user(user);
    }
}
