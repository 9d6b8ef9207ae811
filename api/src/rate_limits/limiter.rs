//! Points per key and minute.

use std::{
    hash::Hash,
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::HashMapStateStore,
};

/// The window that points are given for.
pub(crate) const WINDOW: Duration = Duration::from_secs(60);
/// Charges between two looks for keys to forget, at least.
const SWEEP_AFTER: usize = 4_096;

/// What is left to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Balance {
    /// Points of a window.
    pub(crate) quota: u32,
    /// Points that may be used now.
    pub(crate) remaining: u32,
    /// Seconds until the whole quota is there again.
    pub(crate) reset_seconds: u64,
}

/// Fewer points were left than were asked for; none was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exceeded {
    /// What is left nevertheless.
    pub(crate) balance: Balance,
    /// Seconds until there are enough; at least 1.
    pub(crate) retry_after_seconds: u64,
}

/// Counts the points of many keys; by default nothing is counted.
pub(super) struct Limiter<K: Hash + Eq + Clone, C: Clock = DefaultClock>(Option<Counts<K, C>>);

type Governor<K, C> = RateLimiter<K, HashMapStateStore<K>, C, StateInformationMiddleware>;

struct Counts<K: Hash + Eq + Clone, C: Clock> {
    quota: NonZeroU32,
    governor: Governor<K, C>,
    clock: C,
    /// Charges until the next look for keys to forget.
    until_sweep: AtomicUsize,
}

impl<K: Hash + Eq + Clone, C: Clock> Default for Limiter<K, C> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    /// A limiter that gives each key so many points a minute; with 0 it limits nothing.
    pub(super) fn new(points_per_minute: u32) -> Self {
        Self::with_clock(points_per_minute, DefaultClock::default())
    }
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Limiter<K, C> {
    fn with_clock(points_per_minute: u32, clock: C) -> Self {
        Self(NonZeroU32::new(points_per_minute).map(|quota| {
            let governor = Governor::new(Quota::per_minute(quota), HashMapStateStore::default(), clock.clone());
            Counts { quota, governor, clock, until_sweep: AtomicUsize::new(SWEEP_AFTER) }
        }))
    }

    /// Takes points for a request that has paid some already, or says when there will be enough. A request that costs
    /// more than the whole quota costs the whole quota. `None` if nothing was to be paid.
    pub(super) fn charge(&self, key: &K, paid: u32, points: u32) -> super::Charged {
        let Some(counts) = &self.0 else { return Ok(None) };
        let [paid, points] = [paid, points].map(|points| points.min(counts.quota.get()));
        NonZeroU32::new(points.saturating_sub(paid)).map(|due| counts.charge(key, due)).transpose()
    }
}

impl<K: Hash + Eq + Clone, C: Clock> Counts<K, C> {
    fn charge(&self, key: &K, points: NonZeroU32) -> Result<Balance, Exceeded> {
        self.sweep_now_and_then();
        match self.governor.check_key_n(key, points) {
            Ok(Ok(state)) => Ok(self.balance(state.remaining_burst_capacity())),
            Ok(Err(refused)) => {
                let wait = refused.wait_time_from(self.clock.now());
                let missing = (wait.as_nanos() * u128::from(self.quota.get())).div_ceil(WINDOW.as_nanos());
                let remaining = points.get().saturating_sub(u32::try_from(missing).unwrap_or(u32::MAX));
                Err(Exceeded { balance: self.balance(remaining), retry_after_seconds: whole_seconds(wait).max(1) })
            }
            // Does not happen: never more than the quota is asked for.
            Err(_) => Err(Exceeded { balance: self.balance(0), retry_after_seconds: WINDOW.as_secs() }),
        }
    }

    fn balance(&self, remaining: u32) -> Balance {
        let quota = self.quota.get();
        let used = u64::from(quota.saturating_sub(remaining));
        Balance { quota, remaining, reset_seconds: (used * WINDOW.as_secs()).div_ceil(u64::from(quota)) }
    }

    /// Forgets the keys that have their whole quota again. Looking takes as long as there are keys, so it is done after
    /// as many charges.
    fn sweep_now_and_then(&self) {
        if self.until_sweep.fetch_sub(1, Ordering::Relaxed) != 1 {
            return;
        }
        self.governor.retain_recent();
        self.governor.shrink_to_fit();
        self.until_sweep.store(self.governor.len().max(SWEEP_AFTER), Ordering::Relaxed);
    }
}

fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn limiter(points_per_minute: u32) -> (Limiter<u32, FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Limiter::with_clock(points_per_minute, clock.clone()), clock)
    }

    fn balance(quota: u32, remaining: u32, reset_seconds: u64) -> Balance {
        Balance { quota, remaining, reset_seconds }
    }

    #[test]
    fn a_quota_is_used_up_and_comes_back() {
        let (limiter, clock) = limiter(60);
        assert_eq!(limiter.charge(&1, 0, 1), Ok(Some(balance(60, 59, 1))));
        assert_eq!(limiter.charge(&1, 0, 49), Ok(Some(balance(60, 10, 50))));
        let refused = Exceeded { balance: balance(60, 10, 50), retry_after_seconds: 5 };
        assert_eq!(limiter.charge(&1, 0, 15), Err(refused), "a refusal takes nothing");
        assert_eq!(limiter.charge(&1, 0, 15), Err(refused));
        assert_eq!(limiter.charge(&2, 0, 15), Ok(Some(balance(60, 45, 15))), "another key has its own");
        clock.advance(Duration::from_secs(5));
        assert_eq!(limiter.charge(&1, 0, 15), Ok(Some(balance(60, 0, 60))));
        clock.advance(Duration::from_secs(600));
        assert_eq!(limiter.charge(&1, 0, 1), Ok(Some(balance(60, 59, 1))), "more than the quota is never saved up");
    }

    #[test]
    fn more_than_the_quota_costs_all_of_it() {
        let (limiter, _) = limiter(10);
        assert_eq!(limiter.charge(&1, 0, 1_000), Ok(Some(balance(10, 0, 60))));
        assert_eq!(limiter.charge(&1, 0, 1_000).unwrap_err().retry_after_seconds, 60);
        assert_eq!(limiter.charge(&2, 0, 1), Ok(Some(balance(10, 9, 6))));
        assert_eq!(limiter.charge(&2, 1, 1_000), Ok(Some(balance(10, 0, 60))), "what was paid counts");
        assert_eq!(limiter.charge(&2, 1_000, 2_000), Ok(None));
    }

    #[test]
    fn nothing_is_limited_by_nothing() {
        let (limiter, _) = limiter(0);
        assert_eq!(limiter.charge(&1, 0, u32::MAX), Ok(None));
        assert_eq!(Limiter::<u32>::default().charge(&1, 0, u32::MAX), Ok(None));
    }

    #[test]
    fn keys_without_a_debt_are_forgotten() {
        let (limiter, clock) = limiter(60);
        let keys = |limiter: &Limiter<u32, _>| limiter.0.as_ref().unwrap().governor.len();
        for key in 0..100_000 {
            clock.advance(Duration::from_millis(1));
            limiter.charge(&key, 0, 1).unwrap();
        }
        assert!(keys(&limiter) <= 2 * SWEEP_AFTER, "{} keys are kept", keys(&limiter));
        limiter.charge(&7, 0, 60).unwrap();
        for key in 0..u32::try_from(SWEEP_AFTER).unwrap() {
            limiter.charge(&(1_000_000 + key), 0, 1).unwrap();
        }
        assert!(limiter.charge(&7, 0, 30).is_err(), "a debt is not forgotten");
    }
}
