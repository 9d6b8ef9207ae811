//! Versions of O*NET and when they came out.

/// The version when nothing tells it.
pub(super) const UNVERSIONED: &str = "unversioned";

/// The version in the words of a name: the two numbers behind "onet" or "db", as in `onet_29_3_skills` or `db_29_3_text`.
pub(super) fn from_words(words: &[String]) -> Option<String> {
    let is_number = |word: &String| word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    words.windows(3).find_map(|window| match window {
        [name, major, minor] if (name == "onet" || name == "db") && is_number(major) && is_number(minor) => {
            Some(format!("{major}.{minor}"))
        }
        _ => None,
    })
}

/// The first day of the month in which a version came out, as `YYYY-MM-DD`. From 25.0 (August 2020) to 29.3 (May 2025)
/// there was one each August, November, February and May; of other versions nothing is said.
pub(super) fn published_on(version: &str) -> Option<String> {
    let (major, minor) = version.split_once('.')?;
    let major: u32 = major.parse().ok().filter(|major| (25..=29).contains(major))?;
    let (years, month) = match minor {
        "0" => (0, "08"),
        "1" => (0, "11"),
        "2" => (1, "02"),
        "3" => (1, "05"),
        _ => return None,
    };
    Some(format!("{}-{month}-01", 1995 + major + years))
}

/// The first day of a month that a file writes as `MM/YYYY`, as `YYYY-MM-DD`.
pub(super) fn day_of_month(text: &str) -> Option<String> {
    let (month, year) = text.split_once('/')?;
    let month: u8 = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    let year: u16 = year.parse().ok().filter(|year| (1990..=9999).contains(year))?;
    Some(format!("{year}-{month:02}-01"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_their_month() {
        assert_eq!(published_on("29.3").as_deref(), Some("2025-05-01"));
        assert_eq!(published_on("25.0").as_deref(), Some("2020-08-01"));
        for unknown in ["30.0", "24.1", "29.4", "unversioned", "29"] {
            assert_eq!(published_on(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn months_are_read() {
        assert_eq!(day_of_month("08/2023").as_deref(), Some("2023-08-01"));
        for bad in ["", "13/2023", "2023", "08-2023", "00/2023"] {
            assert_eq!(day_of_month(bad), None, "{bad}");
        }
    }
}
