//! Finding the files by their names, which differ between the download of O*NET and copies of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::version::{self, UNVERSIONED};
use crate::library::import::ImportError;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Occupations,
    Tasks,
    AlternateTitles,
    ReportedTitles,
    Skills,
    TechnologySkills,
    Labels,
    ObservedExposure,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Occupations,
        Self::Tasks,
        Self::AlternateTitles,
        Self::ReportedTitles,
        Self::Skills,
        Self::TechnologySkills,
        Self::Labels,
        Self::ObservedExposure,
    ];

    /// What the file holds, in words.
    pub(super) const fn what(self) -> &'static str {
        self.description().0
    }

    const fn example(self) -> &'static str {
        self.description().1
    }

    /// The words that its name ends with, in lower case.
    const fn name_words(self) -> &'static [&'static str] {
        self.description().2
    }

    const fn description(self) -> (&'static str, &'static str, &'static [&'static str]) {
        match self {
            Self::Occupations => ("occupations", "Occupation Data.txt", &["occupation", "data"]),
            Self::Tasks => ("task statements", "Task Statements.txt", &["task", "statements"]),
            Self::AlternateTitles => ("alternate titles", "Alternate Titles.txt", &["alternate", "titles"]),
            Self::ReportedTitles => ("reported titles", "Sample of Reported Titles.txt", &["reported", "titles"]),
            Self::Skills => ("skills", "Skills.txt", &["skills"]),
            Self::TechnologySkills => ("technology skills", "Technology Skills.txt", &["technology", "skills"]),
            Self::Labels => ("task labels of GPTs are GPTs", "full_labelset.tsv", &["full", "labelset"]),
            Self::ObservedExposure => {
                ("observed exposure of the Anthropic Economic Index", "job_exposure.csv", &["job", "exposure"])
            }
        }
    }

    const fn is_required(self) -> bool {
        matches!(self, Self::Occupations | Self::Tasks)
    }

    /// Whether a file whose name has these words is of this kind.
    fn has_name(self, words: &[String]) -> bool {
        let expected = self.name_words();
        let Some(split) = words.len().checked_sub(expected.len()) else { return false };
        let (before, end) = words.split_at(split);
        // Other kinds of skills end the same way.
        let is_whole =
            self != Self::Skills || before.iter().all(|word| matches!(word.as_str(), "onet" | "db" | "text"));
        is_whole && end.iter().zip(expected).all(|(word, expected)| word == expected)
    }
}

/// A file as it is on the disk, perhaps gzipped.
pub(super) struct RawFile {
    pub(super) name: String,
    pub(super) content: Vec<u8>,
}

/// The files of a directory that matter here.
pub(super) struct OnetFiles {
    pub(super) found: BTreeMap<Kind, RawFile>,
    /// The version of O*NET that their names tell.
    pub(super) version: String,
}

impl OnetFiles {
    /// Finds and reads the files.
    pub(super) fn find(directory: &Path) -> Result<Self, ImportError> {
        let names = names_in(directory)?;
        let mut found = BTreeMap::new();
        let mut versions = BTreeSet::new();
        for kind in Kind::ALL {
            let Some(name) = only_one(kind, &names)? else {
                if kind.is_required() {
                    return Err(missing(directory, kind));
                }
                continue;
            };
            versions.extend(version::from_words(&words_of(name)));
            let path = directory.join(name);
            let content = fs::read(&path).map_err(|error| ImportError::unreadable(path, &error))?;
            found.insert(kind, RawFile { name: name.clone(), content });
        }
        Ok(Self { found, version: agreed(versions, directory)? })
    }

    /// A note for each optional file that is not there.
    pub(super) fn missing_optional(&self) -> Vec<String> {
        let missing = Kind::ALL.into_iter().filter(|kind| !self.found.contains_key(kind));
        missing.map(|kind| format!("no file for {}, such as \"{}\"", kind.what(), kind.example())).collect()
    }
}

fn missing(directory: &Path, kind: Kind) -> ImportError {
    ImportError::MissingFile { directory: PathBuf::from(directory), what: kind.what(), example: kind.example() }
}

