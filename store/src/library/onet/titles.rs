//! Other titles of occupations, for search.

use std::collections::{HashMap, HashSet};

use super::table::{checked_code, for_each_row};
use crate::library::import::FileFault;

/// The most other titles of one occupation; the catch-all ones have thousands.
const TITLES_MAXIMUM: usize = 100;

/// The titles of each occupation in the order in which they were added.
#[derive(Default)]
pub(super) struct OtherTitles(HashMap<String, Vec<String>>);

impl OtherTitles {
    /// Adds the titles of a file; `column` is the one that holds them.
    pub(super) fn add(&mut self, text: &str, column: &str) -> Result<(), FileFault> {
        for_each_row(text, ["O*NET-SOC Code", column], |line, [code, title]| {
            let code = checked_code(line, code)?;
            if !title.is_empty() {
                self.0.entry(code.to_owned()).or_default().push(title.to_owned());
            }
            Ok(())
        })
    }

    /// The other titles of an occupation, each once and without its own title, the first ones if there are too many.
    pub(super) fn take(&mut self, code: &str, title: &str, longest: usize) -> Vec<String> {
        let mut seen = HashSet::from([title.to_lowercase()]);
        let mut titles = self.0.remove(code).unwrap_or_default();
        titles.retain(|title| title.chars().count() <= longest && seen.insert(title.to_lowercase()));
        titles.truncate(TITLES_MAXIMUM);
        titles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_kept_once_and_in_order() {
        let mut titles = OtherTitles::default();
        titles
            .add("O*NET-SOC Code\tReported Job Title\n11-1011.00\tCEO\n11-1011.00\tChief\n", "Reported Job Title")
            .unwrap();
        let mut more = "O*NET-SOC Code\tAlternate Title\n11-1011.00\tceo\n11-1011.00\tChief Executives\n".to_owned();
        for number in 0..150 {
            more.push_str(&format!("11-1011.00\tBoss {number}\n"));
        }
        titles.add(&more, "Alternate Title").unwrap();
        let taken = titles.take("11-1011.00", "Chief Executives", 200);
        assert_eq!(taken.len(), 100);
        assert_eq!(taken[..3], ["CEO", "Chief", "Boss 0"]);
        assert!(titles.take("15-1252.00", "Software Developers", 200).is_empty());
    }
}
