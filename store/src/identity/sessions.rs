//! Sessions and their refresh tokens: opaque, rotated at each use, stored as digests. A token that is used twice was
//! stolen or lost, so its whole family, the session, ends.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use domain::ids::{SessionId, UserId};
use entity::{refresh_token, session};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{SESSION_DAYS, SESSION_IDLE_DAYS, sign_up::insert};
use crate::{Store, database::Connection, error::StoreError};

/// What a signed-in client keeps.
#[derive(Clone, Debug)]
pub struct SessionTokens {
    /// Bearer token for requests.
    pub access_token: String,
    /// When the access token expires.
    pub expires_at: DateTime<Utc>,
    /// Opaque token for one refresh.
    pub refresh_token: String,
}

/// Why a session was not refreshed.
#[derive(Debug)]
pub enum RefreshError {
    /// Unknown, expired, ended or already used: sign in again.
    Invalid,
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for RefreshError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Why a session ended.
#[derive(Clone, Copy)]
pub(super) enum EndReason {
    SignedOut,
    RefreshTokenReused,
}

impl EndReason {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "SIGNED_OUT",
            Self::RefreshTokenReused => "REFRESH_TOKEN_REUSED",
        }
    }
}

/// A session about to be stored.
pub(super) struct NewSession {
    row: session::Model,
    token: refresh_token::Model,
    tokens: SessionTokens,
}

impl NewSession {
    pub(super) fn of(store: &Store, user: UserId) -> Result<Self, StoreError> {
        let now = store.clock().now();
        let id = SessionId(store.ids().next());
        let row = session::Model {
            id: id.0,
            user_id: user.0,
            created_at: now,
            last_used_at: now,
            expires_at: now + Duration::days(SESSION_DAYS),
            ended_at: None,
            end_reason: None,
        };
        let (token, tokens) = new_tokens(store, user, id, now)?;
        Ok(Self { row, token, tokens })
    }

    pub(super) async fn insert(&self, connection: &Connection) -> Result<(), StoreError> {
        insert(connection, self.row.clone()).await?;
        insert(connection, self.token.clone()).await
    }

    pub(super) fn into_tokens(self) -> SessionTokens {
        self.tokens
    }
}

impl Store {
    /// Gives new tokens for a refresh token, which is used up by it.
    ///
    /// # Errors
    /// See [`RefreshError`].
    pub async fn refresh_session(&self, presented: &str) -> Result<SessionTokens, RefreshError> {
        let now = self.clock().now();
        let digest = token_digest(presented);
        let connection = self.begin_auth(None).await?;
        let Some(token) = find_token(&connection, &digest).await? else {
            connection.rollback().await.map_err(StoreError::from)?;
            return Err(RefreshError::Invalid);
        };
        let session = SessionId(token.session_id);
        if !use_up(&connection, &digest, now).await? {
            end_session(&connection, session, EndReason::RefreshTokenReused, now).await?;
            connection.commit().await.map_err(StoreError::from)?;
            self.identities().forget(session);
            return Err(RefreshError::Invalid);
        }
        let is_idle = token.issued_at + Duration::days(SESSION_IDLE_DAYS) <= now;
        let user = touch(&connection, session, now).await?;
        let (Some(user), false) = (user, is_idle) else {
            connection.commit().await.map_err(StoreError::from)?;
            return Err(RefreshError::Invalid);
        };
        let (row, tokens) = new_tokens(self, user, session, now)?;
        insert(&connection, row).await?;
        connection.commit().await.map_err(StoreError::from)?;
        Ok(tokens)
    }
}

fn new_tokens(
    store: &Store,
    user: UserId,
    session: SessionId,
    now: DateTime<Utc>,
) -> Result<(refresh_token::Model, SessionTokens), StoreError> {
    let (access_token, expires_at) = store.access_tokens().issue(user, session, store.ids().next(), now)?;
    let mut secret = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut secret).map_err(|_| StoreError::internal("no random bytes"))?;
    let refresh = URL_SAFE_NO_PAD.encode(secret);
    let row =
        refresh_token::Model { digest: token_digest(&refresh), session_id: session.0, issued_at: now, used_at: None };
    Ok((row, SessionTokens { access_token, expires_at, refresh_token: refresh }))
}

/// 256 random bits need no slow hash.
fn token_digest(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}

#[expect(clippy::disallowed_methods, reason = "sessions belong to no organization")]
async fn find_token(connection: &Connection, digest: &[u8]) -> Result<Option<refresh_token::Model>, StoreError> {
    let query = refresh_token::Entity::find().filter(refresh_token::Column::Digest.eq(digest));
    Ok(query.one(connection).await?)
}

/// Marks the token as used; `false` if somebody did before. Of two at the same moment one wins.
#[expect(clippy::disallowed_methods, reason = "sessions belong to no organization")]
async fn use_up(connection: &Connection, digest: &[u8], now: DateTime<Utc>) -> Result<bool, StoreError> {
    let result = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::UsedAt, Expr::value(now))
        .filter(refresh_token::Column::Digest.eq(digest))
        .filter(refresh_token::Column::UsedAt.is_null())
        .exec(connection)
        .await?;
    Ok(result.rows_affected == 1)
}

/// Notes the use of a live session and gives its user.
#[expect(clippy::disallowed_methods, reason = "sessions belong to no organization")]
async fn touch(connection: &Connection, session: SessionId, now: DateTime<Utc>) -> Result<Option<UserId>, StoreError> {
    let row = session::Entity::find().filter(session::Column::Id.eq(session.0)).one(connection).await?;
    let Some(row) = row.filter(|row| row.ended_at.is_none() && now < row.expires_at) else { return Ok(None) };
    session::Entity::update_many()
        .col_expr(session::Column::LastUsedAt, Expr::value(now))
        .filter(session::Column::Id.eq(session.0))
        .exec(connection)
        .await?;
    Ok(Some(UserId(row.user_id)))
}

#[expect(clippy::disallowed_methods, reason = "sessions belong to no organization")]
pub(super) async fn end_session(
    connection: &Connection,
    session: SessionId,
    reason: EndReason,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(now))
        .col_expr(session::Column::EndReason, Expr::value(reason.as_str()))
        .filter(session::Column::Id.eq(session.0))
        .filter(session::Column::EndedAt.is_null())
        .exec(connection)
        .await?;
    Ok(())
}
