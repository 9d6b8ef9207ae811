//! What commands do with the key files: list the keys, and put a new one in the place of the current one.

use std::{fmt, path::Path};

use chrono::{DateTime, SecondsFormat, Utc};

use super::{
    SigningKey, SigningKeyError,
    files::{self, LockedDirectory},
    new_pem,
    previous::{dated, path_of_previous},
    ring::Keys,
};
use crate::clock::Clock;

/// The names of the keys, as tokens have them in `kid`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKeyIds {
    /// Signs.
    pub current: String,
    /// Signed before, if its signatures still count.
    pub previous: Option<PreviousKeyId>,
}

/// The name of the previous key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviousKeyId {
    /// As tokens have it in `kid`.
    pub id: String,
    /// When its signatures no longer count.
    pub verifies_until: DateTime<Utc>,
}

impl fmt::Display for PreviousKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let until = self.verifies_until.to_rfc3339_opts(SecondsFormat::Secs, true);
        write!(f, "{} verifies until {until}", self.id)
    }
}

/// Why there is no new key.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The files.
    #[error(transparent)]
    Key(#[from] SigningKeyError),
    /// There is room for one previous key, and that one still verifies.
    #[error("the previous key {0}: rotate again then, or with --force, which ends all access tokens at once")]
    TooSoon(PreviousKeyId),
}

/// The keys of an installation. `path` is the file of the current one.
///
/// # Errors
/// See [`SigningKeyError`].
pub fn signing_key_ids(path: &Path, clock: &dyn Clock) -> Result<SigningKeyIds, SigningKeyError> {
    let keys = Keys::load(path, 0)?;
    let previous = keys.verifying(clock.now()).nth(1);
    let previous = previous.map(|(key, until)| PreviousKeyId { id: key.id.clone(), verifies_until: until });
    Ok(SigningKeyIds { current: keys.current.public.id, previous })
}

/// Puts a new key in the place of the current one, which goes on verifying until its last token has expired; with
/// `is_forced`, no key but the new one counts from now on. `path` is the file of the current key. Running servers
/// notice within a second.
///
/// # Errors
/// See [`RotationError`].
pub fn rotate_signing_key(path: &Path, is_forced: bool, clock: &dyn Clock) -> Result<SigningKeyIds, RotationError> {
    // Not even by force is a file overwritten that holds something else.
    SigningKey::load(path)?;
    let directory = LockedDirectory::of(path)?;
    let pem = new_pem().map_err(files::io_error(path))?;
    let previous = path_of_previous(path);
    if is_forced {
        directory.replace(path, &pem, path)?;
        directory.remove(&previous)?;
    } else {
        if let Some(previous) = signing_key_ids(path, clock)?.previous {
            return Err(RotationError::TooSoon(previous));
        }
        let old = files::read(path)?.ok_or_else(|| SigningKeyError::Missing(path.to_owned()))?;
        // In this order there is no moment at which the current key is not in one of the files.
        directory.replace(&previous, &dated(&old, clock.now()), path)?;
        directory.replace(path, &pem, path)?;
    }
    Ok(signing_key_ids(path, clock)?)
}
