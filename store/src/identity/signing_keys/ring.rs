//! The keys of a running server. It notices that the files changed, without a restart.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use chrono::{DateTime, Utc};

use super::{
    PublicKey, SigningKey, SigningKeyError, files,
    previous::{PreviousKey, path_of_previous},
};

/// How often the files are looked at, at most.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The keys at one moment.
pub(crate) struct Keys {
    /// Signs.
    pub(crate) current: SigningKey,
    previous: Option<PreviousKey>,
    /// Another number when the keys are others, so that what an earlier one verified is verified again.
    pub(crate) generation: u64,
}

impl Keys {
    /// The current key is read first, as it is written last: whoever sees a new one finds its predecessor.
    pub(super) fn load(path: &Path, generation: u64) -> Result<Self, SigningKeyError> {
        let current = SigningKey::load(path)?;
        let previous = PreviousKey::load(path)?;
        Ok(Self { current, previous, generation })
    }

    /// The keys whose signatures count now, each with the moment when they no longer do.
    pub(crate) fn verifying(&self, now: DateTime<Utc>) -> impl Iterator<Item = (&PublicKey, DateTime<Utc>)> {
        // A rotation that was cut off leaves the current key as its own predecessor.
        let previous = self.previous.iter().filter(|key| key.public.id != self.current.public.id);
        let previous = previous.map(|key| (&key.public, key.verifies_until())).filter(move |(_, until)| now < *until);
        std::iter::once((&self.current.public, DateTime::<Utc>::MAX_UTC)).chain(previous)
    }

    fn names(&self, id: &str) -> bool {
        self.current.public.id == id || self.previous.as_ref().is_some_and(|key| key.public.id == id)
    }
}

/// What shows that a file is another one: when it was written, how long it is, and its inode, since the times of two
/// files made within milliseconds are the same.
type Trace = (SystemTime, u64, u64);

/// Of the current key and of the previous one.
fn traces(path: &Path) -> [Option<Trace>; 2] {
    let trace = |path: &Path| {
        let metadata = fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len(), inode(&metadata)))
    };
    [trace(path), trace(&path_of_previous(path))]
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> u64 {
    0
}

/// The keys of an installation, as the files have them, at most a second old.
pub(crate) struct KeyRing {
    path: PathBuf,
    state: Mutex<State>,
}

struct State {
    keys: Arc<Keys>,
    traces: [Option<Trace>; 2],
    looked_at: Instant,
    /// When a token named a key that is not there and the files were looked at for it.
    searched_at: Option<Instant>,
    /// What was wrong with the files at the last look.
    complaint: Option<String>,
}

impl KeyRing {
    /// Reads the keys; makes the first one if there is none.
    pub(crate) fn open(path: PathBuf) -> Result<Self, SigningKeyError> {
        files::create_if_missing(&path)?;
        // Before the files are read: what changes meanwhile is seen at the next look.
        let traces = traces(&path);
        let keys = Arc::new(Keys::load(&path, 0)?);
        let state = State { keys, traces, looked_at: Instant::now(), searched_at: None, complaint: None };
        Ok(Self { path, state: Mutex::new(state) })
    }

    /// The keys.
    pub(crate) fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.fresh().keys)
    }

    /// The keys, for a token that names one of them. Another server may have seen a rotation before this one and signed
    /// with a key that is not known here yet, so the files are looked at again; not more than once a second, whatever
    /// tokens name.
    pub(crate) fn keys_to_find(&self, id: &str) -> Arc<Keys> {
        let mut state = self.fresh();
        let may_search = state.searched_at.is_none_or(|at| at.elapsed() >= LOOK_EVERY);
        if may_search && !state.keys.names(id) {
            state.searched_at = Some(Instant::now());
            state.look(&self.path);
        }
        Arc::clone(&state.keys)
    }

    /// Pretends that the files were looked at at these moments.
    #[cfg(test)]
    pub(super) fn set_looks(&self, looked_at: Instant, searched_at: Option<Instant>) {
        let mut state = self.state.lock().unwrap();
        (state.looked_at, state.searched_at) = (looked_at, searched_at);
    }

    fn fresh(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.looked_at.elapsed() >= LOOK_EVERY {
            state.look(&self.path);
        }
        state
    }
}

impl State {
    /// Takes the keys of the files if these changed. Files that cannot be used change nothing, and are tried again.
    fn look(&mut self, path: &Path) {
        self.looked_at = Instant::now();
        let traces = traces(path);
        if traces == self.traces {
            return;
        }
        match Keys::load(path, self.keys.generation + 1) {
            Ok(keys) => {
                tracing::info!(current = keys.current.public.id, "the signing keys changed");
                (self.keys, self.traces, self.complaint) = (Arc::new(keys), traces, None);
            }
            Err(error) => self.complain(error.to_string()),
        }
    }

    /// Once, not once a second.
    fn complain(&mut self, complaint: String) {
        if self.complaint.as_ref() != Some(&complaint) {
            tracing::error!(error = complaint, "the signing keys changed and cannot be used; those before stay");
            self.complaint = Some(complaint);
        }
    }
}
