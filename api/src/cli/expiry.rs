//! When a key expires, as a person says it.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use store::keys::KEY_DAYS_MAXIMUM;

/// A time to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    /// So many days from now.
    Days(i64),
    /// When this day is over.
    After(NaiveDate),
}

impl std::str::FromStr for Expiry {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let days = text.strip_suffix('d').and_then(|days| days.parse().ok()).map(Self::Days);
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self::After);
        days.or(day).ok_or_else(|| "give days, such as 90d, or a day, such as 2027-01-31".to_owned())
    }
}

impl Expiry {
    /// The instant, if a key may live that long.
    pub(super) fn instant(self, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
        let latest = now + Duration::days(KEY_DAYS_MAXIMUM);
        let instant = match self {
            Self::Days(days) => Duration::try_days(days).and_then(|days| now.checked_add_signed(days)),
            Self::After(day) => day.succ_opt().map(|next| next.and_time(NaiveTime::MIN).and_utc()),
        };
        match instant {
            Some(instant) if now < instant && instant <= latest => Ok(instant),
            Some(instant) if instant <= now => Err("--expires: this is over; give a time to come".to_owned()),
            _ => {
                let day = latest.date_naive() - Duration::days(1);
                Err(format!("--expires: a key lives {KEY_DAYS_MAXIMUM} days at most; give {day} at the latest"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_in_days_or_at_the_end_of_a_day() {
        let now = DateTime::UNIX_EPOCH + Duration::hours(12);
        let at = |text: &str| text.parse::<Expiry>().and_then(|expiry| expiry.instant(now));
        assert_eq!(at("90d"), Ok(now + Duration::days(90)));
        assert_eq!(at("365d"), Ok(now + Duration::days(365)));
        assert_eq!(at("1970-01-01"), Ok(DateTime::UNIX_EPOCH + Duration::days(1)));
        assert_eq!(at("1970-12-31"), Ok(DateTime::UNIX_EPOCH + Duration::days(365)));
        for bad in
            ["0d", "-1d", "366d", "1969-12-31", "1971-01-01", "9223372036854775807d", "", "90", "1970-13-01", "d"]
        {
            assert!(at(bad).is_err(), "{bad}");
        }
    }
}
