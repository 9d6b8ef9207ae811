//! A folder of its own for each test, with a migrated SQLite file.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use store::{
    DatabaseUrl, Store, StoreOptions,
    clock::{SystemClock, SystemIds},
    identity::ThrottleLimits,
};

/// Removed with everything in it when dropped.
pub struct Place(PathBuf);

impl Place {
    pub async fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("rolemark-library-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        let place = Self(path);
        store::migrate(&place.url(), &SystemClock).await.unwrap();
        place
    }

    pub fn url(&self) -> DatabaseUrl {
        self.sqlite("rolemark.sqlite")
    }

    pub fn sqlite(&self, name: &str) -> DatabaseUrl {
        DatabaseUrl::Sqlite(self.0.join(name))
    }

    /// A folder in this place.
    pub fn directory(&self, name: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(&path).unwrap();
        path
    }

    pub async fn store(&self) -> Store {
        let options = StoreOptions {
            database_url: self.url(),
            auth_database_url: self.url(),
            benchmark_file: self.0.join("benchmark.sqlite"),
            connections: 4,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            signing_key_file: self.0.join("signing.key"),
            issuer: "test".into(),
            audience: "test".into(),
            concurrent_password_hashes: 1,
            throttle: ThrottleLimits::default(),
            is_sign_up_open: true,
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
        };
        Store::open(options).await.unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The folder of reference data, where it is there.
pub fn shared_data() -> Option<PathBuf> {
    let path = std::env::var_os("ROLEMARK_SHARED_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    path.join("golden_vectors.json").is_file().then_some(path)
}
