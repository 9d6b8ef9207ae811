//! The Ed25519 key that signs access tokens: a PEM file readable by its owner only.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{DecodingKey, EncodingKey};

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// Why there is no signing key.
#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    /// The file could not be read or made.
    #[error("signing key {}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The file is not an Ed25519 key in PKCS#8 PEM.
    #[error("signing key {}: not an Ed25519 private key in PKCS#8 PEM; make one with `openssl genpkey -algorithm ed25519`", .0.display())]
    Malformed(PathBuf),
    /// Others than the owner can read the file.
    #[error("signing key {}: others than its owner can read it; run `chmod 600` on it", .0.display())]
    Exposed(PathBuf),
}

/// A signing key with its public half.
pub(crate) struct SigningKey {
    pub(crate) encoding: EncodingKey,
    pub(crate) decoding: DecodingKey,
    /// Names the key in tokens: the first 16 hexadecimal digits of the public key's SHA-256.
    pub(crate) key_id: String,
    /// The public key, base64url.
    pub(crate) public: String,
}

impl SigningKey {
    /// Reads the key, or makes one if there is no file yet.
    pub(crate) fn load_or_create(path: &Path) -> Result<Self, SigningKeyError> {
        match fs::read_to_string(path) {
            Ok(pem) => {
                refuse_exposed(path)?;
                Self::from_pem(&pem).ok_or_else(|| SigningKeyError::Malformed(path.to_owned()))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Self::create(path),
            Err(error) => Err(SigningKeyError::Io { path: path.to_owned(), error }),
        }
    }

    fn create(path: &Path) -> Result<Self, SigningKeyError> {
        let malformed = || SigningKeyError::Malformed(path.to_owned());
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| malformed())?;
        let pem = format!("{BEGIN}\n{}\n{END}\n", STANDARD.encode(document.as_ref()));
        let io = |error| SigningKeyError::Io { path: path.to_owned(), error };
        create_private(path).map_err(io)?.write_all(pem.as_bytes()).map_err(io)?;
        Self::from_pem(&pem).ok_or_else(malformed)
    }

    fn from_pem(pem: &str) -> Option<Self> {
        let body: String = pem.trim().strip_prefix(BEGIN)?.strip_suffix(END)?.split_whitespace().collect();
        let pkcs8 = STANDARD.decode(body).ok()?;
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8).ok()?;
        let public = pair.public_key().as_ref();
        let digest = digest(&SHA256, public);
        let key_id = digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Some(Self {
            encoding: EncodingKey::from_ed_der(&pkcs8),
            decoding: DecodingKey::from_ed_der(public),
            key_id,
            public: URL_SAFE_NO_PAD.encode(public),
        })
    }
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

#[cfg(unix)]
fn refuse_exposed(path: &Path) -> Result<(), SigningKeyError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::metadata(path).map_err(|error| SigningKeyError::Io { path: path.to_owned(), error })?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(SigningKeyError::Exposed(path.to_owned()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path) -> Result<(), SigningKeyError> {
    Ok(())
}
