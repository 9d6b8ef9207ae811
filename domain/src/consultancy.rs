//! What an organization says when it lends access to a consultant.

use std::collections::HashSet;

use crate::roles::{TextRule, check_text};
use crate::violations::{FieldPath, ViolationCode, Violations};

/// The most families that a grant may be limited to.
pub const FAMILIES_MAXIMUM: usize = 50;
/// The longest reason, in characters.
pub const REASON_MAXIMUM: usize = 500;

/// The longest name, and the longest family of a role, in characters.
const NAME_MAXIMUM: usize = 200;

/// The texts of a consultant grant.
#[derive(Clone, Copy, Debug)]
pub struct GrantTexts<'a> {
    /// What the organization calls the consultant or the firm, 1 to 200 characters.
    pub name: &'a str,
    /// The families of roles that the grant is limited to, 1 to [`FAMILIES_MAXIMUM`], each once whatever its case and of 1
    /// to 200 characters; nothing for all roles.
    pub families: Option<&'a [String]>,
    /// Why access is lent, 1 to [`REASON_MAXIMUM`] characters.
    pub reason: &'a str,
}

impl GrantTexts<'_> {
    /// Checks everything, and names all that is wrong.
    ///
    /// # Errors
    /// The violations, with `name`, `families` and `reason` as fields.
    pub fn validate(&self) -> Result<(), Violations> {
        let mut violations = Violations::default();
        let name = TextRule { name: "name", is_required: true, is_multiline: false, maximum: NAME_MAXIMUM };
        check_text(self.name, name, &FieldPath::ROOT.field("name"), &mut violations);
        if let Some(families) = self.families {
            check_families(families, &mut violations);
        }
        check_reason(self.reason, &mut violations);
        violations.into_result()
    }
}

/// Checks a reason by itself.
///
/// # Errors
/// The violations, with `reason` as the field.
pub fn validate_reason(reason: &str) -> Result<(), Violations> {
    let mut violations = Violations::default();
    check_reason(reason, &mut violations);
    violations.into_result()
}

fn check_reason(reason: &str, violations: &mut Violations) {
    let rule = TextRule { name: "reason", is_required: true, is_multiline: true, maximum: REASON_MAXIMUM };
    check_text(reason, rule, &FieldPath::ROOT.field("reason"), violations);
}

fn check_families(families: &[String], violations: &mut Violations) {
    let path = FieldPath::ROOT.field("families");
    if families.is_empty() {
        let message = "The list of families is empty: name at least one, or leave it out for all roles.";
        violations.push(&path, ViolationCode::TooFew, message);
    }
    if families.len() > FAMILIES_MAXIMUM {
        let message = format!("The list of families has {} entries: keep at most {FAMILIES_MAXIMUM}.", families.len());
        violations.push(&path, ViolationCode::TooMany, message);
    }
    let mut seen = HashSet::new();
    for (position, family) in families.iter().take(FAMILIES_MAXIMUM).enumerate() {
        let rule = TextRule { name: "family", is_required: true, is_multiline: false, maximum: NAME_MAXIMUM };
        check_text(family, rule, &path.position(position), violations);
        if !seen.insert(family.to_lowercase()) {
            let message = "The family occurs twice: remove one.";
            violations.push(&path.position(position), ViolationCode::DuplicateKey, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(name: &str, families: Option<Vec<&str>>, reason: &str) -> Vec<(String, ViolationCode)> {
        let families: Option<Vec<String>> = families.map(|list| list.into_iter().map(str::to_owned).collect());
        let texts = GrantTexts { name, families: families.as_deref(), reason };
        let violations = texts.validate().err().unwrap_or_default();
        violations.into_iter().map(|violation| (violation.path.join("."), violation.code)).collect()
    }

    #[test]
    fn limits_are_inclusive() {
        let (name, reason) = ("n".repeat(200), "r".repeat(500));
        let families: Vec<String> = (0..50).map(|number| format!("f{number}")).collect();
        let families = || Some(families.iter().map(String::as_str).collect());
        assert_eq!(faults(&name, families(), &reason), []);
        let (name, reason) = (format!("{name}n"), format!("{reason}r"));
        let expected = [("name".to_owned(), ViolationCode::TooLong), ("reason".to_owned(), ViolationCode::TooLong)];
        assert_eq!(faults(&name, families(), &reason), expected);
    }

    #[test]
    fn every_fault_names_its_field() {
        assert_eq!(faults("A", None, "B"), []);
        assert_eq!(faults("A", Some(vec![]), "B"), [("families".to_owned(), ViolationCode::TooFew)]);
        assert_eq!(
            faults("A", Some(vec!["x"; 51]), "B").first(),
            Some(&("families".to_owned(), ViolationCode::TooMany))
        );
        let expected = [
            ("families.1".to_owned(), ViolationCode::DuplicateKey),
            ("families.2".to_owned(), ViolationCode::Required),
            ("families.3".to_owned(), ViolationCode::ControlCharacter),
        ];
        assert_eq!(faults("A", Some(vec!["Sales", "sALES", " ", "a\0"]), "B"), expected);
        let expected = [("name".to_owned(), ViolationCode::Required), ("reason".to_owned(), ViolationCode::Required)];
        assert_eq!(faults("", None, "\n"), expected);
    }
}
