//! The Ed25519 keys that sign access tokens: PEM files readable by their owner only. One signs; the one before it is
//! kept beside it and verifies until the tokens that it signed have expired.

mod files;
mod previous;
mod ring;
mod rotation;
#[cfg(test)]
mod tests;

use std::{
    io,
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

pub(crate) use ring::KeyRing;
pub use rotation::{PreviousKeyId, RotationError, SigningKeyIds, rotate_signing_key, signing_key_ids};

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
        error: io::Error,
    },
    /// There is no such file.
    #[error("signing key {}: no such file; the server makes it at its first start", .0.display())]
    Missing(PathBuf),
    /// The file is not an Ed25519 key in PKCS#8 PEM.
    #[error("signing key {}: not an Ed25519 private key in PKCS#8 PEM; make one with `openssl genpkey -algorithm ed25519`", .0.display())]
    Malformed(PathBuf),
    /// The file of the previous key is not such a key with the instant at which it became the previous one.
    #[error(
        "signing key {}: not an Ed25519 private key in PKCS#8 PEM below one line such as \
         `Rotated-At: 2026-11-22T18:00:00Z`; without the file, the tokens of the previous key end",
        .0.display()
    )]
    MalformedPrevious(PathBuf),
    /// Others than the owner can read the file.
    #[error("signing key {}: others than its owner can read it; run `chmod 600` on it", .0.display())]
    Exposed(PathBuf),
}

/// The half of a key that verifies.
pub(crate) struct PublicKey {
    pub(crate) decoding: DecodingKey,
    /// Names the key in tokens: the first 16 hexadecimal digits of the public key's SHA-256.
    pub(crate) id: String,
    /// The key itself, base64url.
    pub(crate) x: String,
}

/// A key that signs, with its public half.
pub(crate) struct SigningKey {
    pub(crate) encoding: EncodingKey,
    pub(crate) public: PublicKey,
}

impl SigningKey {
    /// Reads the key.
    fn load(path: &Path) -> Result<Self, SigningKeyError> {
        let pem = files::read(path)?.ok_or_else(|| SigningKeyError::Missing(path.to_owned()))?;
        Self::from_pem(&pem).ok_or_else(|| SigningKeyError::Malformed(path.to_owned()))
    }

    /// Text above the key says something about it to people and other programs (RFC 7468).
    fn from_pem(pem: &str) -> Option<Self> {
        let (_, key) = pem.split_once(BEGIN)?;
        let body: String = key.trim_end().strip_suffix(END)?.split_whitespace().collect();
        let pkcs8 = STANDARD.decode(body).ok()?;
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8).ok()?;
        let public = pair.public_key().as_ref();
        let digest = digest(&SHA256, public);
        let public = PublicKey {
            decoding: DecodingKey::from_ed_der(public),
            id: digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect(),
            x: URL_SAFE_NO_PAD.encode(public),
        };
        Some(Self { encoding: EncodingKey::from_ed_der(&pkcs8), public })
    }
}

/// A new key in PEM.
fn new_pem() -> io::Result<String> {
    let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
    let document = document.map_err(|_| io::Error::other("no random bytes"))?;
    Ok(format!("{BEGIN}\n{}\n{END}\n", STANDARD.encode(document.as_ref())))
}

/// What a file with a private key says; a key is made if there is no file yet.
pub(crate) fn private_pem(path: &Path) -> Result<String, SigningKeyError> {
    files::create_if_missing(path)?;
    files::read(path)?.ok_or_else(|| files::io_error(path)(io::ErrorKind::NotFound.into()))
}
