use serde::{Deserialize, Serialize};

/// The version of the policy that [`Policy::default`] holds.
pub const POLICY_VERSION: u32 = 1;

/// Every number of the disclosure rules, as one versioned document. [`Policy::default`] is the normative one.
///
/// Its JSON text ([`Policy::to_json`]) is hashed into the manifest of a release. Counts are of control groups, releases
/// are counted in quarters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Policy {
    /// The version of this document.
    pub version: u32,
    /// Whether the operator accepts limits below the normative ones; such a release is marked.
    pub unsafe_policy: bool,
    /// R1: days between the snapshot and the publication, at least.
    pub publication_age_days: u32,
    /// R2: the releases that a version may be carried forward, at most.
    pub max_carry: u32,
    /// R3: an organization may change its segment once in this many releases.
    pub segment_change_releases: u32,
    /// E2: days since an organization signed up, at least.
    pub organization_age_days: u32,
    /// E2: heads of an organization, at least.
    pub organization_headcount: u32,
    /// E2: roles of an organization with enough canonical tasks, at least.
    pub organization_roles: u32,
    /// E2: canonical tasks with a stage that a role needs.
    pub role_tasks: u32,
    /// E3: heads in a role, at least.
    pub role_headcount: u32,
    /// E3: how many days before the snapshot a value must have been in force.
    pub value_age_days: u32,
    /// E5: how far from the centre a score counts, in thousandths of a point; also the unit of its noise.
    pub score_clamp: i64,
    /// E5: how far from the centre a headcount ratio counts, in thousandths of log2; also the unit of its noise.
    pub ratio_clamp: i64,
    /// E5: the centre of the scores while nothing is published, in thousandths of a point.
    pub first_score_centre: i64,
    /// E5: the centre of the headcount ratios while nothing is published, in thousandths of log2.
    pub first_ratio_centre: i64,
    /// E6: a group is new in this many releases, from the one that admitted it.
    pub new_releases: u32,
    /// E6: at most one contributor in this many may be new.
    pub new_one_in: u32,
    /// E6: contract-verified groups do not count as new up to this release number.
    pub new_exempt_until: u32,
    /// C1: contributors of a cell, at least.
    pub k_min: u32,
    /// C2 and V1: contributors left without those that one partner or viewer can see, at least.
    pub k_independent: u32,
    /// C2 and V1: how many months after its end access still counts.
    pub memory_months: u32,
    /// C3: what a parent has beside its published descendants is nothing, or at least this.
    pub complement_min: u32,
    /// C4: two cells of a role differ by nothing, or by at least this.
    pub near_duplicate_min: u32,
    /// C5: two versions of a cell differ by nothing, or by at least this.
    pub churn_min: u32,
    /// C5 and the audit: how many releases back versions are looked at.
    pub window: u32,
    /// C6: below this many contributors a cell is refreshed slowly.
    pub slow_refresh_below: u32,
    /// C6: a slow cell is refreshed once in this many releases.
    pub slow_refresh_every: u32,
    /// C7: a share stays this many contributors away from none and from all.
    pub certainty_margin: u32,
    /// C7: the least counts of the bands in which the number of contributors is shown, ascending.
    pub bands: Vec<u32>,
    /// 3.4: quartiles and stage mix from this count on.
    pub quartiles_from: u32,
    /// 3.4: tasks, skills and the headcount ratio from this count on.
    pub details_from: u32,
    /// 3.4: P10, P90 and trends from this count on.
    pub tails_from: u32,
    /// 3.4: quantiles from a noisy histogram instead of a model from this count on.
    pub histogram_from: u32,
    /// 3.4: canonical skills that count, at most.
    pub skills_max: u32,
    /// 3.4: how coarsely values are rounded, by count, ascending.
    pub rounding: Vec<RoundingStep>,
    /// 3.5: standard deviation of the noise that all roles of a peer group share, in units of one contributor's effect.
    pub common_noise: f64,
    /// 3.5: standard deviation of a cell's own noise, in the same units.
    pub own_noise: f64,
    /// 3.5: the noise of a sum grows with the count once the count times this exceeds 1.
    pub noise_per_contributor: f64,
    /// The least and the greatest variance of a cell that the quartiles are made of, in squared units.
    pub variance_range: (f64, f64),
    /// 3.7: the standard deviation of a value before anything is published, in units.
    pub prior_sd: f64,
    /// 3.7: the share of its uncertainty that every contributor must keep.
    pub audit_worst: f64,
    /// 3.7: the share of its uncertainty that nearly every contributor must keep.
    pub audit_usual: f64,
    /// 3.7: how many of the contributors must keep the usual share.
    pub audit_usual_share: f64,
}

