//! Signing up, signing in and staying signed in.

mod accounts;
mod admission;
mod authentication;
mod cache;
mod input;
mod key_authentication;
mod new_account;
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
pub(crate) use cache::IdentityCache;
pub(crate) use input::checked_name;
pub use input::{FaultKind, SignUp, SignUpFault, checked_email, organization_name};
pub use key_authentication::is_api_key;
pub(crate) use key_authentication::scopes_from_database;
pub(crate) use new_account::NewAccount;
pub use new_password::PasswordFault;
pub use password_change::PasswordError;
pub use password_reset::{PASSWORD_RESET_MINUTES, ResetLetter, ResetRequest};
pub(crate) use passwords::Passwords;
pub use person::Person;
pub use session_list::LiveSession;
pub use sessions::{RefreshError, SessionTokens};
pub use sign_in::SignInError;
pub(crate) use sign_up::insert;
pub use sign_up::{SignUpError, SignedUp};
pub(crate) use signing_keys::{KeyRing, private_pem};
pub use signing_keys::{
    PreviousKeyId, RotationError, SigningKeyError, SigningKeyIds, rotate_signing_key, signing_key_ids,
};
pub(crate) use throttle::Throttle;
pub use throttle::ThrottleLimits;
pub(crate) use tokens::AccessTokens;

/// How long an access token is valid, in seconds.
pub const ACCESS_TOKEN_SECONDS: i64 = 15 * 60;
/// How long a signing key verifies after it was replaced, in seconds: the life of a token, and a minute for servers
/// whose clocks differ or that notice late.
pub const PREVIOUS_KEY_SECONDS: i64 = ACCESS_TOKEN_SECONDS + 60;
/// How long a session lasts at most, in days.
pub const SESSION_DAYS: i64 = 30;
/// How long a session may rest between two refreshes, in days.
pub const SESSION_IDLE_DAYS: i64 = 7;
