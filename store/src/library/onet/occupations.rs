//! The occupations, and the families that they belong to.

use std::collections::BTreeMap;

use super::table::{checked_code, for_each_row, unexpected};
use crate::library::import::FileFault;

/// The major groups of the Standard Occupational Classification 2018: the first two digits of a code, and the name.
const FAMILIES: [(&str, &str); 23] = [
    ("11", "Management"),
    ("13", "Business and Financial Operations"),
    ("15", "Computer and Mathematical"),
    ("17", "Architecture and Engineering"),
    ("19", "Life, Physical, and Social Science"),
    ("21", "Community and Social Service"),
    ("23", "Legal"),
    ("25", "Educational Instruction and Library"),
    ("27", "Arts, Design, Entertainment, Sports, and Media"),
    ("29", "Healthcare Practitioners and Technical"),
    ("31", "Healthcare Support"),
    ("33", "Protective Service"),
    ("35", "Food Preparation and Serving Related"),
    ("37", "Building and Grounds Cleaning and Maintenance"),
    ("39", "Personal Care and Service"),
    ("41", "Sales and Related"),
    ("43", "Office and Administrative Support"),
    ("45", "Farming, Fishing, and Forestry"),
    ("47", "Construction and Extraction"),
    ("49", "Installation, Maintenance, and Repair"),
    ("51", "Production"),
    ("53", "Transportation and Material Moving"),
    ("55", "Military Specific"),
];

/// An occupation by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Occupation {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) family: &'static str,
}

/// The occupations by their codes.
pub(super) fn read(text: &str) -> Result<BTreeMap<String, Occupation>, FileFault> {
    let mut occupations = BTreeMap::new();
    for_each_row(text, ["O*NET-SOC Code", "Title", "Description"], |line, [code, title, description]| {
        let code = checked_code(line, code)?;
        let family = family_of(code).ok_or_else(|| unexpected(line, "major group of the code", code))?;
        let occupation = Occupation { title: title.to_owned(), description: description.to_owned(), family };
        if occupations.insert(code.to_owned(), occupation).is_some() {
            return Err(FileFault::on_line(line, format!("the occupation {code} occurs twice")));
        }
        Ok(())
    })?;
    if occupations.is_empty() {
        return Err(FileFault::whole("holds no occupation"));
    }
    Ok(occupations)
}

fn family_of(code: &str) -> Option<&'static str> {
    FAMILIES.iter().find(|(group, _)| code.starts_with(group)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn occupations_have_a_family() {
        let text = "O*NET-SOC Code\tTitle\tDescription\n15-1252.00\tSoftware Developers\tThey \"develop\".\n";
        let occupations = read(text).unwrap();
        let developers = &occupations["15-1252.00"];
        assert_eq!(
            (developers.title.as_str(), developers.family),
            ("Software Developers", "Computer and Mathematical")
        );
        assert_eq!(developers.description, "They \"develop\".");
    }

    #[test]
    fn wrong_rows_are_refused() {
        let error = |rows: &str| {
            let text = format!("O*NET-SOC Code\tTitle\tDescription\n{rows}");
            read(&text).unwrap_err().within("f").to_string()
        };
        assert_eq!(error("15-1252.00\tA\tB\n15-1252.00\tA\tB\n"), "f, line 3: the occupation 15-1252.00 occurs twice");
        assert_eq!(error("12-1252.00\tA\tB\n"), "f, line 2: unexpected major group of the code \"12-1252.00\"");
        assert_eq!(error("developer\tA\tB\n"), "f, line 2: unexpected O*NET-SOC code \"developer\"");
        assert_eq!(error(""), "f: holds no occupation");
    }
}
