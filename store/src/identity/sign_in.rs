//! Signing in.

use domain::ids::UserId;
use entity::user_account;

use super::{
    SessionTokens,
    accounts::{hold_password, replace_password},
    admission::Throttled,
    password::Password,
    passwords::Comparison,
    security_log::{SecurityEvent, note},
    sessions::NewSession,
};
use crate::{RequestOrigin, Store, error::StoreError};

/// Why nobody was signed in.
#[derive(Debug)]
pub enum SignInError {
    /// Unknown address or wrong password: the same answer, in the same time.
    WrongCredentials,
    /// Too many failures; how many seconds to wait. Known and unknown addresses alike.
    Throttled(u64),
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Throttled> for SignInError {
    fn from(Throttled(seconds): Throttled) -> Self {
        Self::Throttled(seconds)
    }
}

/// How often a password is compared when the stored one changes between comparing and signing in.
const ATTEMPTS: usize = 2;

impl Store {
    /// Signs a user in. A hash with weaker parameters than those of today is replaced.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        origin: &RequestOrigin,
    ) -> Result<SessionTokens, SignInError> {
        let attempt = self.admit_to_account(email, origin).await??;
        let result = self.try_sign_in(email, password, origin).await;
        match &result {
            Ok(_) => attempt.succeed(),
            Err(SignInError::WrongCredentials) => drop(attempt),
            Err(_) => attempt.forgive(),
        }
        result
    }

    async fn try_sign_in(
        &self,
        email: &str,
        password: &str,
        origin: &RequestOrigin,
    ) -> Result<SessionTokens, SignInError> {
        for _ in 0..ATTEMPTS {
            let account = self.account_by_email(email).await?;
            let hash = account.as_ref().map(|account| account.password_hash.clone());
            let user = account.as_ref().map(|account| UserId(account.id));
            match (self.passwords().verify(Password::to_compare(password), hash).await?, account) {
                (Comparison::Right { is_outdated }, Some(account)) => {
                    let renewed =
                        if is_outdated { Some(self.passwords().hash(Password::new(password)).await?) } else { None };
                    if let Some(tokens) = self.begin_session(&account, renewed, origin).await? {
                        return Ok(tokens);
                    }
                }
                _ => {
                    note(SecurityEvent::SignInFailed, user, origin);
                    return Err(SignInError::WrongCredentials);
                }
            }
        }
        Err(SignInError::WrongCredentials)
    }

    /// `None` if the password is another one by now.
    async fn begin_session(
        &self,
        account: &user_account::Model,
        renewed_hash: Option<String>,
        origin: &RequestOrigin,
    ) -> Result<Option<SessionTokens>, StoreError> {
        let user = UserId(account.id);
        let session = NewSession::of(self, user, origin)?;
        let connection = self.begin_auth(None).await?;
        let is_current = match &renewed_hash {
            Some(hash) => replace_password(&connection, account, hash).await?,
            None => hold_password(&connection, account).await?,
        };
        if !is_current {
            connection.rollback().await?;
            return Ok(None);
        }
        session.insert(&connection).await?;
        connection.commit().await?;
        note(SecurityEvent::SignIn, Some(user), origin);
        Ok(Some(session.into_tokens()))
    }
}