/// How coarsely values are rounded from a count on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RoundingStep {
    /// The least count of contributors.
    pub from: u32,
    /// Scores, in points.
    pub score_points: u32,
    /// Shares, in percentage points.
    pub share_percent: u32,
    /// Headcount ratios, in thousandths of log2.
    pub ratio_millis: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            version: POLICY_VERSION,
            unsafe_policy: false,
            publication_age_days: 90,
            max_carry: 4,
            segment_change_releases: 4,
            organization_age_days: 90,
            organization_headcount: 20,
            organization_roles: 3,
            role_tasks: 5,
            role_headcount: 3,
            value_age_days: 30,
            score_clamp: 30_000,
            ratio_clamp: 2_000,
            first_score_centre: 50_000,
            first_ratio_centre: -5_000,
            new_releases: 2,
            new_one_in: 3,
            new_exempt_until: 4,
            k_min: 10,
            k_independent: 8,
            memory_months: 24,
            complement_min: 10,
            near_duplicate_min: 5,
            churn_min: 5,
            window: 8,
            slow_refresh_below: 50,
            slow_refresh_every: 2,
            certainty_margin: 2,
            bands: vec![10, 25, 50, 100, 250, 1_000],
            quartiles_from: 20,
            details_from: 30,
            tails_from: 100,
            histogram_from: 250,
            skills_max: 40,
            rounding: normative_rounding(),
            common_noise: 1.0,
            own_noise: 1.0,
            // With both components, 0.02 units of noise on a mean.
            noise_per_contributor: 0.02 * std::f64::consts::FRAC_1_SQRT_2,
            variance_range: (0.0225, 0.6),
            prior_sd: 0.5,
            audit_worst: 0.80,
            audit_usual: 0.90,
            audit_usual_share: 0.98,
        }
    }
}

fn normative_rounding() -> Vec<RoundingStep> {
    let step = |from, score_points, share_percent, ratio_millis| RoundingStep {
        from,
        score_points,
        share_percent,
        ratio_millis,
    };
    vec![step(10, 5, 5, 150), step(20, 2, 5, 150), step(50, 1, 2, 75), step(100, 1, 1, 75)]
}

impl Policy {
    /// The document as JSON: without spaces, its fields in one order, so that equal policies have equal texts.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The rounding for a count of contributors.
    #[must_use]
    pub fn rounding_for(&self, contributors: u32) -> RoundingStep {
        let steps = self.rounding.iter().rev();
        let first = self.rounding.first();
        let step = steps.clone().find(|step| step.from <= contributors).or(first);
        step.copied().unwrap_or(RoundingStep { from: 0, score_points: 5, share_percent: 5, ratio_millis: 150 })
    }

    /// The least count that has the same band and the same detail as this one: what anybody can tell about a count.
    ///
    /// Margins and bounds are computed with it, so that they do not give the exact count away.
    #[must_use]
    pub fn disclosed_count(&self, contributors: u32) -> u32 {
        let details = [self.quartiles_from, self.details_from, self.tails_from, self.histogram_from];
        let steps = self.rounding.iter().map(|step| step.from);
        let thresholds = self.bands.iter().copied().chain(details).chain(steps);
        thresholds.filter(|from| *from <= contributors).max().unwrap_or(contributors).max(1)
    }

