//! Files that only their owner can read, replaced as a whole or not at all.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use super::{SigningKeyError, new_pem};

/// Why a file could not be read or written.
pub(super) fn io_error(path: &Path) -> impl Fn(io::Error) -> SigningKeyError {
    move |error| SigningKeyError::Io { path: path.to_owned(), error }
}

/// What the file says, if there is one.
pub(super) fn read(path: &Path) -> Result<Option<String>, SigningKeyError> {
    match fs::read_to_string(path) {
        Ok(text) => refuse_exposed(path).map(|()| Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io_error(path)(error)),
    }
}

/// Makes a key if there is no file yet.
pub(super) fn create_if_missing(path: &Path) -> Result<(), SigningKeyError> {
    if fs::exists(path).map_err(io_error(path))? {
        return Ok(());
    }
    let made = new_pem().and_then(|pem| create_private(path)?.write_all(pem.as_bytes()));
    made.map_err(io_error(path))
}

/// The directory of the key files, locked: of two programs that change them, one waits.
pub(super) struct LockedDirectory {
    directory: File,
}

impl LockedDirectory {
    pub(super) fn of(path: &Path) -> Result<Self, SigningKeyError> {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let directory = File::open(parent).map_err(io_error(parent))?;
        // Not every network file system has locks; a rotation is rare enough to do without.
        if let Err(error) = directory.lock() {
            tracing::debug!(%error, "the directory of the signing keys cannot be locked");
        }
        Ok(Self { directory })
    }

    /// Puts a file in the place of another, or of none. After a crash at any moment one of them is there, whole.
    /// It belongs to the owner of `model`, so that the server can read what an administrator's command wrote.
    pub(super) fn replace(&self, path: &Path, content: &str, model: &Path) -> Result<(), SigningKeyError> {
        let draft = draft_of(path);
        let written = remove(&draft)
            .and_then(|()| write(&draft, content, model))
            .and_then(|()| fs::rename(&draft, path))
            .and_then(|()| self.directory.sync_all());
        written.map_err(|error| {
            let _ = remove(&draft);
            io_error(path)(error)
        })
    }

    /// Removes a file, if it is there.
    pub(super) fn remove(&self, path: &Path) -> Result<(), SigningKeyError> {
        remove(path).and_then(|()| self.directory.sync_all()).map_err(io_error(path))
    }
}

fn draft_of(path: &Path) -> PathBuf {
    path.with_extension("pem.new")
}

fn write(path: &Path, content: &str, model: &Path) -> io::Result<()> {
    let mut file = create_private(path)?;
    give_to_owner_of(model, &file)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> io::Result<File> {
    fs::OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
fn give_to_owner_of(model: &Path, file: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    fchown(file, Some(fs::metadata(model)?.uid()), None)
}

#[cfg(not(unix))]
fn give_to_owner_of(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn refuse_exposed(path: &Path) -> Result<(), SigningKeyError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::metadata(path).map_err(io_error(path))?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(SigningKeyError::Exposed(path.to_owned()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path) -> Result<(), SigningKeyError> {
    Ok(())
}
