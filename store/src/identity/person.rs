//! A person behind a request, as opposed to a program with a key.

use domain::ids::{SessionId, UserId};

use crate::{
    RequestOrigin,
    access::{Actor, Caller},
};

/// Somebody who signed in with a password: whom sessions and passwords belong to. Every function that has to do with
/// them asks for one, so no key of a program reaches them.
#[derive(Clone, Copy)]
pub struct Person<'a> {
    user: UserId,
    session: SessionId,
    email: &'a str,
    actor: &'a Actor,
}

impl<'a> Person<'a> {
    /// The person behind the actor, if there is one.
    pub fn of(actor: &'a Actor) -> Option<Self> {
        match actor.caller() {
            Caller::User { id, session, email, .. } => Some(Self { user: *id, session: *session, email, actor }),
            Caller::ApiKey { .. } | Caller::Operator => None,
        }
    }

    /// The user.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// The session that the request came with.
    pub fn session(&self) -> SessionId {
        self.session
    }

    pub(super) fn email(&self) -> &str {
        self.email
    }

    pub(super) fn origin(&self) -> &RequestOrigin {
        self.actor.origin()
    }
}
