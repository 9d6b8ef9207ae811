//! Password hashes: argon2id, 19 MiB, 2 passes, 1 lane. Never on an async thread, and bounded in number.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::{OnceCell, Semaphore};

use crate::error::StoreError;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes and verifies passwords.
pub(crate) struct Passwords {
    permits: Arc<Semaphore>,
    /// Verified against when the user is unknown, so that the answer takes as long.
    of_nobody: OnceCell<String>,
}

impl Passwords {
    /// At most `concurrent` hashes at a time, 19 MiB each.
    pub(crate) fn new(concurrent: usize) -> Self {
        Self { permits: Arc::new(Semaphore::new(concurrent.max(1))), of_nobody: OnceCell::new() }
    }

    /// The hash of a password, as a PHC string with a salt of its own.
    pub(crate) async fn hash(&self, password: String) -> Result<String, StoreError> {
        self.off_thread(move || {
            let hash: PasswordHash = hasher()?.hash_password(password.as_bytes()).map_err(internal)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password belongs to the hash; without a hash the same work is done and the answer is no.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, StoreError> {
        let is_known = hash.is_some();
        let hash = match hash {
            Some(hash) => hash,
            None => self.of_nobody.get_or_try_init(|| self.hash("nobody".to_owned())).await?.clone(),
        };
        let matches = self
            .off_thread(move || {
                let hash = PasswordHash::new(&hash).map_err(internal)?;
                Ok(hasher()?.verify_password(password.as_bytes(), &hash).is_ok())
            })
            .await?;
        Ok(is_known && matches)
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(internal)?;
        let result = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        result.await.map_err(internal)?
    }
}

fn hasher() -> Result<Argon2<'static>, StoreError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn internal(error: impl std::fmt::Display) -> StoreError {
    StoreError::internal(format!("password hashing: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::new(2);
        let hash = passwords.hash("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse battery".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("wrong".into(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("nobody".into(), None).await.unwrap());
    }
}
