//! What the next release would get of an organization, made anew from its own rows.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use domain::{
    disclosure::{Axis, Candidate, Day, Ineligible, LeftOut, OrganizationContribution, Policy, Quarter, eligibility},
    ids::RoleConfigurationId,
    roles::RoleDefinition,
};

use super::{SentContribution, SentRow, Standing, roles::PublishedRoles};
use crate::{
    Store,
    access::{Access, TenantScope},
    error::StoreError,
};

/// What the next release would get, and what stands against it.
#[derive(Clone, Debug)]
pub struct NextContribution {
    /// The release of the current quarter, such as `2026-Q3`.
    pub release_key: String,
    /// The instant of its snapshot: who takes part then, contributes.
    pub snapshot_at: DateTime<Utc>,
    /// Versions published after this instant are too young for it.
    pub values_as_of: DateTime<Utc>,
    /// What would be sent.
    pub contribution: SentContribution,
    /// Roles that are not in it.
    pub left_out: Vec<LeftOutOfNext>,
    /// Heads over all published roles.
    pub total_heads: f64,
    /// How many canonical roles have enough canonical tasks.
    pub qualified_roles: u32,
    /// Everything that stands against a contribution; empty if there will be one.
    pub obstacles: Vec<Ineligible>,
}

/// A role that is not in the next contribution.
#[derive(Clone, Debug)]
pub struct LeftOutOfNext {
    /// The role.
    pub role: RoleConfigurationId,
    /// Its title.
    pub title: String,
    /// Why.
    pub why: WhyLeftOut,
}

/// Why a published role is not in the next contribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyLeftOut {
    /// By the rules of contributions.
    Rule(LeftOut),
    /// It was first published too shortly before the snapshot.
    TooYoung,
}

/// The instants of the release that comes next.
struct Timing {
    quarter: Quarter,
    snapshot_at: DateTime<Utc>,
    values_as_of: DateTime<Utc>,
}

impl Store {
    /// What the next release would get of an organization, which stands like this; `None` if the clock stands outside the
    /// years that have releases. It is made with the rules and the functions that the builder uses.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_contribution<A: Access>(
        &self,
        scope: &TenantScope<A>,
        standing: &Standing,
    ) -> Result<Option<NextContribution>, StoreError> {
        let (now, policy) = (self.clock().now(), Policy::default());
        let Some(timing) = Timing::at(now, &policy) else { return Ok(None) };
        let reader = self.read(scope).await?;
        let roles = reader.benchmark_part().roles_at(timing.values_as_of).await?;
        // Before the cut, every published role has been published in time.
        let is_past_cut = timing.values_as_of < now;
        let published = if is_past_cut { reader.benchmark_part().published_titles().await? } else { Vec::new() };
        drop(reader);
        let axes = self.axes_of(&roles.definitions, &policy).await?;
        let made = OrganizationContribution::of(&roles.definitions, &axes, &policy);
        let entry = scope.entry();
        let candidate = Candidate {
            has_joined: standing.current().is_some(),
            age_days: (timing.snapshot_at - entry.organization_created_at).num_days(),
            is_verified: standing.is_verified(),
            headcount: made.total_heads,
            qualified_roles: made.qualified_roles,
            is_closed: entry.organization_closed_at.is_some(),
            has_segment: standing.segment.is_some(),
        };
        Ok(Some(NextContribution {
            release_key: timing.quarter.to_string(),
            snapshot_at: timing.snapshot_at,
            values_as_of: timing.values_as_of,
            contribution: sent(standing, &axes, &made),
            left_out: left_out(&roles, &made, published),
            total_heads: made.total_heads,
            qualified_roles: made.qualified_roles,
            obstacles: eligibility(&policy, &candidate),
        }))
    }

    /// The axes of the canonical roles that these roles are linked to, and of the combinations with one of them. The axes
    /// of other roles make no difference to a contribution, but for the other components of a combination.
    async fn axes_of(&self, roles: &[RoleDefinition], policy: &Policy) -> Result<Vec<Axis>, StoreError> {
        let linked: BTreeSet<&str> = roles.iter().filter_map(|role| role.canonical_role.as_deref()).collect();
        let mut combinations = self.library().combinations(None).await?;
        combinations.retain(|combination| combination.roles.iter().any(|key| linked.contains(key.as_str())));
        let components = combinations.iter().flat_map(|combination| combination.roles.iter().map(String::as_str));
        let keys: Vec<&str> = linked.iter().copied().chain(components).collect::<BTreeSet<_>>().into_iter().collect();
        let found = self.library().roles(&keys).await?;
        let of_roles = keys.iter().filter_map(|key| found.get(*key)).map(|role| Axis::of_role(&role.role, policy));
        Ok(of_roles.chain(combinations.iter().map(Axis::of_combination)).collect())
    }
}

