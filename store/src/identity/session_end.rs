//! Ending sessions: their refresh tokens and access tokens stop working, here at once, on other servers within a second.

use chrono::{DateTime, Utc};
use domain::ids::{SessionId, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use uuid::Uuid;

use super::{
    Person,
    security_log::{SecurityEvent, note},
    session_list::is_live,
};
use crate::{RequestOrigin, Store, database::Connection, error::StoreError};

/// Why a session ended.
#[derive(Clone, Copy, Debug)]
pub(super) enum EndReason {
    SignedOut,
    EndedByUser,
    PasswordChanged,
    PasswordReset,
    RefreshTokenReused,
}

impl EndReason {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "SIGNED_OUT",
            Self::EndedByUser => "ENDED_BY_USER",
            Self::PasswordChanged => "PASSWORD_CHANGED",
            Self::PasswordReset => "PASSWORD_RESET",
            Self::RefreshTokenReused => "REFRESH_TOKEN_REUSED",
        }
    }
}

/// Which sessions of a user.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    One(SessionId),
    AllBut(SessionId),
    All,
}

/// Sessions that a transaction has ended. To be told to the cache and the log once it is committed.
#[derive(Debug)]
#[must_use]
pub(super) struct Ended {
    user: UserId,
    sessions: Vec<SessionId>,
    /// Without those that had expired before.
    live: usize,
}

impl Ended {
    fn of_row(&mut self, row: &QueryResult, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.sessions.push(SessionId(row.try_get("", "id")?));
        self.live += usize::from(is_live(row.try_get("", "expires_at")?, row.try_get("", "last_used_at")?, now));
        Ok(())
    }
}

/// Ends sessions of a user that have not ended yet.
pub(super) async fn end_sessions(
    connection: &Connection,
    user: UserId,
    which: Which,
    reason: EndReason,
    now: DateTime<Utc>,
) -> Result<Ended, StoreError> {
    // No session has the nil identifier.
    let (comparison, session) = match which {
        Which::One(session) => ("=", session.0),
        Which::AllBut(session) => ("<>", session.0),
        Which::All => ("<>", Uuid::nil()),
    };
    let sql = format!(
        "UPDATE session SET ended_at = $1, end_reason = $2
         WHERE user_id = $3 AND id {comparison} $4 AND ended_at IS NULL RETURNING id, expires_at, last_used_at"
    );
    let values = [now.into(), reason.as_str().into(), user.0.into(), session.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let mut ended = Ended { user, sessions: vec![], live: 0 };
    for row in connection.query_all_raw(statement).await? {
        ended.of_row(&row, now)?;
    }
    Ok(ended)
}

impl Store {
    /// Ends the session that the person signed in with.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(&self, person: Person<'_>) -> Result<(), StoreError> {
        let ended = self.end_in_transaction(person, Which::One(person.session()), EndReason::SignedOut).await?;
        ended.sessions.iter().for_each(|session| self.identities().forget(*session));
        note(SecurityEvent::SignOut, Some(person.user()), person.origin());
        Ok(())
    }

    /// Ends one of the person's sessions; `false` if there is no such live session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(&self, person: Person<'_>, session: SessionId) -> Result<bool, StoreError> {
        Ok(self.end_by_user(person, Which::One(session)).await? > 0)
    }

    /// Ends all of the person's sessions but the one of this request; how many were live.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_other_sessions(&self, person: Person<'_>) -> Result<usize, StoreError> {
        self.end_by_user(person, Which::AllBut(person.session())).await
    }

    /// Ends all of the person's sessions; how many were live.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_all_sessions(&self, person: Person<'_>) -> Result<usize, StoreError> {
        self.end_by_user(person, Which::All).await
    }

    async fn end_by_user(&self, person: Person<'_>, which: Which) -> Result<usize, StoreError> {
        let ended = self.end_in_transaction(person, which, EndReason::EndedByUser).await?;
        self.forget_ended(&ended, person.origin());
        Ok(ended.live)
    }

    async fn end_in_transaction(
        &self,
        person: Person<'_>,
        which: Which,
        reason: EndReason,
    ) -> Result<Ended, StoreError> {
        let connection = self.begin_auth(None).await?;
        let ended = end_sessions(&connection, person.user(), which, reason, self.clock().now()).await?;
        connection.commit().await?;
        Ok(ended)
    }

    /// Lets no access token of the ended sessions through from now on.
    pub(super) fn forget_ended(&self, ended: &Ended, origin: &RequestOrigin) {
        for session in &ended.sessions {
            self.identities().forget(*session);
            note(SecurityEvent::SessionEnded, Some(ended.user), origin);
        }
    }
}
