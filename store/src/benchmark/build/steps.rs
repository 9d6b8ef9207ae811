//! How long the steps of a build take.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Adds up the time of each step over all roles.
#[derive(Default)]
pub(super) struct Steps(Mutex<Vec<(&'static str, Duration)>>);

impl Steps {
    /// Runs a part of a step.
    pub(super) async fn of<T>(&self, step: &'static str, work: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let done = work.await;
        self.add(step, begun.elapsed());
        done
    }

    fn add(&self, step: &'static str, time: Duration) {
        let mut steps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match steps.iter_mut().find(|(known, _)| *known == step) {
            Some((_, sum)) => *sum += time,
            None => steps.push((step, time)),
        }
    }

    /// The steps in the order in which they first ran.
    pub(super) fn list(self) -> Vec<(&'static str, Duration)> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
