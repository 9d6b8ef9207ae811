//! Errors that a person can mend by changing the input: they are data of a mutation's payload.

use async_graphql::{Enum, SimpleObject};
use domain::violations::{Violation, ViolationCode, Violations};

use super::error::ApiError;

/// Why an input was not accepted
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub(crate) enum UserErrorCode {
    /// A value is needed here
    Required,
    /// The text has too many characters
    TooLong,
    /// The list has too many entries
    TooMany,
    /// The list has too few entries
    TooFew,
    /// The number is outside its range
    OutOfRange,
    /// Two entries of the list have the same key
    DuplicateKey,
    /// The time shares do not add up to 1, or only some tasks have one
    SharesDoNotAddUp,
    /// The text holds a control character
    ControlCharacter,
    /// The value does not have the form that it needs
    Malformed,
    /// There is no such object, or it is not visible
    NotFound,
    /// The access level is too low for this
    Forbidden,
    /// The object was changed since the revision that the input was made from
    StaleRevision,
    /// The value is in use by another object
    Taken,
    /// The object is in use, so it cannot be removed
    InUse,
    /// The object's state does not allow this
    WrongState,
    /// What was typed to confirm is not what it has to be
    NotConfirmed,
    /// The password is too easy to guess
    WeakPassword,
    /// The e-mail address or the password is wrong, or the token is not valid any more
    WrongCredentials,
}

/// A fault of the input, and where it is
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct UserError {
    /// What is wrong and the way out, for a person to read
    pub(crate) message: String,
    /// Path of the input field, such as `["input", "tasks", "3", "timeShare"]`; null when it is about the whole input
    pub(crate) field: Option<Vec<String>>,
    /// What kind of fault it is, for a program
    pub(crate) code: UserErrorCode,
}

impl UserError {
    /// A fault of one field of the input.
    pub(crate) fn at(field: &str, code: UserErrorCode, message: impl Into<String>) -> Self {
        let path = ["input"].into_iter().chain(field.split('.')).map(str::to_owned).collect();
        Self { message: message.into(), field: Some(path), code }
    }

    /// An identifier behind which there is nothing that the caller may see.
    pub(crate) fn not_found(field: &str) -> Self {
        Self::at(field, UserErrorCode::NotFound, format!("{field}: there is no such object, or you may not see it"))
    }
}

/// Faults found by the domain, below a path of the input.
pub(crate) fn from_violations(prefix: &[&str], violations: &Violations) -> Vec<UserError> {
    violations.iter().map(|violation| from_violation(prefix, violation)).collect()
}

fn from_violation(prefix: &[&str], violation: &Violation) -> UserError {
    let path = ["input"].iter().chain(prefix).map(|step| (*step).to_owned());
    UserError {
        message: violation.message.clone(),
        field: Some(path.chain(violation.path.iter().cloned()).collect()),
        code: from_code(violation.code),
    }
}

fn from_code(code: ViolationCode) -> UserErrorCode {
    match code {
        ViolationCode::Required => UserErrorCode::Required,
        ViolationCode::TooLong => UserErrorCode::TooLong,
        ViolationCode::TooMany => UserErrorCode::TooMany,
        ViolationCode::TooFew => UserErrorCode::TooFew,
        ViolationCode::OutOfRange => UserErrorCode::OutOfRange,
        ViolationCode::DuplicateKey => UserErrorCode::DuplicateKey,
        ViolationCode::SharesDoNotAddUp => UserErrorCode::SharesDoNotAddUp,
        ViolationCode::ControlCharacter => UserErrorCode::ControlCharacter,
        ViolationCode::Malformed => UserErrorCode::Malformed,
    }
}

/// What a mutation makes, or what is wrong with its input, or that it failed.
pub(crate) type Outcome<T> = Result<Result<T, Vec<UserError>>, ApiError>;
