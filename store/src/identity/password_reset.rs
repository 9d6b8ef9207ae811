//! Resetting a forgotten password by a token that is sent to the user's e-mail address: 256 random bits, stored as their
//! digest, valid for an hour, once. A user has one at most.

use chrono::{DateTime, Duration, Utc};
use domain::ids::UserId;
use entity::{password_reset, user_account};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use super::{
    PasswordError,
    accounts::replace_password,
    admission::Throttled,
    password_change::{end_what_the_old_one_opened, settle},
    security_log::{SecurityEvent, note},
    session_end::{EndReason, Which},
    sessions::{new_secret, secret_digest},
};
use crate::{RequestOrigin, Store, database::Connection, error::StoreError, tenant::all_set};

/// How long a token can be used, in minutes.
pub const PASSWORD_RESET_MINUTES: i64 = 60;

/// Somebody's wish for a letter, which has been let through.
pub struct ResetRequest {
    email: String,
    origin: RequestOrigin,
}

/// What is to be sent to the user.
pub struct ResetLetter {
    /// The user's e-mail address.
    pub to: String,
    /// The token: whoever has it can set the password.
    pub token: String,
}

impl Store {
    /// Lets a request for a letter through, whether or not there is such an account: nothing is looked up.
    ///
    /// # Errors
    /// How many seconds to wait, after too many requests.
    pub fn accept_reset_request(&self, email: &str, origin: &RequestOrigin) -> Result<ResetRequest, u64> {
        // Each request counts, as if it had failed: what became of it is told to nobody.
        drop(self.admit_reset_request(email, origin).map_err(|Throttled(seconds)| seconds)?);
        Ok(ResetRequest { email: email.to_owned(), origin: origin.clone() })
    }

    /// Makes a token in the place of the one before; `None` if there is no such account, or if it was sent enough letters.
    /// To be called after the answer, which must not tell by its time whether there is an account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn issue_password_reset(&self, request: ResetRequest) -> Result<Option<ResetLetter>, StoreError> {
        let account = self.account_by_email(&request.email).await?;
        let user = account.as_ref().map(|account| UserId(account.id));
        note(SecurityEvent::PasswordResetRequested, user, &request.origin);
        let Some(account) = account else { return Ok(None) };
        let Ok(place) = self.admit_letter(&account.email, &request.origin) else { return Ok(None) };
        let (token, now) = (new_secret()?, self.clock().now());
        let row = password_reset::Model {
            digest: secret_digest(&token),
            user_id: account.id,
            created_at: now,
            expires_at: now + Duration::minutes(PASSWORD_RESET_MINUTES),
            used_at: None,
        };
        let connection = self.begin_auth(None).await?;
        replace_reset(&connection, row).await?;
        connection.commit().await?;
        place.succeed();
        Ok(Some(ResetLetter { to: account.email, token }))
    }

    /// Sets a new password by a token and ends all sessions of the user. The e-mail address to tell it to.
    ///
    /// # Errors
    /// See [`PasswordError`]; nothing is changed then, and the token can still be used.
    pub async fn reset_password(
        &self,
        token: &str,
        new: &str,
        origin: &RequestOrigin,
    ) -> Result<String, PasswordError> {
        let attempt = self.admit_from_address(origin)?;
        let result = self.try_reset_password(token, new, origin).await;
        settle(attempt, &result);
        result
    }

    async fn try_reset_password(
        &self,
        token: &str,
        new: &str,
        origin: &RequestOrigin,
    ) -> Result<String, PasswordError> {
        let digest = secret_digest(token);
        let account = self.account_of_reset(&digest).await?.ok_or(PasswordError::WrongCredentials)?;
        let hash = self.hash_of_new(new, &account).await?;
        let now = self.clock().now();
        let connection = self.begin_auth(None).await?;
        if !(use_up(&connection, &digest, now).await? && replace_password(&connection, &account, &hash).await?) {
            connection.rollback().await.map_err(StoreError::from)?;
            return Err(PasswordError::WrongCredentials);
        }
        let ended =
            end_what_the_old_one_opened(&connection, &account, Which::All, EndReason::PasswordReset, now).await?;
        connection.commit().await.map_err(StoreError::from)?;
        note(SecurityEvent::PasswordReset, Some(UserId(account.id)), origin);
        self.forget_ended(&ended, origin);
        self.forget_failures(&account.email, origin);
        Ok(account.email)
    }

    /// The user whose token it is, if it can be used now.
    #[expect(clippy::disallowed_methods, reason = "password resets belong to no organization")]
    async fn account_of_reset(&self, digest: &[u8]) -> Result<Option<user_account::Model>, StoreError> {
        let query = password_reset::Entity::find().filter(password_reset::Column::Digest.eq(digest));
        let found = self.read_identity(query).await?.pop();
        let now = self.clock().now();
        match found.filter(|reset| reset.used_at.is_none() && now < reset.expires_at) {
            Some(reset) => self.account_by_id(UserId(reset.user_id)).await,
            None => Ok(None),
        }
    }
}

async fn replace_reset(connection: &Connection, row: password_reset::Model) -> Result<(), StoreError> {
    use password_reset::Column;
    let columns = [Column::Digest, Column::CreatedAt, Column::ExpiresAt, Column::UsedAt];
    let replacing = OnConflict::column(Column::UserId).update_columns(columns).to_owned();
    password_reset::Entity::insert(all_set::<_, password_reset::ActiveModel>(row))
        .on_conflict(replacing)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Marks the token as used; `false` if somebody did before, or if it has expired. Of two at the same moment one wins.
#[expect(clippy::disallowed_methods, reason = "password resets belong to no organization")]
async fn use_up(connection: &Connection, digest: &[u8], now: DateTime<Utc>) -> Result<bool, StoreError> {
    let result = password_reset::Entity::update_many()
        .col_expr(password_reset::Column::UsedAt, Expr::value(now))
        .filter(password_reset::Column::Digest.eq(digest))
        .filter(password_reset::Column::UsedAt.is_null())
        .filter(password_reset::Column::ExpiresAt.gt(now))
        .exec(connection)
        .await?;
    Ok(result.rows_affected == 1)
}

/// Lets no token of the user work any more.
#[expect(clippy::disallowed_methods, reason = "password resets belong to no organization")]
pub(super) async fn void_resets(connection: &Connection, user: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    password_reset::Entity::update_many()
        .col_expr(password_reset::Column::UsedAt, Expr::value(now))
        .filter(password_reset::Column::UserId.eq(user.0))
        .filter(password_reset::Column::UsedAt.is_null())
        .exec(connection)
        .await?;
    Ok(())
}
