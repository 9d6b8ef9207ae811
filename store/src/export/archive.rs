//! The archive: a gzipped tar of a manifest, the description of the format, and the files.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Seek},
    path::Path,
};

use chrono::{DateTime, Utc};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use super::spool::{Measured, Spooled};

/// What the format is, for whoever opens the archive.
const FORMAT: &str = include_str!("FORMAT.md");

/// The archive in a file without a name, at its beginning.
pub(super) struct Archive {
    pub(super) file: File,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// Packs the files, with the manifest first.
pub(super) fn pack(
    directory: &Path,
    mut manifest: Value,
    spooled: Vec<Spooled>,
    at: DateTime<Utc>,
) -> io::Result<Archive> {
    manifest["files"] = spooled.iter().map(described).collect();
    let manifest = serde_json::to_vec_pretty(&manifest)?;
    let file = Measured::new(BufWriter::new(tempfile::tempfile_in(directory)?));
    let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::default()));
    append(&mut tar, "manifest.json", manifest.len() as u64, at, manifest.as_slice())?;
    append(&mut tar, "FORMAT.md", FORMAT.len() as u64, at, FORMAT.as_bytes())?;
    for spooled in spooled {
        append(&mut tar, spooled.name, spooled.bytes, at, spooled.file)?;
    }
    let (file, bytes, sha256) = tar.into_inner()?.finish()?.finish();
    let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(Archive { file, bytes, sha256 })
}

fn described(file: &Spooled) -> Value {
    json!({ "name": file.name, "rows": file.rows, "bytes": file.bytes, "sha256": file.sha256 })
}

fn append(
    tar: &mut tar::Builder<impl io::Write>,
    name: &str,
    bytes: u64,
    at: DateTime<Utc>,
    content: impl Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(u64::try_from(at.timestamp()).unwrap_or_default());
    tar.append_data(&mut header, name, content)
}
