//! Password hashes: argon2id, 19 MiB, 2 passes, 1 lane. Never on an async thread, and bounded in number.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use super::password::Password;
use crate::error::StoreError;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Verified against when the user is unknown, so that the answer takes as long: random bytes as salt and as
/// hash, with the parameters above, so that no password is known to fit.
const OF_NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$\
                         8wBJ9zofCtH0jkZn5+zdQA$doc8RtqQrG+V3gmQwhGuVDVTQfrWuPd6R3U6o0/FtEc";

/// Hashes and verifies passwords.
pub(crate) struct Passwords {
    permits: Arc<Semaphore>,
    hashes: AtomicU64,
}

/// What a comparison found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Wrong,
    Right {
        /// The hash was made with weaker parameters than those of today.
        is_outdated: bool,
    },
}

impl Passwords {
    /// At most `concurrent` hashes at a time, 19 MiB each.
    pub(crate) fn new(concurrent: usize) -> Self {
        Self { permits: Arc::new(Semaphore::new(concurrent.max(1))), hashes: AtomicU64::new(0) }
    }

    /// How many hashes were made so far, to store or to compare.
    pub(crate) fn hashes(&self) -> u64 {
        self.hashes.load(Ordering::Relaxed)
    }

    /// The hash of a password, as a PHC string with a salt of its own.
    pub(super) async fn hash(&self, password: Password) -> Result<String, StoreError> {
        self.hashes.fetch_add(1, Ordering::Relaxed);
        self.off_thread(move || {
            let hash: PasswordHash = hasher()?.hash_password(password.as_str().as_bytes()).map_err(internal)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password belongs to the hash; without a hash the same work is done and the answer is no.
    pub(super) async fn verify(&self, password: Password, hash: Option<String>) -> Result<Comparison, StoreError> {
        self.hashes.fetch_add(1, Ordering::Relaxed);
        self.off_thread(move || {
            let stored = PasswordHash::new(hash.as_deref().unwrap_or(OF_NOBODY)).map_err(internal)?;
            // With the parameters that the hash names, not with those of today.
            let matches = hasher()?.verify_password(password.as_str().as_bytes(), &stored).is_ok();
            Ok(match hash {
                Some(_) if matches => Comparison::Right { is_outdated: is_outdated(&stored) },
                _ => Comparison::Wrong,
            })
        })
        .await
    }

    /// Runs work of milliseconds beside the threads that serve.
    pub(super) async fn off_thread<T: Send + 'static>(
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

fn is_outdated(stored: &PasswordHash) -> bool {
    let is_current_kind =
        stored.algorithm == Algorithm::Argon2id.ident() && stored.version == Some(Version::V0x13.into());
    let is_weak = |params: Params| params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES;
    !is_current_kind || Params::try_from(stored).is_ok_and(is_weak)
}

fn internal(error: impl std::fmt::Display) -> StoreError {
    StoreError::internal(format!("password hashing: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: Comparison = Comparison::Right { is_outdated: false };

    async fn compare(typed: &str, hash: Option<&str>) -> Comparison {
        Passwords::new(2).verify(Password::to_compare(typed), hash.map(str::to_owned)).await.unwrap()
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hash = Passwords::new(2).hash(Password::new("correct horse battery")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(compare("correct horse battery", Some(&hash)).await, RIGHT);
        assert_eq!(compare("wrong", Some(&hash)).await, Comparison::Wrong);
        assert_eq!(compare("wrong", None).await, Comparison::Wrong);
    }

    #[test]
    fn nobody_is_compared_with_at_the_price_of_anybody() {
        let nobody = PasswordHash::new(OF_NOBODY).unwrap();
        let params = Params::try_from(&nobody).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (MEMORY_KIB, PASSES, LANES));
        assert!(!is_outdated(&nobody));
        assert_eq!(nobody.hash.map(|hash| hash.len()), Some(32));
    }

    #[tokio::test]
    async fn weaker_parameters_are_read_from_the_hash_and_told() {
        for (algorithm, memory, passes, is_outdated) in [
            (Algorithm::Argon2id, 8_192, 2, true),
            (Algorithm::Argon2id, MEMORY_KIB, 1, true),
            (Algorithm::Argon2i, MEMORY_KIB, PASSES, true),
            (Algorithm::Argon2id, MEMORY_KIB, PASSES + 1, false),
        ] {
            let params = Params::new(memory, passes, LANES, None).unwrap();
            let hasher = Argon2::new(algorithm, Version::V0x13, params);
            let hash: PasswordHash = hasher.hash_password(b"correct horse battery").unwrap();
            let hash = hash.to_string();
            assert_eq!(
                compare("correct horse battery", Some(&hash)).await,
                Comparison::Right { is_outdated },
                "{hash}"
            );
            assert_eq!(compare("wrong", Some(&hash)).await, Comparison::Wrong, "{hash}");
        }
    }
}
