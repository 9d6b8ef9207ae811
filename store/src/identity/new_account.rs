//! An account about to be made, for somebody who signs up or accepts an invitation.

use domain::ids::UserId;
use entity::user_account;

use super::{SessionTokens, SignUp, password::Password, sessions::NewSession, sign_up::insert};
use crate::{RequestOrigin, Store, database::Connection, error::StoreError};

/// An account with its first session.
pub(crate) struct NewAccount {
    /// The new user.
    pub(crate) user: UserId,
    row: user_account::Model,
    session: NewSession,
}

impl Store {
    /// The account of somebody whose input was checked. It takes as long as a password takes to hash: no transaction
    /// should wait for it.
    pub(crate) async fn new_account(&self, input: &SignUp, origin: &RequestOrigin) -> Result<NewAccount, StoreError> {
        let user = UserId(self.ids().next());
        let row = user_account::Model {
            id: user.0,
            email: input.email.clone(),
            name: input.name.clone(),
            password_hash: self.passwords().hash(Password::new(&input.password)).await?,
            created_at: self.clock().now(),
        };
        Ok(NewAccount { user, row, session: NewSession::of(self, user, origin)? })
    }
}

impl NewAccount {
    /// Adds the account and its session; [`StoreError::Taken`] if there is one with this address.
    pub(crate) async fn insert(&self, connection: &Connection) -> Result<(), StoreError> {
        insert(connection, self.row.clone()).await?;
        self.session.insert(connection).await
    }

    pub(crate) fn into_tokens(self) -> SessionTokens {
        self.session.into_tokens()
    }
}
