//! The sessions of the caller: where somebody is signed in, and ending that.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::ids::SessionId;
use store::{
    Store,
    access::Actor,
    identity::{LiveSession, Person},
};

use super::person::{person, person_behind};
use crate::graphql::{
    connection::{connection, count, with_cursors},
    context::{ContextExt, RequestContext},
    error::ApiError,
    id::{GlobalId, session_id},
    page::{CursorScope, OrderKind, PageArguments},
    user_error::UserError,
};

#[derive(Clone)]
pub(crate) struct UserSession {
    session: LiveSession,
    is_current: bool,
}

connection!(UserSession, UserSessionConnection, UserSessionEdge, "sessions");

/// A place where the caller is signed in; it ends when it is not refreshed for 7 days
#[Object]
impl UserSession {
    /// Global identifier
    pub(crate) async fn id(&self) -> ID {
        GlobalId::UserSession(self.session.id).encode()
    }

    /// When the user signed in
    async fn created_at(&self) -> DateTime<Utc> {
        self.session.created_at
    }

    /// When tokens were given out for it last, which is every 15 minutes while it is in use
    async fn last_used_at(&self) -> DateTime<Utc> {
        self.session.last_used_at
    }

    /// When it ends, however much it is used
    async fn expires_at(&self) -> DateTime<Utc> {
        self.session.expires_at
    }

    /// Network address of the client when tokens were given out last; null when it is not known
    async fn address(&self) -> Option<&str> {
        self.session.address.as_deref()
    }

    /// What the client called itself then; null when it did not
    async fn user_agent(&self) -> Option<&str> {
        self.session.user_agent.as_deref()
    }

    /// Whether it is the session of this request
    async fn is_current(&self) -> bool {
        self.is_current
    }
}

impl UserSession {
    fn of(person: Person<'_>, session: LiveSession) -> Self {
        Self { is_current: session.id == person.session(), session }
    }

    /// The session, if it is one of the caller's own.
    pub(crate) async fn load(request: &RequestContext, id: SessionId) -> Result<Option<Self>, ApiError> {
        let Some(person) = Person::of(request.actor()?) else { return Ok(None) };
        let session = request.store().session(person, id).await?;
        Ok(session.map(|session| Self::of(person, session)))
    }
}

/// A page of the caller's live sessions.
pub(super) async fn sessions(
    store: &Store,
    actor: &Actor,
    arguments: &PageArguments,
) -> Result<UserSessionConnection, ApiError> {
    let person = person_behind(actor)?;
    let scope = CursorScope::of(("sessions", person.user()), OrderKind::Instant);
    let request = arguments.request(scope)?;
    let page = store.sessions(person, &request).await?;
    Ok(UserSessionConnection::new(with_cursors(page, &request, scope).map(|session| UserSession::of(person, session))))
}

/// Input of endSession
#[derive(InputObject)]
pub(crate) struct EndSessionInput {
    /// Global identifier of the session
    id: ID,
}

/// Answer of endSession
#[derive(Default, SimpleObject)]
pub(crate) struct EndSessionPayload {
    /// Global identifier of the session that ended; null when there are errors
    ended_session_id: Option<ID>,
    /// Why no session ended
    user_errors: Vec<UserError>,
}

/// Input of endOtherSessions
#[derive(InputObject)]
pub(crate) struct EndOtherSessionsInput {
    /// Any text; comes back in the answer
    client_mutation_id: Option<String>,
}

/// Input of endAllSessions
#[derive(InputObject)]
pub(crate) struct EndAllSessionsInput {
    /// Any text; comes back in the answer
    client_mutation_id: Option<String>,
}

/// Answer of endOtherSessions and endAllSessions
#[derive(SimpleObject)]
pub(crate) struct EndSessionsPayload {
    /// The text of the input
    client_mutation_id: Option<String>,
    /// How many sessions ended
    ended_count: Option<i32>,
    /// Always empty: ending one's own sessions cannot go wrong by its input
    user_errors: Vec<UserError>,
}

/// Mutations of the caller's sessions.
#[derive(Default)]
pub(crate) struct SessionMutations;

#[Object]
impl SessionMutations {
    /// Ends a session of the caller: its tokens stop working, here at once, on other servers of this installation within
    /// a second
    async fn end_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session")] input: EndSessionInput,
    ) -> Option<Result<EndSessionPayload, ApiError>> {
        Some(end_session(ctx.request(), input).await)
    }

    /// Ends all sessions of the caller but the one of this request
    async fn end_other_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Nothing is needed")] input: EndOtherSessionsInput,
    ) -> Option<Result<EndSessionsPayload, ApiError>> {
        let request = ctx.request();
        let ended = async { Ok(request.store().end_other_sessions(person(request)?).await?) };
        Some(ended.await.map(|ended| payload(ended, input.client_mutation_id)))
    }

    /// Ends all sessions of the caller, that of this request too
    async fn end_all_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Nothing is needed")] input: EndAllSessionsInput,
    ) -> Option<Result<EndSessionsPayload, ApiError>> {
        let request = ctx.request();
        let ended = async { Ok(request.store().end_all_sessions(person(request)?).await?) };
        Some(ended.await.map(|ended| payload(ended, input.client_mutation_id)))
    }
}

fn payload(ended: usize, client_mutation_id: Option<String>) -> EndSessionsPayload {
    EndSessionsPayload { client_mutation_id, ended_count: Some(count(ended as u64)), user_errors: vec![] }
}

async fn end_session(request: &RequestContext, input: EndSessionInput) -> Result<EndSessionPayload, ApiError> {
    let person = person(request)?;
    if request.store().end_session(person, session_id(&input.id)?).await? {
        return Ok(EndSessionPayload { ended_session_id: Some(input.id), user_errors: vec![] });
    }
    Ok(EndSessionPayload { user_errors: vec![UserError::not_found("id")], ..Default::default() })
}
