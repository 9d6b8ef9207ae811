//! Letters as files, for installations without a mail server.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use store::clock::IdSource;

use super::{Letter, MailError, Mailer};

/// Keeps each letter as a file that only the server's user can read.
pub(crate) struct Outbox {
    directory: PathBuf,
    ids: Arc<dyn IdSource>,
}

impl Outbox {
    pub(crate) fn new(directory: PathBuf, ids: Arc<dyn IdSource>) -> Self {
        Self { directory, ids }
    }
}

#[async_trait::async_trait]
impl Mailer for Outbox {
    async fn send(&self, letter: Letter) -> Result<(), MailError> {
        let path = self.directory.join(format!("{}.txt", self.ids.next().simple()));
        let written = tokio::task::spawn_blocking({
            let path = path.clone();
            move || write(&path, &letter)
        });
        let written = written.await.map_err(|error| MailError(error.to_string()))?;
        written.map_err(|error| MailError(format!("{}: {error}", path.display())))?;
        tracing::info!(file = %path.display(), "a letter was put into the outbox");
        Ok(())
    }
}

fn write(path: &Path, letter: &Letter) -> std::io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let Letter { to, subject, text } = letter;
    create_private(path)?.write_all(format!("To: {to}\nSubject: {subject}\n\n{text}\n").as_bytes())
}

#[cfg(unix)]
fn create_private(path: &Path) -> std::io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> std::io::Result<fs::File> {
    fs::OpenOptions::new().write(true).create_new(true).open(path)
}
