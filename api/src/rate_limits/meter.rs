//! What one request is charged.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::ids::OrganizationId;
use store::access::Actor;

use super::{Balance, Charged, Exceeded, Payer, RateLimits, caller_key};
use crate::graphql::error::ApiError;

/// Charges a request to its caller, and to each organization that it enters, once. By default it charges nothing.
pub(crate) struct Meter {
    limits: Arc<RateLimits>,
    charges: Mutex<Charges>,
}

struct Charges {
    payer: Payer,
    /// Points that the caller was asked for so far.
    points: u32,
    /// What came of it.
    caller: Charged,
    organizations: HashMap<OrganizationId, Charged>,
}

impl Default for Meter {
    fn default() -> Self {
        Self::new(Arc::default(), None)
    }
}

impl Meter {
    /// A meter of a request whose caller is not known yet.
    pub(crate) fn new(limits: Arc<RateLimits>, address: Option<IpAddr>) -> Self {
        let payer = Payer::at(address.unwrap_or(Ipv4Addr::UNSPECIFIED.into()));
        let charges = Charges { payer, points: 0, caller: Ok(None), organizations: HashMap::new() };
        Self { limits, charges: Mutex::new(charges) }
    }

    /// From now on the actor pays.
    pub(crate) fn recognize(&self, actor: &Actor) {
        self.charges().payer = Payer::Caller(caller_key(actor));
    }

    /// Charges the request to its caller, up to so many points in all. A request that is refused stays so.
    ///
    /// # Errors
    /// If the caller has not that many points left.
    pub(crate) fn charge(&self, points: u32) -> Result<(), Exceeded> {
        let charges = &mut *self.charges();
        if charges.caller.is_ok() && points > charges.points {
            let charged = self.limits.charge(&charges.payer, charges.points, points);
            charges.caller = charged.map(|balance| balance.or(charges.caller.ok().flatten()));
            charges.points = points;
        }
        charges.caller.map(|_| ())
    }

    /// Charges the request to an organization whose data it is about to read or change.
    pub(crate) fn enter(&self, organization: OrganizationId) -> Result<(), ApiError> {
        let charges = &mut *self.charges();
        let charged = charges
            .organizations
            .entry(organization)
            .or_insert_with(|| self.limits.organizations.charge(&organization, 0, charges.points));
        charged.map(|_| ()).map_err(|exceeded| ApiError::RateLimited(exceeded.retry_after_seconds))
    }

    /// What is left by each policy that the request was charged by; of several organizations, the one with least.
    pub(crate) fn balances(&self) -> Vec<(&'static str, Balance)> {
        let charges = self.charges();
        let balance = |charged: &Charged| charged.map_or_else(|exceeded| Some(exceeded.balance), |balance| balance);
        let caller = balance(&charges.caller);
        let organization = charges.organizations.values().filter_map(balance).min_by_key(|balance| balance.remaining);
        let named = [("caller", caller), ("organization", organization)];
        named.into_iter().filter_map(|(name, balance)| Some((name, balance?))).collect()
    }

    fn charges(&self) -> MutexGuard<'_, Charges> {
        self.charges.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{super::RateLimitSettings, *};

    fn meter(limits: &Arc<RateLimits>) -> Meter {
        Meter::new(Arc::clone(limits), Some([192, 0, 2, 1].into()))
    }

    fn limits() -> Arc<RateLimits> {
        Arc::new(RateLimits::new(&RateLimitSettings {
            caller_points_per_minute: 0,
            organization_points_per_minute: 100,
            anonymous_points_per_minute: 10,
        }))
    }

    fn remaining(meter: &Meter) -> Vec<(&'static str, u32)> {
        meter.balances().into_iter().map(|(name, balance)| (name, balance.remaining)).collect()
    }

    #[test]
    fn a_request_is_charged_up_to_its_points() {
        let limits = limits();
        let first = meter(&limits);
        assert_eq!(remaining(&first), []);
        for (points, left) in [(1, 9), (1, 9), (7, 3), (1, 3)] {
            first.charge(points).unwrap();
            assert_eq!(remaining(&first), [("caller", left)]);
        }
        let second = meter(&limits);
        second.charge(1).unwrap();
        assert!(second.charge(4).is_err());
        assert!(second.charge(1).is_err(), "a refusal stands");
        assert_eq!(remaining(&second), [("caller", 2)]);
        let third = meter(&limits);
        third.charge(1).unwrap();
        assert_eq!(remaining(&third), [("caller", 1)]);
    }

    #[test]
    fn each_organization_is_charged_once_and_for_itself() {
        let limits = limits();
        let organizations = [1, 2].map(|id| OrganizationId(Uuid::from_u128(id)));
        for left in [94, 88] {
            let meter = meter(&limits);
            let _ = meter.charge(6);
            meter.enter(organizations[0]).unwrap();
            meter.enter(organizations[0]).unwrap();
            assert_eq!(remaining(&meter).last(), Some(&("organization", left)));
        }
        for _ in 0..14 {
            let meter = meter(&limits);
            let _ = meter.charge(6);
            meter.enter(organizations[0]).unwrap();
        }
        let meter = meter(&limits);
        let _ = meter.charge(6);
        let refused = meter.enter(organizations[0]);
        assert!(matches!(refused, Err(ApiError::RateLimited(1..=2))), "{refused:?}");
        meter.enter(organizations[1]).unwrap();
        assert_eq!(remaining(&meter).last(), Some(&("organization", 4)), "the one with least is told");
    }

    #[test]
    fn by_default_nothing_is_charged() {
        let meter = Meter::default();
        meter.charge(u32::MAX).unwrap();
        meter.enter(OrganizationId(Uuid::nil())).unwrap();
        assert_eq!(remaining(&meter), []);
    }
}
