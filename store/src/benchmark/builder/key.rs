//! The benchmark's key: it signs manifests, and names control groups so that nobody else can.

use std::path::Path;

use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
    signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey},
};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::BuilderError;
use crate::identity::private_pem;

/// An Ed25519 key in a file, and what is derived from it.
pub struct BenchmarkKey {
    pair: Ed25519KeyPair,
    names: hmac::Key,
}

impl BenchmarkKey {
    /// Reads the key; makes one if there is no file yet.
    ///
    /// # Errors
    /// [`BuilderError::Key`] if it cannot be read or made, [`BuilderError::File`] if it holds no such key.
    pub fn open(path: &Path) -> Result<Self, BuilderError> {
        let no_key = || BuilderError::File {
            path: path.to_owned(),
            error: std::io::Error::other("not an Ed25519 key in PKCS#8 PEM"),
        };
        let text = private_pem(path)?;
        let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = STANDARD.decode(body.trim()).map_err(|_| no_key())?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|_| no_key())?;
        let secret = digest(&SHA256, &[b"rolemark benchmark groups".as_slice(), &der].concat());
        Ok(Self { pair, names: hmac::Key::new(hmac::HMAC_SHA256, secret.as_ref()) })
    }

    /// The public half, in Base64.
    pub fn public_key(&self) -> String {
        STANDARD.encode(self.pair.public_key().as_ref())
    }

    /// Signs a text; the signature in Base64.
    pub fn sign(&self, text: &[u8]) -> String {
        STANDARD.encode(self.pair.sign(text).as_ref())
    }

    /// A keyed hash of something of a kind, 32 bytes: without the key nobody finds out what was hashed.
    pub(crate) fn hash(&self, kind: &str, content: &[u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.names);
        context.update(kind.as_bytes());
        context.update(&[0]);
        context.update(content);
        let mut hash = [0; 32];
        hash.copy_from_slice(context.sign().as_ref());
        hash
    }
}

/// Whether a signature, in Base64, is that of a public key, in Base64, under a text.
#[must_use]
pub fn is_signed(public_key: &str, text: &[u8], signature: &str) -> bool {
    let (Ok(key), Ok(signature)) = (STANDARD.decode(public_key), STANDARD.decode(signature)) else { return false };
    UnparsedPublicKey::new(&ED25519, key).verify(text, &signature).is_ok()
}
