//! Temporary directories that do not outlive the tests, even when the tests are killed.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{Result, unique};

const PREFIX: &str = "rolemark-test";
/// A directory this young may belong to a process that has not locked it yet.
const SETTLED: Duration = Duration::from_secs(60);

/// A fresh directory below the system's temporary directory, removed when dropped.
///
/// It holds a locked file for as long as its process lives, so that a later run can tell an abandoned
/// directory from one in use, whatever became of process numbers.
pub struct ScratchDirectory {
    path: PathBuf,
    _lock: File,
}

impl ScratchDirectory {
    /// Makes a directory that only its owner can read.
    pub fn create() -> Result<Self> {
        let path = std::env::temp_dir().join(unique(PREFIX));
        fs::create_dir(&path).map_err(|e| format!("cannot make {}: {e}", path.display()))?;
        fs::set_permissions(&path, Permissions::from_mode(0o700))?;
        let lock = File::create(path.join("lock"))?;
        lock.lock()?;
        Ok(Self { path, _lock: lock })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes it now.
    pub fn remove(&self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

impl Drop for ScratchDirectory {
    fn drop(&mut self) {
        self.remove();
    }
}

/// The scratch directories whose processes are dead.
#[must_use]
pub fn abandoned() -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX))
        .map(|entry| entry.path())
        .filter(|path| is_abandoned(path).unwrap_or(false))
        .collect()
}

fn is_abandoned(directory: &Path) -> std::io::Result<bool> {
    let lock = File::open(directory.join("lock"))?;
    let age = lock.metadata()?.modified()?.elapsed().unwrap_or_default();
    Ok(age > SETTLED && lock.try_lock().is_ok())
}
