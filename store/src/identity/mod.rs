//! Signing up, signing in and staying signed in.

mod authentication;
mod cache;
mod input;
mod key_authentication;
mod new_account;
mod passwords;
mod sessions;
mod sign_in;
mod sign_up;
mod signing_keys;
mod tokens;

pub use authentication::AuthenticationError;
pub(crate) use cache::IdentityCache;
pub(crate) use input::checked_name;
pub use input::{FaultKind, SignUp, SignUpFault, checked_email};
pub(crate) use key_authentication::scopes_from_database;
pub(crate) use new_account::NewAccount;
pub(crate) use passwords::Passwords;
pub use sessions::{RefreshError, SessionTokens};
pub use sign_in::SignInError;
pub(crate) use sign_up::insert;
pub use sign_up::{SignUpError, SignedUp};
pub(crate) use signing_keys::SigningKey;
pub use signing_keys::SigningKeyError;
pub(crate) use tokens::AccessTokens;

/// How long an access token is valid, in seconds.
pub const ACCESS_TOKEN_SECONDS: i64 = 15 * 60;
/// How long a session lasts at most, in days.
pub const SESSION_DAYS: i64 = 30;
/// How long a session may rest between two refreshes, in days.
pub const SESSION_IDLE_DAYS: i64 = 7;