    /// By how much the noise of a sum is stretched for a count: `f(n) = max(1, 0.01414 n)`.
    #[must_use]
    pub fn noise_factor(&self, contributors: u32) -> f64 {
        (self.noise_per_contributor * f64::from(contributors)).max(1.0)
    }

    /// Standard deviation of the noise on a sum, both components together, in units of one contributor's effect.
    #[must_use]
    pub fn sum_noise(&self, contributors: u32) -> f64 {
        self.noise_factor(contributors) * self.common_noise.hypot(self.own_noise)
    }

    /// Standard deviation of the noise on a mean, in units: `max(sqrt(2) / n, 0.02)`.
    #[must_use]
    pub fn mean_noise(&self, contributors: u32) -> f64 {
        self.sum_noise(contributors) / f64::from(contributors.max(1))
    }

    /// The budget that one statistic of a version spends on one contributor: the mu of Gaussian differential privacy for
    /// adding or removing it, membership being public. At most 0.71.
    #[must_use]
    pub fn mu(&self, contributors: u32) -> f64 {
        1.0 / self.sum_noise(contributors)
    }

    /// The budget of mean and second moment together, of which the latter moves by half a unit at most. At most 0.87.
    #[must_use]
    pub fn mu_with_second_moment(&self, contributors: u32) -> f64 {
        // Its noise is smaller by sqrt(2) as well.
        self.mu(contributors) * (1.0 + 0.5_f64).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(actual: f64, expected: f64, tolerance: f64) {
        assert!((actual - expected).abs() <= tolerance, "{actual} is not {expected}");
    }

    #[test]
    fn the_budget_is_that_of_the_notes() {
        let policy = Policy::default();
        for (contributors, mu) in [(10, 0.71), (20, 0.71), (30, 0.71), (50, 0.71), (100, 0.50), (1_000, 0.05)] {
            assert_close(policy.mu(contributors), mu, 0.005);
            let noise = (2_f64.sqrt() / f64::from(contributors)).max(0.02);
            assert_close(policy.mean_noise(contributors), noise, 1e-9);
            assert_close(policy.mu(contributors), 1.0 / (f64::from(contributors) * noise), 1e-9);
        }
        assert_close(policy.mu_with_second_moment(10), 0.87, 0.005);
    }

    #[test]
    fn a_count_is_disclosed_as_its_band_and_detail_only() {
        let policy = Policy::default();
        for (count, disclosed) in [(10, 10), (19, 10), (20, 20), (24, 20), (25, 25), (30, 30), (49, 30), (50, 50)] {
            assert_eq!(policy.disclosed_count(count), disclosed);
        }
        assert_eq!([99, 249, 250, 999, 70_000].map(|n| policy.disclosed_count(n)), [50, 100, 250, 250, 1_000]);
    }

    #[test]
    fn rounding_follows_the_count() {
        let policy = Policy::default();
        let of = |count| {
            let step = policy.rounding_for(count);
            (step.score_points, step.share_percent)
        };
        assert_eq!([10, 19, 20, 29, 30, 49].map(of), [(5, 5), (5, 5), (2, 5), (2, 5), (2, 5), (2, 5)]);
        assert_eq!([50, 99, 100, 5_000].map(of), [(1, 2), (1, 2), (1, 1), (1, 1)]);
    }

    #[test]
    fn the_document_reads_back() {
        let policy = Policy::default();
        assert_eq!(serde_json::from_str::<Policy>(&policy.to_json()).unwrap(), policy);
        assert!(serde_json::from_str::<Policy>(r#"{"kMinimum":3}"#).is_err());
        assert_eq!(serde_json::from_str::<Policy>("{}").unwrap(), policy);
    }
}
