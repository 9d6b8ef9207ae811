//! Long computations, beside the threads that serve.

use tokio::sync::Semaphore;

use super::error::ApiError;

/// One at a time: what a request asks for must not keep every core from all others.
static PERMITS: Semaphore = Semaphore::const_new(1);

/// Runs a computation of milliseconds or more. A request that ends before its turn has come leaves nothing behind.
pub(crate) async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
    let permit = PERMITS.acquire().await.map_err(|_| ApiError::Internal)?;
    let done = tokio::task::spawn_blocking(move || {
        // Held until the work has ended, which goes on when the request has given up.
        let _permit = permit;
        work()
    });
    done.await.map_err(|error| {
        tracing::error!(%error, "a computation did not end");
        ApiError::Internal
    })
}
