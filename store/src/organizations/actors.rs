//! Who the audit log names by an identifier, as far as the organization knows.

use std::collections::HashMap;

use domain::ids::{ApiKeyId, UserId};
use entity::{api_key, member};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::Member;
use crate::{access::Access, error::StoreError, tenant::TenantReader};

/// A user who is a member, or was one.
#[derive(Clone, Debug)]
pub struct KnownUser {
    /// The membership, the live one or else the last.
    pub member: Member,
    /// Whether it has not ended.
    pub is_live: bool,
}

/// Who the audit log names.
pub struct Actors<'a, A: Access>(&'a TenantReader<A>);

impl<A: Access> TenantReader<A> {
    /// Who the audit log names.
    pub fn actors(&self) -> Actors<'_, A> {
        Actors(self)
    }
}

impl<A: Access> Actors<'_, A> {
    /// The users among these who are members or were, in one statement.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn users(&self, users: &[UserId]) -> Result<HashMap<UserId, KnownUser>, StoreError> {
        let rows = self
            .0
            .select::<member::Entity>()
            .filter(member::Column::UserId.is_in(users.iter().map(|user| user.0)))
            .order_by_asc(member::Column::JoinedAt)
            .all(self.0.connection())
            .await?;
        let mut known: HashMap<UserId, KnownUser> = HashMap::new();
        for row in rows {
            let is_live = row.ended_at.is_none();
            let member: Member = row.try_into()?;
            if is_live || !known.get(&member.user).is_some_and(|known| known.is_live) {
                known.insert(member.user, KnownUser { member, is_live });
            }
        }
        Ok(known)
    }

    /// What the organization calls these API keys, revoked ones too, in one statement.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn key_names(&self, keys: &[ApiKeyId]) -> Result<HashMap<ApiKeyId, String>, StoreError> {
        let rows = self
            .0
            .select::<api_key::Entity>()
            .filter(api_key::Column::Id.is_in(keys.iter().map(|key| key.0)))
            .all(self.0.connection())
            .await?;
        Ok(rows.into_iter().map(|row| (ApiKeyId(row.id), row.name)).collect())
    }
}
