//! What the cases share: one runtime, one cluster, one server for each backend.
//!
//! Cases make organizations of their own, so they do not disturb one another on a shared server.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::OnceCell;

use crate::{Backend, Error, Host, Result, TestServer};

/// A failure is kept too: a missing PostgreSQL fails every case at once, not each after its own attempt.
type Kept<T> = OnceCell<std::result::Result<Arc<T>, String>>;

static HOST: Kept<Host> = Kept::const_new();
static SQLITE: Kept<TestServer> = Kept::const_new();
static POSTGRES: Kept<TestServer> = Kept::const_new();

/// The runtime that cases and servers run on; its threads have the stack that debug builds need.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.enable_all().thread_stack_size(8 << 20);
        builder.build().expect("a runtime can be built")
    })
}

/// The shared cluster with its migrated template.
pub async fn host() -> Result<Arc<Host>> {
    let made = HOST.get_or_init(async || Host::start().await.map_err(|e| e.to_string())).await;
    made.clone().map_err(Error::from)
}

/// The shared server of a backend.
pub async fn server(backend: Backend) -> Result<Arc<TestServer>> {
    let kept = match backend {
        Backend::Sqlite => &SQLITE,
        Backend::Postgres => &POSTGRES,
    };
    let start = async || TestServer::fresh(backend).await.map(Arc::new).map_err(|e| e.to_string());
    kept.get_or_init(start).await.clone().map_err(Error::from)
}

/// Servers that some cases share, each with a world of its own.
static WORLDS: Mutex<Vec<Arc<TestServer>>> = Mutex::new(Vec::new());

/// Stops a server, and removes its directory, when all cases are over.
pub fn close_at_the_end(server: &Arc<TestServer>) {
    WORLDS.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(server));
}

/// Stops what was started. Statics are never dropped, so the runner calls this at the end.
pub async fn shut_down() -> Result<()> {
    for server in [&SQLITE, &POSTGRES] {
        if let Some(Ok(server)) = server.get() {
            server.close().await;
        }
    }
    let worlds = std::mem::take(&mut *WORLDS.lock().unwrap_or_else(PoisonError::into_inner));
    for server in worlds {
        server.close().await;
    }
    match HOST.get() {
        Some(Ok(host)) => host.cluster().shut_down().await,
        _ => Ok(()),
    }
}
