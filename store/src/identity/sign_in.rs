//! Signing in and out.

use domain::ids::UserId;
use entity::user_account;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    SessionTokens,
    input::{PASSWORD_MAXIMUM, normalized_email},
    sessions::{EndReason, NewSession, end_session},
};
use crate::{Store, access::Actor, database::Door, error::StoreError};

/// Why nobody was signed in.
#[derive(Debug)]
pub enum SignInError {
    /// Unknown address or wrong password: the same answer, in the same time.
    WrongCredentials,
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Store {
    /// Signs a user in.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in(&self, email: &str, password: String) -> Result<SessionTokens, SignInError> {
        let account = self.account(&normalized_email(email)).await?;
        // What no password can be is not worth hashing, and must not become a way to keep the server busy.
        let password = if password.chars().count() > PASSWORD_MAXIMUM { String::new() } else { password };
        let hash = account.as_ref().map(|account| account.password_hash.clone());
        let is_right = self.passwords().verify(password, hash).await?;
        let (Some(account), true) = (account, is_right) else { return Err(SignInError::WrongCredentials) };
        let session = NewSession::of(self, UserId(account.id))?;
        let connection = self.begin_auth(None).await?;
        session.insert(&connection).await?;
        connection.commit().await.map_err(StoreError::from)?;
        Ok(session.into_tokens())
    }

    /// Ends the session that the actor signed in with: its refresh token and its access tokens stop working.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(&self, actor: &Actor) -> Result<(), StoreError> {
        let Some(session) = actor.session() else { return Ok(()) };
        let connection = self.begin_auth(None).await?;
        end_session(&connection, session, EndReason::SignedOut, self.clock().now()).await?;
        connection.commit().await?;
        self.identities().forget(session);
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "users belong to no organization")]
    async fn account(&self, email: &str) -> Result<Option<user_account::Model>, StoreError> {
        // No address is that long or holds a NUL, which PostgreSQL would refuse with an error of its own.
        if email.len() > 1_000 || email.contains('\0') {
            return Ok(None);
        }
        let mut attempts_left = self.database().retries();
        loop {
            let connection = self.database().reader(Door::Auth).await?;
            let query = user_account::Entity::find().filter(user_account::Column::Email.eq(email));
            match query.one(&connection).await {
                Ok(account) => return Ok(account),
                Err(error) => crate::tenant::retry_or_fail(error, &mut attempts_left)?,
            }
        }
    }
}
