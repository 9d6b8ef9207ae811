//! Signing up, signing in and staying signed in.

mod accounts;
mod admission;
mod authentication;
mod input;
mod new_password;
mod password;
mod password_change;
mod password_reset;
mod passwords;
mod person;
mod security_log;
mod session_end;
mod session_list;
mod sessions;
mod sign_in;
mod sign_up;
mod signing_keys;
mod throttle;
mod tokens;

pub use authentication::AuthenticationError;
pub(crate) use authentication::IdentityCache;
pub use input::{FaultKind, SignUp, SignUpFault};
pub use new_password::PasswordFault;
pub use password_change::PasswordError;
pub use password_reset::{PASSWORD_RESET_MINUTES, ResetLetter, ResetRequest};
pub(crate) use passwords::Passwords;
pub use person::Person;
pub use session_list::LiveSession;
pub use sessions::{RefreshError, SessionTokens};
pub use sign_in::SignInError;
pub use sign_up::{SignUpError, SignedUp};
pub(crate) use signing_keys::SigningKey;
pub use signing_keys::SigningKeyError;
pub(crate) use throttle::Throttle;
pub use throttle::ThrottleLimits;
pub(crate) use tokens::AccessTokens;

/// How long an access token is valid, in seconds.
pub const ACCESS_TOKEN_SECONDS: i64 = 15 * 60;
/// How long a session lasts at most, in days.
pub const SESSION_DAYS: i64 = 30;
/// How long a session may rest between two refreshes, in days.
pub const SESSION_IDLE_DAYS: i64 = 7;