fn names_in(directory: &Path) -> Result<Vec<String>, ImportError> {
    let unreadable = |error: std::io::Error| ImportError::unreadable(directory, &error);
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        // Follows links, unlike the entry itself.
        if entry.path().is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn only_one(kind: Kind, names: &[String]) -> Result<Option<&String>, ImportError> {
    let mut fitting = names.iter().filter(|name| {
        let words: Vec<String> = words_of(name).into_iter().filter(|word| !is_number(word)).collect();
        kind.has_name(&words)
    });
    let first = fitting.next();
    if let (Some(first), Some(second)) = (first, fitting.next()) {
        let what = kind.what();
        let message = format!("\"{first}\" and \"{second}\" may both hold the {what}: keep one of them there");
        return Err(ImportError::Files(message));
    }
    Ok(first)
}

/// The version that the names of the files tell, or else that of the directory.
fn agreed(mut versions: BTreeSet<String>, directory: &Path) -> Result<String, ImportError> {
    if versions.len() > 1 {
        let list = versions.into_iter().collect::<Vec<_>>().join(" and ");
        return Err(ImportError::Files(format!("the files are of different versions of O*NET: {list}")));
    }
    let of_directory = || {
        let name = directory.file_name()?.to_string_lossy().into_owned();
        version::from_words(&words_of(&name))
    };
    Ok(versions.pop_first().or_else(of_directory).unwrap_or_else(|| UNVERSIONED.to_owned()))
}

/// The words of a file name in lower case, without the endings that say how it is written; nothing for other endings.
fn words_of(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    let stem = name.strip_suffix(".gz").unwrap_or(&name);
    let stem = [".txt", ".tsv", ".csv"].iter().find_map(|ending| stem.strip_suffix(ending)).unwrap_or(stem);
    if stem.contains('.') {
        return Vec::new();
    }
    stem.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(name: &str) -> Option<Kind> {
        let names = vec![name.to_owned()];
        Kind::ALL.into_iter().find(|kind| only_one(*kind, &names).unwrap().is_some())
    }

    #[test]
    fn files_are_found_under_their_many_names() {
        for (name, kind) in [
            ("Occupation Data.txt", Some(Kind::Occupations)),
            ("onet_29_3_occupation_data.txt.gz", Some(Kind::Occupations)),
            ("Task Statements.txt", Some(Kind::Tasks)),
            ("Skills.txt", Some(Kind::Skills)),
            ("onet_29_3_skills.tsv.gz", Some(Kind::Skills)),
            ("Technology Skills.txt", Some(Kind::TechnologySkills)),
            ("Sample of Reported Titles.txt", Some(Kind::ReportedTitles)),
            ("eloundou_full_labelset.tsv.gz", Some(Kind::Labels)),
            ("full_labelset.tsv", Some(Kind::Labels)),
            ("aei_job_exposure.csv", Some(Kind::ObservedExposure)),
            ("Skills to Work Activities.txt", None),
            ("Skills.xlsx", None),
            ("Related Occupations.txt", None),
            ("Emerging Tasks.txt", None),
        ] {
            assert_eq!(kind_of(name), kind, "{name}");
        }
    }

    #[test]
    fn two_files_of_a_kind_are_refused() {
        let names = ["Skills.txt".to_owned(), "onet_29_3_skills.tsv.gz".to_owned()];
        let message = only_one(Kind::Skills, &names).unwrap_err().to_string();
        assert!(message.contains("Skills.txt") && message.contains("onet_29_3_skills.tsv.gz"), "{message}");
    }

    #[test]
    fn versions_must_agree() {
        let of = |versions: &[&str], directory: &str| {
            agreed(versions.iter().map(|version| (*version).to_owned()).collect(), Path::new(directory))
        };
        assert_eq!(of(&["29.3"], "/x/db_28_0_text").unwrap(), "29.3");
        assert_eq!(of(&[], "/x/db_28_0_text").unwrap(), "28.0");
        assert_eq!(of(&[], "/x/data").unwrap(), "unversioned");
        assert!(of(&["28.0", "29.3"], "/x").unwrap_err().to_string().contains("28.0 and 29.3"));
    }
}
