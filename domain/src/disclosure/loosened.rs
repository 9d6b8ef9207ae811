use serde::{Deserialize, Serialize};

use super::policy::{Policy, RoundingStep};

/// A number of a policy that protects less than the normative one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Loosened {
    /// The field, as in the JSON text of the policy.
    pub field: String,
    /// What the policy says.
    pub value: String,
    /// What it must say at least or at most, such as `at least 10`.
    pub normative: String,
}

/// The least standard deviation of each part of the noise, in units of one contributor's effect: below it figures are as
/// good as exact.
const NOISE_MINIMUM: f64 = 0.05;

impl Policy {
    /// Whether the noise of this policy hides nothing. No build takes such a policy, also not with
    /// [`Policy::unsafe_policy`]: exact figures are for tests alone.
    #[must_use]
    pub fn is_without_noise(&self) -> bool {
        [self.common_noise, self.own_noise].iter().any(|sd| sd.is_nan() || *sd < NOISE_MINIMUM)
    }

    /// Every number that protects less than the normative policy does; empty for a policy that may be used as it is.
    ///
    /// A builder refuses a policy with any, unless [`Policy::unsafe_policy`] says that this is meant.
    #[must_use]
    pub fn check(&self) -> Vec<Loosened> {
        let mut check = Check { normative: Self::default(), found: Vec::new() };
        check.admission(self);
        check.cells(self);
        check.detail(self);
        check.noise(self);
        check.found
    }
}

struct Check {
    normative: Policy,
    found: Vec<Loosened>,
}

impl Check {
    fn add(&mut self, field: &str, value: impl ToString, normative: String) {
        self.found.push(Loosened { field: field.to_owned(), value: value.to_string(), normative });
    }

    /// The value must not be below the normative one. Not a number is below everything.
    fn at_least(&mut self, field: &str, value: f64, normative: f64) {
        if value.is_nan() || value < normative {
            self.add(field, value, format!("at least {normative}"));
        }
    }

    fn at_most(&mut self, field: &str, value: f64, normative: f64) {
        if value.is_nan() || value > normative {
            self.add(field, value, format!("at most {normative}"));
        }
    }

    /// Rules R and E: who contributes, what and when.
    fn admission(&mut self, policy: &Policy) {
        let least = |policy: &Policy| {
            [
                ("publicationAgeDays", policy.publication_age_days),
                ("segmentChangeReleases", policy.segment_change_releases),
                ("organizationAgeDays", policy.organization_age_days),
                ("organizationHeadcount", policy.organization_headcount),
                ("organizationRoles", policy.organization_roles),
                ("roleTasks", policy.role_tasks),
                ("roleHeadcount", policy.role_headcount),
                ("valueAgeDays", policy.value_age_days),
                ("newReleases", policy.new_releases),
                ("newOneIn", policy.new_one_in),
            ]
        };
        self.all_at_least(&least(policy), &least(&Policy::default()));
        self.at_most("maxCarry", policy.max_carry.into(), self.normative.max_carry.into());
        self.at_most("newExemptUntil", policy.new_exempt_until.into(), self.normative.new_exempt_until.into());
        // Wider clamps let one contributor move a figure further; noise grows with them, so R stays, dominance does not.
        self.at_most("scoreClamp", policy.score_clamp as f64, self.normative.score_clamp as f64);
        self.at_most("ratioClamp", policy.ratio_clamp as f64, self.normative.ratio_clamp as f64);
    }

    fn all_at_least(&mut self, values: &[(&str, u32)], normative: &[(&str, u32)]) {
        for ((field, value), (_, normative)) in values.iter().zip(normative) {
            self.at_least(field, (*value).into(), (*normative).into());
        }
    }

    /// Rules C1 to C7: which cells there are.
    fn cells(&mut self, policy: &Policy) {
        let least = |policy: &Policy| {
            [
                ("kMin", policy.k_min),
                ("kIndependent", policy.k_independent),
                ("memoryMonths", policy.memory_months),
                ("complementMin", policy.complement_min),
                ("nearDuplicateMin", policy.near_duplicate_min),
                ("churnMin", policy.churn_min),
                ("window", policy.window),
                ("slowRefreshBelow", policy.slow_refresh_below),
                ("slowRefreshEvery", policy.slow_refresh_every),
                ("certaintyMargin", policy.certainty_margin),
            ]
        };
        self.all_at_least(&least(policy), &least(&Policy::default()));
    }

