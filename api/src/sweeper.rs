//! What the server does by itself, every hour: it erases organizations whose grace is over, and removes details of audit logs
//! that are older than they are kept.

use std::time::Duration;

use chrono::NaiveDate;
use store::{
    clock::{Clock, SystemClock},
    erasure::Eraser,
};
use tokio::{task::JoinHandle, time::MissedTickBehavior};

const INTERVAL: Duration = Duration::from_secs(3_600);

/// The task that sweeps.
pub(crate) struct Sweeper(JoinHandle<()>);

impl Sweeper {
    /// Sweeps now and every hour, until it is told to stop.
    pub(crate) fn start(eraser: Eraser, retention_days: Option<u32>) -> Self {
        Self(tokio::spawn(run(eraser, retention_days)))
    }

    /// Stops at once: what was begun is rolled back, and the next run begins it again.
    pub(crate) async fn stop(self) {
        self.0.abort();
        let _ = self.0.await;
    }
}

async fn run(eraser: Eraser, retention_days: Option<u32>) {
    let mut interval = tokio::time::interval(INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Audit logs are pruned by whole days, so once a day is enough.
    let mut pruned_on: Option<NaiveDate> = None;
    loop {
        interval.tick().await;
        let today = SystemClock.now().date_naive();
        let retention_days = retention_days.filter(|_| pruned_on != Some(today));
        match eraser.sweep(retention_days).await {
            Ok(Some(_)) => pruned_on = Some(today),
            Ok(None) => tracing::debug!("another server sweeps"),
            Err(error) => tracing::error!(%error, "the sweep failed; the next one goes on from there"),
        }
    }
}
