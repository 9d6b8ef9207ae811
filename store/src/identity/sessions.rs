//! Sessions and their refresh tokens: opaque, rotated at each use, stored as digests. A token that is used twice was
//! stolen or lost, so its whole family, the session, ends.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use domain::ids::{SessionId, UserId};
use entity::{refresh_token, session};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{
    SESSION_DAYS, SESSION_IDLE_DAYS,
    security_log::{SecurityEvent, note},
    session_end::{EndReason, Which, end_sessions},
    sign_up::insert,
};
use crate::{RequestOrigin, Store, database::Connection, error::StoreError};

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

/// A session about to be stored.
pub(super) struct NewSession {
    row: session::Model,
    token: refresh_token::Model,
    tokens: SessionTokens,
}

impl NewSession {
    pub(super) fn of(store: &Store, user: UserId, origin: &RequestOrigin) -> Result<Self, StoreError> {
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
            address: address_of(origin),
            user_agent: origin.user_agent.clone(),
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
    pub async fn refresh_session(
        &self,
        presented: &str,
        origin: &RequestOrigin,
    ) -> Result<SessionTokens, RefreshError> {
        let now = self.clock().now();
        let digest = secret_digest(presented);
        let connection = self.begin_auth(None).await?;
        let Some((token, session)) = find_token(&connection, &digest).await? else {
            connection.rollback().await.map_err(StoreError::from)?;
            return Err(RefreshError::Invalid);
        };
        let (id, user) = (SessionId(session.id), UserId(session.user_id));
        if !use_up(&connection, &digest, now).await? {
            self.end_family(&connection, user, id, origin).await?;
            return Err(RefreshError::Invalid);
        }
        let is_idle = token.issued_at + Duration::days(SESSION_IDLE_DAYS) <= now;
        if is_idle || session.ended_at.is_some() || session.expires_at <= now {
            connection.commit().await.map_err(StoreError::from)?;
            return Err(RefreshError::Invalid);
        }
        touch(&connection, id, origin, now).await?;
        let (row, tokens) = new_tokens(self, user, id, now)?;
        insert(&connection, row).await?;
        connection.commit().await.map_err(StoreError::from)?;
        Ok(tokens)
    }

    /// A refresh token came a second time: it was stolen or lost, and nobody can tell who is who.
    async fn end_family(
        &self,
        connection: &Connection,
        user: UserId,
        session: SessionId,
        origin: &RequestOrigin,
    ) -> Result<(), StoreError> {
        let (which, reason) = (Which::One(session), EndReason::RefreshTokenReused);
        let ended = end_sessions(connection, user, which, reason, self.clock().now()).await?;
        connection.commit().await?;
        note(SecurityEvent::RefreshTokenReused, Some(user), origin);
        self.forget_ended(&ended, origin);
        Ok(())
    }
}

fn new_tokens(
    store: &Store,
    user: UserId,
    session: SessionId,
    now: DateTime<Utc>,
) -> Result<(refresh_token::Model, SessionTokens), StoreError> {
    let (access_token, expires_at) = store.access_tokens().issue(user, session, store.ids().next(), now)?;
    let refresh = new_secret()?;
    let row =
        refresh_token::Model { digest: secret_digest(&refresh), session_id: session.0, issued_at: now, used_at: None };
    Ok((row, SessionTokens { access_token, expires_at, refresh_token: refresh }))
}

/// 256 random bits, base64url.
pub(super) fn new_secret() -> Result<String, StoreError> {
    let mut secret = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut secret).map_err(|_| StoreError::internal("no random bytes"))?;
    Ok(URL_SAFE_NO_PAD.encode(secret))
}

/// 256 random bits need no slow hash.
pub(super) fn secret_digest(secret: &str) -> Vec<u8> {
    digest(&SHA256, secret.as_bytes()).as_ref().to_vec()
}

/// The token and its session.
#[expect(clippy::disallowed_methods, reason = "sessions belong to no organization")]
async fn find_token(
    connection: &Connection,
    digest: &[u8],
) -> Result<Option<(refresh_token::Model, session::Model)>, StoreError> {
    let query = refresh_token::Entity::find().filter(refresh_token::Column::Digest.eq(digest));
    let Some(token) = query.one(connection).await? else { return Ok(None) };
    let session = session::Entity::find().filter(session::Column::Id.eq(token.session_id)).one(connection).await?;
    Ok(session.map(|session| (token, session)))
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

/// Notes the use of a session, and from where.
#[expect(clippy::disallowed_methods, reason = "sessions belong to no organization")]
async fn touch(
    connection: &Connection,
    session: SessionId,
    origin: &RequestOrigin,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    session::Entity::update_many()
        .col_expr(session::Column::LastUsedAt, Expr::value(now))
        .col_expr(session::Column::Address, Expr::value(address_of(origin)))
        .col_expr(session::Column::UserAgent, Expr::value(origin.user_agent.clone()))
        .filter(session::Column::Id.eq(session.0))
        .exec(connection)
        .await?;
    Ok(())
}

fn address_of(origin: &RequestOrigin) -> Option<String> {
    origin.address.map(|address| address.to_string())
}
