//! What happens to accounts, in the log: they belong to no organization, so it stands in no organization's audit log.

use domain::ids::UserId;

use crate::RequestOrigin;

/// What happened. The names never change: people search for them.
#[derive(Clone, Copy, Debug)]
pub(super) enum SecurityEvent {
    SignIn,
    SignInFailed,
    Throttled,
    SignOut,
    SessionEnded,
    RefreshTokenReused,
    PasswordChanged,
    PasswordResetRequested,
    PasswordReset,
}

impl SecurityEvent {
    fn name(self) -> &'static str {
        match self {
            Self::SignIn => "identity.sign_in",
            Self::SignInFailed => "identity.sign_in_failed",
            Self::Throttled => "identity.throttled",
            Self::SignOut => "identity.sign_out",
            Self::SessionEnded => "identity.session_ended",
            Self::RefreshTokenReused => "identity.refresh_token_reused",
            Self::PasswordChanged => "identity.password_changed",
            Self::PasswordResetRequested => "identity.password_reset_requested",
            Self::PasswordReset => "identity.password_reset",
        }
    }
}

/// Writes a line. It never holds an e-mail address or a secret.
pub(super) fn note(event: SecurityEvent, user: Option<UserId>, origin: &RequestOrigin) {
    tracing::info!(
        target: "rolemark::security",
        event = event.name(),
        user = user.map(|user| tracing::field::display(user.0)),
        address = origin.address.map(tracing::field::display),
        request_id = origin.request_id,
        "security"
    );
}
