use super::policy::Policy;
use crate::text_enum::text_enum;

/// What is known about an organization at the snapshot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Whether its own admin opted in, and has not opted out.
    pub has_joined: bool,
    /// Full days from its sign-up to the snapshot; negative if it signed up later.
    pub age_days: i64,
    /// Whether the operator has verified its legal entity and its segment.
    pub is_verified: bool,
    /// Its heads, over all published roles.
    pub headcount: f64,
    /// Its canonical roles with enough canonical tasks ([`super::OrganizationContribution::qualified_roles`]).
    pub qualified_roles: u32,
    /// Whether it is closed or being erased.
    pub is_closed: bool,
    /// Whether industry, size band and region are all known.
    pub has_segment: bool,
}

text_enum! {
    /// Why an organization does not contribute to a release (rules E1 and E2).
    Ineligible {
        /// Its admin has not opted in.
        NotJoined = "NOT_JOINED",
        /// The organization is closed.
        Closed = "CLOSED",
        /// It signed up too recently.
        TooYoung = "TOO_YOUNG",
        /// The operator has not verified its legal entity.
        NotVerified = "NOT_VERIFIED",
        /// Its industry, size band or region is unknown.
        NoSegment = "NO_SEGMENT",
        /// It has too few heads.
        TooSmall = "TOO_SMALL",
        /// It has too few roles with enough canonical tasks.
        TooFewRoles = "TOO_FEW_ROLES",
    }
}

/// Everything that keeps an organization out of a release, in the order of [`Ineligible::ALL`]; empty if it is eligible.
#[must_use]
pub fn eligibility(policy: &Policy, candidate: &Candidate) -> Vec<Ineligible> {
    let is_large_enough = candidate.headcount >= f64::from(policy.organization_headcount);
    let faults = [
        (!candidate.has_joined, Ineligible::NotJoined),
        (candidate.is_closed, Ineligible::Closed),
        (candidate.age_days < i64::from(policy.organization_age_days), Ineligible::TooYoung),
        (!candidate.is_verified, Ineligible::NotVerified),
        (!candidate.has_segment, Ineligible::NoSegment),
        (!is_large_enough, Ineligible::TooSmall),
        (candidate.qualified_roles < policy.organization_roles, Ineligible::TooFewRoles),
    ];
    faults.into_iter().filter_map(|(is_so, why)| is_so.then_some(why)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Candidate = Candidate {
        has_joined: true,
        age_days: 90,
        is_verified: true,
        headcount: 20.0,
        qualified_roles: 3,
        is_closed: false,
        has_segment: true,
    };

    #[test]
    fn limits_are_inclusive() {
        let faults = |candidate| eligibility(&Policy::default(), &candidate);
        assert_eq!(faults(GOOD), []);
        assert_eq!(faults(Candidate { age_days: 89, ..GOOD }), [Ineligible::TooYoung]);
        assert_eq!(faults(Candidate { headcount: 19.99, ..GOOD }), [Ineligible::TooSmall]);
        assert_eq!(faults(Candidate { headcount: f64::NAN, ..GOOD }), [Ineligible::TooSmall]);
        assert_eq!(faults(Candidate { qualified_roles: 2, ..GOOD }), [Ineligible::TooFewRoles]);
    }

    #[test]
    fn every_fault_is_named() {
        let bad = Candidate {
            has_joined: false,
            age_days: -1,
            is_verified: false,
            headcount: 0.0,
            qualified_roles: 0,
            is_closed: true,
            has_segment: false,
        };
        assert_eq!(eligibility(&Policy::default(), &bad), Ineligible::ALL);
    }
}
