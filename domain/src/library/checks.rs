use super::canonical::{CanonicalRole, Edition, LibraryCombination};
use crate::exposure::ExposureMeasure;
use crate::method::COORDINATION_SHARE_MAXIMUM;
use crate::roles::{RoleLimits, TextRule, check_number, check_text, is_canonical_key, is_code, is_source};
use crate::violations::{FieldPath, ViolationCode, Violations};

/// The most other titles that a canonical role may have. O*NET has occupations with several hundred.
const ALTERNATE_TITLES_MAXIMUM: usize = 1_000;
/// A published gain outside of this is a slip of the pen, in percent.
const PUBLISHED_PERCENT_RANGE: (f64, f64) = (-100.0, 1_000.0);

impl CanonicalRole {
    /// Checks everything that a canonical role must keep to: the rules of a role definition, and the form of its keys,
    /// its occupation code, its other titles and its exposure measures.
    ///
    /// # Errors
    /// The violations, with paths in camelCase.
    pub fn validate(&self, limits: &RoleLimits) -> Result<(), Violations> {
        let mut violations = self.definition_violations(limits);
        let root = FieldPath::ROOT;
        check_key(&self.key, &root.field("key"), &mut violations);
        check_name(&self.family, "family", &root.field("family"), &mut violations);
        let occupation_path = root.field("occupationCode");
        if self.occupation_code.as_deref().is_some_and(|code| !is_occupation_code(code)) {
            let message = "The occupation code is no O*NET-SOC code: write it like 15-1252.00.";
            violations.push(&occupation_path, ViolationCode::Malformed, message);
        }
        self.check_alternate_titles(&mut violations);
        check_exposure(&self.exposure, &mut violations);
        violations.into_result()
    }

    /// What is wrong with the role as a definition, with the names that the fields have here.
    fn definition_violations(&self, limits: &RoleLimits) -> Violations {
        let mut violations = self.to_definition().validate(limits).err().unwrap_or_default();
        violations.0.retain(|violation| violation.path != ["canonicalRoleKey"]);
        for step in violations.0.iter_mut().filter_map(|violation| violation.path.last_mut()) {
            match step.as_str() {
                "canonicalTaskKey" => "key".clone_into(step),
                "canonicalSkillKey" => "name".clone_into(step),
                _ => {}
            }
        }
        violations
    }

    fn check_alternate_titles(&self, violations: &mut Violations) {
        let path = FieldPath::ROOT.field("alternateTitles");
        let count = self.alternate_titles.len();
        if count > ALTERNATE_TITLES_MAXIMUM {
            let message = format!("There are {count} other titles: keep at most {ALTERNATE_TITLES_MAXIMUM}.");
            violations.push(&path, ViolationCode::TooMany, message);
        }
        for (position, title) in self.alternate_titles.iter().take(ALTERNATE_TITLES_MAXIMUM).enumerate() {
            check_name(title, "other title", &path.position(position), violations);
        }
    }
}

fn check_exposure(exposure: &[ExposureMeasure], violations: &mut Violations) {
    let path = FieldPath::ROOT.field("exposure");
    for (position, measure) in exposure.iter().enumerate() {
        let measure_path = path.position(position);
        let value_path = measure_path.field("value");
        check_number(Some(measure.value), "exposure measure", (0.0, 1.0), &value_path, violations);
        check_name(&measure.source, "source of the exposure measure", &measure_path.field("source"), violations);
    }
}

impl LibraryCombination {
    /// Checks a combination by itself; that its roles exist is for [`assemble`](super::assemble) to see.
    ///
    /// # Errors
    /// The violations, with paths in camelCase.
    pub fn validate(&self) -> Result<(), Violations> {
        let mut violations = Violations::default();
        let root = FieldPath::ROOT;
        check_key(&self.key, &root.field("key"), &mut violations);
        check_name(&self.title, "title", &root.field("title"), &mut violations);
        if self.roles.len() < 2 {
            let message = "A combination takes at least two roles: add another.";
            violations.push(&root.field("roles"), ViolationCode::TooFew, message);
        }
        let range = (0.0, COORDINATION_SHARE_MAXIMUM);
        let path = root.field("coordinationShare");
        check_number(Some(self.coordination_share), "coordination share", range, &path, &mut violations);
        let (percent, path) = (self.published_productivity_percent, root.field("publishedProductivityPercent"));
        check_number(percent, "published productivity", PUBLISHED_PERCENT_RANGE, &path, &mut violations);
        check_long_text(&self.summary, "summary", &root.field("summary"), &mut violations);
        violations.into_result()
    }
}

