//! How much a caller and an organization may ask for in a minute, in points: a request costs what the guard says that
//! it may cost the database, not 1.
//!
//! All threads of a server share the counts; servers beside each other count for themselves.

mod limiter;
mod meter;

use std::net::{IpAddr, Ipv6Addr};

use domain::ids::OrganizationId;
use limiter::Limiter;
pub(crate) use limiter::{Balance, Exceeded, WINDOW};
pub(crate) use meter::Meter;
use serde::Deserialize;
use store::access::Actor;

/// Points that may be used in a minute; all of them may be used at once. 0 switches a limit off.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct RateLimitSettings {
    /// Of one signed-in caller.
    pub caller_points_per_minute: u32,
    /// Of all requests that enter one organization, whoever sends them.
    pub organization_points_per_minute: u32,
    /// Of one address without credentials, or with wrong ones; of an IPv6 address the first 64 bits count.
    pub anonymous_points_per_minute: u32,
}

impl RateLimitSettings {
    /// No limit.
    pub const OFF: Self =
        Self { caller_points_per_minute: 0, organization_points_per_minute: 0, anonymous_points_per_minute: 0 };
}

impl Default for RateLimitSettings {
    /// A hundred pages of a hundred rows in one go, and 100 small requests a second for a caller.
    fn default() -> Self {
        Self {
            caller_points_per_minute: 6_000,
            organization_points_per_minute: 30_000,
            anonymous_points_per_minute: 600,
        }
    }
}

/// Cost of a document, as the guard counts it, that makes one point.
const COST_OF_A_POINT: u64 = 100;

/// The points of a request whose document has this cost; at least 1.
pub(crate) fn points(cost: u64) -> u32 {
    u32::try_from(cost.div_ceil(COST_OF_A_POINT)).unwrap_or(u32::MAX).max(1)
}

/// The counts of one server.
#[derive(Default)]
pub(crate) struct RateLimits {
    callers: Limiter<String>,
    organizations: Limiter<OrganizationId>,
    addresses: Limiter<IpAddr>,
}

impl RateLimits {
    pub(crate) fn new(settings: &RateLimitSettings) -> Self {
        Self {
            callers: Limiter::new(settings.caller_points_per_minute),
            organizations: Limiter::new(settings.organization_points_per_minute),
            addresses: Limiter::new(settings.anonymous_points_per_minute),
        }
    }

    /// Takes the points of a request from who sends it, who may have paid some already.
    fn charge(&self, payer: &Payer, paid: u32, points: u32) -> Charged {
        match payer {
            Payer::Caller(key) => self.callers.charge(key, paid, points),
            Payer::Address(address) => self.addresses.charge(address, paid, points),
        }
    }
}

/// What is left, `None` where there is no limit; or how far the limit was exceeded.
type Charged = Result<Option<Balance>, Exceeded>;

/// Whose points a request uses.
#[derive(Debug, PartialEq, Eq)]
enum Payer {
    /// Somebody who is signed in.
    Caller(String),
    /// Everybody else at this address.
    Address(IpAddr),
}

impl Payer {
    /// A client is given 64 bits of IPv6 addresses or more: one that counted for itself would cost nothing.
    fn at(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
            address => address,
        })
    }
}

/// What stands for a caller in the counts.
fn caller_key(actor: &Actor) -> String {
    format!("caller:{}", actor.id().simple())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_follow_the_cost() {
        for (cost, expected) in [(0, 1), (1, 1), (100, 1), (101, 2), (2_101, 22), (20_000, 200), (u64::MAX, u32::MAX)] {
            assert_eq!(points(cost), expected, "{cost}");
        }
    }

    #[test]
    fn addresses_of_one_network_pay_together() {
        let payer = |address: &str| Payer::at(address.parse().unwrap());
        assert_eq!(payer("2001:db8:1:2::3"), payer("2001:db8:1:2:ffff::1"));
        assert_ne!(payer("2001:db8:1:2::3"), payer("2001:db8:1:3::3"));
        assert_ne!(payer("192.0.2.1"), payer("192.0.2.2"));
        assert_eq!(payer("192.0.2.1"), payer("::ffff:192.0.2.1"));
    }
}
