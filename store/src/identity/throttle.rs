//! How often secrets may be tried, and by whom: by account and by address, in the memory of this process.
//!
//! What is counted is failures (sign-ups and letters: successes) within a window that slides. An attempt holds its place
//! while it runs, so that many at the same time are no way around; it counts as a failure unless it is said to be
//! something else, so that giving up in the middle is none either. Accounts are known by a digest of the address that was
//! typed, whether or not there is such an account.

use std::{
    collections::VecDeque,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::digest::{SHA256, digest};
use lru::LruCache;
use serde::Deserialize;

use super::input::normalized_email;
use crate::clock::Clock;

/// How often may be tried. 0 means without limit.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct ThrottleLimits {
    /// Failures of one account from one address within 15 minutes; after half of them each makes the next wait longer.
    pub failures_per_account_and_address: usize,
    /// Failures from one address, or one IPv6 network of 64 bits, within 15 minutes.
    pub failures_per_address: usize,
    /// Failures of one account over all addresses within an hour; where it has signed in before it still can.
    pub failures_per_account: usize,
    /// Sign-ups from one address within an hour.
    pub sign_ups_per_address_per_hour: usize,
}

impl Default for ThrottleLimits {
    fn default() -> Self {
        Self {
            failures_per_account_and_address: 10,
            failures_per_address: 100,
            failures_per_account: 100,
            sign_ups_per_address_per_hour: 20,
        }
    }
}

/// How many counters are kept; beyond it those that were touched longest ago are dropped.
const COUNTERS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(29_999);
const SECOND: i64 = 1_000;
const QUARTER: i64 = 15 * 60 * SECOND;
const HOUR: i64 = 60 * 60 * SECOND;
/// So often a second is doubled at most, when each failure makes the next attempt wait longer.
const LONGEST_SHIFT: usize = 20;
/// Letters that one account is sent within an hour, however many are asked for.
const LETTERS: usize = 3;

/// Digest of an e-mail address.
type Account = [u8; 32];

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// Failures with a password of an account from an address.
    Pair(Account, IpAddr),
    /// Reset letters asked for, for an account from an address.
    Requests(Account, IpAddr),
    /// Failures of any kind from an address.
    Address(IpAddr),
    /// Failures with a password of an account.
    Account(Account),
    /// Sign-ups from an address.
    SignUps(IpAddr),
    /// Letters to an account.
    Letters(Account),
}

struct Rule {
    limit: usize,
    /// In milliseconds.
    window: i64,
}

/// How an attempt ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Failed,
    Succeeded,
    /// As if it had not been.
    Forgiven,
}

/// Seconds to wait, and whether it is only for the failures that others may have caused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) seconds: u64,
    pub(super) is_for_account_only: bool,
}

#[derive(Default)]
struct Counter {
    /// Milliseconds since 1970, the oldest first.
    noted: VecDeque<i64>,
    running: usize,
}

type Counters = LruCache<Key, Counter>;

/// Counts, and lets through or not.
pub(crate) struct Throttle {
    limits: ThrottleLimits,
    shared: Arc<Shared>,
}

struct Shared {
    counters: Mutex<Counters>,
    clock: Arc<dyn Clock>,
}

/// An attempt that was let through. Dropped, it has failed.
pub(super) struct Attempt {
    shared: Arc<Shared>,
    keys: Vec<Key>,
    outcome: Outcome,
}

/// The digest by which an account is known here.
pub(super) fn account(email: &str) -> Account {
    let mut account = Account::default();
    account.copy_from_slice(digest(&SHA256, normalized_email(email).as_bytes()).as_ref());
    account
}

/// What stands for an address: of IPv6 the network, as one household or one attacker has 2^64 addresses.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

impl Shared {
    fn counters(&self) -> MutexGuard<'_, Counters> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        self.clock.now().timestamp_millis()
    }
}

impl Throttle {
    pub(crate) fn new(limits: ThrottleLimits, clock: Arc<dyn Clock>) -> Self {
        Self { limits, shared: Arc::new(Shared { counters: Mutex::new(LruCache::new(COUNTERS)), clock }) }
    }

