//! Which world it is, and its calendar.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Utc};
use domain::disclosure::{Day, Policy, Quarter};
use serde::{Deserialize, Serialize};

/// How many quarters a world has.
pub const QUARTERS: usize = 8;

/// What a synthetic world is made from: equal ones give equal worlds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorldSpec {
    /// The seed of all its chance.
    pub seed: u64,
    /// How many organizations it has over all its quarters.
    pub organizations: usize,
    /// Its last quarter.
    pub last: Quarter,
}

impl WorldSpec {
    /// A world that ends with the last quarter whose release can be published at an instant; nothing for an instant before
    /// the year 2002 or after 2999.
    #[must_use]
    pub fn ending_before(now: DateTime<Utc>, seed: u64, organizations: usize) -> Option<Self> {
        let today =
            Day { year: now.year(), month: u8::try_from(now.month()).ok()?, day: u8::try_from(now.day()).ok()? };
        let policy = Policy::default();
        let mut last = Quarter::of(today)?;
        while last.earliest_publication(&policy) >= today {
            last = last.previous();
        }
        (last.year() >= 2002).then_some(Self { seed, organizations, last })
    }

    /// Its quarters, the first one first.
    #[must_use]
    pub fn quarters(&self) -> Vec<Quarter> {
        let mut quarters: Vec<Quarter> =
            std::iter::successors(Some(self.last), |quarter| Some(quarter.previous())).take(QUARTERS).collect();
        quarters.reverse();
        quarters
    }
}

/// The first moment of a day.
#[must_use]
pub fn midnight(day: Day) -> DateTime<Utc> {
    let date = NaiveDate::from_ymd_opt(day.year, day.month.into(), day.day.into());
    date.map(|date| date.and_time(NaiveTime::MIN).and_utc()).unwrap_or_default()
}

/// The snapshots of a world's quarters.
pub(super) struct Calendar(Vec<DateTime<Utc>>);

impl Calendar {
    pub(super) fn of(spec: &WorldSpec) -> Self {
        Self(spec.quarters().into_iter().map(|quarter| midnight(quarter.snapshot())).collect())
    }

    /// The snapshot of a quarter, counted from 0.
    pub(super) fn snapshot(&self, quarter: usize) -> DateTime<Utc> {
        self.0.get(quarter).or(self.0.last()).copied().unwrap_or_default()
    }

    /// An instant so many days before the snapshot of a quarter, within working hours.
    pub(super) fn before(&self, quarter: usize, days: i64, moment: f64) -> DateTime<Utc> {
        let seconds = 8.0 * 3_600.0 + moment * 10.0 * 3_600.0;
        self.snapshot(quarter) - Duration::days(days) + Duration::seconds(seconds as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(year: i32, month: u8, day: u8) -> String {
        let spec = WorldSpec::ending_before(midnight(Day { year, month, day }), 1, 1).unwrap();
        spec.last.to_string()
    }

    #[test]
    fn the_last_quarter_can_be_published() {
        assert_eq!(last(2026, 11, 22), "2026-Q2");
        // The 90 days after 1 July end with 29 September.
        assert_eq!([last(2026, 9, 29), last(2026, 9, 30)], ["2026-Q1", "2026-Q2"]);
        assert_eq!(last(2027, 1, 1), "2026-Q3");
    }

    #[test]
    fn there_are_eight_quarters() {
        let spec = WorldSpec { seed: 1, organizations: 1, last: "2026-Q2".parse().unwrap() };
        let quarters: Vec<String> = spec.quarters().iter().map(ToString::to_string).collect();
        assert_eq!(quarters.first().map(String::as_str), Some("2024-Q3"));
        assert_eq!(quarters.last().map(String::as_str), Some("2026-Q2"));
        let calendar = Calendar::of(&spec);
        assert_eq!(calendar.snapshot(0).to_rfc3339(), "2024-10-01T00:00:00+00:00");
        assert_eq!(calendar.snapshot(7).to_rfc3339(), "2026-07-01T00:00:00+00:00");
    }
}