    /// Section 3.4: what is shown at which count, and how coarsely.
    fn detail(&mut self, policy: &Policy) {
        let least = |policy: &Policy| {
            [
                ("quartilesFrom", policy.quartiles_from),
                ("detailsFrom", policy.details_from),
                ("tailsFrom", policy.tails_from),
                ("histogramFrom", policy.histogram_from),
            ]
        };
        self.all_at_least(&least(policy), &least(&Policy::default()));
        self.at_most("skillsMax", policy.skills_max.into(), self.normative.skills_max.into());
        let known = &self.normative.bands;
        let is_ascending = policy.bands.windows(2).all(|pair| pair[0] < pair[1]);
        if policy.bands.is_empty() || !is_ascending || policy.bands.iter().any(|band| !known.contains(band)) {
            let expected = format!("some of {known:?}, ascending");
            self.add("bands", format!("{:?}", policy.bands), expected);
        }
        self.rounding(policy);
    }

    /// Finer rounding than the normative one at any count.
    fn rounding(&mut self, policy: &Policy) {
        let counts = policy.rounding.iter().chain(&self.normative.rounding).map(|step| step.from);
        let is_finer = |step: RoundingStep, normative: RoundingStep| {
            step.score_points < normative.score_points
                || step.share_percent < normative.share_percent
                || step.ratio_millis < normative.ratio_millis
        };
        let finer = counts.filter(|count| is_finer(policy.rounding_for(*count), self.normative.rounding_for(*count)));
        if let Some(count) = finer.min() {
            self.add("rounding", format!("finer at {count}"), "as coarse as the normative one".to_owned());
        }
    }

    /// Sections 3.5 and 3.7.
    fn noise(&mut self, policy: &Policy) {
        let normative = self.normative.clone();
        self.at_least("commonNoise", policy.common_noise, normative.common_noise);
        self.at_least("ownNoise", policy.own_noise, normative.own_noise);
        self.at_least("noisePerContributor", policy.noise_per_contributor, normative.noise_per_contributor);
        self.at_most("priorSd", policy.prior_sd, normative.prior_sd);
        self.at_least("auditWorst", policy.audit_worst, normative.audit_worst);
        self.at_least("auditUsual", policy.audit_usual, normative.audit_usual);
        self.at_least("auditUsualShare", policy.audit_usual_share, normative.audit_usual_share);
        self.at_least("varianceRange.0", policy.variance_range.0, normative.variance_range.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(policy: &Policy) -> Vec<String> {
        policy.check().into_iter().map(|loosened| loosened.field).collect()
    }

    #[test]
    fn the_normative_policy_and_a_stricter_one_pass() {
        assert_eq!(Policy::default().check(), []);
        let strict = Policy {
            k_min: 20,
            max_carry: 2,
            bands: vec![10, 100],
            common_noise: 2.0,
            skills_max: 10,
            ..Policy::default()
        };
        assert_eq!(strict.check(), []);
    }

    #[test]
    fn a_looser_number_is_named() {
        let loose = Policy {
            k_min: 5,
            max_carry: 9,
            own_noise: 0.0,
            noise_per_contributor: f64::NAN,
            bands: vec![10, 11, 12],
            rounding: vec![RoundingStep { from: 10, score_points: 1, share_percent: 5, ratio_millis: 150 }],
            ..Policy::default()
        };
        assert_eq!(fields(&loose), ["maxCarry", "kMin", "bands", "rounding", "ownNoise", "noisePerContributor"]);
        let found = &loose.check()[1];
        assert_eq!((found.value.as_str(), found.normative.as_str()), ("5", "at least 10"));
    }

    #[test]
    fn a_policy_without_noise_is_known() {
        let with = |common_noise, own_noise| Policy { common_noise, own_noise, ..Policy::default() };
        assert!(!Policy::default().is_without_noise() && !with(0.05, 0.05).is_without_noise());
        for (common, own) in [(0.0, 1.0), (1.0, 0.0), (0.049, 1.0), (1.0, f64::NAN), (-1.0, 1.0)] {
            assert!(with(common, own).is_without_noise(), "{common} {own}");
        }
    }

    #[test]
    fn every_number_is_looked_at() {
        let normative = serde_json::to_value(Policy::default()).unwrap();
        let unchecked = ["version", "firstScoreCentre", "firstRatioCentre"];
        for (field, value) in normative.as_object().unwrap() {
            let Some(number) = value.as_f64().filter(|_| !unchecked.contains(&field.as_str())) else { continue };
            let with = |number: f64| {
                let number = if value.is_f64() { serde_json::json!(number) } else { serde_json::json!(number as i64) };
                let mut changed = normative.clone();
                changed[field] = number;
                fields(&serde_json::from_value::<Policy>(changed).unwrap())
            };
            let step = if value.is_f64() { number / 2.0 } else { 1.0 };
            let (below, above) = (with(number - step), with(number + step));
            assert_eq!([below, above].concat(), std::slice::from_ref(field), "{field}");
        }
    }
}