impl Edition {
    /// Checks the form of every field of an edition.
    ///
    /// # Errors
    /// The violations, with paths in camelCase.
    pub fn validate(&self) -> Result<(), Violations> {
        let mut violations = Violations::default();
        let root = FieldPath::ROOT;
        if !is_code(&self.key) {
            let message =
                "The key of the edition must be lower-case letters, digits, dots and hyphens, such as rolemark-2026.1.";
            violations.push(&root.field("key"), ViolationCode::Malformed, message);
        }
        check_name(&self.title, "title", &root.field("title"), &mut violations);
        if !is_source(&self.source) {
            let message = "The source must be 1 to 40 lower-case letters, digits and hyphens, such as rolemark.";
            violations.push(&root.field("source"), ViolationCode::Malformed, message);
        }
        if !is_date(&self.published_on) {
            let message = "The day of publication is no date: write it as YYYY-MM-DD.";
            violations.push(&root.field("publishedOn"), ViolationCode::Malformed, message);
        }
        check_name(&self.license, "license", &root.field("license"), &mut violations);
        check_long_text(&self.attribution, "attribution", &root.field("attribution"), &mut violations);
        violations.into_result()
    }
}

fn check_key(key: &str, path: &FieldPath<'_>, violations: &mut Violations) {
    if !is_canonical_key(key) {
        let message =
            format!("{key:?} is no canonical key: the source and the code are lower-case, as in source:code.");
        violations.push(path, ViolationCode::Malformed, message);
    }
}

fn check_name(text: &str, name: &'static str, path: &FieldPath<'_>, violations: &mut Violations) {
    let maximum = RoleLimits::default().name_length;
    check_text(text, TextRule { name, is_required: true, is_multiline: false, maximum }, path, violations);
}

fn check_long_text(text: &str, name: &'static str, path: &FieldPath<'_>, violations: &mut Violations) {
    let maximum = RoleLimits::default().text_length;
    check_text(text, TextRule { name, is_required: true, is_multiline: true, maximum }, path, violations);
}

/// Whether a text has the form of an O*NET-SOC code (`15-1252.00`) or of a SOC code (`15-1252`).
fn is_occupation_code(text: &str) -> bool {
    matches_pattern(text, "dd-dddd") || matches_pattern(text, "dd-dddd.dd")
}

/// Whether a text is a day that exists, as `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u32>().ok());
    let parts = matches_pattern(text, "dddd-dd-dd").then(|| (number(0..4), number(5..7), number(8..10)));
    let Some((Some(year), Some(month), Some(day))) = parts else { return false };
    let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Whether a text has the form of a pattern, in which `d` stands for a digit and the rest for itself.
fn matches_pattern(text: &str, pattern: &str) -> bool {
    let fits = |(byte, wanted): (u8, u8)| if wanted == b'd' { byte.is_ascii_digit() } else { byte == wanted };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_exist() {
        for date in ["2026-01-31", "2024-02-29", "2000-02-29"] {
            assert!(is_date(date), "{date}");
        }
        for date in
            ["2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "2026-01-00", "２０２6"]
        {
            assert!(!is_date(date), "{date}");
        }
    }

    #[test]
    fn occupation_codes_have_the_form_of_onet() {
        assert!(is_occupation_code("15-1252.00") && is_occupation_code("15-1252"));
        assert!(!is_occupation_code("15-1252.0") && !is_occupation_code("Software") && !is_occupation_code(""));
    }
}
