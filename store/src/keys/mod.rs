//! API keys: credentials for programs. A key belongs to an organization, not to the person who made it: it goes on when
//! that person leaves, until it expires or is revoked.

mod changes;
mod clients;
mod reads;
mod record;
mod writes;

pub use changes::{KeyError, KeyFault, MadeApiKey};
pub use reads::ApiKeys;
pub use record::{ApiKey, KeyState, NewApiKey};

/// How long a key lives when nobody says otherwise, in days.
pub const KEY_DAYS: i64 = 90;
/// How long a key lives at most, in days.
pub const KEY_DAYS_MAXIMUM: i64 = 365;
/// Most live keys of an organization.
pub const LIVE_KEYS_MAXIMUM: usize = 50;
