//! Why keys were left as they were, in words for a person.

use store::keys::{KeyFault, LIVE_KEYS_MAXIMUM};

use crate::graphql::user_error::{UserError, UserErrorCode};

/// What is wrong; `subject` is the field of the input that names the organization or the key.
pub(crate) fn user_errors(fault: &KeyFault, subject: &str) -> Vec<UserError> {
    let at = |field: &str, code, message: &str| vec![UserError::at(field, code, message)];
    let wrong_state = |message: &str| at(subject, UserErrorCode::WrongState, message);
    match fault {
        KeyFault::NameTaken => {
            let message = "a live API key of the organization has this name; use another name, or rotate that key";
            at("name", UserErrorCode::Taken, message)
        }
        KeyFault::TooMany => {
            let message = format!("the organization has {LIVE_KEYS_MAXIMUM} live API keys; revoke one first");
            at(subject, UserErrorCode::TooMany, &message)
        }
        KeyFault::UnknownClients(places) => {
            places.iter().map(|place| UserError::not_found(&format!("clientOrganizationIds.{place}"))).collect()
        }
        KeyFault::NotFound => vec![UserError::not_found(subject)],
        KeyFault::Revoked => wrong_state("the API key was revoked already; make a new one if you need one"),
        KeyFault::Expired => wrong_state("the API key has expired; make a new one"),
        KeyFault::SuccessorLives => {
            wrong_state("the API key was rotated and both are live; revoke the old one, then rotate the new one")
        }
        KeyFault::PredecessorLives => {
            wrong_state("the API key that this one takes the place of is still live; revoke the old one first")
        }
    }
}
