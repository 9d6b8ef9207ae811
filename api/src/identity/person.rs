//! Who may deal with sessions and passwords: people, and no programs with keys. Decided here and nowhere else.

use store::{access::Actor, identity::Person};

use crate::graphql::{context::RequestContext, error::ApiError};

/// The person who signed in, or UNAUTHENTICATED.
pub(super) fn person(request: &RequestContext) -> Result<Person<'_>, ApiError> {
    person_behind(request.actor()?)
}

/// The person behind the actor.
pub(super) fn person_behind(actor: &Actor) -> Result<Person<'_>, ApiError> {
    let message = "This is for people who signed in; an API key cannot do it.";
    Person::of(actor).ok_or_else(|| ApiError::Forbidden(message.to_owned()))
}

/// Lets people through and those who are yet to say who they are.
pub(super) fn refuse_programs(request: &RequestContext) -> Result<(), ApiError> {
    match request.actor() {
        Ok(actor) => person_behind(actor).map(|_| ()),
        Err(_) => Ok(()),
    }
}
