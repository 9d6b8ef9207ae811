//! What users are written. Nothing of what they typed but the address stands in a letter, so that nobody can have one
//! sent with words of their own.

use chrono::{DateTime, Utc};
use store::identity::{PASSWORD_RESET_MINUTES, ResetLetter};

use crate::mail::Letter;

/// The token with which a forgotten password can be set anew.
pub(super) fn password_reset(letter: ResetLetter) -> Letter {
    let ResetLetter { to, token } = letter;
    let text = format!(
        "Somebody, hopefully you, asked to reset the password of {to} on Rolemark.\n\
         Within {PASSWORD_RESET_MINUTES} minutes, and once, a new password can be set with this token:\n\n\
         {token}\n\n\
         It is the `token` of the mutation resetPassword. Whoever has it can set your password: keep it to yourself.\n\n\
         If you did not ask for this, do nothing: your password stays as it is."
    );
    Letter { to, subject: "Reset your Rolemark password".to_owned(), text }
}

/// That the password is another one now.
pub(super) fn password_changed(to: String, at: DateTime<Utc>) -> Letter {
    let text = format!(
        "The password of {to} on Rolemark was changed on {}, and other sessions were ended.\n\n\
         If this was not you, somebody else has had access to your account: set a new password at once\n\
         (mutation requestPasswordReset) and tell whoever runs this server.",
        at.format("%Y-%m-%d at %H:%M UTC")
    );
    Letter { to, subject: "Your Rolemark password was changed".to_owned(), text }
}
