//! The rules, with addresses and instants of one's choice.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};

use super::*;

/// Seconds that a case sets.
#[derive(Default)]
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_000_000 + self.0.load(Ordering::Relaxed), 0).unwrap()
    }
}

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

fn elsewhere(number: u8) -> IpAddr {
    IpAddr::from([198, 51, 100, number])
}

/// A throttle and the hands of its clock.
struct Case {
    throttle: Throttle,
    hands: Arc<Hands>,
}

impl Case {
    fn new(limits: ThrottleLimits) -> Self {
        let hands = Arc::new(Hands::default());
        Self { throttle: Throttle::new(limits, Arc::clone(&hands) as Arc<dyn Clock>), hands }
    }

    fn admit(&self, keys: Vec<Key>, now: i64) -> Result<Attempt, Refusal> {
        self.hands.0.store(now, Ordering::Relaxed);
        self.throttle.admit(keys)
    }

    fn fail(&self, email: &str, address: IpAddr, now: i64) -> Result<(), Refusal> {
        self.admit(keys(email, address), now).map(drop)
    }

    /// Fails as often as it is let; how often, and for how many seconds then not.
    fn fail_until_refused(&self, email: &str, address: IpAddr) -> (usize, u64) {
        for failures in 0.. {
            if let Err(refusal) = self.fail(email, address, 0) {
                return (failures, refusal.seconds);
            }
        }
        unreachable!()
    }
}

fn throttle() -> Case {
    Case::new(ThrottleLimits::default())
}

/// The keys of a sign-in.
fn keys(email: &str, address: IpAddr) -> Vec<Key> {
    let (account, address) = (account(email), network(address));
    vec![Key::Pair(account, address), Key::Address(address), Key::Account(account)]
}

#[test]
fn each_failure_after_the_fifth_makes_the_next_wait_longer() {
    let throttle = throttle();
    assert_eq!(throttle.fail_until_refused("ada@example.org", HERE), (5, 1));
    let mut now = 0;
    for delay in [1, 2, 4, 8, 16] {
        assert_eq!(throttle.fail("ada@example.org", HERE, now).unwrap_err().seconds, delay);
        now += i64::try_from(delay).unwrap();
        throttle.fail("ada@example.org", HERE, now).unwrap();
    }
    // Ten within 15 minutes: the first of them must be over.
    assert_eq!(throttle.fail("ada@example.org", HERE, now).unwrap_err().seconds, 900 - 31);
    assert_eq!(throttle.fail("ada@example.org", HERE, 899).unwrap_err().seconds, 1);
    throttle.fail("ada@example.org", HERE, 900).unwrap();
}

#[test]
fn others_are_not_affected() {
    let throttle = throttle();
    throttle.fail_until_refused("ada@example.org", HERE);
    throttle.fail("grace@example.org", HERE, 0).unwrap();
    throttle.fail("ada@example.org", elsewhere(1), 0).unwrap();
    assert!(throttle.fail(" ADA@example.org ", HERE, 0).is_err(), "the same account, typed in another way");
}

#[test]
fn success_resets_the_pair_only() {
    let throttle = throttle();
    for _ in 0..4 {
        throttle.fail("ada@example.org", HERE, 0).unwrap();
        throttle.fail("ada@example.org", elsewhere(1), 0).unwrap();
    }
    throttle.admit(keys("ada@example.org", HERE), 1).unwrap().succeed();
    assert_eq!(throttle.fail_until_refused("ada@example.org", HERE).0, 5);
    assert_eq!(throttle.fail_until_refused("ada@example.org", elsewhere(1)).0, 1);
}

#[test]
fn an_address_has_its_limit_over_all_accounts() {
    let throttle = throttle();
    for number in 0..100 {
        throttle.fail(&format!("person-{number}@example.org"), HERE, 0).unwrap();
    }
    let refusal = throttle.fail("another@example.org", HERE, 0).unwrap_err();
    assert_eq!(refusal, Refusal { seconds: 900, is_for_account_only: false });
    throttle.fail("another@example.org", elsewhere(1), 0).unwrap();
    throttle.fail("another@example.org", HERE, 900).unwrap();
}

