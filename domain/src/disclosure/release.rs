use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::policy::Policy;
use crate::text_enum::text_enum;

/// The years that a quarter may lie in.
const YEARS: std::ops::RangeInclusive<u16> = 2000..=2999;

text_enum! {
    /// How far a release is.
    ReleaseState {
        /// It is being built.
        Draft = "DRAFT",
        /// It is complete and has passed the reconstruction audit.
        Audited = "AUDITED",
        /// Everybody may read it.
        Published = "PUBLISHED",
        /// It was withdrawn as a whole after a security incident.
        Retracted = "RETRACTED",
    }
}

impl ReleaseState {
    /// Whether a release in this state may go to `next`. There is one way, and no way back.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Draft, Self::Audited) | (Self::Audited, Self::Published) | (Self::Published, Self::Retracted)
        )
    }
}

/// A day of the Gregorian calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// The year.
    pub year: i32,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl Day {
    /// The day this many days later, or earlier if negative.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self::of_number(self.number() + days)
    }

    /// Days since 1 January 1970 (Howard Hinnant, "chrono-compatible low-level date algorithms").
    fn number(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// The opposite of [`Day::number`], from the same source.
    fn of_number(number: i64) -> Self {
        let shifted = number + 719_468;
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * month + 2) / 5 + 1) as u8;
        let calendar_month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year_of_era + i64::from(calendar_month <= 2);
        Self { year: year as i32, month: calendar_month as u8, day }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A quarter of a year, which names a release, such as `2026-Q3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Quarter {
    year: u16,
    quarter: u8,
}

/// A text that names no quarter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no quarter; write it as 2026-Q3")]
pub struct UnknownQuarter(pub String);

impl Quarter {
    /// The quarter of a year; nothing for a year outside 2000 to 2999 or a quarter outside 1 to 4.
    #[must_use]
    pub fn new(year: u16, quarter: u8) -> Option<Self> {
        (YEARS.contains(&year) && (1..=4).contains(&quarter)).then_some(Self { year, quarter })
    }

    /// The quarter that a day lies in; nothing for a year outside 2000 to 2999.
    #[must_use]
    pub fn of(day: Day) -> Option<Self> {
        Self::new(u16::try_from(day.year).ok()?, day.month.checked_sub(1)? / 3 + 1)
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The quarter within the year, 1 to 4.
    #[must_use]
    pub const fn quarter(self) -> u8 {
        self.quarter
    }

    /// The quarter after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self.quarter {
            4 => Self { year: self.year + 1, quarter: 1 },
            quarter => Self { year: self.year, quarter: quarter + 1 },
        }
    }

    /// The quarter before this one.
    #[must_use]
    pub const fn previous(self) -> Self {
        match self.quarter {
            1 => Self { year: self.year - 1, quarter: 4 },
            quarter => Self { year: self.year, quarter: quarter - 1 },
        }
    }

    /// The day with whose first moment, in UTC, the quarter is over: the instant of the snapshot.
    #[must_use]
    pub const fn snapshot(self) -> Day {
        let next = self.next();
        Day { year: next.year as i32, month: next.quarter * 3 - 2, day: 1 }
    }

    /// The day at whose first moment a value must have been in force to count (rule E3).
    #[must_use]
    pub fn values_as_of(self, policy: &Policy) -> Day {
        self.snapshot().plus(-i64::from(policy.value_age_days))
    }

    /// The first day on which the release may be published (rule R1).
    #[must_use]
    pub fn earliest_publication(self, policy: &Policy) -> Day {
        self.snapshot().plus(i64::from(policy.publication_age_days))
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-Q{}", self.year, self.quarter)
    }
}

impl FromStr for Quarter {
    type Err = UnknownQuarter;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let quarter = text.split_once("-Q").and_then(|(year, quarter)| {
            let digits = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
            let is_well_formed = digits(year, 4) && digits(quarter, 1);
            is_well_formed.then(|| Self::new(year.parse().ok()?, quarter.parse().ok()?)).flatten()
        });
        quarter.ok_or_else(|| UnknownQuarter(text.to_owned()))
    }
}

impl From<Quarter> for String {
    fn from(quarter: Quarter) -> Self {
        quarter.to_string()
    }
}

impl TryFrom<String> for Quarter {
    type Error = UnknownQuarter;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_goes_one_way() {
        let allowed: Vec<_> = ReleaseState::ALL
            .into_iter()
            .flat_map(|from| ReleaseState::ALL.map(|to| (from, to)))
            .filter(|(from, to)| from.may_become(*to))
            .collect();
        use ReleaseState::{Audited, Draft, Published, Retracted};
        assert_eq!(allowed, [(Draft, Audited), (Audited, Published), (Published, Retracted)]);
    }

    #[test]
    fn a_quarter_has_one_text() {
        let quarter: Quarter = "2026-Q3".parse().unwrap();
        assert_eq!((quarter.year(), quarter.quarter(), quarter.to_string().as_str()), (2026, 3, "2026-Q3"));
        assert_eq!(quarter.next().next().to_string(), "2027-Q1");
        assert_eq!(quarter.next().next().previous(), quarter.next());
        for text in ["", "2026", "2026-Q0", "2026-Q5", "2026-Q03", "26-Q1", "+026-Q1", "2026Q1", "9999-Q1", "2026-Q1 "]
        {
            assert_eq!(text.parse::<Quarter>(), Err(UnknownQuarter(text.to_owned())));
        }
    }

    #[test]
    fn a_snapshot_is_taken_when_the_quarter_is_over() {
        let policy = Policy::default();
        let quarter: Quarter = "2026-Q3".parse().unwrap();
        assert_eq!(quarter.snapshot().to_string(), "2026-10-01");
        assert_eq!(quarter.values_as_of(&policy).to_string(), "2026-09-01");
        assert_eq!(quarter.earliest_publication(&policy).to_string(), "2026-12-30");
        assert_eq!(quarter.next().snapshot().to_string(), "2027-01-01");
        assert_eq!(Quarter::of(quarter.snapshot()), Some(quarter.next()));
    }

    #[test]
    fn days_add_up_over_leap_years() {
        let day = Day { year: 2028, month: 2, day: 28 };
        assert_eq!(day.plus(1).to_string(), "2028-02-29");
        assert_eq!(day.plus(2).to_string(), "2028-03-01");
        assert_eq!(day.plus(366).plus(-366), day);
        assert_eq!(Day { year: 1970, month: 1, day: 1 }.number(), 0);
        for number in -800_000..800_000 {
            assert_eq!(Day::of_number(number).number(), number);
        }
    }
}
