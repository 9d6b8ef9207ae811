//! Every error of an answer has a code, and none tells what is behind the server.

use async_graphql::{ErrorExtensionValues, Response, ServerError};

use crate::graphql::error::code;

/// Gives the engine's own errors a code, and replaces what was not made for clients by a fixed text.
pub(super) fn mask(response: &mut Response, request_id: &str) {
    for error in &mut response.errors {
        mask_error(error, request_id);
    }
}

fn mask_error(error: &mut ServerError, request_id: &str) {
    let given = error.extensions.as_ref().and_then(|extensions| extensions.get("code")).cloned();
    let code = match given {
        Some(async_graphql::Value::String(code)) => code,
        // Something was turned into an error on its way: its text was never meant for clients.
        _ if error.source.is_some() => {
            tracing::error!(message = %error.message, path = ?error.path, "an error without a code");
            code::INTERNAL.to_owned()
        }
        _ => {
            forget_value(&mut error.message);
            let is_field = !error.path.is_empty();
            if is_field { code::BAD_USER_INPUT.to_owned() } else { code::VALIDATION_FAILED.to_owned() }
        }
    };
    if code == code::INTERNAL {
        error.message = "Internal server error.".to_owned();
        set(error, "requestId", request_id);
    }
    set(error, "code", &code);
}

/// The engine repeats a value of the wrong type, which may be a password.
fn forget_value(message: &mut String) {
    if let Some(start) = message.find(", found ") {
        message.truncate(start);
    }
}

fn set(error: &mut ServerError, name: &str, value: &str) {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set(name, value);
}
