//! Inviting people, and thinking better of it. The token of an invitation is given out once and kept as a digest.

use chrono::Duration;
use domain::ids::UserId;
use entity::{
    invitation::{self, Column},
    member,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use super::{Invitation, InvitationFilter, InvitationState, member_changes::LockedMembers};
use crate::{
    access::{Admin, Level},
    error::StoreError,
    identity::insert,
    secret::{NewSecret, SecretKind},
};

/// Most invitations of an organization that are open at a time.
pub const OPEN_INVITATIONS_MAXIMUM: u64 = 100;

/// An invitation with its token, which is to be seen this once.
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// What the invited person accepts it with.
    pub token: String,
}

/// Why nobody was invited.
#[derive(Debug)]
pub enum InviteError {
    /// A live member has this address.
    IsMember,
    /// There is an open invitation to this address.
    IsInvited,
    /// There are 100 open invitations.
    TooMany,
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for InviteError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl LockedMembers<'_, Admin> {
    /// The invitation with this identifier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invitation(&self, id: Uuid) -> Result<Option<Invitation>, StoreError> {
        self.tx.reader().invitations().by_id(id).await
    }

    /// Invites the person with this e-mail address, in lower case.
    ///
    /// # Errors
    /// See [`InviteError`].
    pub async fn invite(
        &self,
        by: UserId,
        email: String,
        level: Level,
        valid_for: Duration,
    ) -> Result<Invited, InviteError> {
        if self.is_member(&email).await? {
            return Err(InviteError::IsMember);
        }
        if self.make_room(&email).await? {
            return Err(InviteError::IsInvited);
        }
        if self.open_invitations().await? >= OPEN_INVITATIONS_MAXIMUM {
            return Err(InviteError::TooMany);
        }
        let now = self.tx.now();
        let (credential_id, token) = self.new_secret().await?;
        let row = invitation::Model {
            org_id: self.tx.reader().organization().0,
            id: self.tx.next_id(),
            email,
            level: level.as_str().to_owned(),
            invited_by: by.0,
            invited_at: now,
            expires_at: now + valid_for,
            accepted_at: None,
            ended_at: None,
            credential_id,
        };
        self.tx.insert(row.clone()).await?;
        Ok(Invited { invitation: Invitation::of(row, now)?, token })
    }

    /// Takes an open invitation back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke(&self, invitation: Invitation) -> Result<Invitation, StoreError> {
        self.tx
            .update::<invitation::Entity>()?
            .col_expr(Column::EndedAt, Expr::value(self.tx.now()))
            .filter(Column::Id.eq(invitation.id.0))
            .exec(self.tx.reader().connection())
            .await?;
        Ok(Invitation { state: InvitationState::Ended, ..invitation })
    }

    /// Gives an invitation that is open, or has expired, a new token and more time; the old token stops working.
    ///
    /// # Errors
    /// See [`InviteError`].
    pub async fn resend(&self, invitation: Invitation, valid_for: Duration) -> Result<Invited, InviteError> {
        if invitation.state != InvitationState::Open && self.open_invitations().await? >= OPEN_INVITATIONS_MAXIMUM {
            return Err(InviteError::TooMany);
        }
        let expires_at = self.tx.now() + valid_for;
        let (credential_id, token) = self.new_secret().await?;
        self.tx
            .update::<invitation::Entity>()?
            .col_expr(Column::CredentialId, Expr::value(credential_id))
            .col_expr(Column::ExpiresAt, Expr::value(expires_at))
            .filter(Column::Id.eq(invitation.id.0))
            .exec(self.tx.reader().connection())
            .await
            .map_err(StoreError::from)?;
        Ok(Invited { invitation: Invitation { state: InvitationState::Open, expires_at, ..invitation }, token })
    }

    async fn is_member(&self, email: &str) -> Result<bool, StoreError> {
        let reader = self.tx.reader();
        let members = reader.members().live().filter(member::Column::Email.eq(email));
        Ok(members.count(reader.connection()).await? > 0)
    }

    /// Ends an invitation to the address that has run out; whether there is one that has not.
    async fn make_room(&self, email: &str) -> Result<bool, StoreError> {
        let (reader, now) = (self.tx.reader(), self.tx.now());
        self.tx
            .update::<invitation::Entity>()?
            .col_expr(Column::EndedAt, Expr::value(now))
            .filter(Column::Email.eq(email))
            .filter(Column::EndedAt.is_null())
            .filter(InvitationState::Expired.condition(now))
            .exec(reader.connection())
            .await?;
        let open = reader.select::<invitation::Entity>().filter(InvitationState::Open.condition(now));
        Ok(open.filter(Column::Email.eq(email)).count(reader.connection()).await? > 0)
    }

    async fn open_invitations(&self) -> Result<u64, StoreError> {
        let open = InvitationFilter { states: Some(vec![InvitationState::Open]) };
        self.tx.reader().invitations().count(&open).await
    }

    /// Adds a secret; its identifier and its text.
    async fn new_secret(&self) -> Result<(Uuid, String), StoreError> {
        let secret = NewSecret::generate(SecretKind::Invitation)?;
        let id = self.tx.next_id();
        insert(self.tx.reader().connection(), secret.row(self.tx.reader().organization(), id)).await?;
        Ok((id, secret.text))
    }
}