#[test]
fn an_ipv6_network_is_one_address() {
    let throttle = throttle();
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    for number in 0..100 {
        let here = address(&format!("2001:db8:1:2::{number:x}"));
        throttle.fail(&format!("person-{number}@example.org"), here, 0).unwrap();
    }
    assert!(throttle.fail("another@example.org", address("2001:db8:1:2:ffff::1"), 0).is_err());
    throttle.fail("another@example.org", address("2001:db8:1:3::1"), 0).unwrap();
    assert_eq!(network(address("::ffff:192.0.2.1")), HERE);
}

/// A stranger with many addresses reaches the limit of the account; the owner's address is told apart by it.
#[test]
fn an_account_has_its_limit_over_all_addresses() {
    let throttle = throttle();
    for number in 0..100 {
        throttle.fail("ada@example.org", elsewhere(number), 0).unwrap();
    }
    let refusal = throttle.fail("ada@example.org", HERE, 0).unwrap_err();
    assert_eq!(refusal, Refusal { seconds: 3_600, is_for_account_only: true });
    let account = account("ada@example.org");
    throttle.admit(vec![Key::Pair(account, HERE), Key::Address(HERE)], 0).unwrap().succeed();
    throttle.fail("ada@example.org", HERE, 3_600).unwrap();
}

/// Where an address has its own failures, nothing of the owner's is spared.
#[test]
fn the_limit_of_an_address_comes_before_that_of_an_account() {
    let throttle = throttle();
    for number in 0..100 {
        throttle.fail("ada@example.org", elsewhere(number), 0).unwrap();
    }
    for _ in 0..5 {
        throttle.admit(vec![Key::Pair(account("ada@example.org"), HERE)], 0).map(drop).unwrap();
    }
    let refusal = throttle.fail("ada@example.org", HERE, 0).unwrap_err();
    assert_eq!(refusal, Refusal { seconds: 1, is_for_account_only: false });
}

#[test]
fn attempts_at_the_same_time_hold_their_places() {
    let throttle = throttle();
    let running: Vec<_> = (0..10).map(|_| throttle.admit(keys("ada@example.org", HERE), 0).unwrap()).collect();
    assert_eq!(throttle.fail("ada@example.org", HERE, 0).unwrap_err().seconds, 1);
    running.into_iter().for_each(Attempt::forgive);
    assert_eq!(throttle.fail_until_refused("ada@example.org", HERE).0, 5, "what was forgiven counts for nothing");
}

#[test]
fn sign_ups_and_letters_count_their_successes() {
    let throttle = throttle();
    for (key, limit) in [(Key::SignUps(HERE), 20), (Key::Letters(account("ada@example.org")), 3)] {
        for _ in 0..50 {
            throttle.admit(vec![key], 0).map(drop).unwrap();
        }
        for _ in 0..limit {
            throttle.admit(vec![key], 0).unwrap().succeed();
        }
        assert_eq!(throttle.admit(vec![key], 1).err().unwrap().seconds, 3_599);
        throttle.admit(vec![key], 3_600).unwrap().succeed();
    }
}

#[test]
fn nothing_is_limited_by_zero() {
    let limits = ThrottleLimits {
        failures_per_account_and_address: 0,
        failures_per_address: 0,
        failures_per_account: 0,
        sign_ups_per_address_per_hour: 0,
    };
    let throttle = Case::new(limits);
    for _ in 0..1_000 {
        throttle.fail("ada@example.org", HERE, 0).unwrap();
        throttle.admit(vec![Key::SignUps(HERE)], 0).unwrap().succeed();
    }
    assert!(throttle.throttle.shared.counters().is_empty());
}

#[test]
fn the_memory_is_bounded() {
    let throttle = throttle();
    for number in 0..2 * u32::try_from(COUNTERS.get()).unwrap() {
        throttle.admit(vec![Key::Address(IpAddr::V4(number.into()))], 0).map(drop).unwrap();
    }
    assert_eq!(throttle.throttle.shared.counters().len(), COUNTERS.get());
    // What was dropped is what was touched longest ago.
    assert!(!throttle.throttle.shared.counters().contains(&Key::Address(IpAddr::from([0, 0, 0, 0]))));
}
