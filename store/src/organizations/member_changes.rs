//! Changing members and ending memberships. Whoever does holds the organization's row meanwhile, so that changes come
//! one after the other, and no two of them take the last admin together.

use domain::ids::MemberId;
use entity::{firm_assignment, member, organization};
use sea_orm::{
    ColumnTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType},
};
use uuid::Uuid;

use super::Member;
use crate::{
    access::{Admin, AtLeast, Level, Via, Write},
    error::StoreError,
    tenant::TenantTx,
};

/// The members and invitations of an organization, which nobody else changes until the transaction ends.
pub struct LockedMembers<'a, A: AtLeast<Write>> {
    pub(super) tx: &'a TenantTx<A>,
    admins: Vec<MemberId>,
}

/// The change would leave the organization without an admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastAdmin;

impl<A: AtLeast<Write>> TenantTx<A> {
    /// Keeps all others from changing members and invitations until the transaction ends.
    ///
    /// # Errors
    /// [`StoreError::RightsEnded`] if the actor acts as an admin and is none any more.
    pub async fn lock_members(&self) -> Result<LockedMembers<'_, A>, StoreError> {
        let reader = self.reader();
        // A weaker lock than FOR UPDATE: rows that refer to the organization may come meanwhile.
        let row = reader.select::<organization::Entity>().lock(LockType::NoKeyUpdate);
        row.one(reader.connection()).await?;
        let admins = reader.members().live().filter(member::Column::Level.eq(Level::Admin.as_str()));
        let admins: Vec<_> = admins.all(reader.connection()).await?.iter().map(|row| MemberId(row.id)).collect();
        match reader.scope().entry().via {
            Via::Membership(actor) if A::LEVEL == Level::Admin && !admins.contains(&actor) => {
                Err(StoreError::RightsEnded)
            }
            _ => Ok(LockedMembers { tx: self, admins }),
        }
    }
}

impl<A: AtLeast<Write>> LockedMembers<'_, A> {
    /// The live member with this identifier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_id(&self, id: Uuid) -> Result<Option<Member>, StoreError> {
        self.tx.reader().members().by_id(id).await
    }

    /// Ends a membership, and what lets the user act for the organization as a consultant; how many assignments that
    /// were.
    pub(super) async fn end(&self, member: &Member) -> Result<Result<u64, LastAdmin>, StoreError> {
        if self.is_last_admin(member) {
            return Ok(Err(LastAdmin));
        }
        self.tx
            .update::<member::Entity>()?
            .col_expr(member::Column::EndedAt, Expr::value(self.tx.now()))
            .filter(member::Column::Id.eq(member.id.0))
            .exec(self.tx.reader().connection())
            .await?;
        Ok(Ok(self.end_assignments(member.id).await?))
    }

    fn is_last_admin(&self, member: &Member) -> bool {
        self.admins == [member.id]
    }

    async fn end_assignments(&self, member: MemberId) -> Result<u64, StoreError> {
        let ended = self
            .tx
            .update::<firm_assignment::Entity>()?
            .col_expr(firm_assignment::Column::EndedAt, Expr::value(self.tx.now()))
            .filter(firm_assignment::Column::MemberId.eq(member.0))
            .filter(firm_assignment::Column::EndedAt.is_null())
            .exec(self.tx.reader().connection())
            .await?;
        Ok(ended.rows_affected)
    }
}

impl LockedMembers<'_, Admin> {
    /// Changes what a member may do.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_level(&self, member: Member, level: Level) -> Result<Result<Member, LastAdmin>, StoreError> {
        if level != Level::Admin && self.is_last_admin(&member) {
            return Ok(Err(LastAdmin));
        }
        self.tx
            .update::<member::Entity>()?
            .col_expr(member::Column::Level, Expr::value(level.as_str()))
            .filter(member::Column::Id.eq(member.id.0))
            .exec(self.tx.reader().connection())
            .await?;
        Ok(Ok(Member { level, ..member }))
    }

    /// Ends a membership, and what lets the user act for the organization as a consultant; how many assignments that
    /// were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove(&self, member: &Member) -> Result<Result<u64, LastAdmin>, StoreError> {
        self.end(member).await
    }
}
