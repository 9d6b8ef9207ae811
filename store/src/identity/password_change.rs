//! Changing a password by somebody who knows the current one.

use chrono::{DateTime, Utc};
use domain::ids::UserId;
use entity::user_account;

use super::{
    Person,
    accounts::replace_password,
    admission::Throttled,
    new_password::PasswordFault,
    password::Password,
    password_reset::void_resets,
    passwords::Comparison,
    security_log::{SecurityEvent, note},
    session_end::{EndReason, Ended, Which, end_sessions},
    throttle::Attempt,
};
use crate::{Store, database::Connection, error::StoreError};

/// Why a password was not changed.
#[derive(Debug)]
pub enum PasswordError {
    /// The current password is wrong, or the token is not valid.
    WrongCredentials,
    /// The new password will not do.
    NewPassword(PasswordFault),
    /// Too many failures; how many seconds to wait.
    Throttled(u64),
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for PasswordError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Throttled> for PasswordError {
    fn from(Throttled(seconds): Throttled) -> Self {
        Self::Throttled(seconds)
    }
}

/// Says to the throttle how an attempt ended.
pub(super) fn settle<T>(attempt: Attempt, result: &Result<T, PasswordError>) {
    match result {
        // What was right is the secret, even where the new password will not do.
        Ok(_) | Err(PasswordError::NewPassword(_)) => attempt.succeed(),
        Err(PasswordError::WrongCredentials) => drop(attempt),
        Err(PasswordError::Throttled(_) | PasswordError::Store(_)) => attempt.forgive(),
    }
}

impl Store {
    /// Changes the person's password and ends all of the person's other sessions. The e-mail address to tell it
    /// to.
    ///
    /// # Errors
    /// See [`PasswordError`]; nothing is changed then.
    pub async fn change_password(&self, person: Person<'_>, current: &str, new: &str) -> Result<String, PasswordError> {
        let attempt = self.admit_to_account(person.email(), person.origin()).await??;
        let result = self.try_change_password(person, current, new).await;
        settle(attempt, &result);
        result
    }

    async fn try_change_password(&self, person: Person<'_>, current: &str, new: &str) -> Result<String, PasswordError> {
        let account = self.account_by_id(person.user()).await?.ok_or(PasswordError::WrongCredentials)?;
        let stored = Some(account.password_hash.clone());
        if self.passwords().verify(Password::to_compare(current), stored).await? == Comparison::Wrong {
            note(SecurityEvent::SignInFailed, Some(person.user()), person.origin());
            return Err(PasswordError::WrongCredentials);
        }
        let hash = self.hash_of_new(new, &account).await?;
        let connection = self.begin_auth(None).await?;
        if !replace_password(&connection, &account, &hash).await? {
            connection.rollback().await.map_err(StoreError::from)?;
            return Err(PasswordError::WrongCredentials);
        }
        let (which, reason) = (Which::AllBut(person.session()), EndReason::PasswordChanged);
        let ended = end_what_the_old_one_opened(&connection, &account, which, reason, self.clock().now()).await?;
        connection.commit().await.map_err(StoreError::from)?;
        note(SecurityEvent::PasswordChanged, Some(person.user()), person.origin());
        self.forget_ended(&ended, person.origin());
        Ok(account.email)
    }

    /// The hash of a new password of a user, if it will do.
    pub(super) async fn hash_of_new(
        &self,
        typed: &str,
        account: &user_account::Model,
    ) -> Result<String, PasswordError> {
        let password = Password::new(typed);
        match self.password_fault(&password, self.about(account).await?).await? {
            Some(fault) => Err(PasswordError::NewPassword(fault)),
            None => Ok(self.passwords().hash(password).await?),
        }
    }
}

/// Ends sessions, and the reset that may be under way.
pub(super) async fn end_what_the_old_one_opened(
    connection: &Connection,
    account: &user_account::Model,
    which: Which,
    reason: EndReason,
    now: DateTime<Utc>,
) -> Result<Ended, StoreError> {
    let user = UserId(account.id);
    void_resets(connection, user, now).await?;
    end_sessions(connection, user, which, reason, now).await
}