    /// Lets an attempt begin that counts under these keys, if none of them is at its limit.
    pub(super) fn admit(&self, mut keys: Vec<Key>) -> Result<Attempt, Refusal> {
        let now = self.shared.now();
        keys.retain(|key| self.limits.rule(*key).limit > 0);
        let mut counters = self.shared.counters();
        let waits = keys.iter().filter_map(|key| Some((*key, self.wait(counters.get_mut(key)?, *key, now)?)));
        let is_account = |key: Key| matches!(key, Key::Account(_));
        if let Some((key, seconds)) = waits.max_by_key(|(key, seconds)| (!is_account(*key), *seconds)) {
            return Err(Refusal { seconds, is_for_account_only: is_account(key) });
        }
        for key in &keys {
            counters.get_or_insert_mut(*key, Counter::default).running += 1;
        }
        Ok(Attempt { shared: Arc::clone(&self.shared), keys, outcome: Outcome::Failed })
    }

    pub(super) fn forget(&self, key: Key) {
        if let Some(counter) = self.shared.counters().get_mut(&key) {
            counter.noted.clear();
        }
    }

    /// Seconds until a counter lets one more through, if it does not now.
    fn wait(&self, counter: &mut Counter, key: Key, now: i64) -> Option<u64> {
        let Rule { limit, window } = self.limits.rule(key);
        let is_over = |noted: &i64| *noted <= now - window;
        while counter.noted.front().is_some_and(is_over) {
            counter.noted.pop_front();
        }
        let known = counter.noted.len();
        let until = if known + counter.running >= limit {
            counter.noted.front().map_or(now + SECOND, |oldest| oldest + window)
        } else if known * 2 >= limit && matches!(key, Key::Pair(..) | Key::Requests(..)) {
            let delay = (SECOND << (known - limit / 2).min(LONGEST_SHIFT)).min(window);
            counter.noted.back().map_or(now, |newest| newest + delay)
        } else {
            now
        };
        let milliseconds = u64::try_from(until - now).ok().filter(|left| *left > 0)?;
        Some(milliseconds.div_ceil(1_000))
    }
}

impl ThrottleLimits {
    fn rule(&self, key: Key) -> Rule {
        match key {
            Key::Pair(..) | Key::Requests(..) => Rule { limit: self.failures_per_account_and_address, window: QUARTER },
            Key::Address(_) => Rule { limit: self.failures_per_address, window: QUARTER },
            Key::Account(_) => Rule { limit: self.failures_per_account, window: HOUR },
            Key::SignUps(_) => Rule { limit: self.sign_ups_per_address_per_hour, window: HOUR },
            Key::Letters(_) => Rule { limit: LETTERS, window: HOUR },
        }
    }
}

impl Attempt {
    /// It was right: the failures of this account from this address are forgotten.
    pub(super) fn succeed(mut self) {
        self.outcome = Outcome::Succeeded;
    }

    /// It was neither right nor wrong, such as when the database did not answer.
    pub(super) fn forgive(mut self) {
        self.outcome = Outcome::Forgiven;
    }

    fn settle(&self, counter: &mut Counter, key: Key, now: i64) {
        counter.running = counter.running.saturating_sub(1);
        let counts_successes = matches!(key, Key::SignUps(_) | Key::Letters(_));
        match self.outcome {
            Outcome::Succeeded if counts_successes => counter.noted.push_back(now),
            Outcome::Failed if !counts_successes => counter.noted.push_back(now),
            Outcome::Succeeded if matches!(key, Key::Pair(..)) => counter.noted.clear(),
            _ => {}
        }
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let (mut counters, now) = (self.shared.counters(), self.shared.now());
        for key in &self.keys {
            let counter = counters.get_or_insert_mut(*key, Counter::default);
            self.settle(counter, *key, now);
            if counter.noted.is_empty() && counter.running == 0 {
                counters.pop(key);
            }
        }
    }
}

#[cfg(test)]
mod tests;
