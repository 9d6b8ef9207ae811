//! Signing up, signing in and staying signed in.

mod authentication;
mod cache;
mod input;
mod key_authentication;
mod passwords;
mod sessions;
mod sign_in;
mod sign_up;
mod signing_keys;
mod tokens;

pub use authentication::AuthenticationError;
pub(crate) use cache::IdentityCache;
pub use input::{FaultKind, SignUp, SignUpFault};
pub use key_authentication::is_api_key;
pub(crate) use key_authentication::scopes_from_database;
pub(crate) use passwords::Passwords;
pub use sessions::{RefreshError, SessionTokens};
pub use sign_in::SignInError;
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
