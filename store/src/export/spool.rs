//! Lines on their way into an archive, kept in a file without a name so that memory stays small: the system removes it
//! when the program lets go of it, however that happens.

use std::{
    fs::File,
    io::{self, BufWriter, Seek, Write},
    path::Path,
};

use aws_lc_rs::digest::{Context, SHA256};

use super::ExportError;

/// Counts and digests what is written.
pub(super) struct Measured<W> {
    inner: W,
    context: Context,
    bytes: u64,
}

impl<W: Write> Measured<W> {
    pub(super) fn new(inner: W) -> Self {
        Self { inner, context: Context::new(&SHA256), bytes: 0 }
    }

    /// What was written to, the number of bytes and their SHA-256 in hexadecimal digits.
    pub(super) fn finish(self) -> (W, u64, String) {
        let digest = self.context.finish();
        let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        (self.inner, self.bytes, digits)
    }
}

impl<W: Write> Write for Measured<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.context.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// One file of lines, growing.
pub(super) struct Spool {
    name: &'static str,
    file: Measured<BufWriter<File>>,
    rows: u64,
}

/// One file of lines, complete.
pub(super) struct Spooled {
    pub(super) name: &'static str,
    /// At its beginning.
    pub(super) file: File,
    pub(super) rows: u64,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

impl Spool {
    pub(super) fn new(name: &'static str, directory: &Path) -> Result<Self, ExportError> {
        let file = Measured::new(BufWriter::new(tempfile::tempfile_in(directory)?));
        Ok(Self { name, file, rows: 0 })
    }

    /// Adds lines, each with its end.
    pub(super) async fn add(mut self, lines: Vec<Vec<u8>>) -> Result<Self, ExportError> {
        blocking(move || {
            for line in lines {
                self.file.write_all(&line)?;
                self.rows += 1;
            }
            Ok(self)
        })
        .await
    }

    pub(super) async fn finish(self) -> Result<Spooled, ExportError> {
        blocking(move || {
            let (file, bytes, sha256) = self.file.finish();
            let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.rewind()?;
            Ok(Spooled { name: self.name, file, rows: self.rows, bytes, sha256 })
        })
        .await
    }
}

/// Runs what waits for the disk where it keeps nobody else waiting.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, ExportError> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(io::Error::other)??)
}