impl Standing {
    /// Whether the operator has verified both who is behind the organization and its segment.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verification.is_some() && self.segment.as_ref().is_some_and(|segment| segment.verified_at.is_some())
    }
}

impl Timing {
    fn at(now: DateTime<Utc>, policy: &Policy) -> Option<Self> {
        let day = Day { year: now.year(), month: u8::try_from(now.month()).ok()?, day: u8::try_from(now.day()).ok()? };
        let quarter = Quarter::of(day)?;
        let (snapshot_at, values_as_of) =
            (first_moment(quarter.snapshot())?, first_moment(quarter.values_as_of(policy))?);
        Some(Self { quarter, snapshot_at, values_as_of })
    }
}

fn first_moment(day: Day) -> Option<DateTime<Utc>> {
    let date = NaiveDate::from_ymd_opt(day.year, day.month.into(), day.day.into())?;
    Some(date.and_time(NaiveTime::MIN).and_utc())
}

fn sent(standing: &Standing, axes: &[Axis], made: &OrganizationContribution) -> SentContribution {
    let axis_of = |key: &str| axes.iter().find(|axis| axis.key == key);
    let rows = made.rows.iter().filter_map(|row| Some(SentRow::of(axis_of(&row.axis)?, &row.contribution)));
    SentContribution { segment: standing.segment.as_ref().map(|declared| declared.segment), rows: rows.collect() }
}

fn left_out(
    roles: &PublishedRoles,
    made: &OrganizationContribution,
    published: Vec<(RoleConfigurationId, String)>,
) -> Vec<LeftOutOfNext> {
    let by_rule = made.left_out.iter().filter_map(|role| {
        let id = roles.ids.get(role.position)?;
        Some(LeftOutOfNext { role: *id, title: role.title.clone(), why: WhyLeftOut::Rule(role.why) })
    });
    let too_young = published.into_iter().filter(|(id, _)| roles.ids.binary_search(id).is_err());
    let too_young = too_young.map(|(role, title)| LeftOutOfNext { role, title, why: WhyLeftOut::TooYoung });
    by_rule.chain(too_young).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_published_after_the_cut_is_too_young() {
        let id = |number| RoleConfigurationId(uuid::Uuid::from_u128(number));
        let roles = PublishedRoles { ids: vec![id(1), id(3)], definitions: Vec::new() };
        let published = [1, 2, 3].map(|number| (id(number), format!("Role {number}"))).to_vec();
        let left_out = left_out(&roles, &OrganizationContribution::default(), published);
        let found: Vec<_> = left_out.iter().map(|role| (role.role, role.title.as_str(), role.why)).collect();
        assert_eq!(found, [(id(2), "Role 2", WhyLeftOut::TooYoung)]);
    }

    #[test]
    fn a_release_takes_what_was_there_30_days_before_its_snapshot() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        for (now, key, cut, snapshot) in [
            ("2026-07-01T00:00:00Z", "2026-Q3", "2026-09-01T00:00:00Z", "2026-10-01T00:00:00Z"),
            ("2026-09-30T23:59:59Z", "2026-Q3", "2026-09-01T00:00:00Z", "2026-10-01T00:00:00Z"),
            ("2026-12-31T12:00:00Z", "2026-Q4", "2026-12-02T00:00:00Z", "2027-01-01T00:00:00Z"),
        ] {
            let timing = Timing::at(at(now), &Policy::default()).unwrap();
            assert_eq!(timing.quarter.to_string(), key, "{now}");
            assert_eq!((timing.values_as_of, timing.snapshot_at), (at(cut), at(snapshot)), "{now}");
        }
        assert!(Timing::at(at("1999-12-31T00:00:00Z"), &Policy::default()).is_none());
    }
}
