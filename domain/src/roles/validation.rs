use super::definition::RoleDefinition;
use super::key::is_canonical_key;
use super::limits::RoleLimits;
use super::text_rules::{TextRule, check_number, check_text};
use super::validation_parts::{check_pathways, check_shares, check_skills, check_tasks};
use crate::method::COORDINATION_SHARE_MAXIMUM;
use crate::violations::{FieldPath, ViolationCode, Violations};

impl RoleDefinition {
    /// Checks everything that a role definition must keep to, and names all that is wrong.
    ///
    /// Texts within their lengths and without control characters (line breaks and tabs are allowed in summary,
    /// description and rationale); numbers in their ranges; lists within their sizes; task keys and skill names unique in
    /// their normal form; time shares for all tasks or for none, adding up to 1 within
    /// [`SHARE_TOLERANCE`](crate::method::SHARE_TOLERANCE); canonical keys of the form `source:code`.
    ///
    /// # Errors
    /// The violations, at most [`VIOLATIONS_MAXIMUM`](crate::violations::VIOLATIONS_MAXIMUM).
    pub fn validate(&self, limits: &RoleLimits) -> Result<(), Violations> {
        let mut checker = Checker { limits, violations: Violations::default() };
        self.check_head(&mut checker);
        check_tasks(&self.tasks, &mut checker);
        check_shares(&self.tasks, &mut checker);
        check_skills(&self.skills, &mut checker);
        check_pathways(&self.pathways, &mut checker);
        checker.violations.into_result()
    }

    fn check_head(&self, checker: &mut Checker<'_>) {
        let root = FieldPath::ROOT;
        checker.name(&self.title, "title", &root.field("title"));
        checker.optional_name(self.family.as_deref(), "family", &root.field("family"));
        checker.optional_name(self.level.as_deref(), "level", &root.field("level"));
        checker.text(self.summary.as_deref(), "summary", &root.field("summary"));
        checker.number(Some(self.headcount), "headcount", checker.limits.headcount, &root.field("headcount"));
        let coordination_range = (0.0, COORDINATION_SHARE_MAXIMUM);
        let path = root.field("coordinationShare");
        checker.number(self.coordination_share, "coordination share", coordination_range, &path);
        checker.number(self.current_ai_adoption, "current AI adoption", (0.0, 1.0), &root.field("currentAiAdoption"));
        let stack_path = root.field("technologyStack");
        checker.size(self.technology_stack.len(), checker.limits.technology_stack, "technology stack", &stack_path);
        for (position, entry) in self.technology_stack.iter().take(checker.limits.technology_stack).enumerate() {
            checker.name(entry, "entry of the technology stack", &stack_path.position(position));
        }
        checker.canonical_key(self.canonical_role.as_deref(), "canonical role", &root.field("canonicalRoleKey"));
    }
}

/// The violations found so far, and the limits to check by.
pub(super) struct Checker<'a> {
    pub(super) limits: &'a RoleLimits,
    pub(super) violations: Violations,
}

impl Checker<'_> {
    /// A text that must be there, on one line.
    pub(super) fn name(&mut self, text: &str, name: &'static str, path: &FieldPath<'_>) {
        let rule = TextRule { name, is_required: true, is_multiline: false, maximum: self.limits.name_length };
        check_text(text, rule, path, &mut self.violations);
    }

    /// A text on one line that may be missing.
    pub(super) fn optional_name(&mut self, text: Option<&str>, name: &'static str, path: &FieldPath<'_>) {
        let rule = TextRule { name, is_required: false, is_multiline: false, maximum: self.limits.name_length };
        check_text(text.unwrap_or_default(), rule, path, &mut self.violations);
    }

    /// A longer text that may be missing.
    pub(super) fn text(&mut self, text: Option<&str>, name: &'static str, path: &FieldPath<'_>) {
        let rule = TextRule { name, is_required: false, is_multiline: true, maximum: self.limits.text_length };
        check_text(text.unwrap_or_default(), rule, path, &mut self.violations);
    }

    /// A number between two ends, when it is given.
    pub(super) fn number(&mut self, value: Option<f64>, name: &str, range: (f64, f64), path: &FieldPath<'_>) {
        check_number(value, name, range, path, &mut self.violations);
    }

    /// A list that may not be too long.
    pub(super) fn size(&mut self, size: usize, maximum: usize, name: &str, path: &FieldPath<'_>) {
        if size > maximum {
            let message = format!("The {name} has {size} entries: keep at most {maximum}.");
            self.violations.push(path, ViolationCode::TooMany, message);
        }
    }

    /// A key of the form `source:code`, when it is given.
    pub(super) fn canonical_key(&mut self, key: Option<&str>, name: &str, path: &FieldPath<'_>) {
        if key.is_some_and(|key| !is_canonical_key(key)) {
            let message =
                format!("The {name} is no canonical key: write source:code, such as rolemark:backend-engineer.");
            self.violations.push(path, ViolationCode::Malformed, message);
        }
    }
}
