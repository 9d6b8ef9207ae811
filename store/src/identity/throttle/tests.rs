//! The rules, with addresses and instants of one's choice.

use super::*;

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_000_000 + seconds, 0).unwrap()
}

fn elsewhere(number: u8) -> IpAddr {
    IpAddr::from([198, 51, 100, number])
}

fn throttle() -> Throttle {
    Throttle::new(ThrottleLimits::default())
}

/// The keys of a sign-in.
fn keys(email: &str, address: IpAddr) -> Vec<Key> {
    let (account, address) = (account(email), network(address));
    vec![Key::Pair(account, address), Key::Address(address), Key::Account(account)]
}

fn fail(throttle: &Throttle, email: &str, address: IpAddr, now: i64) -> Result<(), Refusal> {
    throttle.admit(keys(email, address), at(now)).map(drop)
}

/// Fails as often as it is let, from the first second on; how often, and when first not.
fn fail_until_refused(throttle: &Throttle, email: &str, address: IpAddr) -> (usize, u64) {
    for failures in 0.. {
        if let Err(refusal) = fail(throttle, email, address, 0) {
            return (failures, refusal.seconds);
        }
    }
    unreachable!()
}

#[test]
fn each_failure_after_the_fifth_makes_the_next_wait_longer() {
    let throttle = throttle();
    assert_eq!(fail_until_refused(&throttle, "ada@example.org", HERE), (5, 1));
    let mut now = 0;
    for delay in [1, 2, 4, 8, 16] {
        assert_eq!(fail(&throttle, "ada@example.org", HERE, now).unwrap_err().seconds, delay);
        now += i64::try_from(delay).unwrap();
        fail(&throttle, "ada@example.org", HERE, now).unwrap();
    }
    // Ten within 15 minutes: the first of them must be over.
    assert_eq!(fail(&throttle, "ada@example.org", HERE, now).unwrap_err().seconds, 900 - 31);
    assert_eq!(fail(&throttle, "ada@example.org", HERE, 899).unwrap_err().seconds, 1);
    fail(&throttle, "ada@example.org", HERE, 900).unwrap();
}

#[test]
fn others_are_not_affected() {
    let throttle = throttle();
    fail_until_refused(&throttle, "ada@example.org", HERE);
    fail(&throttle, "grace@example.org", HERE, 0).unwrap();
    fail(&throttle, "ada@example.org", elsewhere(1), 0).unwrap();
    assert!(fail(&throttle, " ADA@example.org ", HERE, 0).is_err(), "the same account, typed in another way");
}

#[test]
fn success_resets_the_pair_only() {
    let throttle = throttle();
    for _ in 0..4 {
        fail(&throttle, "ada@example.org", HERE, 0).unwrap();
        fail(&throttle, "ada@example.org", elsewhere(1), 0).unwrap();
    }
    throttle.admit(keys("ada@example.org", HERE), at(1)).unwrap().succeed();
    assert_eq!(fail_until_refused(&throttle, "ada@example.org", HERE).0, 5);
    assert_eq!(fail_until_refused(&throttle, "ada@example.org", elsewhere(1)).0, 1);
}

#[test]
fn an_address_has_its_limit_over_all_accounts() {
    let throttle = throttle();
    for number in 0..100 {
        fail(&throttle, &format!("person-{number}@example.org"), HERE, 0).unwrap();
    }
    let refusal = fail(&throttle, "another@example.org", HERE, 0).unwrap_err();
    assert_eq!(refusal, Refusal { seconds: 900, is_for_account_only: false });
    fail(&throttle, "another@example.org", elsewhere(1), 0).unwrap();
    fail(&throttle, "another@example.org", HERE, 900).unwrap();
}

#[test]
fn an_ipv6_network_is_one_address() {
    let throttle = throttle();
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    for number in 0..100 {
        let here = address(&format!("2001:db8:1:2::{number:x}"));
        fail(&throttle, &format!("person-{number}@example.org"), here, 0).unwrap();
    }
    assert!(fail(&throttle, "another@example.org", address("2001:db8:1:2:ffff::1"), 0).is_err());
    fail(&throttle, "another@example.org", address("2001:db8:1:3::1"), 0).unwrap();
    assert_eq!(network(address("::ffff:192.0.2.1")), HERE);
}

/// A stranger with many addresses reaches the limit of the account; the owner's address is told apart by it.
#[test]
fn an_account_has_its_limit_over_all_addresses() {
    let throttle = throttle();
    for number in 0..100 {
        fail(&throttle, "ada@example.org", elsewhere(number), 0).unwrap();
    }
    let refusal = fail(&throttle, "ada@example.org", HERE, 0).unwrap_err();
    assert_eq!(refusal, Refusal { seconds: 3_600, is_for_account_only: true });
    let account = account("ada@example.org");
    throttle.admit(vec![Key::Pair(account, HERE), Key::Address(HERE)], at(0)).unwrap().succeed();
    fail(&throttle, "ada@example.org", HERE, 3_600).unwrap();
}

/// Where an address has its own failures, nothing of the owner's is spared.
#[test]
fn the_limit_of_an_address_comes_before_that_of_an_account() {
    let throttle = throttle();
    for number in 0..100 {
        fail(&throttle, "ada@example.org", elsewhere(number), 0).unwrap();
    }
    for _ in 0..5 {
        throttle.admit(vec![Key::Pair(account("ada@example.org"), HERE)], at(0)).map(drop).unwrap();
    }
    let refusal = fail(&throttle, "ada@example.org", HERE, 0).unwrap_err();
    assert_eq!(refusal, Refusal { seconds: 1, is_for_account_only: false });
}

#[test]
fn attempts_at_the_same_time_hold_their_places() {
    let throttle = throttle();
    let running: Vec<_> = (0..10).map(|_| throttle.admit(keys("ada@example.org", HERE), at(0)).unwrap()).collect();
    assert_eq!(fail(&throttle, "ada@example.org", HERE, 0).unwrap_err().seconds, 1);
    running.into_iter().for_each(Attempt::forgive);
    assert_eq!(fail_until_refused(&throttle, "ada@example.org", HERE).0, 5, "what was forgiven counts for nothing");
}

#[test]
fn sign_ups_and_letters_count_their_successes() {
    let throttle = throttle();
    for (key, limit) in [(Key::SignUps(HERE), 20), (Key::Letters(account("ada@example.org")), 3)] {
        for _ in 0..50 {
            throttle.admit(vec![key], at(0)).map(drop).unwrap();
        }
        for _ in 0..limit {
            throttle.admit(vec![key], at(0)).unwrap().succeed();
        }
        assert_eq!(throttle.admit(vec![key], at(1)).err().unwrap().seconds, 3_599);
        throttle.admit(vec![key], at(3_600)).unwrap().succeed();
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
    let throttle = Throttle::new(limits);
    for _ in 0..1_000 {
        fail(&throttle, "ada@example.org", HERE, 0).unwrap();
        throttle.admit(vec![Key::SignUps(HERE)], at(0)).unwrap().succeed();
    }
    assert!(locked(&throttle.counters).is_empty());
}

#[test]
fn the_memory_is_bounded() {
    let throttle = throttle();
    for number in 0..2 * u32::try_from(COUNTERS.get()).unwrap() {
        throttle.admit(vec![Key::Address(IpAddr::V4(number.into()))], at(0)).map(drop).unwrap();
    }
    assert_eq!(locked(&throttle.counters).len(), COUNTERS.get());
    // What was dropped is what was touched longest ago.
    assert!(!locked(&throttle.counters).contains(&Key::Address(IpAddr::from([0, 0, 0, 0]))));
}
